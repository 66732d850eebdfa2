//! What needs somebody: pure functions of record and now.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Key, KeyId, Placement, PlacementForm, PlacementId, PlacementState, Status, key::Proof,
};

/// Days before expiry at which a warning starts, and grows.
pub const LEAD_DAYS: [i64; 4] = [30, 14, 7, 1];

/// Days between rotations unless set per key.
pub const DEFAULT_ROTATION_DAYS: u32 = 90;

/// How pressing a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Act soon.
    Warning,
    /// Act now.
    Critical,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FindingKind {
    /// It ends within one of the lead times.
    NearExpiry {
        /// Whole days left, rounded up; 0 never occurs.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        days: i64,
    },
    /// It has ended.
    Expired {
        /// Whole days since, rounded down.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        days: i64,
    },
    /// It is older than its rotation interval.
    RotationDue {
        /// Whole days over the interval.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        days: i64,
    },
    /// Revocation was accepted, the promise has passed, and the key still works.
    RevokeOverdue,
    /// Revocation was accepted and nothing proves it yet.
    RevokeUnproved,
    /// The platform's list no longer has it, and nobody here revoked it.
    Gone,
    /// Several clients use it: a leak of one ends all of them.
    Shared {
        /// How many.
        clients: u32,
    },
    /// A place where it was put no longer holds it.
    Misplaced {
        /// The place.
        placement: PlacementId,
        /// How the place is.
        state: PlacementState,
    },
    /// It is dead, and a client still has it.
    DeadButPlaced {
        /// The place.
        placement: PlacementId,
    },
    /// It stands in a file that git tracks.
    TrackedFile {
        /// The place.
        placement: PlacementId,
    },
    /// Others on this machine can read the file that it stands in.
    LooseFile {
        /// The place.
        placement: PlacementId,
    },
}

/// One thing to act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Finding {
    /// The key it is about.
    pub key: KeyId,
    /// What was found.
    pub kind: FindingKind,
    /// How pressing it is.
    pub severity: Severity,
    /// The instant it hangs on: the expiry, the due date, the request.
    pub due: DateTime<Utc>,
}

/// What the findings of a vault depend on besides its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Days between rotations where a key sets none.
    pub rotation_days: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self { rotation_days: DEFAULT_ROTATION_DAYS }
    }
}

/// All findings on one key, most pressing first. Keys in the bin and proved-dead keys have none.
pub fn findings(key: &Key, rules: Rules, now: DateTime<Utc>) -> Vec<Finding> {
    if key.deleted.is_some() || key.status == Status::Revoked {
        return Vec::new();
    }
    if key.status == Status::Revoking {
        return revocation(key).into_iter().collect();
    }
    let mut found: Vec<Finding> =
        [gone(key), expiry(key, now), rotation(key, rules, now)].into_iter().flatten().collect();
    found.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.due.cmp(&b.due)));
    found
}

/// A key that several clients use. Worth knowing, and no reason to hurry: a replacement changes
/// all of them at once.
pub fn shared(key: &Key, now: DateTime<Utc>) -> Option<Finding> {
    let clients: BTreeSet<&str> = key.uses.iter().map(|noted| noted.client.as_str()).collect();
    if key.deleted.is_some() || clients.len() < 2 || !key.status_at(now).may_work() {
        return None;
    }
    let clients = u32::try_from(clients.len()).unwrap_or(u32::MAX);
    Some(finding(key, FindingKind::Shared { clients }, Severity::Info, key.added))
}

/// What is wrong with one place of a key, most pressing first; one finding a place at the most.
pub fn of_placement(key: &Key, placement: &Placement, now: DateTime<Utc>) -> Option<Finding> {
    if key.deleted.is_some() {
        return None;
    }
    let id = placement.id;
    let due = placement.checked.unwrap_or(placement.noted);
    let state = placement.state;
    let dead = !key.status_at(now).may_work();
    let (kind, severity) = match state {
        PlacementState::InSync if dead => {
            (FindingKind::DeadButPlaced { placement: id }, Severity::Warning)
        }
        PlacementState::Drifted | PlacementState::Stale | PlacementState::Missing if !dead => {
            (FindingKind::Misplaced { placement: id, state }, Severity::Warning)
        }
        PlacementState::Unreadable => {
            (FindingKind::Misplaced { placement: id, state }, Severity::Info)
        }
        PlacementState::InSync if placement.tracked && placement.form == PlacementForm::Literal => {
            (FindingKind::TrackedFile { placement: id }, Severity::Critical)
        }
        PlacementState::InSync if placement.loose => {
            (FindingKind::LooseFile { placement: id }, Severity::Info)
        }
        _ => return None,
    };
    Some(finding(key, kind, severity, due))
}

/// When the key is due for rotation: its birth plus its interval. None where the birth is unknown.
pub fn rotation_due(key: &Key, rules: Rules) -> Option<DateTime<Utc>> {
    let days = key.rotation_days.unwrap_or(rules.rotation_days);
    key.created?.checked_add_signed(Duration::days(i64::from(days)))
}

fn finding(key: &Key, kind: FindingKind, severity: Severity, due: DateTime<Utc>) -> Finding {
    Finding { key: key.id, kind, severity, due }
}

