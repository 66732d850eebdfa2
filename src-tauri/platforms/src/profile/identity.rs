//! What a platform is, and what its profile was last held against.

use chrono::NaiveDate;

use crate::{ProfileError, profile::node::Table};

/// The shelf on which people look for a platform.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Agents, and what they work with.
    Agents,
    /// Language models and their gateways.
    Models,
    /// Source code, issues and packages.
    Code,
    /// Hosting, networks and infrastructure.
    Cloud,
    /// Databases and search.
    Data,
    /// Metrics, logs and errors.
    Monitoring,
    /// Mail and messages.
    Messaging,
    /// Something else, such as a platform of one's own.
    #[default]
    Other,
}

impl Kind {
    /// Every kind and its word in a profile.
    pub const ALL: [(&'static str, Self); 8] = [
        ("agents", Self::Agents),
        ("models", Self::Models),
        ("code", Self::Code),
        ("cloud", Self::Cloud),
        ("data", Self::Data),
        ("monitoring", Self::Monitoring),
        ("messaging", Self::Messaging),
        ("other", Self::Other),
    ];

    /// Its word in a profile.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("other", |(word, _)| word)
    }

    /// The shelf's name for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Agents => "Agents",
            Self::Models => "Models",
            Self::Code => "Code and packages",
            Self::Cloud => "Cloud",
            Self::Data => "Databases and search",
            Self::Monitoring => "Monitoring",
            Self::Messaging => "Mail and messages",
            Self::Other => "Others",
        }
    }
}

/// How strong the evidence is, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerifiedBy {
    /// A real server of the platform.
    Server,
    /// The vendor's own specification, SDK or source.
    Specification,
    /// The platform's documentation page.
    Documentation,
}

impl VerifiedBy {
    /// A few words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Server => "a real server",
            Self::Specification => "the vendor's specification",
            Self::Documentation => "the vendor's documentation",
        }
    }
}

/// What a profile was last held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What kind of evidence it is.
    pub by: VerifiedBy,
    /// What exactly: a version, a document.
    pub against: String,
    /// When.
    pub on: NaiveDate,
}

/// Reads `kind`.
pub(crate) fn kind(table: &mut Table<'_>) -> Result<Kind, ProfileError> {
    table.get("kind").map_or(Ok(Kind::Other), |node| node.one_of(&Kind::ALL))
}

/// Reads `[verified]`.
pub(crate) fn verified(mut table: Table<'_>) -> Result<Verified, ProfileError> {
    let by = table.need("by", "one of `server`, `specification`, `documentation`")?.one_of(&[
        ("server", VerifiedBy::Server),
        ("specification", VerifiedBy::Specification),
        ("documentation", VerifiedBy::Documentation),
    ])?;
    let expected = "a day in quotes, such as `\"2026-11-28\"`";
    let node = table.need("on", expected)?;
    let on = node.words(expected)?.parse().map_err(|_| node.wrong(expected))?;
    let against = table.need_words("against", "the document or the server's version")?;
    table.end()?;
    Ok(Verified { by, against, on })
}
