//! Reading templates: every variable is looked up while the text is read, so a
//! misspelt one is an error with its place and never an empty value at call time.

use serde_json::{Number, Value};

use crate::{
    ProfileError,
    profile::node::{Node, names, tick},
    template::{ExpiryUnit, PageVar, Piece, Text, Tree, Var, WhenNone},
};

/// What may be named at one place of a profile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// The connection's settings.
    pub(crate) account: Vec<String>,
    /// Those of them that are paths.
    pub(crate) paths: Vec<String>,
    /// The lines of the credential; empty for one text.
    pub(crate) parts: Vec<String>,
    /// The axes of the scopes.
    pub(crate) axes: Vec<String>,
    /// The scopes that are listed.
    pub(crate) choices: Vec<String>,
    /// The key to be made: name, scopes, expiry.
    pub(crate) making: bool,
    /// The new name only.
    pub(crate) naming: bool,
    /// The key's id.
    pub(crate) key_id: bool,
    /// The key's secret.
    pub(crate) key_secret: bool,
    /// Paging.
    pub(crate) page: bool,
    /// The secret that authenticates the call.
    pub(crate) credential: bool,
    /// The token that a log-in gave.
    pub(crate) login: bool,
    /// The new key's secret, where we make it.
    pub(crate) new_secret: bool,
    /// Things asked for at call time.
    pub(crate) ask: bool,
    /// How "never" is sent.
    pub(crate) never: Option<WhenNone>,
    /// What tells where in a secret store a secret is.
    pub(crate) place: Vec<String>,
    /// Those of them that are paths.
    pub(crate) place_paths: Vec<String>,
    /// A secret sealed for the store.
    pub(crate) sealed: bool,
}

impl Known {
    /// Only the connection's settings.
    pub(crate) fn account_only(&self) -> Self {
        Self { account: self.account.clone(), paths: self.paths.clone(), ..Self::default() }
    }

    /// The connection's settings and the lines of its credential.
    pub(crate) fn account_only_with_parts(&self) -> Self {
        Self { parts: self.parts.clone(), ..self.account_only() }
    }

    /// Every variable, for "expected one of".
    fn all(&self) -> Vec<String> {
        let mut all: Vec<String> =
            self.account.iter().map(|name| format!("account.{name}")).collect();
        let mut add = |yes: bool, more: &[&str]| {
            if yes {
                all.extend(more.iter().map(|name| (*name).to_owned()));
            }
        };
        add(self.making || self.naming, &["name"]);
        add(self.making, &["scopes"]);
        add(self.key_id, &["key.id"]);
        add(self.key_secret, &["key.secret"]);
        add(self.making && self.new_secret, &["new_secret"]);
        add(self.page, &["page.number", "page.size", "page.offset", "page.cursor"]);
        add(self.credential && self.parts.is_empty(), &["credential"]);
        add(self.login, &["login.token"]);
        add(self.ask, &["ask.…"]);
        add(self.sealed, &["sealed", "seal.key_id"]);
        all.extend(self.place.iter().map(|name| format!("place.{name}")));
        if self.making {
            all.extend(self.axes.iter().map(|axis| format!("scopes.{axis}")));
            all.extend(ExpiryUnit::ALL.iter().map(|(name, _)| format!("expires.{name}")));
        }
        if self.credential {
            all.extend(self.parts.iter().map(|part| format!("credential.{part}")));
        }
        all
    }

    fn find(&self, name: &str) -> Option<Var> {
        let (head, tail) = name.split_once('.').unwrap_or((name, ""));
        match (head, tail) {
            ("account", _) if self.paths.iter().any(|path| path == tail) => {
                Some(Var::AccountPath(tail.to_owned()))
            }
            ("account", _) => self
                .account
                .iter()
                .any(|known| known == tail)
                .then(|| Var::Account(tail.to_owned())),
            ("name", "") if self.making || self.naming => Some(Var::Name),
            ("scopes", "") if self.making => Some(Var::Scopes),
            ("scopes", _) if self.making => {
                self.axes.iter().any(|axis| axis == tail).then(|| Var::Axis(tail.to_owned()))
            }
            ("expires", _) if self.making => ExpiryUnit::ALL
                .iter()
                .find(|(unit, _)| *unit == tail)
                .map(|(_, unit)| Var::Expires(*unit)),
            ("key", "id") if self.key_id => Some(Var::KeyId),
            ("key", "secret") if self.key_secret => Some(Var::KeySecret),
            ("new_secret", "") if self.making && self.new_secret => Some(Var::NewSecret),
            ("page", "number") if self.page => Some(Var::Page(PageVar::Number)),
            ("page", "size") if self.page => Some(Var::Page(PageVar::Size)),
            ("page", "offset") if self.page => Some(Var::Page(PageVar::Offset)),
            ("page", "cursor") if self.page => Some(Var::Page(PageVar::Cursor)),
            ("credential", "") if self.credential && self.parts.is_empty() => Some(Var::Credential),
            ("credential", _) if self.credential => {
                self.parts.iter().position(|part| part == tail).map(Var::CredentialPart)
            }
            ("login", "token") if self.login => Some(Var::LoginToken),
            ("ask", _) if self.ask && !tail.is_empty() => Some(Var::Ask(tail.to_owned())),
            ("place", _) if self.place_paths.iter().any(|path| path == tail) => {
                Some(Var::PlacePath(tail.to_owned()))
            }
            ("place", _) if self.place.iter().any(|known| known == tail) => {
                Some(Var::Place(tail.to_owned()))
            }
            ("sealed", "") if self.sealed => Some(Var::Sealed),
            ("seal", "key_id") if self.sealed => Some(Var::SealKeyId),
            _ => None,
        }
    }

