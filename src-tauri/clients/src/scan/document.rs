//! One file: its hits, and what the slots of its clients hold.

use std::{ops::Range, path::Path};

use keywright_model::Secret;

use super::{
    hits::{Ask, Finder, Hit, overlap},
    looks::{is_placeholder, may_be_secret, reference, sounds_secret},
    places::{Owner, Places, format_by_name},
    report::{Found, Place, What, Within},
    wrap::key_in,
};
use crate::{
    Format, Node, NodePath, Step,
    definition::{FormKind, Held},
};

/// A file that was read.
pub(super) struct Document<'a> {
    pub(super) path: &'a Path,
    pub(super) owners: &'a [Owner],
    /// Without byte order mark.
    pub(super) text: &'a [u8],
    pub(super) mode: u32,
}

/// A finding that is not placed yet.
struct Draft {
    hit: Hit,
    format: Option<Format>,
    node: Option<NodePath>,
    places: Vec<Place>,
}

/// What is found in a file, and how many placeholders.
pub(super) fn inspect(
    places: &dyn Places,
    ask: Ask<'_>,
    finder: &mut Finder,
    document: &Document<'_>,
) -> (Vec<Found>, usize) {
    let hits = finder.hits(ask, document.text, !document.owners.is_empty());
    if hits.list.is_empty() && document.owners.is_empty() {
        return (Vec::new(), hits.placeholders);
    }
    let drafts = hits.list.into_iter().map(|hit| Draft {
        hit,
        format: None,
        node: None,
        places: Vec::new(),
    });
    let mut drafts = Drafts {
        ask,
        text: document.text,
        list: drafts.collect(),
        placeholders: hits.placeholders,
    };
    for (format, tree) in trees(places, document) {
        for owner in document.owners.iter().filter(|owner| owner.format == format) {
            for slot in places.slots(owner, &tree) {
                drafts.place(owner, slot);
            }
        }
        drafts.name(format, &tree);
    }
    drafts.list.sort_by_key(|draft| draft.hit.span.start);
    (located(drafts.list, document), drafts.placeholders)
}

/// The document in each of the formats that its clients read it as.
fn trees(places: &dyn Places, document: &Document<'_>) -> Vec<(Format, Node)> {
    let Ok(text) = std::str::from_utf8(document.text) else { return Vec::new() };
    let mut formats: Vec<Format> = Vec::new();
    for owner in document.owners {
        if !formats.contains(&owner.format) {
            formats.push(owner.format);
        }
    }
    if formats.is_empty() {
        formats.extend(format_by_name(document.path));
    }
    let read = |format| places.read(format, text).map(|tree| (format, tree));
    formats.into_iter().filter_map(read).collect()
}

struct Drafts<'a> {
    ask: Ask<'a>,
    text: &'a [u8],
    list: Vec<Draft>,
    placeholders: usize,
}

