//! Documents of random content, written in random styles.

use std::fmt::Write as _;

use keywright_clients::Format;
use proptest::{collection::vec, prelude::*};

/// A document, or a part of one.
#[derive(Debug, Clone)]
pub(crate) enum Doc {
    /// A text that needs no escapes in any style.
    Text(String),
    /// Anything that is no text.
    Number(u32),
    /// Items.
    List(Vec<Doc>),
    /// Members.
    Map(Vec<(String, Doc)>),
}

/// A document with a table at its top.
pub(crate) fn document() -> impl Strategy<Value = Doc> {
    let leaf = prop_oneof![
        3 => "[a-z]{2}[a-zA-Z0-9_/-]{0,12}".prop_map(Doc::Text),
        1 => any::<u32>().prop_map(Doc::Number),
    ];
    let tree =
        leaf.prop_recursive(4, 24, 4, |below| {
            prop_oneof![
                vec(below.clone(), 0..3).prop_map(Doc::List),
                members(below).prop_map(Doc::Map),
            ]
        });
    members(tree).prop_map(Doc::Map)
}

fn members(below: impl Strategy<Value = Doc>) -> impl Strategy<Value = Vec<(String, Doc)>> {
    vec(("[a-m]{2,5}", below), 0..4).prop_map(|mut members| {
        members.sort_by(|(a, _), (b, _)| a.cmp(b));
        members.dedup_by(|(a, _), (b, _)| a == b);
        members
    })
}

/// A document's text. Each byte of `style` decides one thing, in turn.
pub(crate) fn render(format: Format, doc: &Doc, style: &[u8]) -> String {
    let mut pen = Pen { format, style, turn: 0, out: String::new(), unit: "  " };
    pen.unit = ["  ", "    ", if format == Format::Yaml { " " } else { "\t" }][pen.choose(3)];
    let Doc::Map(members) = doc else { panic!("a table at the top") };
    match format {
        Format::Json | Format::Jsonc => pen.json(doc, 0),
        Format::Toml => pen.table(&[], members),
        _ if members.is_empty() => {}
        _ => pen.block(doc, 0, true),
    }
    let mut text = pen.out.clone();
    match pen.choose(4) {
        0 => text = text.trim_end_matches('\n').to_owned(),
        1 => text = text.replace('\n', "\r\n"),
        2 => text.insert(0, '\u{feff}'),
        _ => {}
    }
    text
}

struct Pen<'s> {
    format: Format,
    style: &'s [u8],
    turn: usize,
    out: String,
    unit: &'static str,
}

