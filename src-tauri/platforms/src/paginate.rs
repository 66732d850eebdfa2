//! How a list goes on. Pure: an answer in, the next page out.

use reqwest::header::{HeaderMap, LINK};
use serde_json::Value;
use url::Url;

use crate::{
    CallError, convert,
    profile::paging::{PageKind, Paging},
    template::PageState,
};

/// Where the next page is.
#[derive(Debug, Clone)]
pub(crate) enum Next {
    /// There is none.
    Done,
    /// The same call with other values.
    State(PageState),
    /// At this address.
    Address(Url),
}

/// One page that was read.
pub(crate) struct Page<'a> {
    pub(crate) root: &'a Value,
    pub(crate) headers: &'a HeaderMap,
    /// Where it came from.
    pub(crate) url: &'a Url,
    /// Its items.
    pub(crate) items: usize,
    /// The items of the first page: servers may give fewer than asked for.
    pub(crate) full: usize,
    /// Its items that no earlier page had.
    pub(crate) fresh: usize,
    /// All items so far.
    pub(crate) so_far: usize,
    /// The number of all items that the platform tells.
    pub(crate) total: Option<u64>,
    /// The last item's id.
    pub(crate) last_id: Option<&'a str>,
}

/// The next page after this one.
pub(crate) fn next(paging: &Paging, state: &PageState, page: &Page<'_>) -> Result<Next, CallError> {
    if page.items == 0 || page.fresh == 0 {
        return Ok(Next::Done);
    }
    let counted = |state: PageState| if ended(page) { Next::Done } else { Next::State(state) };
    Ok(match &paging.kind {
        PageKind::None | PageKind::IdsThenGet => Next::Done,
        PageKind::Page => counted(PageState { number: state.number + 1, ..state.clone() }),
        PageKind::Offset => {
            let items = u64::try_from(page.items).unwrap_or(u64::MAX);
            counted(PageState { offset: state.offset.saturating_add(items), ..state.clone() })
        }
        PageKind::AfterId { has_more } => {
            let more = has_more.as_ref().and_then(|pointer| pointer.find(page.root));
            match (has_more, truth(more)?, page.last_id) {
                (Some(_), Some(true), Some(id)) | (None, _, Some(id)) => {
                    Next::State(PageState { cursor: Some(id.to_owned()), ..state.clone() })
                }
                _ => Next::Done,
            }
        }
        PageKind::Cursor { next } => match leads_on(next.find(page.root))? {
            Some(cursor) if state.cursor.as_ref() != Some(&cursor) => {
                Next::State(PageState { cursor: Some(cursor), ..state.clone() })
            }
            _ => Next::Done,
        },
        PageKind::NextUrl { next } => {
            address(page.url, leads_on(next.find(page.root))?.as_deref())?
        }
        PageKind::LinkHeader => {
            let links = page.headers.get_all(LINK);
            let text = links.iter().filter_map(|value| value.to_str().ok()).find_map(next_link);
            address(page.url, text)?
        }
    })
}

/// What leads to the next page; none where there is none. Something that cannot
/// be followed is not the end of the list.
fn leads_on(found: Option<&Value>) -> Result<Option<String>, CallError> {
    match found {
        None | Some(Value::Null | Value::Bool(false)) => Ok(None),
        Some(value @ (Value::String(_) | Value::Number(_))) => {
            Ok(convert::scalar(value).filter(|text| !text.is_empty()))
        }
        Some(_) => Err(unreadable()),
    }
}

fn truth(found: Option<&Value>) -> Result<Option<bool>, CallError> {
    match found {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(yes)) => Ok(Some(*yes)),
        Some(_) => Err(unreadable()),
    }
}

fn unreadable() -> CallError {
    CallError::malformed("it does not say in a known way whether the list goes on")
}

fn ended(page: &Page<'_>) -> bool {
    match page.total {
        Some(total) => u64::try_from(page.so_far).is_ok_and(|so_far| so_far >= total),
        None => page.items < page.full,
    }
}

/// A next address, when it is on the same scheme, host and port: the management
/// credential goes nowhere else.
fn address(from: &Url, text: Option<&str>) -> Result<Next, CallError> {
    let Some(text) = text else { return Ok(Next::Done) };
    let url = from
        .join(text)
        .map_err(|_| CallError::malformed("the address of the next page is not one"))?;
    let same =
        url.origin() == from.origin() && url.username().is_empty() && url.password().is_none();
    if !same {
        return Err(CallError::Redirected { to: origin(&url) });
    }
    Ok(if url == *from { Next::Done } else { Next::Address(url) })
}

/// Scheme, host and port of an address, for messages.
pub(crate) fn origin(url: &Url) -> String {
    match url.origin() {
        url::Origin::Tuple(..) => url.origin().ascii_serialization(),
        url::Origin::Opaque(_) => url.scheme().to_owned(),
    }
}

/// The address in a Link header (RFC 8288) whose relation is `next`.
fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((_, from)) = rest.split_once('<') {
        let (target, after) = from.split_once('>')?;
        let (parameters, more) = after.split_once('<').unwrap_or((after, ""));
        let next = parameters.split([';', ',']).map(str::trim).any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let relations = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel")
                && relations.split(' ').any(|word| word.eq_ignore_ascii_case("next"))
        });
        // Sentry names a next page always, and says beside it whether there is one.
        let empty = parameters
            .split([';', ','])
            .map(str::trim)
            .any(|parameter| parameter.eq_ignore_ascii_case("results=\"false\""));
        if next && !empty {
            return Some(target);
        }
        rest =
            after.len().checked_sub(more.len() + 1).map_or("", |at| after.get(at..).unwrap_or(""));
    }
    None
}
