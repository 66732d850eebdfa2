//! What the platforms with a dashboard have in common: how their pages look and who may
//! ask for them, how a key is made there, and their levers.

pub(crate) mod form;
pub(crate) mod guard;
pub(crate) mod levers;
pub(crate) mod page;
pub(crate) mod parts;

#[cfg(test)]
mod tests;

use keywright_model::Secret;

use crate::{
    Error, Issued, SimKey,
    keys::{Draft, Keys},
    random,
};

/// Characters of a key behind its platform's prefix. Ours: no document gives a length.
const VALUE_CHARACTERS: usize = 40;
/// Characters behind the prefix that the dashboard goes on to show.
const SHOWN_CHARACTERS: usize = 4;

/// One of the platforms with a dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Specivo,
    ServoAgent,
    Bivariant,
}

/// A key that was made: its record, and the only copy of its value.
pub(crate) struct Made {
    pub(crate) key: SimKey,
    pub(crate) secret: Secret,
}

impl From<Made> for Issued {
    fn from(made: Made) -> Self {
        Self { key_id: made.key.id, secret: made.secret }
    }
}

/// Draws a value that begins so, and makes the key. The draft's own beginning is put in.
pub(crate) fn issue<S>(keys: &Keys<S>, beginning: &str, draft: Draft<S>) -> Result<Made, Error> {
    let now = draft.created;
    let value = format!("{beginning}{}", random::base62(VALUE_CHARACTERS)?);
    let prefix = value.chars().take(beginning.len() + SHOWN_CHARACTERS).collect();
    let row = keys.add(&value, Draft { prefix, ..draft })?;
    Ok(Made { key: row.seen(now), secret: Secret::new(value) })
}