impl Drafts<'_> {
    /// Says of the hits in a slot where they stand; makes one of a slot without hits.
    fn place(&mut self, owner: &Owner, slot: Held) {
        let place = Place {
            client: owner.client.clone(),
            rule: owner.rule.clone(),
            slot: slot.slot.clone(),
            params: slot.params.clone(),
            form: slot.kind,
        };
        let mut any = false;
        for draft in self.list.iter_mut().filter(|draft| overlap(&draft.hit.span, &slot.span)) {
            any = true;
            draft.places.push(place.clone());
            draft.node.get_or_insert_with(|| slot.path.clone());
            draft.format.get_or_insert(owner.format);
        }
        if any {
            return;
        }
        if let Some(hit) = self.value(&slot) {
            let (node, format) = (Some(slot.path), Some(owner.format));
            self.list.push(Draft { hit, format, node, places: vec![place] });
        }
    }

    /// What a slot's value is, where it is worth telling.
    fn value(&mut self, slot: &Held) -> Option<Hit> {
        let text = slot.value.text();
        let told = if slot.kind == FormKind::Literal {
            self.literal(slot, text)
        } else {
            // A reference may name what is taken where it leads nowhere, and that may be a key.
            let fallback = slot.fallback.as_ref().and_then(|own| self.literal(slot, own.text()));
            fallback
                .or_else(|| Some((What::Reference(text.to_owned()), Within::Plain, String::new())))
        };
        let (what, within, key) = told?;
        let span = self.narrowed(&slot.span, &key);
        Some(Hit { span, what, within, value: Secret::new(key) })
    }

    /// The bytes of a key within its token; the whole token where it is written otherwise.
    fn narrowed(&self, token: &Range<usize>, key: &str) -> Range<usize> {
        let bytes = self.text.get(token.clone()).unwrap_or_default();
        match memchr::memmem::find(bytes, key.as_bytes()) {
            Some(at) if !key.is_empty() => token.start + at..token.start + at + key.len(),
            _ => token.clone(),
        }
    }

    fn literal(&mut self, slot: &Held, text: &str) -> Option<(What, Within, String)> {
        let named = !slot.mixed || name(&slot.path).is_some_and(sounds_secret);
        let (key, within) = key_in(text);
        if let Some(name) = reference(text).or_else(|| reference(&key)) {
            return named.then(|| (What::Reference(name), Within::Plain, String::new()));
        }
        if let Some(number) = (self.ask.known)(&key) {
            return Some((What::Known(number), within, key));
        }
        let fits = if slot.mixed { may_be_secret(&key) } else { key.len() >= 4 };
        let platform = (self.ask.shape)(&key);
        if platform.is_none() && !(named && fits) {
            return None;
        }
        if is_placeholder(&key) {
            self.placeholders += 1;
            return None;
        }
        Some((platform.map_or(What::Slot, What::Shape), within, key))
    }

    /// Tells where in the document the hits stand that are in no slot.
    fn name(&mut self, format: Format, tree: &Node) {
        if self.list.iter().all(|draft| draft.node.is_some()) {
            return;
        }
        let mut path = NodePath::default();
        walk(tree, &mut path, &mut |path, node| {
            for draft in self.list.iter_mut().filter(|draft| draft.node.is_none()) {
                let span = node.span();
                if span.start <= draft.hit.span.start && draft.hit.span.end <= span.end {
                    draft.node = Some(path.clone());
                    draft.format = Some(format);
                }
            }
        });
    }
}

/// The name that a value stands at.
fn name(path: &NodePath) -> Option<&str> {
    path.steps().iter().rev().find_map(|step| match step {
        Step::Key(name) => Some(name.as_str()),
        Step::Index(_) => None,
    })
}

/// Calls with every single value. A table's bytes tell nothing: those of a TOML or INI
/// document may stand in several parts.
fn walk(node: &Node, path: &mut NodePath, each: &mut impl FnMut(&NodePath, &Node)) {
    match node {
        Node::Map(members, _) => {
            for (name, node) in members {
                path.0.push(Step::Key(name.clone()));
                walk(node, path, each);
                path.0.pop();
            }
        }
        Node::List(items, _) => {
            for (at, node) in items.iter().enumerate() {
                path.0.push(Step::Index(at));
                walk(node, path, each);
                path.0.pop();
            }
        }
        Node::Text(..) | Node::Other(..) => each(path, node),
    }
}

/// Findings with lines and columns. The drafts are in the order of the text.
fn located(drafts: Vec<Draft>, document: &Document<'_>) -> Vec<Found> {
    let (mut line, mut line_start, mut at) = (1, 0, 0);
    let mut found = Vec::with_capacity(drafts.len());
    for Draft { hit, format, node, places } in drafts {
        let between = document.text.get(at..hit.span.start).unwrap_or_default();
        for newline in memchr::memchr_iter(b'\n', between) {
            line += 1;
            line_start = at + newline + 1;
        }
        at = hit.span.start.max(at);
        let before = document.text.get(line_start..hit.span.start).unwrap_or_default();
        // What continues a character of UTF-8 begins with the bits 10.
        let column = 1 + before.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        let Hit { span, what, within, value } = hit;
        let file = document.path.to_path_buf();
        let mode = document.mode;
        found.push(Found {
            file,
            line,
            column,
            span,
            format,
            node,
            places,
            what,
            within,
            mode,
            value,
        });
    }
    found
}
