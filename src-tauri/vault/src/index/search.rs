//! Asking all keys a query.

use keywright_model::{
    Key, Query,
    query::{Facts, haystack},
};
use memchr::memmem::Finder;
use rayon::prelude::*;

use super::{Block, Index, MANY};

impl Index {
    /// Every key that the query asks for, in the order in which they came.
    pub fn search(&self, query: &Query, facts: &Facts<'_>) -> Vec<&Key> {
        self.decode_all();
        if self.blocks.len() < MANY {
            return self.blocks.iter().flat_map(|block| self.find(block, query, facts)).collect();
        }
        let found = self.blocks.par_iter().map(|block| self.find(block, query, facts));
        found.collect::<Vec<_>>().concat()
    }

    /// Every key whose record holds this text byte for byte, somewhere. It reads far
    /// fewer keys than [`Index::keys`] where the vault was just opened, and is meant to
    /// find a key by its name or its id on the platform.
    pub fn mentioning(&self, text: &str) -> Vec<&Key> {
        let finder = Finder::new(text);
        let mut found = Vec::new();
        for block in self.blocks.iter().filter(|block| block.may_hold(&finder)) {
            let keys = block.keys(&self.unreadable).iter().flatten();
            found.extend(keys.filter(|key| mentions(key, text)));
        }
        found
    }

    fn find<'a>(&'a self, block: &'a Block, query: &Query, facts: &Facts<'_>) -> Vec<&'a Key> {
        let keys = block.keys(&self.unreadable);
        let name = |key: &Key| self.connection(key.connection).map_or("", |it| it.name.as_str());
        let haystacks = block.haystacks(&self.unreadable, |key| haystack(key, name(key)));
        let rows = keys.iter().zip(haystacks.iter());
        let hits = rows.filter_map(|(key, text)| key.as_ref().map(|key| (key, text)));
        hits.filter(|(key, text)| query.matches(key, text, facts)).map(|(key, _)| key).collect()
    }
}

fn mentions(key: &Key, text: &str) -> bool {
    let single =
        [&key.name, &key.label, &key.note, &key.owner.name, &key.hint.prefix, &key.hint.suffix];
    let remote = key.remote_id.iter();
    let lists = key.tags.iter().chain(&key.scopes).chain(remote);
    single.into_iter().chain(lists).any(|part| part.contains(text))
}
