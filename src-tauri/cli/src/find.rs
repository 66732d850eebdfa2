//! What a person means by a name: one key, one connection, one run, one operation.

use keywright_model::{BulkId, ConnectionId, KeyId, OperationId, RotationState};
use keywright_service::{
    Service,
    wire::{ListRotations, OperationLine, RotationRow},
};

use crate::{
    error::{Candidate, Error},
    show::words,
};

/// Keys listed when a name is ambiguous.
const CANDIDATES: usize = 20;
/// Letters of an id that are shown where it names a key.
const SHORT: usize = 8;
/// Letters of a run's id that are enough to mean it; with fewer a key is meant.
const ENOUGH: usize = 4;

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

/// What names this key and no other: its title, or the beginning of its id where others have that.
pub(crate) fn name_of(service: &Service, id: KeyId, title: &str) -> String {
    match service.find_keys(title).as_deref() {
        Ok([(only, _)]) if *only == id => title.to_owned(),
        _ => id.to_string().chars().take(SHORT).collect(),
    }
}

/// The connection that is meant.
pub(crate) fn connection(service: &Service, text: &str) -> Result<ConnectionId, Error> {
    Ok(service.find_connection(text)?)
}

/// The one run that is meant: by its key's title, by its id or the beginning of it, or by what
/// else names its key. An open run counts before those that ended, and of these the last one.
pub(crate) fn rotation(service: &Service, text: &str) -> Result<RotationRow, Error> {
    let all = ListRotations { ended: true, key: None, bulk: None };
    let rows = service.list_rotations(all)?;
    let wanted = text.to_lowercase();
    let titled: Vec<&RotationRow> =
        rows.iter().filter(|row| row.title.to_lowercase() == wanted).collect();
    match titled.as_slice() {
        [] => {}
        [first, second, ..] if is_open(first) && is_open(second) => {
            return Err(Error::usage(
                format!("More than one key of the name “{text}” is being replaced"),
                "Name the run by its id: kw rotations --json has it.",
            ));
        }
        [first, ..] => return Ok((*first).clone()),
    }
    if text.len() >= ENOUGH {
        let id = |row: &RotationRow| row.id.to_string();
        if let Some(row) = by_beginning(&rows, text, id, "run", "kw rotations")? {
            return Ok(row.clone());
        }
    }
    let none = || keywright_service::Error::NotFound { what: "run" };
    let key = match key(service, text) {
        Ok(key) => key,
        Err(Error::Service(_)) => return Err(none().into()),
        Err(error) => return Err(error),
    };
    let mut own = rows.into_iter().filter(|row| row.old == key || row.new == Some(key));
    own.next().ok_or(none().into())
}

const fn is_open(row: &RotationRow) -> bool {
    !matches!(
        row.state,
        RotationState::Done | RotationState::TakenBack | RotationState::Closed { .. }
    )
}

/// The one change of many keys that is meant, by its id or the beginning of it.
pub(crate) fn bulk(service: &Service, text: &str) -> Result<BulkId, Error> {
    let all = ListRotations { ended: true, key: None, bulk: None };
    let rows = service.list_rotations(all)?;
    let mut ids: Vec<BulkId> = rows.iter().filter_map(|row| row.bulk).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = by_beginning(&ids, text, BulkId::to_string, "change of keys", "kw rotations")?;
    found.copied().ok_or(keywright_service::Error::NotFound { what: "change of keys" }.into())
}

/// The one open operation that is meant, by its id or the beginning of it.
pub(crate) fn operation(service: &Service, text: &str) -> Result<OperationLine, Error> {
    let lines = service.list_operations()?;
    let id = |line: &OperationLine| OperationId::to_string(&line.id);
    let found = by_beginning(&lines, text, id, "operation", "kw operations")?;
    found.cloned().ok_or(keywright_service::Error::NotFound { what: "operation" }.into())
}

/// The only one whose id begins so; none when no id does.
fn by_beginning<'t, T>(
    all: &'t [T],
    text: &str,
    id: impl Fn(&T) -> String,
    what: &str,
    list: &str,
) -> Result<Option<&'t T>, Error> {
    let text = text.to_ascii_lowercase();
    let mut found = all.iter().filter(|one| id(one).starts_with(&text));
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        _ => Err(Error::usage(
            format!("More than one {what} begins like this"),
            format!("Write more of its id: {list} --json has them whole."),
        )),
    }
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
