//! What placing a key would change: found out without touching a file.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use keywright_clients::{
    Definition, Machine, NodePath,
    definition::{Ask, FileRule, FormKind, Held, Params, Scope, Slot},
    edit::{self, Edited, Wanted},
    file::{self, Seen},
    format::{Node, Value},
    git::{self, Tracked},
    preview,
};
use keywright_model::{Key, KeyId, PlacementForm, Secret};
use keywright_vault::Vault;

use super::warn::{caution_words, running, warnings};
use crate::{
    Error, Service,
    keys::find,
    wire::{
        DiffLine, FormChoice, LineFate, PlaceChange, PlaceKey, PlacePreview, PlaceTarget,
        PlaceWarning,
    },
};

/// One change of one file, ready to be made.
pub(crate) struct Planned {
    pub(crate) client: Arc<Definition>,
    pub(crate) rule: FileRule,
    pub(crate) slot: String,
    pub(crate) params: Params,
    pub(crate) project: String,
    pub(crate) path: PathBuf,
    pub(crate) node: NodePath,
    pub(crate) form: PlacementForm,
    /// What the file is now; none where there is none.
    pub(crate) seen: Option<Seen>,
    /// What it is to be; none where nothing changes.
    pub(crate) edited: Option<Edited>,
    pub(crate) warnings: Vec<PlaceWarning>,
    /// Another key of this vault that stands there now.
    pub(crate) replaces: Option<KeyId>,
    pub(crate) tracked: Tracked,
    wanted: Wanted,
}

/// Why a change cannot be made.
pub(crate) struct Refused {
    pub(crate) why: String,
    pub(crate) advice: String,
}

impl Refused {
    /// A refusal for a cause that says itself what it is.
    fn of(cause: &dyn std::error::Error, advice: &str) -> Self {
        Self::new(cause.to_string(), advice)
    }

    pub(super) fn new(why: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { why: why.into(), advice: advice.into() }
    }
}

impl Service {
    /// What placing a key would change. Touches no file.
    pub fn preview_place(&self, request: PlaceKey) -> Result<PlacePreview, Error> {
        let (key, secret) = self.key_and_secret(request.key)?;
        let changes: Vec<PlaceChange> = request
            .targets
            .iter()
            .map(|target| {
                let planned = self.plan(&key, &secret, target)?;
                self.change_of(target, planned, &secret)
            })
            .collect::<Result<_, Error>>()?;
        let stops = |change: &PlaceChange| {
            !change.refused.is_empty() || change.warnings.iter().any(|warning| warning.stops)
        };
        let ready = !changes.is_empty() && !changes.iter().any(stops);
        Ok(PlacePreview { changes, ready })
    }

    /// The key, and its secret.
    pub(crate) fn key_and_secret(&self, id: KeyId) -> Result<(Key, Secret), Error> {
        self.read(|vault| {
            let key = find(vault, id)?.clone();
            let secret = vault.key_secret(id)?.ok_or(Error::NoSecret)?;
            Ok((key, secret))
        })
    }