fn revocation(key: &Key) -> Option<Finding> {
    let revocation = key.revocation.as_ref()?;
    if revocation.proof != Proof::None {
        return None;
    }
    let (kind, severity) = if revocation.overdue {
        (FindingKind::RevokeOverdue, Severity::Critical)
    } else {
        (FindingKind::RevokeUnproved, Severity::Info)
    };
    Some(finding(key, kind, severity, revocation.requested))
}

fn gone(key: &Key) -> Option<Finding> {
    key.gone_since.map(|since| finding(key, FindingKind::Gone, Severity::Warning, since))
}

/// How pressing an end is; none while it is further away than the longest lead time.
pub fn expiry_severity(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Severity> {
    let left = at.signed_duration_since(now);
    let reached = LEAD_DAYS.iter().filter(|lead| left <= Duration::days(**lead)).count();
    match reached {
        0 => None,
        1 => Some(Severity::Info),
        2 | 3 => Some(Severity::Warning),
        _ => Some(Severity::Critical),
    }
}

fn expiry(key: &Key, now: DateTime<Utc>) -> Option<Finding> {
    let at = key.expires.at()?;
    let severity = expiry_severity(at, now)?;
    if at <= now {
        let days = (now - at).num_days();
        return Some(finding(key, FindingKind::Expired { days }, severity, at));
    }
    let left = at - now;
    let days = left.num_days() + i64::from(left > Duration::days(left.num_days()));
    Some(finding(key, FindingKind::NearExpiry { days }, severity, at))
}

fn rotation(key: &Key, rules: Rules, now: DateTime<Utc>) -> Option<Finding> {
    if key.status_at(now) == Status::Expired {
        return None;
    }
    let due = rotation_due(key, rules)?;
    (due <= now).then(|| {
        let days = (now - due).num_days();
        finding(key, FindingKind::RotationDue { days }, Severity::Warning, due)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConnectionId, Expiry, PlatformId};

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::days(20_000 + day)
    }

    fn key(expires: Expiry) -> Key {
        let mut key =
            Key::blank(ConnectionId::make(), PlatformId::new("agent.ceo"), "ci".into(), at(0));
        key.status = Status::Active;
        key.created = Some(at(0));
        key.expires = expires;
        key
    }

    fn kinds(key: &Key, day: i64) -> Vec<(FindingKind, Severity)> {
        findings(key, Rules::default(), at(day)).into_iter().map(|f| (f.kind, f.severity)).collect()
    }

    #[test]
    fn a_warning_starts_at_each_lead_time_and_grows() {
        let key = key(Expiry::At(at(60)));
        assert_eq!(kinds(&key, 29), []);
        for (day, left, severity) in [
            (30, 30, Severity::Info),
            (46, 14, Severity::Warning),
            (53, 7, Severity::Warning),
            (59, 1, Severity::Critical),
        ] {
            assert_eq!(kinds(&key, day), [(FindingKind::NearExpiry { days: left }, severity)]);
        }
        assert_eq!(kinds(&key, 60), [(FindingKind::Expired { days: 0 }, Severity::Critical)]);
    }

    #[test]
    fn a_key_is_due_after_its_own_interval_or_ninety_days() {
        let mut key = key(Expiry::Never);
        assert_eq!(kinds(&key, 89), []);
        assert_eq!(kinds(&key, 90), [(FindingKind::RotationDue { days: 0 }, Severity::Warning)]);
        key.rotation_days = Some(30);
        assert_eq!(kinds(&key, 33), [(FindingKind::RotationDue { days: 3 }, Severity::Warning)]);
    }

    #[test]
    fn an_expired_key_is_not_also_due() {
        let key = key(Expiry::At(at(10)));
        assert_eq!(kinds(&key, 100), [(FindingKind::Expired { days: 90 }, Severity::Critical)]);
    }

    #[test]
    fn dead_and_deleted_keys_need_nobody() {
        let mut key = key(Expiry::At(at(1)));
        key.status = Status::Revoked;
        assert_eq!(kinds(&key, 100), []);
        key.status = Status::Active;
        key.deleted = Some(at(2));
        assert_eq!(kinds(&key, 100), []);
    }

    #[test]
    fn nothing_overflows_at_the_ends_of_time() {
        let mut key = key(Expiry::At(DateTime::<Utc>::MAX_UTC));
        key.rotation_days = Some(u32::MAX);
        for now in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            drop(findings(&key, Rules::default(), now));
        }
    }

    #[test]
    fn a_key_of_several_clients_is_shared_while_it_may_work() {
        let used = |client: &str, place: &str| crate::key::NotedUse {
            client: client.into(),
            place: place.into(),
            noted: at(0),
            placement: None,
        };
        let mut own = key(Expiry::Never);
        own.uses = vec![used("Codex", "here"), used("Codex", "there")];
        assert_eq!(shared(&own, at(1)), None, "one client in two places is one client");
        own.uses.push(used("Cursor", "here"));
        let found = shared(&own, at(1)).unwrap();
        assert_eq!(found.kind, FindingKind::Shared { clients: 2 });
        assert_eq!(found.severity, Severity::Info);
        own.status = Status::Revoked;
        assert_eq!(shared(&own, at(1)), None);
    }
}
