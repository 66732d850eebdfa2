//! Reading an operation: how the call is made, what counts as done, what is
//! taken from the answer, how a list goes on.

use std::collections::BTreeMap;

use reqwest::{Method, header::HeaderName};

use crate::{
    ProfileError,
    extract::{Condition, Extract, Pointer, Test},
    probe::Rule,
    profile::{
        Capability, Variables, auth, fields,
        node::{Node, Table, tick},
        paging::{self, Paging},
        template::{self, Known},
    },
    template::{Text, Tree, Var},
};

/// What can be done by API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OperationKind {
    List,
    Get,
    Create,
    Relabel,
    Disable,
    Enable,
    Revoke,
    Rotate,
    Probe,
}

impl OperationKind {
    pub(crate) const ALL: [(&'static str, Self); 9] = [
        ("list", Self::List),
        ("get", Self::Get),
        ("create", Self::Create),
        ("relabel", Self::Relabel),
        ("disable", Self::Disable),
        ("enable", Self::Enable),
        ("revoke", Self::Revoke),
        ("rotate", Self::Rotate),
        ("probe", Self::Probe),
    ];

    pub(crate) fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    /// The operation that a capability stands on.
    pub(crate) const fn of(capability: Capability) -> Option<Self> {
        Some(match capability {
            Capability::List => Self::List,
            Capability::Get => Self::Get,
            Capability::Create => Self::Create,
            Capability::Relabel => Self::Relabel,
            Capability::Disable => Self::Disable,
            Capability::Enable => Self::Enable,
            Capability::Revoke => Self::Revoke,
            Capability::RotateInPlace | Capability::RotateOverlap => Self::Rotate,
            Capability::Probe => Self::Probe,
            Capability::Rescope
            | Capability::SetExpiryLater
            | Capability::SelfRotate
            | Capability::ProbeReturnsIdentity
            | Capability::ScopeCatalogue
            | Capability::ManualCreate
            | Capability::ManualRevoke
            | Capability::SecretStore => return None,
        })
    }

    /// Whether it changes nothing, so that it may be tried again.
    pub(crate) const fn reads(self) -> bool {
        matches!(self, Self::List | Self::Get | Self::Probe)
    }

    /// Whether its answer holds a secret.
    const fn gives_secret(self) -> bool {
        matches!(self, Self::Create | Self::Rotate)
    }

    fn known(self, base: &Known) -> Known {
        Known {
            making: matches!(self, Self::Create | Self::Rotate),
            naming: matches!(self, Self::Relabel),
            key_id: !matches!(self, Self::List | Self::Create | Self::Probe),
            key_secret: matches!(self, Self::Probe),
            page: matches!(self, Self::List),
            ask: !matches!(self, Self::Probe),
            ..base.clone()
        }
    }
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyType {
    Json,
    Form,
}

/// Whose credential authenticates the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Manage,
    Using,
    None,
}

/// One HTTP call as a template.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: Text,
    pub(crate) query: Vec<(String, Text)>,
    pub(crate) headers: Vec<(HeaderName, Text)>,
    pub(crate) body: Option<Tree>,
    pub(crate) body_type: BodyType,
    pub(crate) ok_status: Vec<u16>,
    pub(crate) ok_if: Vec<Condition>,
}

impl Call {
    /// Whether a variable stands in its query or its body.
    pub(crate) fn mentions(&self, var: &Var) -> bool {
        self.query.iter().any(|(_, text)| text.mentions(var))
            || self.body.as_ref().is_some_and(|body| body.mentions(var))
    }
}

/// An operation as a template.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) call: Call,
    pub(crate) side: Side,
    /// Whether it may be tried again when it failed.
    pub(crate) retry: bool,
    /// Statuses that mean that the key is not there any more.
    pub(crate) gone_status: Vec<u16>,
    pub(crate) extract: Extract,
    pub(crate) page: Paging,
    pub(crate) rules: Vec<Rule>,
}

