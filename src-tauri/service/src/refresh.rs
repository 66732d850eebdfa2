//! Reading a platform's list and reconciling it with what is known here.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use keywright_model::{
    Connection, ConnectionId, EventKind, Expiry, Key, Operation, RemoteKey, Status,
    key::{Origin, Proof},
};
use keywright_platforms::Capability;

use crate::{Error, Service, wire::RefreshReport};

impl Service {
    pub(crate) async fn refresh_one(&self, id: ConnectionId) -> Result<RefreshReport, Error> {
        let connection = self.connection(id)?;
        let connector = self.connector(&connection)?;
        let credential = self.credential(&connection)?;
        if !connector.profile().can(Capability::List) {
            return self.refresh_stored(connection, &connector, &credential).await;
        }
        let asked = self.now();
        match self.noting(connector.list(&credential).await) {
            Ok(listed) => {
                let report = self.reconcile(connection, &listed, asked)?;
                self.look_at_stored(id, &connector, &credential).await?;
                Ok(report)
            }
            // Its pace is no trouble of the connection: the caller waits or tells.
            Err(error @ keywright_platforms::CallError::RateLimited { .. }) => Err(error.into()),
            Err(error) => {
                self.note_trouble(connection, error.to_string())?;
                Err(error.into())
            }
        }
    }

    pub(crate) fn note_trouble(
        &self,
        mut connection: Connection,
        trouble: String,
    ) -> Result<(), Error> {
        if connection.trouble == trouble {
            return Ok(());
        }
        connection.trouble = trouble;
        self.write(|change| change.put_connection(&connection))
    }

    /// Applies a list that was asked for at `asked`, in one transaction.
    fn reconcile(
        &self,
        mut connection: Connection,
        listed: &[RemoteKey],
        asked: DateTime<Utc>,
    ) -> Result<RefreshReport, Error> {
        let now = self.now();
        let (known, open) = self.read(|vault| {
            let keys = vault.index().keys().filter(|k| k.connection == connection.id);
            let open = vault.index().operations().filter(|o| o.connection == connection.id);
            Ok((
                keys.cloned().collect::<Vec<Key>>(),
                open.filter(|o| o.state.is_open()).cloned().collect::<Vec<Operation>>(),
            ))
        })?;
        let mut plan = Plan::of(&connection, known, listed, now, asked);
        plan.mark_credential(self.credential(&connection).ok().as_ref());
        let settled = crate::settle::settle(&open, &mut plan, asked, now);
        connection.refreshed = Some(now);
        connection.trouble.clear();
        let report = plan.report(connection.id, listed, &settled);
        let mut events = plan.events(self);
        events.extend(settled.events(self));
        if report.new + report.changed + report.gone > 0 {
            let kind = EventKind::Refreshed {
                new: report.new,
                changed: report.changed,
                gone: report.gone,
            };
            events.push(self.connection_event(&connection, kind));
        }
        self.write(|change| {
            change.put_connection(&connection)?;
            plan.touched().try_for_each(|key| change.put_key(key))?;
            settled.operations.iter().try_for_each(|operation| change.put_operation(operation))?;
            events.iter().try_for_each(|event| change.log(event))
        })?;
        for key in settled.to_prove.iter().copied() {
            self.prove_in_background(key);
        }
        Ok(report)
    }
}

/// What a list means for the keys known here.
pub(crate) struct Plan {
    /// All keys of the connection after the list, with what became of each.
    pub(crate) keys: Vec<(Key, Fate)>,
    /// The platform's ids in the list.
    pub(crate) listed: HashMap<String, Status>,
}

/// What the list did to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Same,
    New,
    Changed,
    Gone,
    /// Its revocation is proved by its absence.
    Proved,
    /// A field that only Keywright keeps was changed.
    Marked,
}

impl Plan {
    fn of(
        connection: &Connection,
        known: Vec<Key>,
        listed: &[RemoteKey],
        now: DateTime<Utc>,
        asked: DateTime<Utc>,
    ) -> Self {
        let ids = listed.iter().map(|remote| (remote.remote_id.clone(), remote.status)).collect();
        let mut plan = Self { keys: Vec::with_capacity(known.len()), listed: ids };
        let mut by_id: HashMap<String, &RemoteKey> =
            listed.iter().map(|remote| (remote.remote_id.clone(), remote)).collect();
        let mut unnamed = Vec::new();
        for (key, remote) in matched(known, &mut by_id) {
            match remote {
                Some(remote) => plan.keys.push(updated(key, remote, now)),
                // Made while the list was on its way: the list cannot know it.
                None if key.added > asked => plan.keys.push((key, Fate::Same)),
                None if key.remote_id.is_some() => plan.keys.push(missing(key, now)),
                None => unnamed.push(key),
            }
        }
        for key in unnamed {
            let twin = by_id.values().copied().find(|remote| is_twin(&key, remote));
            if let Some(remote) = twin {
                by_id.remove(&remote.remote_id);
                plan.keys.push(updated(key, remote, now));
            } else {
                plan.keys.push((key, Fate::Same));
            }
        }
        // In the list's own order, so that two refreshes do the same.
        let left: HashSet<&String> = by_id.keys().collect();
        let new = listed.iter().filter(|remote| left.contains(&remote.remote_id));
        let mut seen = HashSet::new();
        let new = new.filter(|remote| seen.insert(&remote.remote_id));
        plan.keys.extend(new.map(|remote| (found(connection, remote, now), Fate::New)));
        plan
    }

