//! What replacing a key would do, found out without changing anything.

use keywright_model::{
    Expiry, Key, Secret, Status,
    expiry::Lifetime,
    rotation::{PlanKind, Step, Stop, Todo},
};
use keywright_platforms::{Capability, GuidedAct, Profile};
use keywright_vault::Vault;

use super::{next_name::next_name, open_run_in, words};
use crate::{
    Error, Service,
    keys::find,
    wire::{Blast, CreateKey, FieldProblem, PlannedStep, PlannedStop, RotateKey, RotationPlan},
};

/// Days of a new key's life where nothing tells how long the old one was to live.
const USUAL_DAYS: u32 = 90;

impl Service {
    /// What replacing a key would do. Changes nothing and asks nobody.
    pub fn plan_rotation(&self, request: RotateKey) -> Result<RotationPlan, Error> {
        let key = self.read(|vault| Ok(find(vault, request.key)?.clone()))?;
        // What is noted of its places may be old.
        self.look_at_places(&|placement| placement.key == key.id)?;
        let connection = self.connection(key.connection)?;
        let profile = self.profile(&key.platform)?;
        let variables = profile.resolve_variables(&connection.variables)?;
        let plans = plans(&profile, connection.has_credential);
        let plan = request.plan.or(plans.first().copied()).unwrap_or(PlanKind::Guided);
        let name = self.wished_name(&request, &key, plan)?;
        let scopes = request.scopes.clone().unwrap_or_else(|| key.scopes.clone());
        let lifetime = request.lifetime.unwrap_or_else(|| lifetime_like(&key, &profile));
        let stops = self.stops_of(&key)?;
        let places = self.planned_stops(&key, stops, &request)?;
        let blocked =
            self.read(|vault| Ok(blocked(vault, &key, plan, &plans, request.revoke_first)))?;
        let expires = profile.expiry_of(lifetime, self.now());
        let blast = profile.describe(&variables, &scopes, expires);
        let wished = as_create(&key, &name, &scopes, lifetime);
        let problems = if matches!(plan, PlanKind::InPlace | PlanKind::Overlap) {
            Vec::new()
        } else {
            self.problems(&wished, &connection, &profile)?
        };
        let type_to_confirm = (plan == PlanKind::InPlace).then(|| key.title().to_owned());
        let warnings = self.rotation_warnings(&key, &request, plan, &places);
        let stopping = places.iter().any(|place| stops_placing(place) && !request.insist);
        let ready = blocked.is_empty() && problems.is_empty() && !stopping;
        let provable = self.read(|vault| {
            let with_secret =
                Key { bitting: Some(keywright_model::Bitting(Vec::new())), ..key.clone() };
            Ok(self.can_probe(vault, &with_secret))
        })?;
        Ok(RotationPlan {
            key: key.id,
            title: key.title().to_owned(),
            bitting: key.bitting.clone(),
            connection: connection.id,
            connection_name: connection.name.clone(),
            platform_name: profile.name.clone(),
            plan,
            plans,
            sentences: sentences(plan, &request, &places, &profile, provable),
            steps: steps(plan, &request),
            name,
            old_scopes: key.scopes.clone(),
            broad: self.broad(&key, &profile)?,
            axes: self.create_form(connection.id)?.axes,
            scopes,
            blast: Blast { sentence: blast.sentence, dangers: blast.dangers },
            lifetime,
            lifetimes: profile.lifetimes(),
            places,
            problems,
            blocked,
            warnings,
            type_to_confirm,
            can_hold_back: profile.can(Capability::Disable) && profile.can(Capability::Enable),
            provable,
            promise_s: profile.revoke_latency_s,
            guide: match plan {
                PlanKind::Guided => self.guide(&connection, GuidedAct::Create)?,
                _ => None,
            },
            ready,
        })
    }