    /// One change. The inner error is a refusal, which a person is shown beside the others.
    pub(crate) fn plan(
        &self,
        key: &Key,
        secret: &Secret,
        target: &PlaceTarget,
    ) -> Result<Result<Planned, Refused>, Error> {
        let machine = self.machine()?;
        let client = self.client(&target.client)?;
        let place = match Place::of(&client, machine, key, target) {
            Ok(place) => place,
            Err(refused) => return Ok(Err(refused)),
        };
        let variable = self.env_name(&key.platform).unwrap_or_else(|| "API_KEY".to_owned());
        match place.planned(client.clone(), secret, target, &variable) {
            Ok(mut planned) => {
                planned.replaces = self.read(|vault| standing(vault, &planned, key.id))?;
                planned.warnings.extend(warnings(&planned, key));
                Ok(Ok(planned))
            }
            Err(refused) => Ok(Err(refused)),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the secret is masked in the lines by its text")]
    pub(crate) fn change_of(
        &self,
        target: &PlaceTarget,
        planned: Result<Planned, Refused>,
        secret: &Secret,
    ) -> Result<PlaceChange, Error> {
        let planned = match planned {
            Ok(planned) => planned,
            Err(refused) => return Ok(self.refusal(target, refused)),
        };
        let before = planned.seen.as_ref().map_or(&[][..], |seen| &seen.bytes);
        let shown: Vec<&str> = planned.params.values().map(String::as_str).collect();
        let lines = planned.edited.as_ref().map(|edited| {
            preview::lines(planned.rule.format, before, edited, secret.expose(), &shown)
        });
        let lines = match lines.transpose() {
            Ok(lines) => lines.unwrap_or_default(),
            Err(problem) => {
                let refused = Refused::new(problem.to_string(), "Look at the file.");
                return Ok(self.refusal(target, refused));
            }
        };
        let replaces = planned.replaces.map(|id| self.title(id)).transpose()?;
        Ok(PlaceChange {
            client_name: planned.client.name.clone(),
            file: planned.path.display().to_string(),
            short: self.machine()?.short(&planned.path),
            node: planned.node.to_string(),
            makes_file: planned.seen.is_none(),
            unchanged: planned.edited.is_none(),
            replaces: replaces.unwrap_or_default(),
            lines: lines.into_iter().map(diff_line).collect(),
            pickup: planned.client.pickup.clone(),
            warnings: planned.warnings,
            refused: String::new(),
            advice: String::new(),
        })
    }

    fn refusal(&self, target: &PlaceTarget, refused: Refused) -> PlaceChange {
        PlaceChange {
            client_name: self.client_name(&target.client),
            file: target.file.clone(),
            short: target.file.clone(),
            node: String::new(),
            makes_file: false,
            unchanged: true,
            replaces: String::new(),
            lines: Vec::new(),
            warnings: Vec::new(),
            refused: refused.why,
            advice: refused.advice,
            pickup: String::new(),
        }
    }

    fn title(&self, id: KeyId) -> Result<String, Error> {
        self.read(|vault| Ok(find(vault, id)?.title().to_owned()))
    }
}

/// Where a key is to be put.
struct Place<'a> {
    machine: &'a Machine,
    slot: &'a Slot,
    kind: FormKind,
    rule: &'a FileRule,
    path: PathBuf,
}

impl<'a> Place<'a> {
    fn of(
        client: &'a Definition,
        machine: &'a Machine,
        key: &Key,
        target: &PlaceTarget,
    ) -> Result<Self, Refused> {
        let slot = slot(client, key, target)?;
        let kind = form_kind(target.form);
        let (rule, path) = file_of(client, machine, slot, target)?;
        running(client)?;
        Ok(Self { machine, slot, kind, rule, path })
    }

