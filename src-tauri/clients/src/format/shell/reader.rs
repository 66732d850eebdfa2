//! Reads a profile: which commands set variables, and which of them are always reached.

use std::ops::Range;

use super::{literal, skip::Skip};
use crate::format::{
    Node, Value,
    lines::{Line, is_blank, lines},
    managed::Marks,
    token::{assignment, leading_variable},
};

/// What opened a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    If,
    Loop,
    Case,
    Brace,
}

/// A here-document that begins behind the line.
struct Here<'t> {
    end: &'t str,
    tabs: bool,
}

/// What a profile holds.
#[derive(Default)]
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Every assignment, literal or not.
    pub(super) found: Vec<(String, Node)>,
    /// The marks of Keywright's block.
    pub(super) marks: Marks,
    blocks: Vec<Block>,
    here: Vec<Here<'t>>,
    /// Whether the next command is the first of its line and no operator stands before it.
    fresh: bool,
    /// Whether the line before ended with `&&`, `||` or `|`, or a function's body is to come.
    carried: bool,
    lost: bool,
}

/// The reader cannot tell what follows.
struct Lost;

type Found<T> = Result<T, Lost>;

impl<'t> Reader<'t> {
    /// Reads a whole profile.
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

    /// Whether the reader knows where the profile ends: in no quote, block or document.
    pub(super) const fn is_whole(&self) -> bool {
        !self.lost && !self.carried && self.blocks.is_empty() && self.here.is_empty()
    }

