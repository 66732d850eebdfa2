//! Every case of `fixtures/edit`, of all formats; and properties of JSON, TOML and YAML over files
//! that nobody thought of. Of those three a second reader of another family judges every result.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod documents;
mod properties;
mod readers;

use std::{fs, path::Path};

use keywright_clients::{
    Format, Node, NodePath,
    edit::{self, Wanted},
    format::{Fresh, Value},
};
use readers::{at, other_reader, put};

/// One case: what to put where, and what becomes of it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    path: String,
    value: String,
    #[serde(default)]
    beside: Vec<Beside>,
    /// The whole message, where the edit is refused.
    refused: Option<String>,
    /// Whether setting the old value again gives the old bytes.
    #[serde(default = "yes")]
    reverts: bool,
}

#[derive(serde::Deserialize)]
struct Beside {
    path: String,
    value: toml::Value,
}

fn yes() -> bool {
    true
}

fn fresh(value: &toml::Value) -> Fresh {
    match value {
        toml::Value::String(text) => Fresh::Text(Value::new(text.clone())),
        toml::Value::Boolean(flag) => Fresh::Flag(*flag),
        toml::Value::Array(items) => Fresh::List(items.iter().map(fresh).collect()),
        toml::Value::Table(members) => {
            Fresh::Map(members.iter().map(|(name, value)| (name.clone(), fresh(value))).collect())
        }
        _ => panic!("a text, true or false, a list or a table"),
    }
}

#[test]
fn every_fixture_comes_out_as_it_is_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edit");
    let mut seen = 0;
    for (folder, format) in [
        ("dotenv", Format::Dotenv),
        ("fish", Format::Fish),
        ("ini", Format::Ini),
        ("json", Format::Json),
        ("jsonc", Format::Jsonc),
        ("netrc", Format::Netrc),
        ("npmrc", Format::Npmrc),
        ("shell", Format::Shell),
        ("systemd", Format::Systemd),
        ("toml", Format::Toml),
        ("yaml", Format::Yaml),
    ] {
        let mut cases: Vec<_> =
            fs::read_dir(root.join(folder)).unwrap().map(|case| case.unwrap().path()).collect();
        cases.sort();
        for case in cases {
            check(format, folder, &case);
            seen += 1;
        }
    }
    assert!(seen >= 200, "{seen} cases");
}

fn check(format: Format, extension: &str, case: &Path) {
    let name = case.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display();
    let file = |what: &str| fs::read(case.join(format!("{what}.{extension}")));
    let change: Change =
        toml::from_str(&fs::read_to_string(case.join("change.toml")).unwrap()).unwrap();
    let path = NodePath::parse(&change.path).unwrap();
    let before = file("before").unwrap();
    let beside: Vec<_> = change
        .beside
        .iter()
        .map(|beside| (NodePath::parse(&beside.path).unwrap(), fresh(&beside.value)))
        .collect();
    let wanted = Wanted { path: path.clone(), value: Value::new(change.value.clone()), beside };
    let edited = edit::apply(format, &before, &wanted);
    if let Some(refused) = &change.refused {
        assert_eq!(edited.unwrap_err().to_string(), *refused, "{name}");
        assert!(file("after").is_err(), "{name}: a refused edit has no result");
        return;
    }
    let edited = edited.unwrap_or_else(|problem| panic!("{name}: {problem}"));
    let after = file("after").unwrap_or_default();
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(shown(&edited.bytes), shown(&after), "{name}");

    if matches!(format, Format::Json | Format::Jsonc | Format::Toml | Format::Yaml) {
        judged(format, (&before, &edited.bytes), &change, &name.to_string());
    }
    match edit::read(format, &before).unwrap().at(path.steps()).unwrap() {
        Some(Node::Text(old, _)) => {
            let back = Wanted { value: old.clone(), ..wanted };
            let back = edit::apply(format, &edited.bytes, &back).unwrap();
            assert_eq!(back.bytes == before, change.reverts, "{name}: set back");
        }
        Some(_) => {}
        None => assert!(only_adds(&before, &edited.bytes), "{name}: an insert only adds"),
    }
}

/// The other reader sees the change, and nothing else.
fn judged(format: Format, (before, after): (&[u8], &[u8]), change: &Change, name: &str) {
    let path = NodePath::parse(&change.path).unwrap();
    let mut expected = other_reader(format, before).unwrap_or_else(|| panic!("{name}: before"));
    let old = at(&expected, path.steps()).cloned();
    if old.is_none() {
        for beside in &change.beside {
            let own_path = NodePath::parse(&beside.path).unwrap();
            let table = own_path.0[..own_path.0.len() - 1].to_vec();
            // Only tables that are not there yet are filled.
            let own = at(&other_reader(format, before).unwrap(), &table)
                .is_none_or(serde_json::Value::is_null);
            if own && own_path.0.starts_with(&path.0[..1]) {
                put(&mut expected, own_path.steps(), serde_json::to_value(&beside.value).unwrap());
            }
        }
    }
    put(&mut expected, path.steps(), change.value.clone().into());
    assert_eq!(other_reader(format, after), Some(expected), "{name}: the other reader");
}

/// Whether the new bytes are the old ones with others between them.
fn only_adds(before: &[u8], after: &[u8]) -> bool {
    let mut rest = after.iter();
    before.iter().all(|byte| rest.any(|other| other == byte))
}