    #[expect(clippy::disallowed_methods, reason = "the key's text is what is placed")]
    fn planned(
        &self,
        client: Arc<Definition>,
        secret: &Secret,
        target: &PlaceTarget,
        variable: &str,
    ) -> Result<Planned, Refused> {
        let seen = self.seen()?;
        if seen.is_none() && !self.rule.may_make {
            return Err(Refused::new(
                format!("{} is not there", self.machine.short(&self.path)),
                format!("Start {} once, so that it makes the file.", client.name),
            ));
        }
        let bytes = seen.as_ref().map_or(&[][..], |seen| &seen.bytes);
        let problem = |problem: keywright_clients::Problem| {
            Refused::new(problem.to_string(), "Nothing was changed. Mend the file and try again.")
        };
        let tree = edit::read(self.rule.format, bytes).map_err(problem)?;
        let (params, named) = self.told(&target.params, variable);
        let held = match self.kind {
            FormKind::Literal => secret.expose().to_owned(),
            _ => named.clone(),
        };
        let ask = Ask {
            slot: &self.slot.id,
            file: &self.rule.id,
            form: self.kind,
            params: &params,
            held: &Value::new(held),
            bom: edit::text(bytes).is_ok_and(|(_, bom)| bom),
            dollar: secret.expose().contains('$'),
        };
        let (wanted, cautions) = client
            .ask(&ask, &tree)
            .map_err(|error| Refused::of(&error, "Nothing was changed. Correct what is named."))?;
        let unchanged = is_there(&tree, &wanted);
        let edited = (!unchanged)
            .then(|| edit::apply(self.rule.format, bytes, &wanted).map_err(problem))
            .transpose()?;
        let tracked = git::tracked(&self.path);
        Ok(Planned {
            form: placement_form(self.kind, named),
            params,
            node: wanted.path.clone(),
            wanted,
            warnings: cautions.iter().map(|caution| caution_words(&client, caution)).collect(),
            rule: self.rule.clone(),
            slot: self.slot.id.clone(),
            project: target.project.clone(),
            path: self.path.clone(),
            replaces: None,
            client,
            seen,
            edited,
            tracked,
        })
    }
}

impl Place<'_> {
    /// The file. One that cannot be understood may be in the midst of being written, and is read
    /// again when it has settled.
    fn seen(&self) -> Result<Option<Seen>, Refused> {
        let refused = |error: file::FileError| {
            Refused::new(error.to_string(), "Look at the file and its folder, then try again.")
        };
        let seen = file::look(&self.path).map_err(refused)?;
        match &seen {
            Some(torn) if edit::read(self.rule.format, &torn.bytes).is_err() => {
                file::look_settled(&self.path).map_err(refused)
            }
            _ => Ok(seen),
        }
    }

    /// What was told of the slot, and the name of where the key is: a variable's, a secret's.
    /// `variable` is the one that is usual for the key's platform.
    fn told(&self, told: &Params, variable: &str) -> (Params, String) {
        let mut params = told.clone();
        let hole = self.kind.hole();
        let own = self.slot.params.iter().any(|param| param.name == hole);
        let named = if own { params.get(hole).cloned() } else { params.remove(hole) };
        let named = named.or_else(|| params.get("name").cloned()).filter(|name| !name.is_empty());
        (params, named.unwrap_or_else(|| variable.to_owned()))
    }
}

impl Planned {
    /// Whether a file's content has what was planned.
    pub(crate) fn is_in(&self, bytes: &[u8]) -> bool {
        edit::read(self.rule.format, bytes).is_ok_and(|tree| is_there(&tree, &self.wanted))
    }
}

fn is_there(tree: &Node, wanted: &Wanted) -> bool {
    match tree.at(wanted.path.steps()) {
        Ok(Some(Node::Text(value, _))) => *value == wanted.value,
        _ => false,
    }
}

/// The slot that was named, or the first one that fits the key.
fn slot<'d>(client: &'d Definition, key: &Key, target: &PlaceTarget) -> Result<&'d Slot, Refused> {
    if client.slots.is_empty() {
        let steps: Vec<&str> = client.guide.iter().map(|step| step.say.as_str()).collect();
        return Err(Refused::new(
            format!("{} keeps its keys where Keywright cannot write", client.name),
            steps.join(" "),
        ));
    }
    let fits = |slot: &&Slot| {
        slot.platforms.is_empty() || slot.platforms.iter().any(|id| id == key.platform.as_str())
    };
    let found = if target.slot.is_empty() {
        let made_for = client.slots.iter().find(|slot| !slot.platforms.is_empty() && fits(slot));
        made_for.or_else(|| client.slots.iter().find(fits))
    } else {
        client.slots.iter().find(|slot| slot.id == target.slot)
    };
    found.ok_or_else(|| {
        let ids: Vec<&str> = client.slots.iter().map(|slot| slot.id.as_str()).collect();
        Refused::new(
            format!("{} has no place of that kind for this key", client.name),
            format!("Choose one of: {}.", ids.join(", ")),
        )
    })
}