    /// Notes every line from a place on that looks as an assignment.
    fn lose(&mut self, from: usize) {
        self.lost = true;
        let start = self.text.get(..from).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
        // What was noted of this line is noted again.
        self.found.retain(|(_, node)| node.span().start < start);
        for line in lines(self.text).filter(|line| line.start >= start) {
            if let Some((name, rest)) = assignment(line.text) {
                let node = Node::Other(Value::new(rest), line.end() - rest.len()..line.end());
                self.found.push((name.to_owned(), node));
            }
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Whether a line ends here.
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
    fn step(&mut self) -> Found<()> {
        self.skip_blanks();
        if self.at_line_end() {
            return self.new_line();
        }
        match self.peek() {
            Some('#') => self.remark(),
            Some('&') if self.rest().starts_with("&>") => {
                self.fresh = false;
                self.redirect()?;
            }
            Some('&' | '|') => {
                let rest = self.rest();
                let operator = rest.find(|c| !"&|".contains(c)).unwrap_or(rest.len());
                self.at += operator;
                self.fresh = false;
                // A single `&` ends a command; all others join it to the next one.
                self.carried = !(operator == 1 && rest.starts_with('&'));
            }
            Some(';') => {
                self.at += 1;
                self.fresh = false;
            }
            Some('(') => {
                self.fresh = false;
                self.carried = false;
                self.at = Skip::new(self.text).parens(self.at).ok_or(Lost)?;
            }
            Some(')') if self.blocks.last() == Some(&Block::Case) => {
                self.at += 1;
                self.fresh = false;
            }
            Some('<' | '>') => {
                self.fresh = false;
                self.redirect()?;
            }
            Some(')') | None => return Err(Lost),
            Some(_) => self.command()?,
        }
        Ok(())
    }

    /// Passes over a line's end, and the here-documents that begin behind it.
    fn new_line(&mut self) -> Found<()> {
        let line = Line::at(self.text, self.at, 1);
        self.at = line.map_or(self.text.len(), |line| line.next);
        for here in std::mem::take(&mut self.here) {
            loop {
                let line = Line::at(self.text, self.at, 1).ok_or(Lost)?;
                self.at = line.next;
                let own = if here.tabs { line.text.trim_start_matches('\t') } else { line.text };
                if own == here.end {
                    break;
                }
            }
        }
        self.fresh = !self.carried;
        Ok(())
    }

    fn remark(&mut self) {
        let remark = self.rest().lines().next().unwrap_or_default();
        if self.blocks.is_empty() && self.fresh {
            self.marks.note(remark, self.at);
        }
        self.at += remark.len();
    }

    /// A redirection with its target.
    fn redirect(&mut self) -> Found<()> {
        let rest = self.rest();
        if rest.starts_with("<(") || rest.starts_with(">(") {
            self.at = Skip::new(self.text).parens(self.at + 1).ok_or(Lost)?;
            return Ok(());
        }
        let here = rest.starts_with("<<") && !rest.starts_with("<<<");
        let tabs = rest.starts_with("<<-");
        let operator = rest.find(|c| !"<>&|".contains(c)).unwrap_or(rest.len());
        self.at += operator + usize::from(tabs);
        self.skip_blanks();
        let word = self.word()?;
        let target = self.text.get(word).unwrap_or_default();
        if here {
            let end = target.trim_matches(['"', '\'', '\\']);
            if target.is_empty() || end.contains(['\\', '"', '\'', '$', '`']) {
                return Err(Lost);
            }
            self.here.push(Here { end, tabs });
        }
        Ok(())
    }

    /// Reads a word; an empty one where none begins.
    fn word(&mut self) -> Found<Range<usize>> {
        let start = self.at;
        let skip = Skip::new(self.text);
        while let Some(c) = self.peek() {
            let end = is_blank(c) || self.at_line_end() || ";&|<>)".contains(c);
            if end {
                break;
            }
            let own = self.text.get(start..self.at).unwrap_or_default();
            self.at = match c {
                '(' if own.ends_with('=') => skip.parens(self.at).ok_or(Lost)?,
                '(' => break,
                _ => skip.part(self.at, false).ok_or(Lost)?,
            };
        }
        // A backslash may have taken half of a character.
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        Ok(start..self.at)
    }

    /// A command: a word of the language, or words with what they set.
    fn command(&mut self) -> Found<()> {
        let reached = self.fresh && self.blocks.is_empty() && !self.carried;
        let first = self.word()?;
        if first.is_empty() {
            return Err(Lost);
        }
        self.fresh = false;
        if self.keyword(first.clone())? {
            return Ok(());
        }
        self.carried = false;
        if self.rest().starts_with('(') {
            return self.function();
        }
        let mut words = vec![first];
        let mut plain = true;
        loop {
            self.skip_blanks();
            if self.at_line_end() {
                break;
            }
            match self.peek() {
                Some('&') if self.rest().starts_with("&>") => {
                    plain = false;
                    self.redirect()?;
                }
                Some('<' | '>') => {
                    plain = false;
                    self.redirect()?;
                }
                Some(';' | '&' | '|' | ')' | '#') | None => break,
                Some('(') => {
                    plain = false;
                    // `name ()`
                    if words.len() == 1 && self.rest().starts_with("()") {
                        return self.function();
                    }
                    self.at = Skip::new(self.text).parens(self.at).ok_or(Lost)?;
                }
                Some(_) => {
                    let word = self.word()?;
                    words.push(word);
                }
            }
        }
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

    /// Whether nothing but a remark follows in this line.
    fn ends_here(&self) -> bool {
        let rest = self.rest().lines().next().unwrap_or_default();
        let rest = rest.trim_start_matches(is_blank);
        let rest = rest.strip_prefix(';').unwrap_or(rest).trim_start_matches(is_blank);
        rest.is_empty() || rest.starts_with('#')
    }

    /// Passes over the brackets of a function, whose body comes next.
    fn function(&mut self) -> Found<()> {
        if !self.rest().starts_with("()") {
            self.at = Skip::new(self.text).parens(self.at).ok_or(Lost)?;
            return Ok(());
        }
        self.at += 2;
        self.carried = true;
        Ok(())
    }

    /// Takes a word of the language. False where it is none.
    fn keyword(&mut self, word: Range<usize>) -> Found<bool> {
        match self.text.get(word).unwrap_or_default() {
            "if" => self.open(Block::If),
            "while" | "until" => self.open(Block::Loop),
            "{" => self.open(Block::Brace),
            "for" | "select" => {
                self.open(Block::Loop);
                self.words_to_separator()?;
            }
            "case" => {
                self.open(Block::Case);
                self.subject()?;
            }
            "function" => {
                self.skip_blanks();
                self.word()?;
                self.skip_blanks();
                if self.rest().starts_with("()") {
                    self.at += 2;
                }
                self.carried = true;
            }
            "then" | "else" | "elif" | "do" | "!" | "time" => {}
            "fi" => self.close(Block::If)?,
            "done" => self.close(Block::Loop)?,
            "esac" => self.close(Block::Case)?,
            "}" => self.close(Block::Brace)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn open(&mut self, block: Block) {
        self.carried = false;
        self.blocks.push(block);
    }

    fn close(&mut self, block: Block) -> Found<()> {
        if self.blocks.pop() == Some(block) { Ok(()) } else { Err(Lost) }
    }

    /// The words that a loop runs over.
    fn words_to_separator(&mut self) -> Found<()> {
        loop {
            self.skip_blanks();
            if self.at_line_end() {
                return Ok(());
            }
            match self.peek() {
                Some(';' | '&' | '|' | '#') | None => return Ok(()),
                Some('(') => self.at = Skip::new(self.text).parens(self.at).ok_or(Lost)?,
                Some('<' | '>' | ')') => return Err(Lost),
                Some(_) => {
                    self.word()?;
                }
            }
        }
    }

    /// `WORD in` of a `case`.
    fn subject(&mut self) -> Found<()> {
        self.skip_blanks();
        self.word()?;
        self.skip_blanks();
        let word = self.word()?;
        if self.text.get(word) == Some("in") { Ok(()) } else { Err(Lost) }
    }

    /// Notes what a command sets. `reached`: it is always run as it stands there.
    fn note(&mut self, words: &[Range<usize>], reached: bool) {
        let text = self.text;
        let word = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        let Some((first, rest)) = words.split_first() else { return };
        match word(first) {
            "export" => {
                let plain = rest.iter().all(|own| !word(own).starts_with('-'));
                for own in rest {
                    self.assign(own, reached && plain);
                }
            }
            "declare" | "typeset" | "readonly" | "local" | "integer" | "float" => {
                for own in rest {
                    self.assign(own, false);
                }
            }
            "unset" | "read" => {
                for own in rest {
                    if leading_variable(word(own)).is_some_and(|(_, rest)| rest.is_empty()) {
                        let node = Node::Other(Value::new(word(own)), own.clone());
                        self.found.push((word(own).to_owned(), node));
                    }
                }
            }
            // Assignments before a command are for this command only.
            _ if words.iter().all(|own| is_assignment(word(own))) => {
                for own in words {
                    self.assign(own, reached);
                }
            }
            _ => {}
        }
    }

    /// Notes one `NAME=value`.
    fn assign(&mut self, word: &Range<usize>, reached: bool) {
        let whole = self.text.get(word.clone()).unwrap_or_default();
        let Some((name, rest)) = leading_variable(whole) else { return };
        let Some(equals) = rest.find('=') else { return };
        let token = rest.get(equals + 1..).unwrap_or_default();
        let span = word.end - token.len()..word.end;
        let value = if reached && equals == 0 { literal(token) } else { None };
        let node = match value {
            Some(value) => Node::Text(Value::new(value), span),
            None => Node::Other(Value::new(token), span),
        };
        self.found.push((name.to_owned(), node));
    }
}

/// Whether a word sets a variable: `NAME=`, `NAME+=` or `NAME[…]=`.
fn is_assignment(word: &str) -> bool {
    leading_variable(word).is_some_and(|(_, rest)| {
        rest.starts_with('=')
            || rest.starts_with("+=")
            || (rest.starts_with('[') && rest.contains("]="))
    })
}
