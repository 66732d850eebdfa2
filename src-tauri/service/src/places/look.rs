//! Looking at placements: is the key still where it was put?

use std::path::Path;

use keywright_clients::{
    edit,
    file::{self, Seen},
    format::Node,
    git::{self, Tracked},
    path::NodePath,
};
use keywright_model::{Placement, PlacementForm, PlacementState, Secret};
use keywright_vault::Vault;

use crate::{Error, Service};

/// What looking at a placement told.
struct Look {
    state: PlacementState,
    loose: bool,
    tracked: bool,
}

impl From<PlacementState> for Look {
    fn from(state: PlacementState) -> Self {
        Self { state, loose: false, tracked: false }
    }
}

impl Service {
    /// Looks at placements of this machine, and notes what changed. Tells how many did.
    pub(crate) fn look_at_places(&self, fits: &dyn Fn(&Placement) -> bool) -> Result<usize, Error> {
        let Some(machine) = self.inner.home.machine() else { return Ok(0) };
        let now = self.now();
        let changed: Vec<Placement> = self.read(|vault| {
            let here = vault.index().placements();
            let here = here.filter(|placement| placement.is_here(&machine.name) && fits(placement));
            let mut changed = Vec::new();
            for placement in here {
                let Look { state, loose, tracked } = self.look(vault, placement)?;
                let same = (placement.state, placement.loose, placement.tracked)
                    == (state, loose, tracked);
                if !same || placement.checked.is_none() {
                    let checked = Some(now);
                    changed.push(Placement { state, loose, tracked, checked, ..placement.clone() });
                }
            }
            Ok(changed)
        })?;
        if !changed.is_empty() {
            self.write(|change| changed.iter().try_for_each(|place| change.put_placement(place)))?;
        }
        Ok(changed.len())
    }

    fn look(&self, vault: &Vault, placement: &Placement) -> Result<Look, Error> {
        let path = Path::new(&placement.file);
        let seen = match file::look(path) {
            Ok(Some(seen)) => seen,
            Ok(None) => return Ok(PlacementState::Missing.into()),
            Err(_) => return Ok(PlacementState::Unreadable.into()),
        };
        let rule = self.rule_of(placement);
        let state = match &rule {
            Some((client, rule)) if !placement.node.is_empty() => {
                let Ok(tree) = edit::read(rule.format, &seen.bytes) else {
                    return Ok(PlacementState::Unreadable.into());
                };
                let held = client.slots_in(&tree, &rule.id);
                let held = held.into_iter().find(|held| held.path.to_string() == placement.node);
                match held {
                    Some(held) => compare(vault, placement, held.value.text())?,
                    None => bare(vault, placement, &tree)?,
                }
            }
            _ => anywhere(vault, placement, &seen)?,
        };
        let mode = rule.as_ref().map_or(0o600, |(_, rule)| rule.mode);
        let literal = placement.form == PlacementForm::Literal;
        Ok(Look {
            state,
            loose: literal && seen.facts.mode & 0o077 & !mode != 0,
            tracked: literal && git::tracked(path) == Tracked::Tracked,
        })
    }
}

/// What stands in the place, without what its client wraps around it.
fn compare(vault: &Vault, placement: &Placement, text: &str) -> Result<PlacementState, Error> {
    let name = match &placement.form {
        PlacementForm::Literal => None,
        PlacementForm::Variable { name } | PlacementForm::Secret { name } => Some(name),
        PlacementForm::File { path } => Some(path),
    };
    if let Some(name) = name {
        let same = text == name.as_str();
        return Ok(if same { PlacementState::InSync } else { PlacementState::Drifted });
    }
    let keys = vault.keys_with(&Secret::copy_of(text))?;
    Ok(if keys.contains(&placement.key) {
        PlacementState::InSync
    } else if keys.is_empty() {
        PlacementState::Drifted
    } else {
        PlacementState::Stale
    })
}

/// A place that the client's definition does not know.
fn bare(vault: &Vault, placement: &Placement, tree: &Node) -> Result<PlacementState, Error> {
    let node = NodePath::parse(&placement.node);
    let found = node.as_ref().and_then(|path| tree.at(path.steps()).ok().flatten());
    match found {
        Some(Node::Text(value, _)) => compare(vault, placement, value.text()),
        Some(_) => Ok(PlacementState::Drifted),
        None => Ok(PlacementState::Missing),
    }
}

/// A file whose format is not known: the key is somewhere in it, or it is not.
#[expect(clippy::disallowed_methods, reason = "the secret is looked for in the file that had it")]
fn anywhere(vault: &Vault, placement: &Placement, seen: &Seen) -> Result<PlacementState, Error> {
    let Some(secret) = vault.key_secret(placement.key)? else {
        return Ok(PlacementState::Unknown);
    };
    let there = memchr::memmem::find(&seen.bytes, secret.expose().as_bytes()).is_some();
    Ok(if there { PlacementState::InSync } else { PlacementState::Missing })
}
