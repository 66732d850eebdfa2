//! What an edit would change, as lines for a person: every value of the file is masked but those
//! that the edit itself brings and that are no secret.

use std::ops::Range;

use crate::{
    edit::{self, Edited},
    format::{Format, Node, Problem},
};

/// What stands for a value.
const MASK: &str = "••••••••";
/// Unchanged lines shown before and after.
const AROUND: usize = 3;
/// Runs of this many letters and digits in what is no value, such as a comment, may be a key.
const LONG: usize = 12;

/// One line of a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What becomes of it.
    pub fate: Fate,
    /// Its number, counted from 1; in the new text, or in the old one where it goes.
    pub number: usize,
    /// Its text, masked.
    pub text: String,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Stays,
    /// It goes.
    Goes,
    /// It comes.
    Comes,
}

/// The changed lines and some around them. `key` is the secret being placed: it is masked inside
/// the values that hold it. Values in `shown` are not masked: a server's address, a variable's name.
pub fn lines(
    format: Format,
    before: &[u8],
    edited: &Edited,
    key: &str,
    shown: &[&str],
) -> Result<Vec<Line>, Problem> {
    let old = Masked::of(format, before, key, shown)?;
    let new = Masked::of(format, &edited.bytes, key, shown)?;
    let (first, old_end, new_end) = changed(&old.lines, &new.lines);
    let mut lines = Vec::new();
    let start = first.saturating_sub(AROUND);
    push(&mut lines, &old, start..first, Fate::Stays);
    push(&mut lines, &old, first..old_end, Fate::Goes);
    push(&mut lines, &new, first..new_end, Fate::Comes);
    push(&mut lines, &new, new_end..(new_end + AROUND).min(new.lines.len()), Fate::Stays);
    Ok(lines)
}

fn push(lines: &mut Vec<Line>, from: &Masked, range: Range<usize>, fate: Fate) {
    for at in range {
        if let Some((_, text)) = from.lines.get(at) {
            lines.push(Line { fate, number: at + 1, text: text.clone() });
        }
    }
}

/// The first line that differs, and the ends of what differs in both texts.
fn changed(old: &[(String, String)], new: &[(String, String)]) -> (usize, usize, usize) {
    let same = |(a, b): &(&(String, String), &(String, String))| a.0 == b.0;
    let first = old.iter().zip(new).take_while(same).count();
    let rest = old.len().min(new.len()) - first;
    let last = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(same).count();
    (first, old.len() - last, new.len() - last)
}

/// A text's lines, each as it is and masked.
struct Masked {
    lines: Vec<(String, String)>,
}

impl Masked {
    fn of(format: Format, bytes: &[u8], key: &str, shown: &[&str]) -> Result<Self, Problem> {
        let (text, _) = edit::text(bytes)?;
        let mut masks = Vec::new();
        let tree = format.syntax().read(text)?;
        collect(&tree, &mut masks);
        masks.sort_by_key(|(span, _)| span.start);
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for (span, value) in masks {
            if span.start < at {
                continue;
            }
            masked.push_str(&comment_masked(text.get(at..span.start).unwrap_or_default()));
            let token = text.get(span.clone()).unwrap_or_default();
            masked.push_str(&token_masked(token, value, key, shown));
            at = span.end;
        }
        masked.push_str(&comment_masked(text.get(at..).unwrap_or_default()));
        let lines = text.lines().map(str::to_owned).zip(masked.lines().map(str::to_owned));
        Ok(Self { lines: lines.collect() })
    }
}

fn collect<'n>(node: &'n Node, into: &mut Vec<(Range<usize>, &'n str)>) {
    match node {
        Node::Map(members, _) => members.iter().for_each(|(_, node)| collect(node, into)),
        Node::List(items, _) => items.iter().for_each(|node| collect(node, into)),
        Node::Text(value, span) | Node::Other(value, span) => {
            into.push((span.clone(), value.text()));
        }
    }
}

/// A token as it may be shown. It keeps its line breaks, so that lines stay lines.
fn token_masked(token: &str, value: &str, key: &str, shown: &[&str]) -> String {
    if is_plain(value) || shown.contains(&value) {
        return token.to_owned();
    }
    if !key.is_empty() && token.contains(key) {
        let around = token.replace(key, "");
        if around.len() <= "Bearer ".len() + 2 {
            return token.replace(key, MASK);
        }
    }
    let quote = token.chars().next().filter(|c| matches!(c, '"' | '\'')).map(String::from);
    let quote = quote.unwrap_or_default();
    let breaks = token.matches('\n').count();
    format!("{quote}{MASK}{}{quote}", "\n".repeat(breaks))
}

/// What is no secret by its looks: nothing, a truth value, a short number.
fn is_plain(value: &str) -> bool {
    matches!(value, "" | "true" | "false" | "null" | "http" | "sse" | "stdio")
        || (value.len() <= 6 && value.chars().all(|c| c.is_ascii_digit()))
}

/// Names, brackets and comments: long runs with a digit in them may be a key that was left there.
fn comment_masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    let end = |run: &mut String, out: &mut String| {
        let looks = run.len() >= LONG && run.chars().any(|c| c.is_ascii_digit());
        out.push_str(if looks { MASK } else { run });
        run.clear();
    };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '/' | '=') {
            run.push(c);
        } else {
            end(&mut run, &mut out);
            out.push(c);
        }
    }
    end(&mut run, &mut out);
    out
}
