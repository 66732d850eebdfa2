//! What changed, by the bytes alone.

use std::ops::Range;

use keywright_clients::{
    Format, NodePath, Problem,
    edit::{self, Wanted},
    format::{Fresh, Value},
};

/// What is to be where; texts to put beside it.
pub(crate) fn wanted(path: &str, value: &str, beside: &[(&str, &str)]) -> Wanted {
    let read = |text: &str| NodePath::parse(text).unwrap();
    let beside = beside.iter().map(|(at, text)| (read(at), Fresh::Text(Value::new(*text))));
    Wanted { path: read(path), value: Value::new(value), beside: beside.collect() }
}

/// The new content; the edit's own words on what it did are not looked at.
pub(crate) fn apply(format: Format, bytes: &[u8], wanted: &Wanted) -> Result<Vec<u8>, Problem> {
    edit::apply(format, bytes, wanted).map(|edited| edited.bytes)
}

/// What stands now in place of the bytes of a span, where no other byte differs.
pub(crate) fn outside<'a>(before: &[u8], after: &'a [u8], span: &Range<usize>) -> Option<&'a [u8]> {
    let (head, tail) = (before.get(..span.start)?, before.get(span.end..)?);
    after.strip_prefix(head)?.strip_suffix(tail)
}

/// How many bytes were put between the old ones, in one place; none where another one changed.
/// A comma may stand before the place, with a remark between: `"a": 1, // remark`.
pub(crate) fn only_adds(before: &[u8], after: &[u8]) -> Option<usize> {
    let one_place = |after: &[u8]| {
        let added = after.len().checked_sub(before.len())?;
        let same = before.iter().zip(after).take_while(|(a, b)| a == b).count();
        (after.get(same + added..)? == before.get(same..)?).then_some(added)
    };
    one_place(after).or_else(|| {
        let comma = before.iter().zip(after).take_while(|(a, b)| a == b).count();
        let (head, tail) = after.split_at_checked(comma)?;
        let rest = [head, tail.strip_prefix(b",")?].concat();
        one_place(&rest).map(|added| added + 1)
    })
}

/// The bytes of the old content that are no more, as narrow as they can be told.
pub(crate) fn gone(before: &[u8], after: &[u8]) -> Range<usize> {
    let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let most = before.len().min(after.len()) - start;
    let tail = before.iter().rev().zip(after.iter().rev()).take(most);
    start..before.len() - tail.take_while(|(a, b)| a == b).count()
}

/// A refusal has a text, says why, and holds no value.
pub(crate) fn says_why(problem: &Problem, values: &[&str]) {
    let text = problem.to_string();
    assert!(text.len() > 25 && text.contains(' '), "too short: {text}");
    for value in values.iter().filter(|value| value.len() > 5) {
        assert!(!text.contains(value), "a value is in the message");
        assert!(!format!("{problem:?}").contains(value), "a value is in the debug text");
    }
}
