//! Texts with parameters: `Bearer {key}`, `mcpServers.{server}.env.{variable}`,
//! `{CODEX_HOME|~/.codex}/config.toml`. A brace that is meant is doubled: `{{env:{variable}}}`.

use std::{collections::BTreeMap, fmt};

use crate::{
    format::Node,
    path::{NodePath, Step},
};

/// Values of parameters by their names.
pub type Params = BTreeMap<String, String>;

impl fmt::Display for Words {
    /// As it is written, with single braces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Plain(plain) => f.write_str(plain),
            Part::Hole(name) => write!(f, "{{{name}}}"),
        })
    }
}

/// What is wrong with a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Flaw(pub(super) &'static str);

impl From<Flaw> for String {
    fn from(flaw: Flaw) -> Self {
        flaw.0.to_owned()
    }
}

/// A parameter that was not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not told")]
pub struct Untold(pub String);

/// A text with parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Plain(String),
    Hole(String),
}

impl Words {
    /// Reads a template; an error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' | '}' if chars.peek() == Some(&c) => {
                    chars.next();
                    plain.push(c);
                }
                '{' => {
                    let mut closed = false;
                    let name: String = chars
                        .by_ref()
                        .take_while(|c| {
                            closed = *c == '}';
                            !closed
                        })
                        .collect();
                    if !closed {
                        return Err(Flaw("a brace is not closed"));
                    }
                    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                    {
                        return Err(Flaw("a parameter's name is of small letters and `_`"));
                    }
                    if !plain.is_empty() {
                        parts.push(Part::Plain(std::mem::take(&mut plain)));
                    } else if matches!(parts.last(), Some(Part::Hole(_))) {
                        return Err(Flaw("something must stand between two parameters"));
                    }
                    parts.push(Part::Hole(name));
                }
                '}' => return Err(Flaw("a brace that is meant is doubled: `}}`")),
                _ => plain.push(c),
            }
        }
        if !plain.is_empty() {
            parts.push(Part::Plain(plain));
        }
        Ok(Self(parts))
    }

    /// The names of its parameters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Hole(name) => Some(name.as_str()),
            Part::Plain(_) => None,
        })
    }

    /// The text with its parameters; the name of the first one that is missing is the error.
    pub fn fill(&self, params: &Params) -> Result<String, Untold> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Plain(plain) => text.push_str(plain),
                Part::Hole(name) => {
                    text.push_str(params.get(name).ok_or_else(|| Untold(name.clone()))?);
                }
            }
        }
        Ok(text)
    }

    /// The parameters that make this text of the template; none where it does not fit.
    /// Parameters take as little as they can, the last one all that is left.
    pub fn matches(&self, text: &str) -> Option<Params> {
        let mut params = Params::new();
        fit(&self.0, text, &mut params).then_some(params)
    }
}

fn fit(parts: &[Part], text: &str, params: &mut Params) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Plain(plain), rest @ ..] => {
            text.strip_prefix(plain.as_str()).is_some_and(|text| fit(rest, text, params))
        }
        [Part::Hole(name)] => !text.is_empty() && take(name, text, params),
        [Part::Hole(name), rest @ ..] => {
            let Some(Part::Plain(next)) = rest.first() else { return false };
            text.match_indices(next.as_str()).any(|(at, _)| {
                let (Some(own), Some(after)) = (text.get(..at), text.get(at..)) else {
                    return false;
                };
                let mut tried = params.clone();
                let fits =
                    !own.is_empty() && take(name, own, &mut tried) && fit(rest, after, &mut tried);
                if fits {
                    *params = tried;
                }
                fits
            })
        }
    }
}

/// Notes a parameter's value; one that has another value already does not fit.
fn take(name: &str, value: &str, params: &mut Params) -> bool {
    params.entry(name.to_owned()).or_insert_with(|| value.to_owned()) == value
}

