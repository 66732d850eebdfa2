//! Reading many lists: some at a time, one after another on each platform, at the pace that a
//! platform asks for, and no further once somebody has had enough.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, AtomicU64, Ordering},
    time::Duration,
};

use futures::{StreamExt, stream};
use keywright_model::{Connection, ConnectionId};
use keywright_platforms::CallError;

use crate::{
    Error, Service,
    wire::{Progress, Refresh, RefreshReport},
};

/// Platforms that are asked at the same time at the most. It bounds the memory too: so many lists
/// of at most 5 MiB a page are in hand at once.
const AT_ONCE: usize = 4;
/// The longest pause that a platform is granted in a refresh of many.
const LONGEST_PAUSE: Duration = Duration::from_secs(90);
/// Pauses that one connection is granted.
const PAUSES: u32 = 3;
/// How often a pause looks whether somebody has had enough.
const LOOK: Duration = Duration::from_secs(1);

/// Counts the times that refreshes were stopped. A refresh goes on while it has not changed.
#[derive(Debug, Default)]
pub(crate) struct Stops(AtomicU64);

impl Stops {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

/// One refresh of many connections.
struct Round {
    stop: u64,
    total: u32,
    done: AtomicU32,
}

type Outcome = (ConnectionId, Result<RefreshReport, Error>);

impl Service {
    /// Reads the list of one connection, or of all that have a credential.
    ///
    /// Of several, one that fails does not stop the rest: its trouble stands on its connection. The
    /// first error is returned when none succeeded.
    pub async fn refresh(&self, request: Refresh) -> Result<Vec<RefreshReport>, Error> {
        let groups = self.by_origin(request.connection)?;
        let total = groups.iter().map(Vec::len).sum::<usize>();
        let round = Round {
            stop: self.inner.stops.now(),
            total: u32::try_from(total).unwrap_or(u32::MAX),
            done: AtomicU32::new(0),
        };
        let round = &round;
        let mut results = stream::iter(groups)
            .map(|group| self.refresh_group(group, round))
            .buffer_unordered(AT_ONCE);
        let (mut reports, mut first_error) = (Vec::new(), None);
        while let Some(group) = results.next().await {
            for (_, result) in group {
                match result {
                    Ok(report) => reports.push(report),
                    Err(error) => first_error = first_error.or(Some(error)),
                }
            }
        }
        match first_error {
            Some(error) if reports.is_empty() => Err(error),
            _ => Ok(reports),
        }
    }

    /// Stops the refreshes that go on. Lists that were read are kept.
    pub fn stop_refresh(&self) {
        self.inner.stops.0.fetch_add(1, Ordering::AcqRel);
    }

    /// The connections to read, those of one origin together: they share its limits.
    fn by_origin(&self, only: Option<ConnectionId>) -> Result<Vec<Vec<ConnectionId>>, Error> {
        if let Some(id) = only {
            return Ok(vec![vec![id]]);
        }
        let mut groups: BTreeMap<String, BTreeMap<String, ConnectionId>> = BTreeMap::new();
        self.read(|vault| {
            let connections = vault.index().connections();
            for connection in connections.filter(|c| c.deleted.is_none() && c.has_credential) {
                let group = groups.entry(origin(connection)).or_default();
                group.insert(connection.name.clone(), connection.id);
            }
            Ok(())
        })?;
        Ok(groups.into_values().map(|group| group.into_values().collect()).collect())
    }

    async fn refresh_group(&self, group: Vec<ConnectionId>, round: &Round) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(group.len());
        for id in group {
            if self.is_stopped(round) {
                outcomes.push((id, Err(Error::Stopped)));
                continue;
            }
            let result = self.refresh_at_its_pace(id, round).await;
            let done = round.done.fetch_add(1, Ordering::AcqRel) + 1;
            self.tell(Progress::Refresh { connection: id, done, total: round.total });
            outcomes.push((id, result));
        }
        outcomes
    }

    async fn refresh_at_its_pace(
        &self,
        id: ConnectionId,
        round: &Round,
    ) -> Result<RefreshReport, Error> {
        let mut pauses = 0;
        loop {
            let error = match self.refresh_one(id).await {
                Err(Error::Call(error @ CallError::RateLimited { .. })) => error,
                other => return other,
            };
            let CallError::RateLimited { retry_after } = &error else { return Err(error.into()) };
            let pause = retry_after.unwrap_or(LOOK).max(LOOK);
            pauses += 1;
            if pauses > PAUSES || pause > LONGEST_PAUSE {
                self.note_trouble(self.connection(id)?, error.to_string())?;
                return Err(error.into());
            }
            self.tell(Progress::Paused { connection: id, seconds: seconds(pause) });
            if !self.pause(pause, round).await {
                return Err(Error::Stopped);
            }
        }
    }

    /// Waits; false when somebody has had enough, or the vault was locked meanwhile.
    async fn pause(&self, mut left: Duration, round: &Round) -> bool {
        while !left.is_zero() {
            let step = left.min(LOOK);
            self.inner.clock.sleep(step).await;
            left -= step;
            if self.is_stopped(round) {
                return false;
            }
        }
        true
    }

    fn is_stopped(&self, round: &Round) -> bool {
        self.inner.stops.now() != round.stop || !self.session().is_open()
    }
}

fn origin(connection: &Connection) -> String {
    url::Url::parse(&connection.base_url)
        .map_or_else(|_| connection.base_url.clone(), |url| url.origin().ascii_serialization())
}

fn seconds(pause: Duration) -> u32 {
    u32::try_from(pause.as_secs()).unwrap_or(u32::MAX)
}