    /// Marks the key that is the connection's own credential, when its visible ends tell which it is.
    fn mark_credential(&mut self, credential: Option<&keywright_model::Secret>) {
        let Some(credential) = credential else { return };
        let fitting: Vec<usize> = self
            .keys
            .iter()
            .enumerate()
            .filter(|(_, (key, _))| key.remote_id.is_some() && !key.hint.prefix.is_empty())
            .filter(|(_, (key, _))| key.bitting.is_none() && crate::add::fits(key, credential))
            .map(|(place, _)| place)
            .collect();
        if let [only] = fitting.as_slice()
            && let Some((key, fate)) = self.keys.get_mut(*only)
            && !key.manages_connection
        {
            key.manages_connection = true;
            if *fate == Fate::Same {
                *fate = Fate::Marked;
            }
        }
    }

    /// Keys to write.
    pub(crate) fn touched(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(|(_, fate)| *fate != Fate::Same).map(|(key, _)| key)
    }

    fn count(&self, fate: Fate) -> u32 {
        u32::try_from(self.keys.iter().filter(|(_, f)| *f == fate).count()).unwrap_or(u32::MAX)
    }

    fn report(
        &self,
        connection: ConnectionId,
        listed: &[RemoteKey],
        settled: &crate::settle::Settled,
    ) -> RefreshReport {
        RefreshReport {
            connection,
            listed: u32::try_from(listed.len()).unwrap_or(u32::MAX),
            new: self.count(Fate::New),
            changed: self.count(Fate::Changed),
            gone: self.count(Fate::Gone),
            settled: settled.closed,
            orphans: settled.orphans,
        }
    }

    fn events(&self, service: &Service) -> Vec<keywright_model::Event> {
        let proved = self.keys.iter().filter(|(_, fate)| *fate == Fate::Proved);
        proved
            .map(|(key, _)| {
                service.key_event(key, EventKind::RevokeProved { window_ms: 0, probes: 0 })
            })
            .collect()
    }
}

/// Each key with the listed one that it is. A birth that fits exactly goes first: of two keys that
/// had the same id one after the other, the list names the later.
fn matched<'a>(
    known: Vec<Key>,
    by_id: &mut HashMap<String, &'a RemoteKey>,
) -> Vec<(Key, Option<&'a RemoteKey>)> {
    let mut matched: Vec<(Key, Option<&RemoteKey>)> =
        known.into_iter().map(|key| (key, None)).collect();
    for fits in [same_birth, may_be_same] {
        for (key, own) in matched.iter_mut().filter(|(_, own)| own.is_none()) {
            let Some(id) = &key.remote_id else { continue };
            if by_id.get(id).is_some_and(|remote| fits(key, remote)) {
                *own = by_id.remove(id);
            }
        }
    }
    matched
}

/// The same id with another birth is another key: some platforms use ids again, within a second.
fn same_birth(key: &Key, remote: &RemoteKey) -> bool {
    let (Some(ours), Some(theirs)) = (key.created, remote.created) else { return false };
    let whole = |at: DateTime<Utc>| at.timestamp_subsec_nanos() == 0;
    let slack =
        if whole(ours) || whole(theirs) { Duration::seconds(1) } else { Duration::milliseconds(1) };
    (ours - theirs).abs() <= slack
}

/// A birth that nobody tells is no reason against it. A key that we made may carry our clock until
/// the list tells the platform's; it has the name that we gave it.
fn may_be_same(key: &Key, remote: &RemoteKey) -> bool {
    match (key.created, remote.created) {
        (Some(_), Some(_)) => {
            key.origin == Origin::Created
                && remote.name.as_ref().is_none_or(|name| *name == key.name)
        }
        _ => true,
    }
}

/// A key without the platform's id that the list now names: one added by hand, or one whose
/// making was answered without a usable id.
fn is_twin(key: &Key, remote: &RemoteKey) -> bool {
    key.origin != Origin::Found
        && remote.name.as_deref() == Some(key.name.as_str())
        && (remote.hint.prefix.is_empty()
            || key.hint.prefix.starts_with(&remote.hint.prefix)
            || remote.hint.prefix.starts_with(&key.hint.prefix))
}

fn found(connection: &Connection, remote: &RemoteKey, now: DateTime<Utc>) -> Key {
    let name = remote.name.clone().unwrap_or_else(|| remote.remote_id.clone());
    let key = Key::blank(connection.id, connection.platform.clone(), name, now);
    let (mut key, _) = updated(key, remote, now);
    if key.status == Status::Unknown {
        key.status = Status::Active;
    }
    key
}

