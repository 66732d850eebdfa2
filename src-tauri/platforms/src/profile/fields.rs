//! Reading what a profile says about answers: pointers, fields, converters,
//! conditions, error texts.

use keywright_model::{Status, Verdict};
use regex_lite::Regex;

use crate::{
    ProfileError,
    convert::{self, Converter},
    extract::{Condition, ErrorRules, Extract, Field, Place, Pointer, Test},
    probe::Rule,
    profile::node::{Node, Table, names, tick},
    profile::template::literal,
};

/// Where error texts usually are.
const MESSAGES: [&str; 7] = [
    "/error/message",
    "/error/0/message",
    "/errors/0/message",
    "/errors/0",
    "/message",
    "/error",
    "/detail",
];
const CODES: [&str; 5] =
    ["/error/code", "/errors/0/extensions/code", "/code", "/id", "/error/name"];

/// The words for simple converters.
const CONVERTERS: [(&str, Converter); 11] = [
    ("iso", Converter::Iso),
    ("unix_s", Converter::UnixS),
    ("unix_ms", Converter::UnixMs),
    ("date_utc_midnight", Converter::DateUtcMidnight),
    ("date_utc_end", Converter::DateUtcEnd),
    ("sql_ts", Converter::SqlTs),
    ("any_time", Converter::AnyTime),
    ("zero_time_is_none", Converter::ZeroTimeIsNone),
    ("number_from_string", Converter::NumberFromString),
    ("csv", Converter::Csv),
    ("pairs", Converter::Pairs),
];

/// A JSON pointer.
pub(crate) fn pointer(node: &Node<'_>) -> Result<Pointer, ProfileError> {
    let expected = "a JSON pointer such as `/data/id`, or `` for the whole answer";
    Pointer::new(node.text(expected)?).ok_or_else(|| node.wrong(expected))
}

/// A pointer or a list of them.
pub(crate) fn pointers(node: &Node<'_>) -> Result<Vec<Pointer>, ProfileError> {
    node.one_or_more().iter().map(pointer).collect()
}

/// A regular expression.
pub(crate) fn pattern(node: &Node<'_>) -> Result<Regex, ProfileError> {
    let expected = "a regular expression";
    let text = node.text(expected)?;
    Regex::new(text).map_err(|error| node.error(tick(text), format!("{expected} ({error})")))
}

/// A field: a pointer, a table, or a list of them of which the first counts.
pub(crate) fn field(node: &Node<'_>) -> Result<Field, ProfileError> {
    let mut places = Vec::new();
    for item in node.one_or_more() {
        if item.as_text().is_some() {
            places.push(Place::At(pointer(&item)?, Vec::new()));
            continue;
        }
        let mut table = item
            .table("a JSON pointer, or a table with `pointer`, `first_of`, `all_of` or `const`")?;
        let steps = converters(&mut table)?;
        if let Some(fixed) = table.get("const") {
            places.push(Place::Const(fixed.words("a text")?));
        }
        for source in
            table.get("first_of").map(|node| pointers(&node)).transpose()?.into_iter().flatten()
        {
            places.push(Place::At(source, steps.clone()));
        }
        if let Some(sources) = table.get("all_of") {
            let sources = sources.list("a list of fields")?;
            places.push(Place::All(sources.iter().map(field).collect::<Result<_, _>>()?));
        }
        if let Some(source) = table.get("pointer") {
            places.push(Place::At(pointer(&source)?, steps));
        }
        table.end()?;
    }
    if places.is_empty() {
        return Err(node.error("no place", "`pointer`, `first_of`, `all_of` or `const`"));
    }
    Ok(Field(places))
}

fn converters(table: &mut Table<'_>) -> Result<Vec<Converter>, ProfileError> {
    let Some(node) = table.get("convert") else { return Ok(Vec::new()) };
    node.one_or_more().iter().map(|step| converter(step, table)).collect()
}

fn converter(node: &Node<'_>, table: &mut Table<'_>) -> Result<Converter, ProfileError> {
    let word = node.text("the name of a converter")?;
    match word {
        "affix" => Ok(Converter::Affix),
        "bool_to_status" => Ok(Converter::BoolToStatus {
            yes: status(&table.need("when_true", "the status that `true` means")?)?,
            no: status(&table.need("when_false", "the status that `false` means")?)?,
        }),
        "enum_map" => {
            let expected = "the platform's words and what they mean";
            let map = table.need("map", expected)?.table(expected)?;
            let pairs =
                map.entries().map(|(_, from, to)| Ok((from.to_owned(), to.words("a word")?)));
            Ok(Converter::EnumMap(pairs.collect::<Result<_, ProfileError>>()?))
        }
        "prefixed" => {
            let expected = "what is put before each text";
            Ok(Converter::Prefixed(table.need_words("prefix", expected)?))
        }
        _ => CONVERTERS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, converter)| converter.clone())
            .ok_or_else(|| {
                let simple = CONVERTERS.iter().map(|(name, _)| *name);
                let all = simple.chain(["affix", "bool_to_status", "enum_map", "prefixed"]);
                node.wrong(format!("one of {}", names(all)))
            }),
    }
}

fn status(node: &Node<'_>) -> Result<Status, ProfileError> {
    node.one_of(&convert::STATUSES)
}

