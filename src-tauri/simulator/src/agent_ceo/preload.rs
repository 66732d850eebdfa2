//! Keys that are there from the start, as in an organization that has been at it for
//! a while. Nobody holds their values.

use chrono::{DateTime, TimeDelta, Utc};
use keywright_model::Environment;

use super::{Platform, keys::NewKey, scopes::Scopes};
use crate::Error;

const WORK: [(&str, &[&str]); 6] = [
    ("erp-read-only", &["agent:*", "svc:wiki:read"]),
    ("ci-deploy", &["agent:cto", "svc:mcp:write", "svc:tasks:write"]),
    ("nightly-export", &["agent:*", "svc:kb:read", "svc:wiki:read"]),
    ("support-bot", &["agent:cto", "agent:ceo", "svc:a2a:write"]),
    ("dashboard", &["agent:*", "svc:tasks:read"]),
    ("wiki-sync", &["agent:*", "svc:wiki:write"]),
];

/// Days of life that the dashboard offers; 0 is never.
const LIVES: [i64; 4] = [30, 90, 365, 0];

/// Makes so many keys of all ages: none born ended, a few about to end.
pub(super) fn fill(platform: &Platform, count: usize, now: DateTime<Utc>) -> Result<(), Error> {
    for (number, ((name, scopes), life)) in
        WORK.into_iter().cycle().zip(LIVES.into_iter().cycle()).take(count).enumerate()
    {
        let serial = i64::try_from(number).unwrap_or(i64::MAX);
        let age = if life == 0 { serial % 400 } else { serial % life };
        let created = now - TimeDelta::days(age);
        let scopes: Vec<String> = std::iter::once(format!("org:{}", platform.slug))
            .chain(scopes.iter().map(|scope| (*scope).to_owned()))
            .collect();
        let new = NewKey {
            name: format!("{name}-{number:05}"),
            scopes,
            environment: if number % 5 == 4 { Environment::Test } else { Environment::Live },
            expires: (life > 0).then(|| created + TimeDelta::days(life)),
        };
        platform.keys.make(Scopes::parse(&new.scopes)?, new, created)?;
    }
    Ok(())
}
