//! Bivariant: keys of one organization, perhaps of one space in it, with permissions that
//! never exceed their creator's; a dashboard for them and an API to use them on.
//!
//! After its page "API Keys". What the page leaves open and was chosen here is marked
//! "ours"; `docs/simulator.md` has the list.

mod api;
mod caller;
mod collections;
mod directory;
mod form;
mod pages;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use keywright_model::Environment;

use crate::{
    Error,
    dashboard::{self, Made, form as fields},
    keys::{Draft, Keys},
    world::World,
};
use collections::Collections;
use directory::{Creator, Organization, Rights};

/// A new customer of Bivariant's with two organizations.
#[derive(Default)]
pub(crate) struct Platform {
    pub(crate) keys: Keys<Reach>,
    rights: Rights,
    collections: Collections,
}

/// Where a key works.
pub(crate) struct Reach {
    organization: &'static Organization,
    /// None means every space.
    space: Option<&'static str>,
}

/// A key to be made without the page, as its creator would.
#[derive(Debug, Clone)]
pub struct BivariantKey {
    /// Its name.
    pub name: String,
    /// Who makes it, and so its owner: `mira` or `jonas`.
    pub creator: String,
    /// Its organization: `acme` or `globex`.
    pub organization: String,
    /// The space that it is restricted to: `marketing` or `sales` of `acme`, `research` of
    /// `globex`.
    pub space: Option<String>,
    /// Its permissions, `resource:action`: at most those of its creator, one at least.
    pub permissions: Vec<String>,
    /// Its last day, which ends at midnight UTC; none means never.
    pub expiration: Option<NaiveDate>,
}

impl Platform {
    pub(crate) fn issue(&self, new: BivariantKey, now: DateTime<Utc>) -> Result<Made, Error> {
        let creator = Creator::named(&new.creator)?;
        let reach = Reach::of(creator, &new.organization, new.space.as_deref())?;
        let rights = self.rights.of(creator);
        let permissions = fields::among("permission", &new.permissions, rights.iter().copied())?;
        if permissions.is_empty() {
            return Err(Error::form("permission", "at least one is required"));
        }
        let draft = Draft {
            name: fields::name(&new.name)?,
            prefix: String::new(),
            owner: creator.name.to_owned(),
            written: reach.written(permissions),
            scopes: reach,
            environment: Environment::Unknown,
            created: now,
            expires: new.expiration.map(|day| end_of(day, now)).transpose()?,
        };
        // No prefix: the document tells of none.
        dashboard::issue(&self.keys, "", draft)
    }

    pub(crate) fn set_permissions(&self, account: &str, permissions: &[&str]) -> bool {
        self.rights.set(account, permissions)
    }
}

impl Reach {
    fn of(creator: &Creator, organization: &str, space: Option<&str>) -> Result<Self, Error> {
        let organization = creator
            .organizations()
            .find(|own| own.name == organization)
            .ok_or_else(|| Error::form("organization", "choose one of your own"))?;
        let space = match space {
            Some(name) => Some(organization.space(name).ok_or_else(|| {
                let message = format!("{} has no space `{name}`", organization.name);
                Error::form("space", message)
            })?),
            None => None,
        };
        Ok(Self { organization, space })
    }

    /// As Keywright's profile writes scopes: `organization:acme`, `space:marketing`, then
    /// the permissions.
    fn written(&self, permissions: Vec<String>) -> Vec<String> {
        let organization = format!("organization:{}", self.organization.name);
        let space = self.space.map(|space| format!("space:{space}"));
        [Some(organization), space].into_iter().flatten().chain(permissions).collect()
    }
}

/// Ours: a date means the whole of it, in UTC.
fn end_of(day: NaiveDate, now: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
    let next = day.succ_opt().unwrap_or(NaiveDate::MAX);
    let end = next.and_time(NaiveTime::MIN).and_utc();
    if end <= now {
        return Err(Error::form("expiration", "the day is over"));
    }
    Ok(end)
}

/// All routes of Bivariant.
pub(crate) fn router(world: &Arc<World>) -> Router<Arc<World>> {
    pages::router().merge(api::router(world))
}
