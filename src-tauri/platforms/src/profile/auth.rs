//! How a call says who it is. Managing keys and using one are separate settings.

use std::time::Duration;

use reqwest::header::HeaderName;

use crate::{
    ProfileError,
    extract::Pointer,
    profile::{
        fields,
        node::{Node, Table},
        operation::{self, Call},
        template::{self, Known},
    },
    template::{Text, Var},
};

/// The auth of both sides.
#[derive(Debug, Clone)]
pub(crate) struct AuthRules {
    /// For managing keys.
    pub(crate) manage: Auth,
    /// For a key itself: the probe.
    pub(crate) using: Auth,
}

/// One way to say who one is.
#[derive(Debug, Clone)]
pub(crate) enum Auth {
    /// Nothing is said.
    None,
    /// One or more headers.
    Headers(Vec<(HeaderName, Text)>),
    /// User and password, as in RFC 7617.
    Basic { user: Text, password: Text },
    /// A call that gives a token, and headers that carry it.
    Login(Box<Login>),
}

/// A log-in.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) call: Call,
    pub(crate) token: Token,
    /// How long the token may be used.
    pub(crate) lifetime: Duration,
    pub(crate) headers: Vec<(HeaderName, Text)>,
}

/// Where a log-in's answer has its token.
#[derive(Debug, Clone)]
pub(crate) enum Token {
    Pointer(Pointer),
    Cookie(String),
}

/// Reads `[auth]`.
pub(crate) fn parse(table: Option<Table<'_>>, known: &Known) -> Result<AuthRules, ProfileError> {
    let Some(mut table) = table else {
        return Ok(AuthRules { manage: Auth::None, using: Auth::None });
    };
    let manage_known = Known { credential: true, ..known.account_only_with_parts() };
    let use_known = Known { credential: true, ..known.account_only() };
    let manage = table.sub("manage")?.map(|side| auth(side, &manage_known)).transpose()?;
    let using = table.sub("use")?.map(|side| auth(side, &use_known)).transpose()?;
    let node = table.node().clone();
    table.end()?;
    let using = match (using, &manage) {
        (Some(using), _) => using,
        (None, Some(Auth::Headers(headers))) if known.parts.is_empty() => {
            Auth::Headers(headers.clone())
        }
        (None, Some(_)) => {
            return Err(node.error("no `[auth.use]`", "`[auth.use]`: how a key itself is sent"));
        }
        (None, None) => Auth::None,
    };
    Ok(AuthRules { manage: manage.unwrap_or(Auth::None), using })
}

fn auth(mut table: Table<'_>, known: &Known) -> Result<Auth, ProfileError> {
    let expected = "one of `header`, `headers`, `basic`, `login`, `none`";
    let kind = table.need("kind", expected)?;
    let auth = match kind.text(expected)? {
        "none" => Auth::None,
        "header" => {
            let name = table.need("name", "a header's name, such as `Authorization`")?;
            let value = table.need("value", "its value, such as `Bearer {credential}`")?;
            let value_text = template::text(&value, known)?;
            says_who(&value, &value_text)?;
            Auth::Headers(vec![(header_name(&name, name.text("a header's name")?)?, value_text)])
        }
        "headers" => Auth::Headers(headers(&mut table, known)?),
        "basic" => Auth::Basic {
            user: template::text(&table.need("user", "the user part")?, known)?,
            password: template::text(&table.need("password", "the password part")?, known)?,
        },
        "login" => Auth::Login(Box::new(login(&mut table, known)?)),
        _ => return Err(kind.wrong(expected)),
    };
    table.end()?;
    Ok(auth)
}

fn says_who(node: &Node<'_>, text: &Text) -> Result<(), ProfileError> {
    let secret = text.0.iter().any(|piece| match piece {
        crate::template::Piece::Var(var) => var.is_secret(),
        crate::template::Piece::Text(_) => false,
    });
    if secret { Ok(()) } else { Err(node.wrong("a value with `{credential}` in it")) }
}

fn login(table: &mut Table<'_>, known: &Known) -> Result<Login, ProfileError> {
    let asking = Known { ask: true, ..known.clone() };
    let mut request = table.need("request", "the log-in call")?.table("the log-in call")?;
    let call = operation::call(&mut request, &asking)?;
    request.end()?;
    let cookie = table.get("cookie").map(|node| node.words("a cookie's name")).transpose()?;
    let token = match (table.get("token"), cookie) {
        (Some(node), None) => Token::Pointer(fields::pointer(&node)?),
        (None, Some(name)) => Token::Cookie(name),
        (Some(node), Some(_)) => {
            return Err(node.error("`token` and `cookie`", "one of them"));
        }
        (None, None) => {
            return Err(table.node().error("no token", "`token`, a pointer, or `cookie`, a name"));
        }
    };
    let lifetime: u64 =
        table.need("lifetime_s", "seconds that the token may be used")?.integer(1..=31_536_000)?;
    let sending = Known { login: true, credential: false, ..known.clone() };
    let headers = headers(table, &sending)?;
    if !headers.iter().any(|(_, text)| text.mentions(&Var::LoginToken)) {
        let expected = "a header with `{login.token}` in it";
        return Err(table.node().error("no header that carries the token", expected));
    }
    Ok(Login { call, token, lifetime: Duration::from_secs(lifetime), headers })
}

fn headers(table: &mut Table<'_>, known: &Known) -> Result<Vec<(HeaderName, Text)>, ProfileError> {
    let expected = "names and values of headers";
    let map = table.need("headers", expected)?.table(expected)?;
    header_map(&map, known)
}

/// Names and values of headers.
pub(crate) fn header_map(
    table: &Table<'_>,
    known: &Known,
) -> Result<Vec<(HeaderName, Text)>, ProfileError> {
    table
        .entries()
        .map(|(key, name, value)| Ok((header_name(&key, name)?, template::text(&value, known)?)))
        .collect()
}

fn header_name(node: &Node<'_>, name: &str) -> Result<HeaderName, ProfileError> {
    let expected = "a header's name that a profile may set";
    let parsed: HeaderName =
        name.parse().map_err(|_| node.error(super::node::tick(name), expected))?;
    let fixed = ["host", "content-length", "transfer-encoding", "connection", "referer", "te"];
    if fixed.contains(&parsed.as_str()) {
        return Err(node.error(super::node::tick(name), expected));
    }
    Ok(parsed)
}
