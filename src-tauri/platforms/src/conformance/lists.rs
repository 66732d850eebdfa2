//! The list: whether it can be read, whether it is whole, and whether anything
//! but our own keys changed.

use keywright_model::RemoteKey;

use super::{
    Clock, Outcome, Run,
    report::{failed, skipped},
};
use crate::{
    Capability,
    connector::Listing,
    profile::{operation::OperationKind, paging::PageKind},
    template::{PageVar, Var},
};

impl<C: Clock> Run<'_, C> {
    pub(super) async fn lists(&mut self) -> Result<(), Outcome> {
        let credential = self.credential(Capability::List)?;
        self.before = Some(self.connector().list(credential).await?);
        Ok(())
    }

    /// Whether there are too few keys for two pages now, and more may come.
    pub(super) fn has_too_few_for_pages(&self) -> bool {
        let few = self.before.as_ref().is_some_and(|keys| keys.len() < 2);
        few && self.can(Capability::Create) && self.can(Capability::Revoke)
    }

    /// The list in the profile's pages and, where their size can be asked for, in
    /// small ones: the same keys, and none twice.
    pub(super) async fn pages(&mut self) -> Result<(), Outcome> {
        let credential = self.credential(Capability::List)?;
        if self.before.is_none() {
            return Err(skipped("the list cannot be read"));
        }
        let whole = self.connector().listing(credential, None).await?;
        sound(&whole)?;
        let profile = self.connector().profile();
        let Some(list) = profile.operations.get(&OperationKind::List) else { return Ok(()) };
        if matches!(list.page.kind, PageKind::None | PageKind::IdsThenGet) {
            return Ok(());
        }
        if !list.call.mentions(&Var::Page(PageVar::Size)) {
            return only_page(&whole);
        }
        if whole.keys.len() < 2 {
            return Err(skipped("there are too few keys for two pages"));
        }
        let third = u64::try_from(whole.keys.len().div_ceil(3)).unwrap_or(1);
        let paged = self.connector().listing(credential, Some(third.min(list.page.size))).await?;
        sound(&paged)?;
        let again = self.connector().listing(credential, None).await?;
        let missing: Vec<&str> =
            ids(&whole.keys).filter(|id| has(&again.keys, id) && !has(&paged.keys, id)).collect();
        match missing.as_slice() {
            [] => Ok(()),
            [one, ..] => {
                let (lost, all) = (missing.len(), whole.keys.len());
                Err(failed(format!("in pages of {third}, {lost} of {all} keys are missing: {one}")))
            }
        }
    }

    /// Whether the keys that were there before are there, as they were.
    pub(super) async fn untouched(&mut self) -> Result<(), Outcome> {
        let credential = self.credential(Capability::List)?;
        let Some(before) = &self.before else { return Err(skipped("the list cannot be read")) };
        let after = self.connector().list(credential).await?;
        for key in before {
            let id = &key.remote_id;
            let Some(now) = after.iter().find(|now| now.remote_id == *id) else {
                return Err(failed(format!("the key {id} was there before and is not any more")));
            };
            if (&key.name, &key.scopes, key.status) != (&now.name, &now.scopes, now.status) {
                return Err(failed(format!("the key {id} is not as it was before")));
            }
        }
        Ok(())
    }
}

/// Whether a list repeats nothing and is as long as it says.
fn sound(listing: &Listing) -> Result<(), Outcome> {
    let (keys, pages) = (listing.keys.len(), listing.pages);
    if listing.repeated > 0 {
        let repeated = listing.repeated;
        return Err(failed(format!("{repeated} keys come twice in {pages} pages")));
    }
    match listing.total {
        Some(total) if u64::try_from(keys).is_ok_and(|keys| keys != total) => {
            Err(failed(format!("it says that there are {total} keys, and gave {keys}")))
        }
        _ => Ok(()),
    }
}

fn only_page(listing: &Listing) -> Result<(), Outcome> {
    if listing.pages > 1 {
        return Ok(());
    }
    Err(skipped("there are too few keys for two pages, and their size cannot be asked for"))
}

fn ids(keys: &[RemoteKey]) -> impl Iterator<Item = &str> {
    keys.iter().map(|key| key.remote_id.as_str())
}

fn has(keys: &[RemoteKey], id: &str) -> bool {
    ids(keys).any(|other| other == id)
}
