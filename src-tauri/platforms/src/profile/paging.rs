//! How a list goes on, as a profile says it.

use serde_json::Value;

use crate::{
    ProfileError,
    extract::Pointer,
    profile::{
        fields,
        node::{Table, tick},
        operation::Call,
    },
    template::{PageVar, Var},
};

/// How a list goes on.
#[derive(Debug, Clone)]
pub(crate) struct Paging {
    pub(crate) kind: PageKind,
    pub(crate) size: u64,
    pub(crate) first: u64,
    pub(crate) max_pages: u32,
    pub(crate) total: Option<Pointer>,
}

impl Paging {
    /// The number of all keys that an answer tells.
    pub(crate) fn told(&self, root: &Value) -> Option<u64> {
        self.total.as_ref()?.find(root)?.as_u64()
    }
}

/// The ways in which lists go on.
#[derive(Debug, Clone)]
pub(crate) enum PageKind {
    None,
    Page,
    Offset,
    AfterId { has_more: Option<Pointer> },
    Cursor { next: Pointer },
    LinkHeader,
    NextUrl { next: Pointer },
    IdsThenGet,
}

impl Default for Paging {
    fn default() -> Self {
        Self { kind: PageKind::None, size: 100, first: 1, max_pages: 200, total: None }
    }
}

/// Reads `page` of a list.
pub(crate) fn parse(mut table: Table<'_>, call: &Call) -> Result<Paging, ProfileError> {
    let mut paging = Paging::default();
    let expected = "one of `none`, `page`, `offset`, `after_id`, `cursor`, `link_header`, `next_url`, `ids_then_get`";
    let kind = table.need("kind", expected)?;
    let word = kind.text(expected)?;
    let mut next = || -> Result<Pointer, ProfileError> {
        fields::pointer(&table.need("next", "a pointer to what leads on")?)
    };
    paging.kind = match word {
        "none" => PageKind::None,
        "page" => PageKind::Page,
        "offset" => PageKind::Offset,
        "cursor" => PageKind::Cursor { next: next()? },
        "next_url" => PageKind::NextUrl { next: next()? },
        "after_id" => PageKind::AfterId {
            has_more: table.get("has_more").map(|node| fields::pointer(&node)).transpose()?,
        },
        "link_header" => PageKind::LinkHeader,
        "ids_then_get" => PageKind::IdsThenGet,
        _ => return Err(kind.wrong(expected)),
    };
    let sent = match paging.kind {
        PageKind::Page => Some(("page.number", PageVar::Number)),
        PageKind::Offset => Some(("page.offset", PageVar::Offset)),
        PageKind::AfterId { .. } | PageKind::Cursor { .. } => {
            Some(("page.cursor", PageVar::Cursor))
        }
        _ => None,
    };
    if let Some((name, var)) = sent
        && !call.mentions(&Var::Page(var))
    {
        let expected =
            format!("`{{{name}}}` in the query or the body: pages of the kind {}", tick(word));
        return Err(kind.error("a page that is never asked for", expected));
    }
    if let Some(node) = table.get("size") {
        paging.size = node.integer(1..=10_000)?;
    }
    if let Some(node) = table.get("first") {
        paging.first = node.integer(0..=1)?;
    }
    if let Some(node) = table.get("max_pages") {
        paging.max_pages = node.integer(1..=10_000)?;
    }
    paging.total = table.get("total").map(|node| fields::pointer(&node)).transpose()?;
    table.end()?;
    Ok(paging)
}