impl Pen<'_> {
    fn choose(&mut self, among: usize) -> usize {
        self.turn += 1;
        usize::from(self.style[self.turn % self.style.len()]) % among
    }

    fn write_any(&mut self, among: &[&str]) {
        let at = self.choose(among.len());
        self.out.push_str(among[at]);
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        self.out.push_str(&self.unit.repeat(depth));
    }

    fn json(&mut self, doc: &Doc, depth: usize) {
        let (open, close, entries): (_, _, Vec<(Option<&String>, &Doc)>) = match doc {
            Doc::Text(text) => return self.out.extend(["\"", text, "\""]),
            Doc::Number(number) => return self.out.push_str(&number.to_string()),
            Doc::List(items) => ('[', ']', items.iter().map(|item| (None, item)).collect()),
            Doc::Map(members) => {
                ('{', '}', members.iter().map(|(name, doc)| (Some(name), doc)).collect())
            }
        };
        let comments = self.format == Format::Jsonc;
        let lines = self.choose(3) > 0;
        let colon = [": ", ":", " : "][self.choose(3)];
        self.out.push(open);
        for (at, (name, doc)) in entries.iter().enumerate() {
            if lines {
                if comments && self.choose(6) == 0 {
                    self.line(depth + 1);
                    self.out.push_str("// a line, \"with\" {things}");
                }
                self.line(depth + 1);
            } else if at > 0 || self.choose(2) == 0 {
                self.out.push(' ');
            }
            if let Some(name) = name {
                _ = write!(self.out, "\"{name}\"{colon}");
            }
            self.json(doc, depth + 1);
            let last = at + 1 == entries.len();
            if comments && self.choose(6) == 0 {
                self.out.push_str(" /* , */");
            }
            if !last || comments && self.choose(3) == 0 {
                self.out.push(',');
            }
            if comments && lines && self.choose(4) == 0 {
                self.out.push_str(" // why, \"oh\" }");
            }
        }
        if lines && (!entries.is_empty() || self.choose(2) == 0) {
            self.line(depth);
        }
        self.out.push(close);
        if depth == 0 {
            self.out.push('\n');
        }
    }

    /// A table of TOML: its lines first, then the tables below it.
    fn table(&mut self, path: &[String], members: &[(String, Doc)]) {
        let mut below = Vec::new();
        for (name, doc) in members {
            match doc {
                Doc::Map(inner) if self.choose(3) > 0 => below.push((name, inner)),
                // Dotted keys.
                Doc::Map(inner) if !inner.is_empty() && self.choose(2) == 0 && path.len() < 3 => {
                    for (inner, doc) in inner {
                        _ = write!(self.out, "{name}.{inner} = ");
                        self.inline(doc, false);
                        self.out.push('\n');
                    }
                }
                _ => {
                    if self.choose(8) == 0 {
                        self.out.push_str("# a line\n");
                    }
                    _ = write!(self.out, "{name} = ");
                    self.inline(doc, true);
                    self.write_any(&[" # why = \"x\"\n", "\n", "\n"]);
                }
            }
        }
        for (name, inner) in below {
            let mut path = path.to_vec();
            path.push(name.clone());
            let bare = !inner.is_empty() && inner.iter().all(|(_, doc)| matches!(doc, Doc::Map(_)));
            self.write_any(&["", "\n"]);
            // A header may be left out where only tables follow that have their own.
            if !bare || self.choose(2) == 0 {
                _ = writeln!(self.out, "[{}]", path.join("."));
                self.table(&path, inner);
            } else {
                for (name, doc) in inner {
                    let Doc::Map(inner) = doc else { continue };
                    let mut path = path.clone();
                    path.push(name.clone());
                    _ = writeln!(self.out, "[{}]", path.join("."));
                    self.table(&path, inner);
                }
            }
        }
    }

    /// A value of TOML.
    fn inline(&mut self, doc: &Doc, lines: bool) {
        match doc {
            Doc::Text(text) => {
                let quote = ["\"", "'", "\"\"\"", "'''"][self.choose(4)];
                _ = write!(self.out, "{quote}{text}{quote}");
            }
            Doc::Number(number) => _ = write!(self.out, "{number}"),
            Doc::List(items) => {
                let lines = lines && self.choose(3) == 0;
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if lines {
                        self.line(1);
                    } else if at > 0 {
                        self.out.push(' ');
                    }
                    self.inline(item, false);
                    if at + 1 < items.len() || lines && self.choose(2) == 0 {
                        self.out.push(',');
                    }
                    if lines && self.choose(3) == 0 {
                        self.out.push_str(" # why, ]");
                    }
                }
                if lines {
                    self.line(0);
                }
                self.out.push(']');
            }
            Doc::Map(members) => {
                let pad = if members.is_empty() { "" } else { [" ", ""][self.choose(2)] };
                _ = write!(self.out, "{{{pad}");
                for (at, (name, doc)) in members.iter().enumerate() {
                    _ = write!(self.out, "{}{name} = ", if at > 0 { ", " } else { "" });
                    self.inline(doc, false);
                }
                _ = write!(self.out, "{pad}}}");
            }
        }
    }

    /// A block of YAML; the pen stands where its first line goes on.
    fn block(&mut self, doc: &Doc, depth: usize, start: bool) {
        match doc {
            Doc::Map(members) if !members.is_empty() => {
                for (at, (name, doc)) in members.iter().enumerate() {
                    if at > 0 || !start {
                        self.indent(depth, at == 0 && start);
                    }
                    if self.choose(8) == 0 {
                        _ = write!(self.out, "\"{name}\":");
                    } else {
                        _ = write!(self.out, "{name}:");
                    }
                    self.below(doc, depth);
                }
            }
            _ => self.flow_line(doc),
        }
    }

    fn indent(&mut self, depth: usize, first: bool) {
        if !first {
            self.out.push_str(&self.unit.repeat(depth));
        }
    }

    fn below(&mut self, doc: &Doc, depth: usize) {
        match doc {
            Doc::Map(members) if !members.is_empty() && self.choose(4) > 0 => {
                self.write_any(&[" # why: [x\n", "\n", "\n"]);
                self.block(doc, depth + 1, false);
            }
            Doc::List(items) if !items.is_empty() && self.choose(3) > 0 => {
                self.out.push('\n');
                let depth = depth + self.choose(2);
                for item in items {
                    self.indent(depth, false);
                    self.out.push('-');
                    self.flow_line(item);
                }
            }
            _ => self.flow_line(doc),
        }
    }

    fn flow_line(&mut self, doc: &Doc) {
        self.out.push(' ');
        self.flow(doc);
        self.write_any(&["  # why, \"oh\" }\n", "\n", "\n"]);
    }

    fn flow(&mut self, doc: &Doc) {
        match doc {
            Doc::Text(text) => {
                let quote = ["", "'", "\""][self.choose(3)];
                // A word such as `no` would be none.
                let quote = if quote.is_empty() && text.len() < 6 { "'" } else { quote };
                _ = write!(self.out, "{quote}{text}{quote}");
            }
            Doc::Number(number) => _ = write!(self.out, "{number}"),
            Doc::List(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    self.flow(item);
                }
                self.out.push(']');
            }
            Doc::Map(members) => {
                let pad = [" ", ""][self.choose(2)];
                _ = write!(self.out, "{{{pad}");
                for (at, (name, doc)) in members.iter().enumerate() {
                    _ = write!(self.out, "{}{name}: ", if at > 0 { ", " } else { "" });
                    self.flow(doc);
                }
                _ = write!(self.out, "{pad}}}");
            }
        }
    }
}