    fn wished_name(&self, request: &RotateKey, key: &Key, plan: PlanKind) -> Result<String, Error> {
        let told = request.name.trim();
        if !told.is_empty() {
            return Ok(told.to_owned());
        }
        let profile = self.profile(&key.platform)?;
        // A dashboard is searched by name: two keys of one name would be mixed up there.
        let must_differ = profile.facts.name_unique || plan == PlanKind::Guided;
        if !must_differ || matches!(plan, PlanKind::InPlace | PlanKind::Overlap) {
            return Ok(key.name.clone());
        }
        let names = self.names_in(&self.connection(key.connection)?)?;
        let usable = |name: &str| {
            !names.iter().any(|other| other == name) && profile.check_name(name).is_none()
        };
        Ok(next_name(&key.name, usable))
    }

    /// Each place with what would change in its file.
    fn planned_stops(
        &self,
        key: &Key,
        stops: Vec<Stop>,
        request: &RotateKey,
    ) -> Result<Vec<PlannedStop>, Error> {
        let secret = self.read(|vault| Ok(vault.key_secret(key.id)?))?;
        let stand_in = secret.as_ref().map(Self::stand_in);
        let mut planned = Vec::new();
        for stop in stops {
            let change = match (&stop.todo, stop.placement, &stand_in) {
                (Todo::Write, Some(id), Some(stand_in)) => {
                    self.planned_change(key, id, stand_in, request.insist)?
                }
                _ => None,
            };
            planned.push(PlannedStop {
                placement: stop.placement,
                what: stop.what,
                todo: stop.todo,
                change,
            });
        }
        Ok(planned)
    }

    fn planned_change(
        &self,
        key: &Key,
        id: keywright_model::PlacementId,
        stand_in: &Secret,
        _insist: bool,
    ) -> Result<Option<crate::wire::PlaceChange>, Error> {
        let placement = self.placement(id)?;
        let Some(target) = Self::target_of(&placement) else { return Ok(None) };
        let planned = self.plan(key, stand_in, &target)?;
        self.change_of(&target, planned, stand_in).map(Some)
    }

    fn rotation_warnings(
        &self,
        key: &Key,
        request: &RotateKey,
        plan: PlanKind,
        places: &[PlannedStop],
    ) -> Vec<String> {
        let mut warnings = Vec::new();
        if plan == PlanKind::InPlace {
            warnings.push(
                "The old secret dies the moment the new one is made: until every place has the \
                 new one, what uses it fails."
                    .into(),
            );
        }
        if request.revoke_first {
            warnings.push(
                "The old key ends first: what uses it stops until its place has the new one."
                    .into(),
            );
        }
        if places.is_empty() {
            warnings.push(
                "Keywright knows no place of this key. Scan this machine, or note where it is \
                 used, before you go on: what is not known is not changed."
                    .into(),
            );
        }
        let broader = request.scopes.as_ref().is_some_and(|scopes| {
            !key.scopes.is_empty() && scopes.iter().any(|scope| !covered(scope, &key.scopes))
        });
        if broader {
            warnings.push("The new key may do things that the old one may not.".into());
        }
        for place in places {
            let Some(change) = &place.change else { continue };
            if !change.refused.is_empty() {
                warnings.push(format!("{}: {}", place.what, change.refused));
            }
            let words = change.warnings.iter().map(|w| format!("{}: {}", place.what, w.words));
            warnings.extend(words);
        }
        warnings
    }

    /// What narrower scopes would give up: the dangers of the old ones, in words.
    fn broad(&self, key: &Key, profile: &Profile) -> Result<Vec<String>, Error> {
        let connection = self.connection(key.connection)?;
        let variables = profile.resolve_variables(&connection.variables)?;
        Ok(profile.describe(&variables, &key.scopes, Expiry::Unknown).dangers)
    }
}