impl Operation {
    /// Whether the connection has what the path needs. Where it has not, there is
    /// no such operation on it.
    pub(crate) fn is_on(&self, variables: &Variables) -> bool {
        self.call.path.account().all(|name| variables.get(name).is_some_and(|v| !v.is_empty()))
    }
}

/// Reads `[operations]`.
pub(crate) fn parse(
    table: Option<Table<'_>>,
    known: &Known,
) -> Result<BTreeMap<OperationKind, Operation>, ProfileError> {
    let mut out = BTreeMap::new();
    let Some(mut table) = table else { return Ok(out) };
    for (word, kind) in OperationKind::ALL {
        if let Some(sub) = table.sub(word)? {
            out.insert(kind, operation(sub, kind, &kind.known(known))?);
        }
    }
    table.end()?;
    Ok(out)
}

fn operation(
    mut table: Table<'_>,
    kind: OperationKind,
    known: &Known,
) -> Result<Operation, ProfileError> {
    let call = call(&mut table, known)?;
    let retry = match table.get("retry") {
        Some(node) => {
            let safe = node.one_of(&[("safe", true), ("never", false)])?;
            if safe && !kind.reads() {
                let expected = "`never`: what changes something is never sent twice";
                return Err(node.wrong(expected));
            }
            safe
        }
        None => kind.reads(),
    };
    let side = match table.get("auth") {
        Some(node) => {
            node.one_of(&[("manage", Side::Manage), ("use", Side::Using), ("none", Side::None)])?
        }
        None if kind == OperationKind::Probe => Side::Using,
        None => Side::Manage,
    };
    let gone_status = match table.get("gone_status") {
        Some(node) if kind == OperationKind::Revoke => fields::statuses(&node)?,
        Some(node) => return Err(node.error("`gone_status`", "it on `[operations.revoke]` only")),
        None => vec![404],
    };
    let made_here = call.mentions(&Var::NewSecret);
    let extract = extract(&mut table, kind, made_here)?;
    let page = match table.sub("page")? {
        Some(sub) if kind == OperationKind::List => paging::parse(sub, &call)?,
        Some(sub) => return Err(sub.node().error("`page`", "it on `[operations.list]` only")),
        None => Paging::default(),
    };
    let rules = rules(&mut table, kind)?;
    table.end()?;
    Ok(Operation { call, side, retry, gone_status, extract, page, rules })
}

fn rules(table: &mut Table<'_>, kind: OperationKind) -> Result<Vec<Rule>, ProfileError> {
    let rules = fields::rules(table)?;
    if kind != OperationKind::Probe {
        return if rules.is_empty() {
            Ok(rules)
        } else {
            Err(table.node().error("`rules`", "them on `[operations.probe]` only"))
        };
    }
    let dead = rules.iter().any(|rule| rule.verdict == keywright_model::Verdict::Dead);
    if !dead {
        let expected = "at least one rule with the verdict `dead`";
        return Err(table.node().error("a probe that never says `dead`", expected));
    }
    Ok(rules)
}

fn extract(
    table: &mut Table<'_>,
    kind: OperationKind,
    made_here: bool,
) -> Result<Extract, ProfileError> {
    let Some(mut sub) = table.sub("extract")? else {
        let needed =
            matches!(kind, OperationKind::List | OperationKind::Get) || kind.gives_secret();
        return if needed {
            Err(table.node().error("no `extract`", "`extract`: where the answer has what"))
        } else {
            Ok(Extract::default())
        };
    };
    let out = fields::extract(&mut sub)?;
    let lacks = |what: &str, expected: &str| {
        Err(sub.node().error(format!("no `{what}`"), format!("`{what}`, {expected}")))
    };
    if kind == OperationKind::List && out.items.is_empty() {
        return lacks("items", "where the list is");
    }
    // A rotation without one keeps the key's own.
    let keeps_id = matches!(kind, OperationKind::Probe | OperationKind::Rotate);
    if !keeps_id && out.id.0.is_empty() {
        return lacks("id", "where a key's id is");
    }
    if kind.gives_secret() && out.secret.is_empty() && !made_here {
        return lacks("secret", "where the secret is");
    }
    if !kind.gives_secret() && !out.secret.is_empty() {
        let expected = "it on `[operations.create]` or `[operations.rotate]` only";
        return Err(sub.node().error("`secret`", expected));
    }
    sub.end()?;
    Ok(out)
}