/// Reads the fields of `extract` that are there.
pub(crate) fn extract(table: &mut Table<'_>) -> Result<Extract, ProfileError> {
    let mut out = Extract::default();
    if let Some(node) = table.get("items") {
        out.items = pointers(&node)?;
    }
    if let Some(node) = table.get("secret") {
        out.secret = pointers(&node)?;
    }
    let slots: [(&'static str, &mut Field); 13] = [
        ("id", &mut out.id),
        ("name", &mut out.name),
        ("hint", &mut out.hint),
        ("hint_prefix", &mut out.hint_prefix),
        ("hint_suffix", &mut out.hint_suffix),
        ("scopes", &mut out.scopes),
        ("owner", &mut out.owner),
        ("owner_kind", &mut out.owner_kind),
        ("environment", &mut out.environment),
        ("status", &mut out.status),
        ("created", &mut out.created),
        ("expires", &mut out.expires),
        ("last_used", &mut out.last_used),
    ];
    for (key, slot) in slots {
        if let Some(node) = table.get(key) {
            *slot = field(&node)?;
        }
    }
    Ok(out)
}

/// Statuses: a number, a list, or words such as `2xx`.
pub(crate) fn statuses(node: &Node<'_>) -> Result<Vec<u16>, ProfileError> {
    let mut out = Vec::new();
    for item in node.one_or_more() {
        match item.as_text() {
            Some("2xx") => out.extend(200..300),
            Some("4xx") => out.extend(400..500),
            Some(_) => return Err(item.wrong("a status such as `200`, or `2xx`, `4xx`")),
            None => out.push(item.integer(100..=599)?),
        }
    }
    Ok(out)
}

/// A condition: `status`, and `pointer` with `op` and `value`.
pub(crate) fn condition(table: &mut Table<'_>) -> Result<Condition, ProfileError> {
    let mut out = Condition::default();
    if let Some(node) = table.get("status") {
        out.status = statuses(&node)?;
    }
    let op = table.get("op");
    let value = table.get("value");
    if let Some(node) = table.get("pointer") {
        let op = op.ok_or_else(|| {
            node.error("`pointer` without `op`", "`op`, for example `exists` or `equals`")
        })?;
        out.body = Some((pointer(&node)?, test(&op, value)?));
    } else if let Some(op) = op {
        return Err(op.error("`op` without `pointer`", "`pointer`, what is to be compared"));
    }
    if out.status.is_empty() && out.body.is_none() {
        return Err(table.node().error("an empty condition", "`status`, or `pointer` with `op`"));
    }
    Ok(out)
}

fn test(op: &Node<'_>, value: Option<Node<'_>>) -> Result<Test, ProfileError> {
    let word = op.text("an operator")?;
    let need = || {
        value.clone().ok_or_else(|| op.error(format!("{} without `value`", tick(word)), "`value`"))
    };
    let test = match word {
        "exists" => Test::Exists,
        "missing" => Test::Missing,
        "equals" => Test::Equals(literal(&need()?)?),
        "not_equals" => Test::NotEquals(literal(&need()?)?),
        "contains" => Test::Contains(need()?.words("a text")?),
        "matches" => Test::Matches(pattern(&need()?)?),
        _ => {
            let all = ["exists", "missing", "equals", "not_equals", "contains", "matches"];
            return Err(op.wrong(format!("one of {}", names(all))));
        }
    };
    match (&test, value) {
        (Test::Exists | Test::Missing, Some(value)) => {
            Err(value.error("a `value`", format!("none, as `{word}` compares with nothing")))
        }
        _ => Ok(test),
    }
}

/// Reads `[errors]`.
pub(crate) fn errors(table: Option<Table<'_>>) -> Result<ErrorRules, ProfileError> {
    let usual = |list: &[&str]| list.iter().filter_map(|text| Pointer::new(text)).collect();
    let mut rules = ErrorRules {
        message: usual(&MESSAGES),
        code: usual(&CODES),
        missing_scope: None,
        unauthorized: vec![401],
    };
    let Some(mut table) = table else { return Ok(rules) };
    if let Some(node) = table.get("message") {
        rules.message = pointers(&node)?;
    }
    if let Some(node) = table.get("code") {
        rules.code = pointers(&node)?;
    }
    if let Some(node) = table.get("missing_scope") {
        let found = pattern(&node)?;
        if found.captures_len() != 2 {
            return Err(node.wrong("a regular expression with one group, the scope"));
        }
        rules.missing_scope = Some(found);
    }
    if let Some(node) = table.get("unauthorized") {
        rules.unauthorized = statuses(&node)?;
    }
    table.end()?;
    Ok(rules)
}

/// Reads the rules of a probe.
pub(crate) fn rules(table: &mut Table<'_>) -> Result<Vec<Rule>, ProfileError> {
    let mut out = Vec::new();
    for mut rule in table.tables("rules")? {
        let condition = condition(&mut rule)?;
        let node = rule.need("verdict", "one of `alive`, `limited`, `dead`, `unknown`")?;
        let verdict = match node.text("a verdict")? {
            "alive" => Verdict::Alive,
            "limited" => Verdict::Limited { missing: None },
            "dead" => Verdict::Dead,
            "unknown" => Verdict::Unknown { why: "the profile's rule".into() },
            _ => return Err(node.wrong("one of `alive`, `limited`, `dead`, `unknown`")),
        };
        let unsure = condition.status.iter().any(|status| *status == 429 || *status >= 500);
        if verdict == Verdict::Dead && (unsure || condition.status.is_empty()) {
            let expected = "statuses below 500 and not 429 beside it: trouble does not mean dead";
            return Err(node.error("`dead`", expected));
        }
        rule.end()?;
        out.push(Rule { condition, verdict });
    }
    Ok(out)
}