/// Where a value stands, with parameters: `mcpServers.{server}.headers.Authorization`,
/// `models[provider={provider}].apiKey` (the item whose member says so), `env_keys[]` (each
/// item of a list of texts; a new one is its last).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeTemplate(Vec<StepTemplate>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum StepTemplate {
    Key(Words),
    Where { member: String, is: Words },
    Each,
}

impl NodeTemplate {
    /// Reads a template; an error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let mut steps = Vec::new();
        for part in split(text)? {
            steps.push(match part.strip_prefix('[').and_then(|part| part.strip_suffix(']')) {
                Some("") => StepTemplate::Each,
                Some(inner) => {
                    let (member, is) =
                        inner.split_once('=').ok_or(Flaw("a list's item is `[member=text]`"))?;
                    StepTemplate::Where { member: member.to_owned(), is: Words::parse(is)? }
                }
                None => StepTemplate::Key(Words::parse(&part)?),
            });
        }
        if steps.is_empty() { Err(Flaw("an empty path")) } else { Ok(Self(steps)) }
    }

    /// The names of its parameters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|step| {
            match step {
                StepTemplate::Key(words) | StepTemplate::Where { is: words, .. } => {
                    Some(words.names())
                }
                StepTemplate::Each => None,
            }
            .into_iter()
            .flatten()
        })
    }

    /// The path in a document; an item of a list is looked up in it, and one that is not there
    /// is the next one. The error names a missing parameter.
    pub fn path(&self, params: &Params, tree: &Node) -> Result<NodePath, Untold> {
        let mut path = NodePath::default();
        for step in &self.0 {
            path.0.push(match step {
                StepTemplate::Key(words) => Step::Key(words.fill(params)?),
                StepTemplate::Where { member, is } => {
                    Step::Index(item(tree, &path, member, &is.fill(params)?))
                }
                StepTemplate::Each => Step::Index(length(tree, &path)),
            });
        }
        Ok(path)
    }

    /// Every value of a document that stands where this template says, with its parameters.
    pub fn find(&self, tree: &Node) -> Vec<(NodePath, Params)> {
        let mut found = Vec::new();
        search(&self.0, tree, &mut NodePath::default(), &Params::new(), &mut found);
        found
    }
}

fn search(
    steps: &[StepTemplate],
    node: &Node,
    path: &mut NodePath,
    params: &Params,
    found: &mut Vec<(NodePath, Params)>,
) {
    let Some((step, rest)) = steps.split_first() else {
        return found.push((path.clone(), params.clone()));
    };
    let mut into = |step: Step, node: &Node, own: Params| {
        let mut merged = params.clone();
        if own.iter().all(|(name, value)| take(name, value, &mut merged)) {
            path.0.push(step);
            search(rest, node, path, &merged, found);
            path.0.pop();
        }
    };
    match (step, node) {
        (StepTemplate::Key(words), Node::Map(members, _)) => {
            for (name, below) in members {
                if let Some(own) = words.matches(name) {
                    into(Step::Key(name.clone()), below, own);
                }
            }
        }
        (StepTemplate::Where { member, is }, Node::List(items, _)) => {
            for (at, below) in items.iter().enumerate() {
                if let Some(own) = said(below, member).and_then(|text| is.matches(text)) {
                    into(Step::Index(at), below, own);
                }
            }
        }
        (StepTemplate::Each, Node::List(items, _)) => {
            for (at, below) in items.iter().enumerate() {
                into(Step::Index(at), below, Params::new());
            }
        }
        _ => {}
    }
}

/// What a member of an item says.
fn said<'n>(item: &'n Node, member: &str) -> Option<&'n str> {
    match item.at(&[Step::Key(member.to_owned())]) {
        Ok(Some(Node::Text(value, _))) => Some(value.text()),
        Ok(_) | Err(_) => None,
    }
}

fn item(tree: &Node, path: &NodePath, member: &str, is: &str) -> usize {
    match tree.at(path.steps()) {
        Ok(Some(Node::List(items, _))) => {
            items.iter().position(|item| said(item, member) == Some(is)).unwrap_or(items.len())
        }
        _ => 0,
    }
}

