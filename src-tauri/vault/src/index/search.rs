//! Asking all keys a query.

use std::sync::atomic::Ordering;

use keywright_model::{
    Key, Query,
    query::{Facts, haystack},
};
use uuid::Uuid;

use super::{Block, Index, on_all_cores, sieve::Sieve};
use crate::record;

impl Index {
    /// Every key that the query asks for, in the order in which they came.
    ///
    /// The first search decodes the keys that it may want and keeps what it finds; from the
    /// second on, all keys and the texts that words are looked for in stay at hand.
    pub fn search(&self, query: &Query, facts: &Facts<'_>) -> Vec<&Key> {
        let found = if self.searched.swap(true, Ordering::Relaxed) {
            self.decode_all();
            on_all_cores(self.blocks.iter().collect(), |block| self.find(block, query, facts))
        } else {
            let sieve = self.sieve(query);
            let wanted = |key: &Key| {
                let text =
                    if query.reads_text() { haystack(key, self.name(key)) } else { String::new() };
                query.matches(key, &text, facts)
            };
            on_all_cores(self.blocks.iter().collect(), |block| {
                block.select(&sieve, wanted, &self.unreadable)
            })
        };
        found.concat()
    }

    /// Every key that has this text in it, in any case, or whose id begins with it: those
    /// that a person may mean by it. Reads far fewer keys than [`Index::keys`] where the
    /// vault was just opened.
    pub fn mentioning(&self, text: &str) -> Vec<&Key> {
        let lower = text.to_lowercase();
        let sieve = Sieve::of_texts(std::iter::once(lower.as_str()));
        let wanted = |key: &Key| haystack(key, "").contains(&lower);
        let blocks = self.blocks.iter().collect();
        let found =
            on_all_cores(blocks, |block: &Block| block.select(&sieve, wanted, &self.unreadable));
        let mut found = found.concat();
        found.extend(self.with_id(&lower).filter(|key| !wanted(key)));
        found
    }

    /// Every key in the bin.
    pub fn in_bin(&self) -> Vec<&Key> {
        let sieve = Sieve::of_bytes(record::IN_BIN);
        let wanted = |key: &Key| key.deleted.is_some();
        let blocks = self.blocks.iter().collect();
        on_all_cores(blocks, |block: &Block| block.select(&sieve, wanted, &self.unreadable))
            .concat()
    }

    /// The keys whose id begins with this text.
    fn with_id(&self, start: &str) -> impl Iterator<Item = &Key> {
        let may = !start.is_empty() && start.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        let marks = self.marks.iter().flatten().filter(move |_| may);
        let ids = marks.map(|mark| Uuid::from_bytes(mark.id));
        let fitting = ids.filter(move |id| {
            let mut room = Uuid::encode_buffer();
            id.hyphenated().encode_lower(&mut room).starts_with(start)
        });
        fitting.filter_map(|id| self.key(keywright_model::KeyId::from_uuid(id)))
    }

    /// What a matching key's row must hold. A connection's name is no part of the row: a word
    /// that one of them holds turns nothing down.
    fn sieve<'q>(&self, query: &'q Query) -> Sieve<'q> {
        let names: Vec<String> = self.connections().map(|it| it.name.to_lowercase()).collect();
        let elsewhere = |needle: &str| names.iter().any(|name| name.contains(needle));
        Sieve::of_texts(query.needles().filter(|needle| !elsewhere(needle)))
    }

    fn name(&self, key: &Key) -> &str {
        self.connection(key.connection).map_or("", |it| it.name.as_str())
    }

    fn find<'a>(&'a self, block: &'a Block, query: &Query, facts: &Facts<'_>) -> Vec<&'a Key> {
        if !query.reads_text() {
            let keys = block.keys(&self.unreadable);
            return keys.filter(|key| query.matches(key, "", facts)).collect();
        }
        let rows = block.with_haystacks(&self.unreadable, |key| haystack(key, self.name(key)));
        rows.filter(|(key, text)| query.matches(key, text, facts)).map(|(key, _)| key).collect()
    }
}