/// Why a key cannot be replaced from here.
pub(super) fn blocked(
    vault: &Vault,
    key: &Key,
    plan: PlanKind,
    plans: &[PlanKind],
    revoke_first: bool,
) -> Vec<String> {
    let mut blocked = Vec::new();
    let mut block = |why: &str| blocked.push(why.to_owned());
    if key.deleted.is_some() {
        block("It is in the bin.");
    }
    if matches!(key.status, Status::Revoked | Status::Revoking) {
        block("It is at its end already: make a new key instead.");
    }
    if open_run_in(vault, key.id).is_some() {
        block("It is being replaced already.");
    }
    if let Some(why) = crate::revoke::why_not_end(vault, key) {
        block(&why);
    }
    if plans.is_empty() {
        block(
            "Keywright knows neither an API nor a dashboard's steps for new keys of this platform.",
        );
    } else if !plans.contains(&plan) {
        block("The platform cannot replace keys in this way.");
    }
    let by_api = matches!(plan, PlanKind::InPlace | PlanKind::Overlap);
    if by_api && key.remote_id.is_none() {
        block("Its id on the platform is not known yet. Refresh the connection first.");
    }
    if revoke_first && by_api {
        block("Its secret is replaced in one step; nothing can end first.");
    }
    blocked
}

impl Service {
    /// Why a key cannot be replaced; empty when it can.
    pub(crate) fn why_not_rotate(&self, vault: &Vault, key: &Key) -> String {
        let connection = vault.index().connection(key.connection).filter(|c| c.deleted.is_none());
        let Some(connection) = connection else { return "Its connection was removed.".into() };
        let Ok(profile) = self.profile(&key.platform) else { return String::new() };
        let ways = plans(&profile, connection.has_credential);
        let first = ways.first().copied().unwrap_or(PlanKind::Guided);
        blocked(vault, key, first, &ways, false).join(" ")
    }
}

/// Whether old scopes allow what a new one does: it is among them, or below a `…*` of theirs.
fn covered(scope: &str, old: &[String]) -> bool {
    let below = |wide: &str| wide.strip_suffix('*').is_some_and(|stem| scope.starts_with(stem));
    old.iter().any(|own| own == scope || below(own))
}

/// The ways in which a platform lets keys be replaced, the safest first.
pub(super) fn plans(profile: &Profile, has_credential: bool) -> Vec<PlanKind> {
    let can = |capability| profile.can(capability);
    let mut plans = Vec::new();
    if has_credential && can(Capability::Create) && can(Capability::Revoke) {
        plans.push(PlanKind::CreateThenRevoke);
    }
    if has_credential && can(Capability::RotateOverlap) {
        plans.push(PlanKind::Overlap);
    }
    if has_credential && can(Capability::RotateInPlace) {
        plans.push(PlanKind::InPlace);
    }
    if can(Capability::ManualCreate) {
        plans.push(PlanKind::Guided);
    }
    plans
}

/// A life as long as the old key's was.
fn lifetime_like(key: &Key, profile: &Profile) -> Lifetime {
    let offered = profile.lifetimes();
    let fallback = offered.first().copied().unwrap_or(if profile.expires() {
        Lifetime::Days(USUAL_DAYS)
    } else {
        Lifetime::Never
    });
    let (Expiry::At(end), Some(start)) = (key.expires, key.created) else { return fallback };
    let Ok(days) = u32::try_from((end - start).num_days()) else { return fallback };
    // An end at midnight may have cut off a part of the last day.
    let near = |lifetime: &&Lifetime| matches!(lifetime, Lifetime::Days(other) if other.abs_diff(days) <= 1);
    offered.iter().find(near).copied().unwrap_or(fallback)
}

pub(super) fn as_create(key: &Key, name: &str, scopes: &[String], lifetime: Lifetime) -> CreateKey {
    CreateKey {
        connection: key.connection,
        name: name.to_owned(),
        scopes: scopes.to_vec(),
        lifetime,
        label: key.label.clone(),
        note: key.note.clone(),
        owner: key.owner.name.clone(),
        owner_kind: key.owner.kind,
        tags: key.tags.clone(),
    }
}

