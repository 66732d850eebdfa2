//! The one journey that every client makes: the right key is accepted, the wrong one refused, and
//! the right one accepted again after it came back; and of the file nothing else changes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use keywright_service::wire::PlaceTarget;

use crate::{
    desk::{Desk, RIGHT_VARIABLE, WRONG_VARIABLE, by_reference},
    server::{Seen, Server},
    start::Told,
};

/// A place of one client's file.
pub(crate) struct Journey<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) server: &'a Server,
    /// The file, with what else its owner has there.
    pub(crate) file: PathBuf,
    pub(crate) target: PlaceTarget,
}

impl Journey<'_> {
    /// With the key itself in the file. `uses` runs the client; its success is acceptance.
    pub(crate) fn with_the_key(&self, uses: impl Fn() -> Told) {
        let keys = self.desk.keys;
        self.make([self.target.clone(), self.target.clone()], [keys.right, keys.wrong], &uses);
    }

    /// With the name of a variable in the file.
    pub(crate) fn with_a_reference(&self, uses: impl Fn() -> Told) {
        let variables = [RIGHT_VARIABLE, WRONG_VARIABLE];
        self.make(variables.map(|name| by_reference(&self.target, name)), variables, &uses);
        for key in [self.desk.keys.right, self.desk.keys.wrong] {
            assert!(!read(&self.file).contains(key), "the key itself stands in the file");
        }
    }

    fn make(
        &self,
        [right, wrong]: [PlaceTarget; 2],
        [right_words, wrong_words]: [&str; 2],
        uses: &dyn Fn() -> Told,
    ) {
        let own = read(&self.file);
        let first = self.desk.place(self.desk.right, right).unwrap();
        let placed = read(&self.file);
        let added = addition(&own, &placed);
        let added = added.unwrap_or_else(|| panic!("more than an addition:\n{}", self.shown()));
        assert!(added.contains(right_words), "what was added:\n{}", self.shown());
        self.is_accepted(&uses());
        assert_eq!(self.shown(), self.desk.without_keys(&placed), "the client changed its file");

        let second = self.desk.place(self.desk.wrong, wrong).unwrap();
        let swapped = placed.replace(right_words, wrong_words);
        assert!(read(&self.file) == swapped, "more than the key changed:\n{}", self.shown());
        self.is_refused(&uses());

        self.desk.service.undo_placing(second).unwrap();
        assert!(read(&self.file) == placed, "undone to other bytes:\n{}", self.shown());
        self.is_accepted(&uses());

        self.desk.service.undo_placing(first).unwrap();
        assert_eq!(self.shown(), own);
    }

    /// Both sides say so: the client is content, and the server saw the right key alone.
    pub(crate) fn is_accepted(&self, told: &Told) {
        let seen = self.server.seen();
        let Seen { right: 1.., wrong: 0, neither: 0 } = seen else { self.fail(seen, told) };
        if !told.success {
            self.fail(seen, told);
        }
    }

    fn is_refused(&self, told: &Told) {
        let seen = self.server.seen();
        let Seen { right: 0, wrong: 1.., neither: 0 } = seen else { self.fail(seen, told) };
        if told.success {
            self.fail(seen, told);
        }
    }

    fn fail(&self, seen: Seen, told: &Told) -> ! {
        let said = self.desk.without_keys(&told.text);
        let content = if told.success { "content" } else { "not content" };
        panic!("the server saw {seen:?}, the client was {content}:\n{said}\n{}", self.shown());
    }

    fn shown(&self) -> String {
        self.desk.without_keys(&read(&self.file))
    }
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}

/// What was added to a text in one place; none where anything else changed.
fn addition<'a>(before: &str, after: &'a str) -> Option<&'a str> {
    let same = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    let tail = before.len() - same;
    let end = after.len().checked_sub(tail).filter(|end| *end >= same)?;
    let rest = after.as_bytes().get(end..)? == before.as_bytes().get(same..)?;
    rest.then(|| after.get(same..end))?
}
