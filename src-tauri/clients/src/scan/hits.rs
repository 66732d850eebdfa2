//! Keys in a text of any kind, by asking about its parts.

use std::{
    ops::Range,
    str::from_utf8,
    sync::atomic::{AtomicBool, Ordering},
};

use keywright_model::Secret;

use super::{
    Known, Shape,
    looks::{is_placeholder, may_be_parameter, reference, sounds_secret},
    report::{What, Within},
    tokens::{Candidates, runs},
    wrap::{base64_text, percent_text},
};

/// How deep base64 is read in base64: Kubernetes wraps the file that Docker wraps keys in.
const DEPTH: usize = 2;

/// So many findings of one file are kept; more are a list of keys or a fault.
pub(super) const IN_ONE_FILE: usize = 2_000;

/// A key in a text.
pub(super) struct Hit {
    pub(super) span: Range<usize>,
    pub(super) what: What,
    pub(super) within: Within,
    pub(super) value: Secret,
}

/// The caller's questions.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) known: Known<'a>,
    pub(super) shape: Shape<'a>,
    pub(super) stop: &'a AtomicBool,
}

/// Finds hits. Kept from file to file for its memory, which holds no text.
#[derive(Default)]
pub(super) struct Finder {
    candidates: Candidates,
    /// Placeholders of the current run.
    made_up: Vec<Range<usize>>,
    inner: Option<Box<Self>>,
}

/// The hits of one text.
pub(super) struct Hits<'a> {
    pub(super) list: Vec<Hit>,
    /// Values that look like keys and are plainly none.
    pub(super) placeholders: usize,
    ask: Ask<'a>,
    /// A client's file, where a parameter that is called `key` is one.
    own: bool,
    depth: usize,
    /// The first hit of the current run.
    first: usize,
}

impl<'a> Hits<'a> {
    fn new(ask: Ask<'a>, own: bool, depth: usize) -> Self {
        Self { list: Vec::new(), placeholders: 0, ask, own, depth, first: 0 }
    }

    /// Whether a hit of this run holds or crosses the place.
    fn taken(&self, span: &Range<usize>) -> bool {
        self.list.iter().skip(self.first).any(|hit| overlap(&hit.span, span))
    }
}

impl Finder {
    /// All hits of a text, in its order. `own` says that it is a client's.
    pub(super) fn hits<'a>(&mut self, ask: Ask<'a>, text: &[u8], own: bool) -> Hits<'a> {
        let mut hits = Hits::new(ask, own, DEPTH);
        self.find(text, &mut hits);
        hits.list.sort_by_key(|hit| hit.span.start);
        hits
    }

    fn find(&mut self, text: &[u8], hits: &mut Hits<'_>) {
        let mut count = 0_u32;
        runs(text, |run| {
            count = count.wrapping_add(1);
            if count.is_multiple_of(1_024) && hits.ask.stop.load(Ordering::Relaxed) {
                return false;
            }
            let bytes = text.get(run.clone()).unwrap_or_default();
            hits.first = hits.list.len();
            self.candidates.fill(bytes);
            self.made_up.clear();
            self.known(bytes, hits);
            self.shaped(bytes, hits);
            if hits.depth > 0 {
                self.packed(bytes, hits);
            }
            self.parameters(bytes, hits);
            for hit in hits.list.iter_mut().skip(hits.first) {
                hit.span = hit.span.start + run.start..hit.span.end + run.start;
            }
            hits.list.len() < IN_ONE_FILE
        });
    }

    fn known(&self, run: &[u8], hits: &mut Hits<'_>) {
        for (start, end) in &self.candidates.any {
            if hits.taken(&(*start..*end)) {
                continue;
            }
            let Some(token) = token(run, &(*start..*end)) else { continue };
            if let Some(number) = (hits.ask.known)(token) {
                let within = self.within(run, *start);
                let value = Secret::copy_of(token);
                let what = What::Known(number);
                hits.list.push(Hit { span: *start..*end, what, within, value });
            }
        }
    }

    fn shaped(&mut self, run: &[u8], hits: &mut Hits<'_>) {
        for at in 0..self.candidates.shaped.len() {
            let Some((start, end)) = self.candidates.shaped.get(at).copied() else { continue };
            let span = start..end;
            let made_up = self.made_up.iter().any(|own| overlap(own, &span));
            if made_up || hits.taken(&span) {
                continue;
            }
            let Some(token) = token(run, &span) else { continue };
            let Some(platform) = (hits.ask.shape)(token) else { continue };
            if is_placeholder(token) {
                hits.placeholders += 1;
                self.made_up.push(span);
                continue;
            }
            let within = self.within(run, start);
            let value = Secret::copy_of(token);
            hits.list.push(Hit { span, what: What::Shape(platform), within, value });
        }
    }

    /// Looks into base64 and `%` escapes. The place of what is in them is the whole of it.
    fn packed(&mut self, run: &[u8], hits: &mut Hits<'_>) {
        for at in 0..self.candidates.packed.len() {
            let Some((start, end)) = self.candidates.packed.get(at).copied() else { continue };
            let span = start..end;
            let bytes = run.get(span.clone()).unwrap_or_default();
            if hits.taken(&span) {
                continue;
            }
            let (text, within) = if bytes.contains(&b'%') {
                (percent_text(bytes), self.within(run, start))
            } else {
                (base64_text(bytes), Within::Base64)
            };
            let Some(text) = text else { continue };
            let mut found = Hits::new(hits.ask, false, hits.depth - 1);
            self.inner.get_or_insert_default().find(text.as_bytes(), &mut found);
            hits.placeholders += found.placeholders;
            hits.list.extend(found.list.into_iter().map(|hit| Hit {
                span: span.clone(),
                within: if hit.within == Within::Plain { within.clone() } else { hit.within },
                ..hit
            }));
        }
    }

    /// Keys of unknown make in the query of an address.
    fn parameters(&self, run: &[u8], hits: &mut Hits<'_>) {
        for parameter in &self.candidates.parameters {
            let (Some(name), Some(value)) =
                (token(run, &parameter.name), token(run, &parameter.value))
            else {
                continue;
            };
            let before = run.get(..parameter.name.start).unwrap_or_default();
            let named = sounds_secret(name) && (hits.own || !name.eq_ignore_ascii_case("key"));
            let plain = is_placeholder(value) || reference(value).is_some();
            if named
                && !plain
                && may_be_parameter(value)
                && memchr::memmem::find(before, b"://").is_some()
                && !hits.taken(&parameter.value)
                && !self.made_up.iter().any(|made_up| overlap(made_up, &parameter.value))
            {
                let within = Within::Query(name.to_owned());
                let value = Secret::copy_of(value);
                let span = parameter.value.clone();
                hits.list.push(Hit { span, what: What::Slot, within, value });
            }
        }
    }

    /// The parameter that a place is the value of.
    fn within(&self, run: &[u8], start: usize) -> Within {
        let parameters = &self.candidates.parameters;
        let of = parameters.iter().find(|parameter| parameter.value.contains(&start));
        let name = of.and_then(|parameter| token(run, &parameter.name));
        name.map_or(Within::Plain, |name| Within::Query(name.to_owned()))
    }
}

fn token<'t>(run: &'t [u8], span: &Range<usize>) -> Option<&'t str> {
    run.get(span.clone()).and_then(|bytes| from_utf8(bytes).ok())
}

pub(super) fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}