/// The steps of a run, in order.
pub(super) fn order(plan: PlanKind, revoke_first: bool, grace: bool) -> Vec<Step> {
    let replaces = matches!(plan, PlanKind::InPlace | PlanKind::Overlap);
    let mut steps = vec![Step::Check];
    if revoke_first && !replaces {
        steps.push(Step::Revoke);
    }
    steps.extend([Step::Create, Step::Place, Step::Verify]);
    if !replaces && !revoke_first {
        if grace {
            steps.push(Step::Grace);
        }
        steps.push(Step::Revoke);
    }
    steps.push(Step::Prove);
    steps
}

fn steps(plan: PlanKind, request: &RotateKey) -> Vec<PlannedStep> {
    order(plan, request.revoke_first, request.grace_s > 0)
        .into_iter()
        .map(|step| PlannedStep {
            step,
            words: words::step(step, plan).to_owned(),
            by_hand: plan == PlanKind::Guided && matches!(step, Step::Create | Step::Revoke),
        })
        .collect()
}

fn stops_placing(place: &PlannedStop) -> bool {
    place.change.as_ref().is_some_and(|change| change.warnings.iter().any(|warning| warning.stops))
}

fn sentences(
    plan: PlanKind,
    request: &RotateKey,
    places: &[PlannedStop],
    profile: &Profile,
    provable: bool,
) -> Vec<String> {
    let name = &profile.name;
    let count = |todo: fn(&Todo) -> bool| places.iter().filter(|place| todo(&place.todo)).count();
    let files = count(|todo| matches!(todo, Todo::Write | Todo::Store));
    let by_hand = count(|todo| *todo == Todo::Confirm);
    let mut sentences = vec![match plan {
        PlanKind::CreateThenRevoke => format!("{name} makes a new key with the same rights."),
        PlanKind::InPlace => format!("{name} replaces the secret, and the old one dies at once."),
        PlanKind::Overlap => {
            format!("{name} replaces the secret and lets the old one work on for a while.")
        }
        PlanKind::Guided => {
            format!("You make the new key in {name}'s dashboard and bring it here.")
        }
    }];
    sentences.push(match (files, by_hand) {
        (0, 0) => "No place of the old key is known, so no file is changed.".into(),
        (files, 0) => {
            format!("{} {} updated, all of them or none.", places_words(files), is(files))
        }
        (0, by_hand) => format!("{} you change by hand and confirm.", places_words(by_hand)),
        (files, by_hand) => format!(
            "{} {} updated, all of them or none; {by_hand} more you change by hand and confirm.",
            places_words(files),
            is(files)
        ),
    });
    if request.revoke_first {
        sentences.push("The old key ends first, because it leaked.".into());
    } else if plan != PlanKind::InPlace {
        sentences.push("Nothing is revoked before all of them work.".into());
    }
    if request.grace_s > 0 && !request.revoke_first {
        sentences.push(format!("Then the old key is kept for {}.", span(request.grace_s)));
    }
    sentences.push(if provable {
        format!("At last the old key is tried until {name} refuses it: that is the proof.")
    } else {
        "At last the old key ends; nothing here can try it.".into()
    });
    sentences
}

fn places_words(count: usize) -> String {
    if count == 1 { "1 place".into() } else { format!("{count} places") }
}

const fn is(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// Seconds as people say them.
pub(super) fn span(seconds: u32) -> String {
    let (count, unit) = match seconds {
        s if s >= 86_400 && s % 86_400 == 0 => (s / 86_400, "day"),
        s if s >= 3_600 && s % 3_600 == 0 => (s / 3_600, "hour"),
        s if s >= 60 && s % 60 == 0 => (s / 60, "minute"),
        s => (s, "second"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// One problem with one field.
pub(super) fn problem(field: &str, message: String) -> FieldProblem {
    FieldProblem { field: field.into(), message }
}
