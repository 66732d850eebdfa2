//! The query language of the search field: `platform:agent.ceo expires:<30d is:unplaced tag:ci`.

/// A parsed query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {}
