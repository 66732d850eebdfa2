//! Reads fish's configuration: which commands set variables, and which are always reached.

use std::ops::Range;

use super::literal;
use crate::format::{
    Node, Value,
    lines::{is_blank, lines},
    managed::Marks,
    token::{is_variable, leading_variable},
};

/// How deep substitutions may nest.
const DEEPEST: usize = 40;

/// What a configuration holds.
#[derive(Default)]
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Every variable that is set, literal or not.
    pub(super) found: Vec<(String, Node)>,
    /// The marks of Keywright's block.
    pub(super) marks: Marks,
    depth: usize,
    /// Whether the next command is the first of its line, and no operator stands before it.
    fresh: bool,
    /// Whether the line before ended with an operator.
    carried: bool,
    lost: bool,
}

/// The reader cannot tell what follows.
struct Lost;

impl<'t> Reader<'t> {
    /// Reads a whole configuration.
    pub(super) fn read(text: &'t str) -> Self {
        let mut reader = Self { text, fresh: true, ..Self::default() };
        while reader.at < text.len() {
            let from = reader.at;
            if reader.step().is_err() {
                reader.lose(from);
                break;
            }
        }
        reader
    }

    /// Whether the reader knows where the file ends: in no quote and no block.
    pub(super) const fn is_whole(&self) -> bool {
        !self.lost && !self.carried && self.depth == 0
    }

