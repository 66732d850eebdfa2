//! What a person means by a name: one key, one connection.

use keywright_model::{ConnectionId, KeyId};
use keywright_service::Service;

use crate::{
    error::{Candidate, Error},
    show::words,
};

/// Keys listed when a name is ambiguous.
const CANDIDATES: usize = 20;

/// The one key that is meant.
pub(crate) fn key(service: &Service, text: &str) -> Result<KeyId, Error> {
    let found = service.find_keys(text)?;
    match found.as_slice() {
        [] => Err(keywright_service::Error::NotFound { what: "key" }.into()),
        [(only, _)] => Ok(*only),
        several => {
            let few = several.iter().take(CANDIDATES);
            let candidates = few.map(|(id, _)| candidate(service, *id)).collect::<Result<_, _>>();
            Err(Error::Ambiguous { text: text.to_owned(), candidates: candidates? })
        }
    }
}

/// The connection that is meant.
pub(crate) fn connection(service: &Service, text: &str) -> Result<ConnectionId, Error> {
    Ok(service.find_connection(text)?)
}

fn candidate(service: &Service, id: KeyId) -> Result<Candidate, Error> {
    let row = service.key_detail(id)?.row;
    let about = [&row.connection_name, words::status(row.status), &words::hint(&row.hint)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<&str>>()
        .join(", ");
    Ok(Candidate { id, title: row.title, about })
}