/// Reads the call itself.
pub(crate) fn call(table: &mut Table<'_>, known: &Known) -> Result<Call, ProfileError> {
    let method = table.need("method", "an HTTP method")?.one_of(&[
        ("GET", 0),
        ("POST", 1),
        ("PUT", 2),
        ("PATCH", 3),
        ("DELETE", 4),
    ])?;
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let method = methods.get(method).cloned().unwrap_or_default();
    let path = template::path(&table.need("path", "a path such as `/v1/keys`")?, known)?;
    let query = match table.sub("query")? {
        Some(sub) => query(&sub, known)?,
        None => Vec::new(),
    };
    let headers = match table.sub("headers")? {
        Some(sub) => auth::header_map(&sub, known)?,
        None => Vec::new(),
    };
    let body_node = table.get("body");
    let body = body_node.as_ref().map(|node| template::tree(node, known)).transpose()?;
    let mut ok_if = Vec::new();
    let body_type = match table.get("body_type") {
        Some(node) => {
            let kind = node.one_of(&[("json", 0), ("form", 1), ("graphql", 2)])?;
            if kind == 2 {
                graphql(&node, &method, body.as_ref())?;
                ok_if.extend(Pointer::new("/errors").map(|pointer| Condition {
                    status: Vec::new(),
                    body: Some((pointer, Test::Missing)),
                }));
            }
            if kind == 1 { BodyType::Form } else { BodyType::Json }
        }
        None => BodyType::Json,
    };
    if let (Some(node), BodyType::Form) = (&body_node, body_type) {
        flat(node, body.as_ref())?;
    }
    let ok_status = match table.get("ok_status") {
        Some(node) => {
            let found = fields::statuses(&node)?;
            if found.iter().any(|status| !(200..300).contains(status)) {
                return Err(node.wrong("statuses from 200 to 299: others never mean success"));
            }
            found
        }
        None => vec![200, 201, 202, 204],
    };
    for mut condition in table.tables("ok_if")? {
        ok_if.push(fields::condition(&mut condition)?);
        condition.end()?;
    }
    Ok(Call { method, path, query, headers, body, body_type, ok_status, ok_if })
}

fn graphql(node: &Node<'_>, method: &Method, body: Option<&Tree>) -> Result<(), ProfileError> {
    let asks = matches!(body, Some(Tree::Object(members)) if members.iter().any(|(name, _)| name == "query"));
    if *method == Method::POST && asks {
        return Ok(());
    }
    Err(node.error("`graphql`", "it with the method `POST` and a `body` that has `query`"))
}

fn flat(node: &Node<'_>, body: Option<&Tree>) -> Result<(), ProfileError> {
    let Some(Tree::Object(members)) = body else {
        return Err(node.wrong("a table of values, as `body_type` is `form`"));
    };
    match members.iter().find(|(_, member)| matches!(member, Tree::Object(_))) {
        Some((name, _)) => {
            Err(node
                .error(format!("a table at {}", tick(name)), "texts, numbers or lists in a form"))
        }
        None => Ok(()),
    }
}

fn query(table: &Table<'_>, known: &Known) -> Result<Vec<(String, Text)>, ProfileError> {
    table
        .entries()
        .map(|(_, name, value)| {
            let text = match (value.as_integer(), value.as_boolean()) {
                (Some(number), _) => Text(vec![crate::template::Piece::Text(number.to_string())]),
                (_, Some(yes)) => Text(vec![crate::template::Piece::Text(yes.to_string())]),
                _ => template::public_text(&value, known)?,
            };
            Ok((name.to_owned(), text))
        })
        .collect()
}
