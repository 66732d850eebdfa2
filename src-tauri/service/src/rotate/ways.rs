//! The ways in which a key can be replaced, and why it cannot.

use keywright_model::{
    Expiry, Key, Status,
    expiry::Lifetime,
    rotation::{PlanKind, Step},
};
use keywright_platforms::{Capability, Profile};
use keywright_vault::Vault;

use super::open_run_in;
use crate::Service;

/// Days of a new key's life where nothing tells how long the old one was to live.
const USUAL_DAYS: u32 = 90;

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
            "Keywright cannot have this platform make a new key by itself: make one, place it, then \
             revoke this one.",
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
    /// The best way to replace a key, and why it cannot be; empty when it can.
    pub(crate) fn way_of(
        &self,
        vault: &Vault,
        key: &Key,
        revoke_first: bool,
    ) -> (PlanKind, String) {
        let connection = vault.index().connection(key.connection).filter(|c| c.deleted.is_none());
        let profile = self.profile(&key.platform).ok();
        let (Some(connection), Some(profile)) = (connection, profile) else {
            return (PlanKind::Guided, "Its connection was removed.".into());
        };
        let ways = plans(&profile, connection.has_credential);
        let best = ways.first().copied().unwrap_or(PlanKind::Guided);
        (best, blocked(vault, key, best, &ways, revoke_first).join(" "))
    }
}

/// Whether old scopes allow what a new one does: it is among them, or below a `…*` of theirs.
pub(super) fn covered(scope: &str, old: &[String]) -> bool {
    let below = |wide: &str| wide.strip_suffix('*').is_some_and(|stem| scope.starts_with(stem));
    old.iter().any(|own| own == scope || below(own))
}

/// The ways in which a platform lets keys be replaced, the safest first.
pub(super) fn plans(profile: &Profile, has_credential: bool) -> Vec<PlanKind> {
    let can = |capability| profile.can(capability);
    let mut plans = Vec::new();
    // What a platform wants told each time nobody can tell a run that goes on by itself.
    let silent = profile.asks("create").is_empty();
    if has_credential && silent && can(Capability::Create) && can(Capability::Revoke) {
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
pub(super) fn lifetime_like(key: &Key, profile: &Profile) -> Lifetime {
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
