//! Edits of line-based files: every case of `fixtures/edit` comes out as it is written there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fs, path::Path};

use keywright_clients::{
    Format, Node, NodePath,
    edit::{self, Wanted},
    format::{Fresh, Value},
};

const FORMATS: [(&str, Format); 7] = [
    ("dotenv", Format::Dotenv),
    ("fish", Format::Fish),
    ("ini", Format::Ini),
    ("netrc", Format::Netrc),
    ("npmrc", Format::Npmrc),
    ("shell", Format::Shell),
    ("systemd", Format::Systemd),
];

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
    value: String,
}

fn yes() -> bool {
    true
}

#[test]
fn every_fixture_comes_out_as_it_is_written() {
    let mut seen = 0;
    for (folder, format) in FORMATS {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edit").join(folder);
        for case in fs::read_dir(root).unwrap() {
            check(format, folder, &case.unwrap().path());
            seen += 1;
        }
    }
    println!("{seen} cases");
    assert!(seen >= 80, "{seen} cases");
}

fn check(format: Format, folder: &str, case: &Path) {
    let name = case.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display();
    let file = |what: &str| fs::read(case.join(format!("{what}.{folder}")));
    let change: Change =
        toml::from_str(&fs::read_to_string(case.join("change.toml")).unwrap()).unwrap();
    let before = file("before").unwrap();
    let path = |text: &str| NodePath::parse(text).unwrap();
    let beside = change
        .beside
        .iter()
        .map(|beside| (path(&beside.path), Fresh::Text(Value::new(beside.value.clone()))));
    let wanted = Wanted {
        path: path(&change.path),
        value: Value::new(change.value.clone()),
        beside: beside.collect(),
    };
    let edited = edit::apply(format, &before, &wanted);
    if let Some(refused) = &change.refused {
        assert_eq!(edited.unwrap_err().to_string(), *refused, "{name}");
        assert!(file("after").is_err(), "{name}: a refused edit has no result");
        return;
    }
    let edited = edited.unwrap_or_else(|problem| panic!("{name}: {problem}"));
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(shown(&edited.bytes), shown(&file("after").unwrap()), "{name}");

    let tree = edit::read(format, &before).unwrap();
    if let Some(Node::Text(old, _)) = tree.at(wanted.path.steps()).unwrap() {
        let back = Wanted { value: old.clone(), ..wanted };
        let back = edit::apply(format, &edited.bytes, &back).unwrap();
        assert_eq!(back.bytes == before, change.reverts, "{name}: set back");
    }
}