fn length(tree: &Node, path: &NodePath) -> usize {
    match tree.at(path.steps()) {
        Ok(Some(Node::List(items, _))) => items.len(),
        _ => 0,
    }
}

/// The steps of a node's template: names apart by dots, quotes around what holds dots.
fn split(text: &str) -> Result<Vec<String>, Flaw> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quoted = false;
    let mut listed = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted && !listed => parts.push(std::mem::take(&mut part)),
            '[' if !quoted => {
                listed = true;
                if !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
                part.push(c);
            }
            ']' if !quoted => {
                listed = false;
                part.push(c);
                parts.push(std::mem::take(&mut part));
            }
            _ => part.push(c),
        }
    }
    if quoted || listed {
        return Err(Flaw("a quote or a bracket is not closed"));
    }
    if !part.is_empty() {
        parts.push(part);
    }
    // A dot behind a bracket leaves an empty part.
    parts.retain(|part| !part.is_empty());
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::Value;

    fn params(told: &[(&str, &str)]) -> Params {
        told.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_doubled_brace_is_meant() {
        let words = Words::parse("Bearer ${{env:{variable}}}").unwrap();
        assert_eq!(words.fill(&params(&[("variable", "X")])).unwrap(), "Bearer ${env:X}");
        assert_eq!(words.matches("Bearer ${env:X}"), Some(params(&[("variable", "X")])));
        assert_eq!(words.matches("Bearer ${env:}"), None);
        assert_eq!(words.fill(&Params::new()), Err(Untold("variable".to_owned())));
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for text in ["{", "}", "{}", "{A}", "{a", "a}", "{a}{b}", "${x}}", "{a.b}"] {
            assert!(Words::parse(text).is_err(), "{text}");
        }
        for text in ["", "a.[x", "\"a", "a.[x].b", "a.{b"] {
            assert!(NodeTemplate::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_parameter_that_stands_twice_has_one_value() {
        let words = Words::parse("{a}-{b}-{a}").unwrap();
        assert_eq!(words.matches("x-y-x"), Some(params(&[("a", "x"), ("b", "y")])));
        assert_eq!(words.matches("x-y-z"), None);
    }

    #[test]
    fn a_name_with_dots_stands_in_quotes_and_an_item_is_found_by_what_it_says() {
        let text = |text: &str| Node::Text(Value::new(text), 0..0);
        let item = |name: &str| Node::Map(vec![("name".to_owned(), text(name))], 0..0);
        let tree =
            Node::Map(vec![("a.b".to_owned(), Node::List(vec![item("x"), item("y")], 0..0))], 0..0);
        let node = NodeTemplate::parse("\"a.b\"[name={name}].key").unwrap();
        let at = |name| node.path(&params(&[("name", name)]), &tree).unwrap().to_string();
        assert_eq!((at("y"), at("z")), ("\"a.b\"[1].key".into(), "\"a.b\"[2].key".into()));
        let found = NodeTemplate::parse("\"a.b\"[name={name}].name").unwrap().find(&tree);
        let names: Vec<_> = found.iter().map(|(_, own)| own["name"].as_str()).collect();
        assert_eq!(names, ["x", "y"]);
    }

    proptest! {
        #[test]
        fn what_a_template_makes_it_reads(key in "[!-~]{1,20}", server in "[a-z]{1,8}") {
            let words = Words::parse("{server}: Bearer {key}").unwrap();
            let told = params(&[("key", &key), ("server", &server)]);
            let text = words.fill(&told).unwrap();
            prop_assert_eq!(words.matches(&text), Some(told));
        }

        #[test]
        fn no_template_panics(text in "[{}a.\\[\\]=\"$ -]{0,24}", read in "\\PC{0,24}") {
            if let Ok(words) = Words::parse(&text) {
                drop(words.matches(&read));
            }
            drop(NodeTemplate::parse(&text));
        }
    }
}