/// The file that was meant: by the id of a rule, by its path, or the first one that fits.
fn file_of<'d>(
    client: &'d Definition,
    machine: &Machine,
    slot: &Slot,
    target: &PlaceTarget,
) -> Result<(&'d FileRule, PathBuf), Refused> {
    let project = (!target.project.is_empty()).then(|| Path::new(&target.project));
    let rules: Vec<&FileRule> =
        client.files.iter().filter(|rule| slot.files.contains(&rule.id)).collect();
    let located = |rule: &FileRule| {
        let all = rule.locate(machine, project);
        all.iter().find(|file| file.exists).or_else(|| all.first()).map(|file| file.path.clone())
    };
    if let Some(rule) = rules.iter().find(|rule| rule.id == target.file)
        && let Some(path) = located(rule)
    {
        return Ok((rule, path));
    }
    if !target.file.is_empty() {
        let path = PathBuf::from(&target.file);
        if !path.is_absolute() {
            return Err(Refused::new(
                "the file must be told by its whole path",
                "Give the path from the root on.",
            ));
        }
        let own = rules
            .iter()
            .find(|rule| rule.locate(machine, project).iter().any(|file| file.path == path));
        let like = rules.iter().find(|rule| rule.accepts_name(&path));
        return own.or(like).map(|rule| (*rule, path)).ok_or_else(|| {
            Refused::new(
                format!("{} does not read that file for this", client.name),
                "Choose one of the files that it reads.",
            )
        });
    }
    let fits = |rule: &&&FileRule| {
        let scope = match project {
            Some(_) => matches!(rule.scope, Scope::Project | Scope::Local),
            None => rule.scope == Scope::User,
        };
        scope && rule.read_only.is_none()
    };
    // One that is there before one that would have to be made.
    let there = |rule: &&&FileRule| rule.locate(machine, project).iter().any(|file| file.exists);
    let fitting = || rules.iter().filter(fits);
    let chosen = fitting().find(there).or_else(|| fitting().next());
    chosen.and_then(|rule| located(rule).map(|path| (*rule, path))).ok_or_else(|| {
        Refused::new(
            format!("{} has no such file on this system", client.name),
            "Name the project's folder, or the file.",
        )
    })
}

/// Another key of this vault that stands where the new one is to be.
fn standing(vault: &Vault, planned: &Planned, key: KeyId) -> Result<Option<KeyId>, Error> {
    let Some(seen) = &planned.seen else { return Ok(None) };
    let Ok(tree) = edit::read(planned.rule.format, &seen.bytes) else { return Ok(None) };
    let held = planned.client.slots_in(&tree, &planned.rule.id);
    let literal = |held: &Held| held.path == planned.node && held.kind == FormKind::Literal;
    let Some(held) = held.into_iter().find(literal) else {
        return Ok(None);
    };
    let keys = vault.keys_with(&Secret::copy_of(held.value.text()))?;
    Ok(keys.into_iter().find(|other| *other != key))
}

pub(crate) const fn form_kind(choice: FormChoice) -> FormKind {
    match choice {
        FormChoice::Literal => FormKind::Literal,
        FormChoice::Variable => FormKind::Variable,
        FormChoice::File => FormKind::File,
        FormChoice::Secret => FormKind::Secret,
    }
}

fn placement_form(kind: FormKind, name: String) -> PlacementForm {
    match kind {
        FormKind::Literal => PlacementForm::Literal,
        FormKind::Variable => PlacementForm::Variable { name },
        FormKind::File => PlacementForm::File { path: name },
        FormKind::Secret | FormKind::Asked => PlacementForm::Secret { name },
    }
}

fn diff_line(line: preview::Line) -> DiffLine {
    DiffLine {
        fate: match line.fate {
            preview::Fate::Stays => LineFate::Stays,
            preview::Fate::Goes => LineFate::Goes,
            preview::Fate::Comes => LineFate::Comes,
        },
        number: u32::try_from(line.number).unwrap_or(u32::MAX),
        text: line.text,
    }
}
