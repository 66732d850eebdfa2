//! A query's text as words and filters, each with its place in the text.

use std::{iter::Peekable, str::CharIndices};

use super::Problem;

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its characters, without the quotes.
    pub(super) text: String,
    /// Whether it stood in quotes: then it is text and no keyword.
    pub(super) quoted: bool,
    /// Byte offset in the query.
    pub(super) at: usize,
    /// Length in bytes, quotes included.
    pub(super) len: usize,
}

impl Piece {
    /// A problem with this part.
    pub(super) fn problem(&self, message: String) -> Problem {
        Problem { at: self.at, len: self.len, message }
    }
}

/// One condition as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Behind `-` or `not`.
    pub(super) negated: bool,
    /// What stands before the colon of a filter; none for free text.
    pub(super) field: Option<Piece>,
    /// The word or phrase, or a filter's values. A filter may have none.
    pub(super) values: Vec<Piece>,
}

/// Splits the text at white space, outside quotes.
pub(super) fn split(text: &str) -> Result<Vec<Token>, Problem> {
    let mut reader = Reader { rest: text.char_indices().peekable(), end: text.len() };
    let mut tokens = Vec::new();
    let mut negation: Option<Piece> = None;
    loop {
        reader.skip_white_space();
        let at = reader.at();
        let Some(first) = reader.peek() else { break };
        if first == '-' {
            reader.next();
            negation = toggle(negation, Piece { text: "-".into(), quoted: false, at, len: 1 });
            if reader.peek().is_none_or(char::is_whitespace) {
                break;
            }
            continue;
        }
        let mut token = reader.token();
        if is_not(&token) {
            negation = toggle(negation, token.values.remove(0));
            continue;
        }
        token.negated = negation.take().is_some();
        tokens.push(token);
    }
    match negation {
        Some(sign) => Err(sign.problem(format!(
            "Expected something to leave out right after `{}`, such as `-tag:ci` or `not tag:ci`.",
            sign.text
        ))),
        None => Ok(tokens),
    }
}

/// Two negations cancel each other.
fn toggle(before: Option<Piece>, sign: Piece) -> Option<Piece> {
    before.is_none().then_some(sign)
}

fn is_not(token: &Token) -> bool {
    matches!(token.values.as_slice(), [only] if token.field.is_none()
        && !only.quoted
        && only.text.eq_ignore_ascii_case("not"))
}

struct Reader<'a> {
    rest: Peekable<CharIndices<'a>>,
    end: usize,
}

impl Reader<'_> {
    fn at(&mut self) -> usize {
        self.rest.peek().map_or(self.end, |(at, _)| *at)
    }

    fn peek(&mut self) -> Option<char> {
        self.rest.peek().map(|(_, c)| *c)
    }

    fn next(&mut self) -> Option<char> {
        self.rest.next().map(|(_, c)| c)
    }

    fn skip_white_space(&mut self) {
        while self.rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
    }

    /// A word, a phrase, or a filter with its values.
    fn token(&mut self) -> Token {
        let mut first = self.piece(|c| c == ':');
        // A word that begins with a colon names no field: it is text.
        if first.text.is_empty() && !first.quoted && self.peek() == Some(':') {
            let rest = self.piece(|_| false);
            first = Piece { len: rest.len, text: rest.text, ..first };
        }
        if first.quoted || self.peek() != Some(':') {
            return Token { negated: false, field: None, values: vec![first] };
        }
        self.next();
        let values = self.values();
        Token { negated: false, field: Some(first), values }
    }

    fn values(&mut self) -> Vec<Piece> {
        let mut values = Vec::new();
        loop {
            let value = self.piece(|c| c == ',');
            if value.quoted || !value.text.is_empty() {
                values.push(value);
            }
            if self.peek() != Some(',') {
                return values;
            }
            self.next();
        }
    }

    /// A quoted part, or characters up to white space or a stop.
    fn piece(&mut self, stop: impl Fn(char) -> bool) -> Piece {
        let at = self.at();
        let quoted = self.peek() == Some('"');
        let text = if quoted { self.quoted() } else { self.bare(stop) };
        Piece { text, quoted, at, len: self.at() - at }
    }

    fn bare(&mut self, stop: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some((_, c)) = self.rest.next_if(|(_, c)| !c.is_whitespace() && !stop(*c)) {
            text.push(c);
        }
        text
    }

    /// Between quotes; `\"` and `\\` stand for themselves. A quote that is never
    /// closed reaches to the end, so that a phrase finds while it is being typed.
    fn quoted(&mut self) -> String {
        self.next();
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                '"' => break,
                '\\' => match self.rest.next_if(|(_, c)| matches!(c, '"' | '\\')) {
                    Some((_, escaped)) => text.push(escaped),
                    None => text.push('\\'),
                },
                _ => text.push(c),
            }
        }
        text
    }
}
