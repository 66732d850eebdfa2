//! A platform's secret store: where keys are put for the platform's own runs, written by API and
//! never read again. The calls, what tells one place from another, and the rules for names.

use std::collections::BTreeMap;

use regex_lite::Regex;

use crate::{
    ProfileError, StorePlaceError,
    extract::{Extract, Field},
    profile::{
        VariableForm, Variables, fields,
        node::{Node, Table},
        operation::{self, Operation, Side},
        paging::Paging,
        template::{self, Known},
        variables,
    },
    template::{Text, Tree, Values},
};

/// A store that keys can be put into.
#[derive(Debug)]
pub struct SecretStore {
    /// What people call one of its secrets.
    pub label: String,
    /// What tells one place from another, besides the secret's name.
    pub params: Vec<VariableForm>,
    /// What the credential must be allowed to do, and what else helps when the platform refuses.
    pub help: String,
    /// The most bytes of a secret.
    pub max_bytes: usize,
    names: NameRules,
    shelves: Vec<Shelf>,
}

/// What names of secrets look like.
#[derive(Debug)]
struct NameRules {
    pattern: Regex,
    expected: String,
    /// Beginnings that the platform keeps for itself, compared without case.
    reserved: Vec<String>,
    /// The platform keeps names in capitals, so that case tells nothing.
    capitals: bool,
}

/// One kind of place within a store, told by the parameters that it needs.
#[derive(Debug)]
pub(crate) struct Shelf {
    params: Vec<String>,
    words: Text,
    pub(crate) calls: Calls,
}

/// The calls of one shelf.
#[derive(Debug)]
pub(crate) struct Calls {
    /// Reads the key that secrets are sealed for.
    pub(crate) public_key: Operation,
    pub(crate) key_field: Field,
    /// Tells whether a secret is there, and since when.
    pub(crate) stat: Operation,
    pub(crate) updated_field: Field,
    /// Makes or replaces a secret.
    pub(crate) put: Operation,
    /// Removes one.
    pub(crate) delete: Operation,
}

/// One place in a store, checked: which shelf, what was told, and the secret's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorePlace {
    pub(crate) shelf: usize,
    pub(crate) told: Variables,
    name: String,
    words: String,
}

impl StorePlace {
    /// The secret's name, as the platform keeps it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is, in words: `octo-org/octo-repo, environment production`.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// All that was told, to be stored: the parameters that count, and the name.
    pub fn to_map(&self) -> BTreeMap<String, String> {
        let told = self.told.iter().filter(|(_, value)| !value.is_empty());
        let own = told.map(|(name, value)| (name.to_owned(), value.to_owned()));
        own.chain([(NAME.to_owned(), self.name.clone())]).collect()
    }

    /// The values of a call about this place.
    pub(crate) fn values(&self) -> Values<'_> {
        Values { place: Some(&self.told), name: Some(&self.name), ..Values::default() }
    }
}

/// The parameter that every place has: the secret's name.
const NAME: &str = "name";
/// How the calls are named in the language.
const PUBLIC_KEY: &str = "public_key";
/// The most bytes that a profile may allow.
const MOST_BYTES: i64 = 1_024 * 1_024;

impl SecretStore {
    /// The place that is meant, when all of it is told and fits.
    pub fn place(&self, told: &BTreeMap<String, String>) -> Result<StorePlace, StorePlaceError> {
        let name = self.names.check(told.get(NAME).map(String::as_str).unwrap_or_default())?;
        let mut rest = told.clone();
        rest.remove(NAME);
        rest.retain(|_, value| !value.trim().is_empty());
        let told = variables::resolve(&self.params, &rest)?;
        let fits = |shelf: &Shelf| {
            shelf.params.len() == rest.len()
                && shelf.params.iter().all(|name| rest.contains_key(name))
        };
        let shelf = self.shelves.iter().position(fits).ok_or_else(|| self.which(&rest))?;
        let words = self.shelves.get(shelf).map(|shelf| in_words(&shelf.words, &told));
        Ok(StorePlace { shelf, told, name, words: words.unwrap_or_default() })
    }

