//! npm's `.npmrc`: `name = value`, split at the first `=`, `#` and `;` remarks; `${NAME}` stays
//! as it is. Its reader is npm's `ini`
//! (<https://github.com/npm/ini/blob/v5.0.0/lib/ini.js>), where an unescaped `;` or `#` ends a
//! value even without a blank before it, and quotes are JSON's.

use std::ops::Range;

use super::{
    Fresh, Node, Problem, Splice, Syntax, Value, ini,
    sections::Rules,
    token::{Quote, inner, no_outer_blanks, one_line},
};
use crate::path::Step;

const NAME: &str = "npmrc";

const RULES: Rules = Rules {
    format: NAME,
    delimiters: &['='],
    continued: false,
    quoted_names: true,
    caseless: false,
    between: "=",
    value,
    token,
};

/// What npm reads in another way than it stands there.
const SPECIAL: [char; 5] = ['#', ';', '\\', '"', '\''];

/// npm's `.npmrc`.
pub(crate) struct Npmrc;

impl Syntax for Npmrc {
    fn name(&self) -> &'static str {
        NAME
    }

    fn occupied(&self, token: &str) -> Option<&'static str> {
        Some(ini::occupied(token))
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

fn value(token: &str, span: Range<usize>) -> Node {
    let own = match Quote::of(token) {
        Quote::Bare => token,
        Quote::Single | Quote::Double => inner(token),
    };
    if own.contains(SPECIAL) {
        Node::Other(Value::new(token), span)
    } else {
        Node::Text(Value::new(own), span)
    }
}

fn token(value: &str, old: &str) -> Result<String, Problem> {
    one_line(value, NAME)?;
    no_outer_blanks(value, NAME)?;
    if value.contains(SPECIAL) {
        let why = "npm reads a `#`, `;`, backslash or quote in it in another way";
        return Err(Problem::Unwritable { format: NAME, why });
    }
    Ok(Quote::of(old).around(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_split_at_the_first_equals_sign() {
        let text = "; note\nregistry = https://registry.example/\n\
                    //registry.example/:_authToken=${NPM_TOKEN}\n//b/:_auth = YQ==\n\
                    always-auth\nx=a;b\n";
        let tree = Npmrc.read(text).unwrap();
        let texts: Vec<_> = tree
            .texts()
            .into_iter()
            .map(|(path, value, _)| (path.to_string(), value.text().to_owned()))
            .collect();
        let expected = [
            ("registry", "https://registry.example/"),
            ("\"//registry.example/:_authToken\"", "${NPM_TOKEN}"),
            ("\"//b/:_auth\"", "YQ=="),
        ];
        assert_eq!(texts, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_npm_cuts_is_not_written() {
        for value in ["a;b", "a#b", "a\\b", "\"a\"", " a", "a\nb"] {
            assert!(matches!(Npmrc.token(value, ""), Err(Problem::Unwritable { .. })), "{value}");
        }
        assert_eq!(Npmrc.token("new", "\"old\"").unwrap(), "\"new\"");
    }
}
