//! The whole list, page by page. A list that cannot be read to its end is an
//! error: a missing key would look like one that is gone.

use std::{collections::HashSet, time::Duration};

use keywright_model::{RemoteKey, Secret};
use tokio::time::timeout;
use url::Url;

use super::Connector;
use crate::{
    CallError,
    paginate::{self, Next, Page},
    profile::{
        operation::{Operation, OperationKind},
        paging::PageKind,
    },
    template::{PageState, Values},
};

/// Bounds of a whole list.
const LONGEST: Duration = Duration::from_mins(5);
const MOST_BYTES: usize = 64 * 1_024 * 1_024;
const MOST_KEYS: usize = 100_000;

/// All keys, in pages of the profile's size or of another.
pub(super) async fn all(
    connector: &Connector,
    operation: &Operation,
    credential: &Secret,
    size: Option<u64>,
) -> Result<Listing, CallError> {
    let whole = async {
        let mut reading = Reading::default();
        reading.pages(connector, operation, credential, size).await?;
        let mut listing = reading.listing;
        if matches!(operation.page.kind, PageKind::IdsThenGet) {
            listing.keys = each(connector, credential, &listing.keys).await?;
        }
        Ok(listing)
    };
    timeout(LONGEST, whole).await.map_err(|_| CallError::Timeout)?
}

/// A whole list, and how it came.
#[derive(Default)]
pub(crate) struct Listing {
    pub(crate) keys: Vec<RemoteKey>,
    pub(crate) pages: usize,
    /// Items whose id an earlier item had: they were left out.
    pub(crate) repeated: usize,
    /// The number of all keys that the platform tells, where it does.
    pub(crate) total: Option<u64>,
}

#[derive(Default)]
struct Reading {
    listing: Listing,
    seen: HashSet<String>,
    bytes: usize,
    full: usize,
}

impl Reading {
    async fn pages(
        &mut self,
        connector: &Connector,
        operation: &Operation,
        credential: &Secret,
        size: Option<u64>,
    ) -> Result<(), CallError> {
        let paging = &operation.page;
        let size = size.unwrap_or(paging.size);
        let mut state = PageState { number: paging.first, size, ..PageState::default() };
        let mut address: Option<Url> = None;
        for _ in 0..paging.max_pages {
            match self.page(connector, operation, credential, (&state, address.as_ref())).await? {
                Next::Done => return Ok(()),
                Next::State(next) => state = next,
                Next::Address(url) => address = Some(url),
            }
        }
        Err(CallError::malformed("the list does not come to an end"))
    }

    async fn page(
        &mut self,
        connector: &Connector,
        operation: &Operation,
        credential: &Secret,
        (state, address): (&PageState, Option<&Url>),
    ) -> Result<Next, CallError> {
        let values = || Values { page: Some(state), ..Values::default() };
        let url = match address {
            Some(url) => url.clone(),
            None => connector.list_address(operation, &values())?,
        };
        let answer = connector.exchange_at(operation, values(), credential, Some(&url)).await?;
        self.bytes += answer.body.len();
        if self.bytes > MOST_BYTES {
            return Err(CallError::TooLarge);
        }
        let headers = answer.headers.clone();
        let root = connector
            .read(OperationKind::List.word(), &operation.call, answer, &[credential])?
            .json()?;
        let items = operation.extract.items(&root)?;
        let listing = &mut self.listing;
        let before = listing.keys.len();
        for item in items {
            let key = operation.extract.key(item)?;
            if self.seen.insert(key.remote_id.clone()) {
                listing.keys.push(key);
            } else {
                listing.repeated += 1;
            }
        }
        if listing.keys.len() > MOST_KEYS {
            return Err(CallError::TooLarge);
        }
        listing.pages += 1;
        listing.total = operation.page.told(&root);
        if self.full == 0 {
            self.full = items.len();
        }
        let last_id = items.last().and_then(|item| operation.extract.id(item));
        let page = Page {
            root: &root,
            headers: &headers,
            url: &url,
            items: items.len(),
            full: self.full,
            fresh: listing.keys.len() - before,
            so_far: listing.keys.len(),
            total: listing.total,
            last_id: last_id.as_deref(),
        };
        paginate::next(&operation.page, state, &page)
    }
}

/// One call per key, where the list has ids only.
async fn each(
    connector: &Connector,
    credential: &Secret,
    ids: &[RemoteKey],
) -> Result<Vec<RemoteKey>, CallError> {
    let mut keys = Vec::with_capacity(ids.len());
    for listed in ids {
        match connector.get(credential, &listed.remote_id).await {
            Ok(key) => keys.push(key),
            // It went between the list and this call.
            Err(CallError::Refused { status: 404, .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(keys)
}