    /// Notes every line from a place on that looks as if it set a variable.
    fn lose(&mut self, from: usize) {
        self.lost = true;
        let start = self.text.get(..from).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
        self.found.retain(|(_, node)| node.span().start < start);
        for line in lines(self.text).filter(|line| line.start >= start) {
            let (_, rest) = line.indented();
            let Some(words) = rest.strip_prefix("set ") else { continue };
            let name =
                words.split(is_blank).find(|word| !word.is_empty() && !word.starts_with('-'));
            if let Some(name) = name.filter(|name| is_variable(name)) {
                let node = Node::Other(Value::new(rest), line.end() - rest.len()..line.end());
                self.found.push((name.to_owned(), node));
            }
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn at_line_end(&self) -> bool {
        let rest = self.rest();
        rest.is_empty() || rest.starts_with('\n') || rest.starts_with("\r\n")
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(is_blank);
            let trimmed = trimmed.strip_prefix("\\\n").unwrap_or(trimmed);
            if trimmed.len() == rest.len() {
                return;
            }
            self.at = self.text.len() - trimmed.len();
        }
    }

    /// One thing where a command may begin.
    fn step(&mut self) -> Result<(), Lost> {
        self.skip_blanks();
        if self.at_line_end() {
            self.at += self.rest().find('\n').map_or(self.rest().len(), |at| at + 1);
            self.fresh = !self.carried;
            return Ok(());
        }
        let rest = self.rest();
        match rest.chars().next() {
            Some('#') => {
                let remark = rest.lines().next().unwrap_or_default();
                if self.depth == 0 && self.fresh {
                    self.marks.note(remark, self.at);
                }
                self.at += remark.len();
            }
            Some('&' | '|' | ';') => {
                let operator = rest.find(|c| !"&|;".contains(c)).unwrap_or(rest.len());
                self.at += operator;
                self.fresh = false;
                self.carried = matches!(rest.get(..operator), Some("&&" | "||" | "|" | "&|"));
            }
            Some('(' | ')' | '<' | '>') | None => return Err(Lost),
            Some(_) => self.command()?,
        }
        Ok(())
    }

    /// Reads a word.
    fn word(&mut self) -> Result<Range<usize>, Lost> {
        let start = self.at;
        while let Some(c) = self.rest().chars().next() {
            if is_blank(c) || self.at_line_end() || ";&|<>)".contains(c) {
                break;
            }
            self.at = part(self.text, self.at, 0)?;
        }
        if self.at == start { Err(Lost) } else { Ok(start..self.at) }
    }

    fn command(&mut self) -> Result<(), Lost> {
        let reached = self.fresh && self.depth == 0 && !self.carried;
        self.fresh = false;
        let first = self.word()?;
        match self.text.get(first.clone()).unwrap_or_default() {
            "if" | "while" | "begin" | "{" => {
                self.depth += 1;
                self.carried = false;
                return Ok(());
            }
            "for" | "switch" | "function" => self.depth += 1,
            "else" => {
                // `else if` opens nothing.
                self.skip_blanks();
                let own = self.rest().strip_prefix("if");
                if own.is_some_and(|rest| rest.starts_with(is_blank)) {
                    self.at += 2;
                }
                return Ok(());
            }
            "and" | "or" | "not" | "!" | "time" | "command" | "builtin" => return Ok(()),
            "end" | "}" => self.depth = self.depth.checked_sub(1).ok_or(Lost)?,
            _ => {}
        }
        self.carried = false;
        let (words, plain) = self.words(first)?;
        let first = words.first().and_then(|word| self.text.get(word.clone()));
        if reached
            && (matches!(first, Some("exit" | "return"))
                || first == Some("exec") && words.len() > 1)
        {
            // Nothing behind it is reached.
            return Err(Lost);
        }
        self.note(&words, reached && plain && self.ends_here());
        Ok(())
    }

    /// The words of a command, and whether none of them redirects.
    fn words(&mut self, first: Range<usize>) -> Result<(Vec<Range<usize>>, bool), Lost> {
        let mut words = vec![first];
        let mut plain = true;
        loop {
            self.skip_blanks();
            if self.at_line_end() {
                break;
            }
            match self.rest().chars().next() {
                Some('<' | '>') => {
                    plain = false;
                    self.at += 1;
                }
                Some('&') if self.rest().starts_with("&>") => {
                    plain = false;
                    self.at += 2;
                }
                // The target of `>&2`.
                Some('&')
                    if !plain && self.text.get(..self.at).is_some_and(|t| t.ends_with('>')) =>
                {
                    self.at += 1;
                }
                Some(';' | '&' | '|' | '#') | None => break,
                Some(')') => return Err(Lost),
                Some(_) => {
                    let word = self.word()?;
                    words.push(word);
                }
            }
        }
        Ok((words, plain))
    }

    /// Whether nothing but a remark follows in this line, and no `and` or `or` in the next.
    fn ends_here(&self) -> bool {
        let rest = self.rest().lines().next().unwrap_or_default();
        let rest = rest.trim_start_matches(is_blank);
        let rest = rest.strip_prefix(';').unwrap_or(rest).trim_start_matches(is_blank);
        rest.is_empty() || rest.starts_with('#')
    }

    /// Notes what `set`, `read` or `export` sets.
    fn note(&mut self, words: &[Range<usize>], reached: bool) {
        let text = self.text;
        let word = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        let Some((first, rest)) = words.split_first() else { return };
        let options = rest.iter().take_while(|own| word(own).starts_with('-')).count();
        let (options, rest) = rest.split_at_checked(options).unwrap_or_default();
        if word(first) == "export" {
            for own in rest {
                let Some((name, after)) = leading_variable(word(own)) else { continue };
                if after.starts_with('=') {
                    self.other(name, own.clone());
                }
            }
            return;
        }
        let Some((own, values)) = rest.split_first().filter(|_| word(first) == "set") else {
            return;
        };
        let Some((name, index)) = leading_variable(word(own)) else { return };
        if options.iter().any(|option| asks(word(option))) {
            return;
        }
        let exported = reached
            && index.is_empty()
            && !options.is_empty()
            && options.iter().all(|option| is_export(word(option)))
            && options.iter().any(|option| exports(word(option)));
        match (values, exported) {
            ([value], true) if let Some(own) = literal(word(value)) => {
                let node = Node::Text(Value::new(own), value.clone());
                self.found.push((name.to_owned(), node));
            }
            _ => {
                let end = values.last().map_or(own.end, |value| value.end);
                let start = values.first().map_or(own.start, |value| value.start);
                self.other(name, start..end);
            }
        }
    }

    fn other(&mut self, name: &str, span: Range<usize>) {
        let token = self.text.get(span.clone()).unwrap_or_default();
        self.found.push((name.to_owned(), Node::Other(Value::new(token), span)));
    }
}

/// Whether an option of `set` only asks.
fn asks(option: &str) -> bool {
    match option.strip_prefix("--") {
        Some(long) => matches!(long, "query" | "names" | "show" | "long" | "help"),
        None => option.contains(['q', 'n', 'S', 'h']),
    }
}

/// Whether an option of `set` is one of a plain exported variable.
fn is_export(option: &str) -> bool {
    match option.strip_prefix("--") {
        Some(long) => matches!(long, "export" | "global"),
        None => option.len() > 1 && option.chars().skip(1).all(|c| matches!(c, 'g' | 'x')),
    }
}

fn exports(option: &str) -> bool {
    option == "--export" || (!option.starts_with("--") && option.contains('x'))
}

/// The place behind one part of a word: a quoted text, a substitution, or one character.
fn part(text: &str, at: usize, depth: usize) -> Result<usize, Lost> {
    let rest = text.get(at..).ok_or(Lost)?;
    let c = rest.chars().next().ok_or(Lost)?;
    match c {
        '\\' => {
            let next = rest.chars().nth(1).ok_or(Lost)?;
            Ok(at + 1 + next.len_utf8())
        }
        '\'' | '"' => quoted(text, at + 1, c, depth),
        '(' => parens(text, at + 1, depth),
        _ => Ok(at + c.len_utf8()),
    }
}

fn quoted(text: &str, mut at: usize, quote: char, depth: usize) -> Result<usize, Lost> {
    loop {
        let rest = text.get(at..).ok_or(Lost)?;
        let c = rest.chars().next().ok_or(Lost)?;
        at = match c {
            _ if c == quote => return Ok(at + 1),
            '\\' => at + 1 + rest.chars().nth(1).ok_or(Lost)?.len_utf8(),
            '$' if quote == '"' && rest.starts_with("$(") => parens(text, at + 2, depth)?,
            _ => at + c.len_utf8(),
        };
    }
}

fn parens(text: &str, mut at: usize, depth: usize) -> Result<usize, Lost> {
    if depth > DEEPEST {
        return Err(Lost);
    }
    let mut before = ' ';
    loop {
        let rest = text.get(at..).ok_or(Lost)?;
        let c = rest.chars().next().ok_or(Lost)?;
        at = match c {
            ')' => return Ok(at + 1),
            '#' if " \t\n;(".contains(before) => at + rest.find('\n').ok_or(Lost)?,
            _ => part(text, at, depth + 1)?,
        };
        before = c;
    }
}
