//! What a run makes: names that say where they come from, the least dangerous
//! scopes, the recommended life.

use keywright_model::expiry::Lifetime;

use crate::{Axis, AxisKind, Choice, Connector, NewKey, Profile, Variables};

/// What the keys of a run are like. The default chooses all of it.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Their name; empty for `keywright-check-` and some random letters.
    pub name: String,
    /// Their scopes; empty for the least dangerous choice on each axis that needs one.
    pub scopes: Vec<String>,
    /// Their life; none for the one that the platform's form offers first.
    pub lifetime: Option<Lifetime>,
}

/// The plan for one connection.
pub(super) struct Chosen {
    pub(super) new: NewKey,
    /// The name after a relabel.
    pub(super) other_name: String,
}

impl Plan {
    pub(super) fn choose(&self, connector: &Connector) -> Chosen {
        let profile = connector.profile();
        let name = if self.name.trim().is_empty() { random_name() } else { self.name.clone() };
        let scopes = if self.scopes.is_empty() {
            least(profile, connector.variables())
        } else {
            self.scopes.clone()
        };
        let offered = profile.lifetimes().first().copied().unwrap_or(Lifetime::Never);
        let lifetime = self.lifetime.unwrap_or(offered);
        let other_name = other(profile, &name);
        Chosen { new: NewKey { name, scopes, lifetime }, other_name }
    }
}

/// A name that no other run has.
fn random_name() -> String {
    let mut bytes = [0; 4];
    // Without random bits the name is still one: two runs may share it.
    let random = getrandom::fill(&mut bytes).map_or(0, |()| u32::from_be_bytes(bytes));
    format!("keywright-check-{random:08x}")
}

fn other(profile: &Profile, name: &str) -> String {
    let longer = format!("{name}-b");
    if profile.check_name(&longer).is_none() {
        return longer;
    }
    let all_but_one = name.chars().count().saturating_sub(1);
    let end = if name.ends_with('b') { 'c' } else { 'b' };
    name.chars().take(all_but_one).chain([end]).collect()
}

/// The least dangerous choice on each axis that needs one.
fn least(profile: &Profile, variables: &Variables) -> Vec<String> {
    profile.axes(variables).iter().filter_map(of_axis).collect()
}

fn of_axis(axis: &Axis) -> Option<String> {
    if axis.kind == AxisKind::Any {
        return None;
    }
    let harm = |choice: &&Choice| {
        let reads = choice.value.to_ascii_lowercase().contains("read");
        (choice.dangers.len(), !reads)
    };
    let typed = || {
        let free = axis.free.as_ref()?;
        Some(format!("{}{}", free.prefix, free.placeholder))
    };
    axis.choices
        .iter()
        .min_by_key(harm)
        .map(|choice| choice.value.clone())
        .or_else(typed)
        .or_else(|| axis.wildcard.as_ref().map(|all| all.value.clone()))
}
