//! The token authority: how agent.ceo's keys are made, and taken in again.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use keywright_model::{Environment, Secret};

use super::scopes::Scopes;
use crate::{
    Error, Issued,
    clock::after,
    keys::{self, Draft, exposed},
    random,
};

/// How keys begin.
const LIVE: &str = "ace_live_";
const TEST: &str = "ace_test_";
/// Characters of a key behind its environment prefix: 256 bits and a little.
const VALUE_CHARACTERS: usize = 43;
/// Characters behind the environment prefix that a key's `prefix` shows.
const SHOWN_CHARACTERS: usize = 2;

/// What the token authority holds.
pub(crate) type Keys = keys::Keys<Scopes>;
/// One of its rows.
pub(crate) type Row = keys::Row<Scopes>;

/// A key to be made without a request, as the dashboard would.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// Its scopes, all three axes.
    pub scopes: Vec<String>,
    /// `ace_live_` or `ace_test_`; unknown counts as live.
    pub environment: Environment,
    /// When it ends; none means never.
    pub expires: Option<DateTime<Utc>>,
}

/// A key of an earlier simulator, as somebody else kept it.
#[derive(Debug)]
pub struct RestoredKey<'a> {
    /// Its id.
    pub key_id: String,
    /// Its name.
    pub name: String,
    /// Its visible beginning. With a secret, the secret's own.
    pub prefix: String,
    /// Its scopes, all three axes.
    pub scopes: Vec<String>,
    /// Production or sandbox.
    pub environment: Environment,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it ends; none means never.
    pub expires: Option<DateTime<Utc>>,
    /// When it was revoked. The revoke delay counts from then.
    pub revoked: Option<DateTime<Utc>>,
    /// Its value, of which only the hash is kept. Without it the key is listed, and
    /// nobody can use it.
    pub secret: Option<&'a Secret>,
}

impl NewKey {
    /// The draft of a key that begins so, with scopes that were read from these.
    fn draft(self, prefix: String, scopes: Scopes, created: DateTime<Utc>) -> Draft<Scopes> {
        Draft {
            name: self.name,
            prefix,
            owner: scopes.organization.clone(),
            scopes,
            written: self.scopes,
            environment: self.environment,
            created,
            expires: self.expires,
        }
    }
}

impl Keys {
    /// Makes a key whose scopes were checked before, and forgets its value.
    pub(crate) fn make(
        &self,
        scopes: Scopes,
        new: NewKey,
        now: DateTime<Utc>,
    ) -> Result<(Arc<Row>, String), Error> {
        let beginning = match new.environment {
            Environment::Test => TEST,
            Environment::Live | Environment::Unknown => LIVE,
        };
        let value = format!("{beginning}{}", random::base62(VALUE_CHARACTERS)?);
        let row = self.add(&value, new.draft(shown(&value), scopes, now))?;
        Ok((row, value))
    }

    /// Takes in a key that an earlier simulator made; false when its id or its value is
    /// there already.
    pub(crate) fn restore(&self, old: RestoredKey<'_>, delay: Duration) -> Result<bool, Error> {
        let scopes = Scopes::parse(&old.scopes)?;
        let prefix = old.secret.map_or(old.prefix, |secret| shown(exposed(secret)));
        let new = NewKey {
            name: old.name,
            scopes: old.scopes,
            environment: old.environment,
            expires: old.expires,
        };
        let row = Row::new(old.key_id, new.draft(prefix, scopes, old.created));
        if let Some(revoked) = old.revoked {
            row.dies_at(after(revoked, delay));
        }
        Ok(self.take_in(row, old.secret))
    }

    /// Makes a new key of a value that somebody kept; none when it is there already.
    pub(crate) fn make_of(
        &self,
        value: &Secret,
        new: NewKey,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Row>>, Error> {
        let scopes = Scopes::parse(&new.scopes)?;
        self.add_kept(value, new.draft(shown(exposed(value)), scopes, now))
    }

    /// Makes a key as the dashboard would.
    pub(crate) fn issue(&self, new: NewKey, now: DateTime<Utc>) -> Result<Issued, Error> {
        let scopes = Scopes::parse(&new.scopes)?;
        let (row, value) = self.make(scopes, new, now)?;
        Ok(Issued { key_id: row.id.clone(), secret: Secret::new(value) })
    }
}

/// The beginning of a value that everybody may see.
fn shown(value: &str) -> String {
    let beginning = if value.starts_with(TEST) { TEST } else { LIVE };
    value.chars().take(beginning.len() + SHOWN_CHARACTERS).collect()
}
