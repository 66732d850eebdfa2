//! INI as AWS, PyPI and git have it: `[section]`, `name = value`, remarks on lines of their
//! own. The reader is Python's `configparser`, which AWS's and PyPI's tools use: a name ends at
//! the first `=` or `:`, and a deeper indentation continues a value
//! (<https://docs.python.org/3/library/configparser.html#supported-ini-file-structure>). What
//! others read in another way, such as a `;` behind a blank, is no text.

use std::ops::Range;

use super::{
    Fresh, Node, Problem, Splice, Syntax, Value,
    lines::remark,
    sections::Rules,
    token::{Quote, inner, no_outer_blanks, one_line},
};
use crate::path::Step;

const NAME: &str = "INI";

const RULES: Rules = Rules {
    format: NAME,
    delimiters: &['=', ':'],
    continued: true,
    quoted_names: false,
    caseless: true,
    between: " = ",
    value,
    token,
};

/// INI.
pub(crate) struct Ini;

impl Syntax for Ini {
    fn name(&self) -> &'static str {
        NAME
    }

    fn occupied(&self, token: &str) -> Option<&'static str> {
        Some(occupied(token))
    }

    fn read(&self, text: &str) -> Result<Node, Problem> {
        RULES.read(text)
    }

    fn token(&self, value: &str, old: &str) -> Result<String, Problem> {
        token(value, old)
    }

    fn insert(
        &self,
        text: &str,
        _: &Node,
        path: &[Step],
        value: &Fresh,
    ) -> Result<Splice, Problem> {
        RULES.insert(text, path, value)
    }
}

/// What a value is that is no text.
pub(super) fn occupied(token: &str) -> &'static str {
    if token.contains('\n') {
        "a value of several lines"
    } else {
        "a value that programs read in different ways"
    }
}

fn value(token: &str, span: Range<usize>) -> Node {
    let own = inner(token);
    let quote = Quote::of(token);
    let several = token.starts_with(['#', ';'])
        || remark(token, &['#', ';']).is_some()
        || (quote == Quote::Bare && token.starts_with(['"', '\'']))
        || (quote != Quote::Bare && own.contains(['"', '\'', '\\']));
    match quote {
        _ if several => Node::Other(Value::new(token), span),
        Quote::Bare => Node::Text(Value::new(token), span),
        Quote::Single | Quote::Double => Node::Text(Value::new(own), span),
    }
}

fn token(value: &str, old: &str) -> Result<String, Problem> {
    one_line(value, NAME)?;
    no_outer_blanks(value, NAME)?;
    let unwritable = |why| Err(Problem::Unwritable { format: NAME, why });
    if value.starts_with(['#', ';']) || remark(value, &['#', ';']).is_some() {
        return unwritable("some programs take a `#` or `;` in it for the start of a remark");
    }
    let quote = Quote::of(old);
    let clash = match quote {
        Quote::Bare => value.starts_with(['"', '\'']),
        Quote::Single | Quote::Double => value.contains(['"', '\'', '\\']),
    };
    if clash {
        return unwritable("some programs take a quote in it for one around it");
    }
    Ok(quote.around(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NodePath, format::Fresh};

    fn at(text: &str, path: &str) -> Option<(bool, String)> {
        let tree = Ini.read(text).unwrap();
        match tree.at(NodePath::parse(path).unwrap().steps()).unwrap()? {
            Node::Text(value, _) => Some((true, value.text().to_owned())),
            Node::Other(value, _) => Some((false, value.text().to_owned())),
            _ => None,
        }
    }

    #[test]
    fn sections_names_and_values_are_found() {
        let text = "top=1\n# [no]\n[a]\nk = v=w \n\n; x=1\n[b \"c\"] # note\n\tk: v%3D\n\tl=\n";
        assert_eq!(at(text, "top"), Some((true, "1".into())));
        assert_eq!(at(text, "a.k"), Some((true, "v=w".into())));
        assert_eq!(at(text, "\"b \\\"c\\\"\".k"), Some((true, "v%3D".into())));
        assert_eq!(at(text, "\"b \\\"c\\\"\".l"), Some((true, String::new())));
        assert_eq!(at(text, "a.x"), None);
    }

    #[test]
    fn a_deeper_line_continues_a_value() {
        let text = "[distutils]\nindex-servers =\n    pypi\n\n    key = x\nnext = 1\n";
        assert_eq!(at(text, "distutils.index-servers").map(|(text, _)| text), Some(false));
        assert_eq!(at(text, "distutils.key"), None);
        assert_eq!(at(text, "distutils.next"), Some((true, "1".into())));
    }

    #[test]
    fn what_programs_read_differently_is_no_text() {
        for value in ["a ; b", "a #b", "\"a", "\"a\"b\"", "#a", "'a\\'"] {
            assert_eq!(at(&format!("[s]\nk={value}"), "s.k").map(|found| found.0), Some(false));
        }
        assert_eq!(at("[s]\nk=\"a b\"", "s.k"), Some((true, "a b".into())));
        assert_eq!(at("[s]\nk=a;b#c", "s.k"), Some((true, "a;b#c".into())));
    }

    #[test]
    fn a_name_in_other_letters_is_the_same_name() {
        let path = NodePath::parse("s.api_key").unwrap();
        let text = "[s]\nAPI_KEY = 1\n";
        let tree = Ini.read(text).unwrap();
        let made = Ini.insert(text, &tree, path.steps(), &Fresh::Text(Value::new("x")));
        assert!(matches!(made, Err(Problem::Unsupported { .. })));
    }
}