/// Takes over what the platform says. A person's own words stay.
fn updated(mut key: Key, remote: &RemoteKey, now: DateTime<Utc>) -> (Key, Fate) {
    let before = key.clone();
    key.remote_id = Some(remote.remote_id.clone());
    if let Some(name) = &remote.name {
        key.name.clone_from(name);
    }
    if !remote.scopes.is_empty() {
        key.scopes.clone_from(&remote.scopes);
    }
    if key.owner.name.is_empty() {
        key.owner.clone_from(&remote.owner);
    }
    if key.hint.prefix.is_empty() && key.hint.suffix.is_empty() {
        key.hint.clone_from(&remote.hint);
    }
    if remote.environment != keywright_model::Environment::Unknown {
        key.environment = remote.environment;
    }
    // One that is ended keeps its birth: its id may be another's soon.
    if !matches!(key.status, Status::Revoking | Status::Revoked) || key.created.is_none() {
        key.created = remote.created.or(key.created);
    }
    if remote.expires != Expiry::Unknown {
        key.expires = remote.expires;
    }
    key.last_used = remote.last_used.or(key.last_used);
    if key.gone_since.take().is_some() && key.status == Status::Unknown {
        key.status = Status::Active;
    }
    let proved = take_status(&mut key, remote.status, now);
    // Use happens all the time: it is kept, and is no news.
    let quiet = Key { last_used: before.last_used, ..key.clone() };
    let fate = if proved {
        Fate::Proved
    } else if quiet == before {
        if key == before { Fate::Same } else { Fate::Marked }
    } else {
        Fate::Changed
    };
    (key, fate)
}

/// The platform's word on the status. True when it completes a revocation's proof.
fn take_status(key: &mut Key, told: Status, now: DateTime<Utc>) -> bool {
    match (key.status, told) {
        // Only refusals, or for want of a secret the list, end a revocation.
        (Status::Revoking, Status::Revoked) if !key.has_secret() => {
            prove_by_list(key, now);
            true
        }
        (Status::Revoking | Status::Revoked, _) | (_, Status::Unknown) => false,
        (_, told) => {
            key.status = told;
            false
        }
    }
}

/// A key that the list no longer has.
fn missing(mut key: Key, now: DateTime<Utc>) -> (Key, Fate) {
    match key.status {
        Status::Revoking if !key.has_secret() => {
            prove_by_list(&mut key, now);
            (key, Fate::Proved)
        }
        Status::Active | Status::Disabled | Status::Unknown
            if key.gone_since.is_none() && !key.expires.is_past(now) =>
        {
            key.gone_since = Some(now);
            key.status = Status::Unknown;
            (key, Fate::Gone)
        }
        _ => (key, Fate::Same),
    }
}

pub(crate) fn prove_by_list(key: &mut Key, now: DateTime<Utc>) {
    key.status = Status::Revoked;
    if let Some(revocation) = &mut key.revocation {
        revocation.proved = Some(now);
        revocation.proof = Proof::Unlisted;
        revocation.overdue = false;
    }
}

#[cfg(test)]
mod tests {
    use keywright_model::PlatformId;

    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_800_000_000_000 + millis).unwrap()
    }

    fn known(name: &str, status: Status, born: DateTime<Utc>) -> Key {
        let connection = ConnectionId::make();
        let mut key = Key::blank(connection, PlatformId::new("some"), name.into(), born);
        key.origin = Origin::Created;
        key.remote_id = Some("a4".into());
        key.created = Some(born);
        key.status = status;
        key
    }

    fn listed(name: &str, born: DateTime<Utc>) -> RemoteKey {
        let (remote_id, name) = ("a4".to_owned(), Some(name.to_owned()));
        RemoteKey { remote_id, name, created: Some(born), ..RemoteKey::default() }
    }

    /// Which of the known keys the listed one is.
    fn owner(known: Vec<Key>, remote: &RemoteKey) -> Option<usize> {
        let mut by_id = HashMap::from([(remote.remote_id.clone(), remote)]);
        matched(known, &mut by_id).iter().position(|(_, own)| own.is_some())
    }

    #[test]
    fn an_id_used_again_belongs_to_the_later_key_even_of_the_same_name() {
        let keys = || {
            vec![
                known("ci", Status::Revoked, at(1)),
                known("ci", Status::Revoking, at(301)),
                known("ci", Status::Active, at(601)),
            ]
        };
        assert_eq!(owner(keys(), &listed("ci", at(601))), Some(2));
        assert_eq!(owner(keys(), &listed("ci", at(301))), Some(1));
    }

    #[test]
    fn an_id_used_again_elsewhere_is_another_key() {
        let ours = known("ours", Status::Active, at(1));
        assert_eq!(owner(vec![ours], &listed("theirs", at(501))), None);
    }

    #[test]
    fn a_key_with_our_clock_is_known_by_its_name_and_one_of_whole_seconds_by_them() {
        let ours = || vec![known("ours", Status::Active, at(1))];
        assert_eq!(owner(ours(), &listed("ours", at(90_000))), Some(0));
        assert_eq!(owner(ours(), &listed("renamed", at(0))), Some(0));
    }
}