    /// The shelves, each by the parameters that it needs.
    pub fn shelves(&self) -> impl Iterator<Item = &[String]> {
        self.shelves.iter().map(|shelf| shelf.params.as_slice())
    }

    pub(crate) fn calls(&self, place: &StorePlace) -> Option<&Calls> {
        self.shelves.get(place.shelf).map(|shelf| &shelf.calls)
    }

    pub(crate) fn all_calls(&self) -> impl Iterator<Item = &Calls> {
        self.shelves.iter().map(|shelf| &shelf.calls)
    }

    fn which(&self, told: &BTreeMap<String, String>) -> StorePlaceError {
        let one = |params: &[String]| params.join(" and ");
        StorePlaceError::Unclear {
            told: told.keys().cloned().collect::<Vec<_>>().join(" and "),
            choices: self.shelves().map(one).collect::<Vec<_>>().join("; "),
        }
    }
}

impl NameRules {
    fn check(&self, name: &str) -> Result<String, StorePlaceError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(StorePlaceError::NoName);
        }
        let begins = |word: &&String| {
            name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        if let Some(word) = self.reserved.iter().find(begins) {
            return Err(StorePlaceError::Reserved { name: name.to_owned(), word: word.clone() });
        }
        if !self.pattern.is_match(name) {
            let expected = self.expected.clone();
            return Err(StorePlaceError::Name { name: name.to_owned(), expected });
        }
        Ok(if self.capitals { name.to_ascii_uppercase() } else { name.to_owned() })
    }
}

/// The shelf's words for people: values as they are, nothing encoded.
fn in_words(text: &Text, told: &Variables) -> String {
    let values = Values { place: Some(told), ..Values::default() };
    text.fill(&values).ok().flatten().map(|text| text.as_str().to_owned()).unwrap_or_default()
}

/// Reads `[secret_store]`.
pub(crate) fn parse(
    table: Option<Table<'_>>,
    known: &Known,
) -> Result<Option<SecretStore>, ProfileError> {
    let Some(mut table) = table else { return Ok(None) };
    let params = variables::parse(&mut table, "params")?;
    if params.iter().any(|param| param.name == NAME) {
        let expected = "other parameters: `name` is the secret's own name and always asked for";
        return Err(table.node().error("the parameter `name`", expected));
    }
    // The one way of sealing that there is; a word, so that another can stand beside it.
    table.need("seal", "`sealed_box`")?.one_of(&[("sealed_box", ())])?;
    let max_bytes =
        table.need("max_bytes", "the most bytes of a secret")?.integer(1..=MOST_BYTES)?;
    let names = table.need("names", "the rules for names")?.table("a table")?;
    let mut templates = Templates::parse(&mut table, known)?;
    let shelves = table.tables("shelves")?;
    if shelves.is_empty() {
        return Err(table.node().error("no `[[shelves]]`", "at least one kind of place"));
    }
    let shelves = shelves
        .into_iter()
        .map(|shelf| self::shelf(shelf, &params, known, &mut templates))
        .collect::<Result<Vec<_>, _>>()?;
    let store = SecretStore {
        label: table.need_words("label", "what people call one of its secrets")?,
        help: table.need_words("help", "what the credential must be allowed to do")?,
        params,
        max_bytes,
        names: self::names(names)?,
        shelves,
    };
    table.end()?;
    Ok(Some(store))
}

fn names(mut table: Table<'_>) -> Result<NameRules, ProfileError> {
    let rules = NameRules {
        pattern: fields::pattern(&table.need("pattern", "what a whole name looks like")?)?,
        expected: table.need_words("expected", "the same in words")?,
        reserved: table.texts("reserved")?,
        capitals: table.flag("capitals")?,
    };
    table.end()?;
    Ok(rules)
}

/// The four calls with paths below a shelf's own.
struct Templates {
    public_key: (Operation, Field),
    stat: (Operation, Field),
    put: Operation,
    delete: Operation,
}