    fn var(&self, node: &Node<'_>, name: &str) -> Result<Var, ProfileError> {
        self.find(name).ok_or_else(|| {
            let all = self.all();
            node.error(
                format!("the variable {}", tick(name)),
                if all.is_empty() {
                    "no variable here".to_owned()
                } else {
                    format!("one of {}", names(all.iter().map(String::as_str)))
                },
            )
        })
    }
}

/// A text with `{variables}`; `{{` and `}}` stand for braces.
pub(crate) fn text(node: &Node<'_>, known: &Known) -> Result<Text, ProfileError> {
    let source = node.text("a text")?;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut plain = String::new();
    let mut rest = source;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            plain.push_str(if from.starts_with('{') { "{" } else { "}" });
            rest = after;
            continue;
        }
        let inside = from.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let Some((name, after)) = inside else {
            let expected = "`{variable}`, or `{{` and `}}` for the braces themselves";
            return Err(node.error(format!("a lone brace in {}", tick(source)), expected));
        };
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Var(known.var(node, name)?));
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(Text(pieces))
}

/// A text in which only the connection's settings may stand.
pub(crate) fn account_text(node: &Node<'_>, known: &Known) -> Result<Text, ProfileError> {
    text(node, &known.account_only())
}

/// A text for a path or a query: no secret may stand in it.
pub(crate) fn public_text(node: &Node<'_>, known: &Known) -> Result<Text, ProfileError> {
    let text = text(node, known)?;
    let secret = text.0.iter().any(|piece| matches!(piece, Piece::Var(var) if var.is_secret()));
    if secret {
        let expected = "a secret in a header or a body only: addresses are logged on the way";
        return Err(node.error("a secret in an address", expected));
    }
    Ok(text)
}

/// A path: it begins with `/`, and holds no query and no dots that climb.
pub(crate) fn path(node: &Node<'_>, known: &Known) -> Result<Text, ProfileError> {
    let expected = "a path such as `/v1/keys/{key.id}`, without query";
    let source = node.text(expected)?;
    let bad_letter = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '\\');
    let climbs = source.split('/').any(|segment| segment == "." || segment == "..");
    if !source.starts_with('/') || source.contains("//") || source.contains(bad_letter) || climbs {
        return Err(node.wrong(expected));
    }
    public_text(node, known)
}

/// A body: TOML values stand for themselves, `{ "$var" = "…" }` for a variable,
/// `{ "$has" = "…" }` for whether a scope was chosen, `{ "$null" = true }` for null.
pub(crate) fn tree(node: &Node<'_>, known: &Known) -> Result<Tree, ProfileError> {
    if let Some(text) = node.as_text() {
        return Ok(Tree::Literal(Value::from(text)));
    }
    if let Some(number) = node.as_integer() {
        return Ok(Tree::Literal(Value::from(number)));
    }
    if let Some(number) = node.as_float().and_then(Number::from_f64) {
        return Ok(Tree::Literal(Value::Number(number)));
    }
    if let Some(yes) = node.as_boolean() {
        return Ok(Tree::Literal(Value::Bool(yes)));
    }
    if let Some(items) = node.as_list() {
        return items
            .iter()
            .map(|item| tree(item, known))
            .collect::<Result<_, _>>()
            .map(Tree::List);
    }
    let table = node.table("a value that JSON has: text, number, truth, list or table")?;
    if table.entries().any(|(_, name, _)| name.starts_with('$')) {
        return placeholder(node, known);
    }
    table
        .entries()
        .map(|(_, name, value)| Ok((name.to_owned(), tree(&value, known)?)))
        .collect::<Result<_, _>>()
        .map(Tree::Object)
}

fn placeholder(node: &Node<'_>, known: &Known) -> Result<Tree, ProfileError> {
    let mut table = node.table("a table")?;
    if let Some(null) = table.get("$null") {
        if !null.boolean()? {
            return Err(null.wrong("`true`"));
        }
        table.end()?;
        return Ok(Tree::Literal(Value::Null));
    }
    if let Some(scope) = table.get("$has") {
        let word = scope.text("a scope")?;
        if !known.making || !known.choices.iter().any(|choice| choice == word) {
            return Err(scope.wrong("a scope that is listed, where a key is made"));
        }
        table.end()?;
        return Ok(Tree::Has(word.to_owned()));
    }
    let name = table.need("$var", "the name of a variable")?;
    let var = known.var(&name, name.text("the name of a variable")?)?;
    let omit = table.flag("omit_if_none")?;
    let null = table.flag("null_if_none")?;
    if omit && null {
        let expected = "one of `omit_if_none` and `null_if_none`, not both";
        return Err(node.error("both", expected));
    }
    let when_none = match (&var, known.never) {
        _ if null => WhenNone::Null,
        (Var::Expires(_), Some(never)) if !omit => never,
        _ => WhenNone::Omit,
    };
    table.end()?;
    Ok(Tree::Var(var, when_none))
}

/// A TOML value as JSON, for comparisons.
pub(crate) fn literal(node: &Node<'_>) -> Result<Value, ProfileError> {
    match tree(node, &Known::default())? {
        Tree::Literal(value) => Ok(value),
        Tree::List(_) | Tree::Object(_) | Tree::Var(..) | Tree::Has(_) => {
            Err(node.wrong("a text, a number, `true`, `false` or `{ \"$null\" = true }`"))
        }
    }
}