impl Templates {
    fn parse(table: &mut Table<'_>, known: &Known) -> Result<Self, ProfileError> {
        let plain = Known { ask: false, ..known.account_only() };
        let named = Known { naming: true, ..plain.clone() };
        let sealed = Known { sealed: true, ..named.clone() };
        let mut call = |key: &'static str, known: &Known, field| {
            let sub = table.need(key, "a call of the store")?.table("a table")?;
            operation(sub, known, field)
        };
        let public_key = call(PUBLIC_KEY, &plain, Some("key"))?;
        let stat = call("stat", &named, Some("updated"))?;
        let (put, _) = call("put", &sealed, None)?;
        let (delete, _) = call("delete", &named, None)?;
        if !put.call.mentions(&crate::template::Var::Sealed) {
            let expected = "`sealed` in its body: what the platform is to keep";
            return Err(table.node().error("a `put` that carries no secret", expected));
        }
        Ok(Self { public_key, stat, put, delete })
    }

    /// The calls of one shelf: its path before each call's own, its members in what is put.
    fn on(&self, path: &Text, body: &[(String, Tree)]) -> Calls {
        let below = |operation: &Operation| {
            let mut operation = operation.clone();
            operation.call.path = Text([path.0.clone(), operation.call.path.0].concat());
            operation
        };
        let mut put = below(&self.put);
        if let Some(Tree::Object(members)) = &mut put.call.body {
            members.extend(body.iter().cloned());
        }
        Calls {
            public_key: below(&self.public_key.0),
            key_field: self.public_key.1.clone(),
            stat: below(&self.stat.0),
            updated_field: self.stat.1.clone(),
            put,
            delete: below(&self.delete),
        }
    }
}

/// One call, and the field of its answer that is read besides the id.
fn operation(
    mut table: Table<'_>,
    known: &Known,
    wanted: Option<&'static str>,
) -> Result<(Operation, Field), ProfileError> {
    let call = operation::call(&mut table, known)?;
    let reads = wanted.is_some();
    if reads != (call.method == reqwest::Method::GET) {
        let expected = "`GET` for what reads, and another method for what changes something";
        return Err(table.node().error(format!("`{}`", call.method), expected));
    }
    let gone_status = match table.get("gone_status") {
        Some(node) => fields::statuses(&node)?,
        None => vec![404],
    };
    let (mut extract, mut field) = (Extract::default(), Field::default());
    if let Some(wanted) = wanted {
        let mut sub = table.need("extract", "where the answer has what")?.table("a table")?;
        field = fields::field(&sub.need(wanted, "where it stands")?)?;
        if wanted == "key" {
            extract.id = fields::field(&sub.need("id", "where the key's id is")?)?;
        }
        sub.end()?;
    }
    table.end()?;
    let (page, rules) = (Paging::default(), Vec::new());
    Ok((
        Operation { call, side: Side::Manage, retry: reads, gone_status, extract, page, rules },
        field,
    ))
}

fn shelf(
    mut table: Table<'_>,
    params: &[VariableForm],
    known: &Known,
    templates: &mut Templates,
) -> Result<Shelf, ProfileError> {
    let node = table.need("params", "the parameters that tell such a place")?;
    let own = node
        .list("a list of parameters")?
        .iter()
        .map(|item| param(item, params))
        .collect::<Result<Vec<_>, _>>()?;
    let is_own = |form: &&VariableForm| own.contains(&form.name);
    let known = Known {
        place: own.clone(),
        place_paths: params
            .iter()
            .filter(is_own)
            .filter(|form| form.path)
            .map(|form| form.name.clone())
            .collect(),
        ..known.account_only()
    };
    let words = template::public_text(&table.need("words", "the place in words")?, &known)?;
    let path = template::path(&table.need("path", "what the calls' paths begin with")?, &known)?;
    let body = match table.get("body") {
        Some(node) => match template::tree(&node, &known)? {
            Tree::Object(members) => members,
            _ => return Err(node.wrong("a table of members that `put` has besides")),
        },
        None => Vec::new(),
    };
    table.end()?;
    Ok(Shelf { calls: templates.on(&path, &body), params: own, words })
}

fn param(item: &Node<'_>, params: &[VariableForm]) -> Result<String, ProfileError> {
    let name = item.words("the name of a parameter")?;
    if params.iter().any(|param| param.name == name) {
        return Ok(name);
    }
    Err(item.wrong("a parameter of `[[secret_store.params]]`"))
}
