//! Nothing panics, nothing but the value changes, and another reader agrees: over any text,
//! over the fixtures with bytes knocked out, and over documents in all styles.

use std::{fs, path::Path, sync::LazyLock};

use keywright_clients::{
    Format, Node, NodePath, Step,
    edit::{self, Wanted},
    format::Value,
};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::{
    documents::{Doc, document, render},
    only_adds,
    readers::{other_reader, put},
};

const FORMATS: [Format; 4] = [Format::Json, Format::Jsonc, Format::Toml, Format::Yaml];

/// Every fixture's file before its edit.
static FILES: LazyLock<Vec<(Format, Vec<u8>)>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edit");
    let of = |format| {
        let folder = match format {
            Format::Json => "json",
            Format::Jsonc => "jsonc",
            Format::Toml => "toml",
            _ => "yaml",
        };
        let cases = fs::read_dir(root.join(folder)).unwrap();
        let files = cases.map(move |case| {
            fs::read(case.unwrap().path().join(format!("before.{folder}"))).unwrap()
        });
        files.map(move |bytes| (format, bytes)).collect::<Vec<_>>()
    };
    FORMATS.into_iter().flat_map(of).collect()
});

/// The paths of all texts, and paths of new members and items.
fn paths(node: &Node) -> Vec<NodePath> {
    let mut found: Vec<_> = node.texts().into_iter().map(|(path, ..)| path).collect();
    fresh_paths(node, &NodePath::default(), &mut found);
    found
}

fn fresh_paths(node: &Node, path: &NodePath, found: &mut Vec<NodePath>) {
    let new = |name: &str| path.join(Step::Key(name.to_owned()));
    match node {
        Node::Map(members, _) => {
            found.push(new("new-name"));
            found.push(new("new name").join(Step::Key("on".to_owned())));
            for (name, below) in members {
                fresh_paths(below, &new(name), found);
            }
        }
        Node::List(items, _) => {
            found.push(path.join(Step::Index(items.len())));
            found.push(path.join(Step::Index(items.len())).join(Step::Key("k".to_owned())));
            for (at, below) in items.iter().enumerate() {
                fresh_paths(below, &path.join(Step::Index(at)), found);
            }
        }
        Node::Text(..) | Node::Other(..) => {}
    }
}

/// Makes one of the edits that a file has room for. Whether it was made.
fn edit_and_judge(format: Format, bytes: &[u8], choice: Index, value: &str) -> bool {
    let Ok(tree) = edit::read(format, bytes) else { return false };
    let paths = paths(&tree);
    if paths.is_empty() {
        return false;
    }
    let wanted =
        Wanted { path: choice.get(&paths).clone(), value: Value::new(value), beside: Vec::new() };
    let Ok(edited) = edit::apply(format, bytes, &wanted) else { return false };
    let shown = String::from_utf8_lossy(bytes);
    let after = String::from_utf8_lossy(&edited.bytes);
    let span = &edited.splice.span;
    assert!(edited.bytes.starts_with(&bytes[..span.start]), "{shown}\n{after}");
    assert!(edited.bytes.ends_with(&bytes[span.end..]), "{shown}\n{after}");
    let path = wanted.path.steps();
    let replaced = matches!(tree.at(path), Ok(Some(Node::Text(..))));
    assert!(replaced || only_adds(bytes, &edited.bytes), "{shown}\n{after}");
    // Readers differ, whatever is edited, in what is there twice, and in YAML in lines of tabs.
    let unclear = doubled(&tree) || format == Format::Yaml && shown.contains("\n\t");
    if let Some(mut expected) = other_reader(format, bytes)
        && !unclear
    {
        put(&mut expected, path, value.into());
        assert_eq!(
            other_reader(format, &edited.bytes),
            Some(expected),
            "{}\n--- before\n{shown}\n--- after\n{after}",
            wanted.path
        );
    }
    true
}

fn doubled(node: &Node) -> bool {
    match node {
        Node::Map(members, _) => {
            let names: std::collections::BTreeSet<_> =
                members.iter().map(|(name, _)| name).collect();
            names.len() < members.len() || members.iter().any(|(_, node)| doubled(node))
        }
        Node::List(items, _) => items.iter().any(doubled),
        Node::Text(..) | Node::Other(..) => false,
    }
}

/// Texts of the characters that mean something to a parser.
fn noise() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,40}",
        "[{}\\[\\]:,\"' \n\t#/*a-c0-9=.\\\\&!|>~%@`?<\r-]{0,60}",
        "([a-c]{1,2}|[:=] |\n|  |- |\"|'|\\{|\\}|\\[|\\]|,|# x|// x|/\\*|\\*/|&a |\\*a|<<: |\\|\n|\r\n){0,30}",
    ]
}

/// Values, most of them hostile.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9_-]{1,20}",
        "[ -~]{0,20}",
        "[0-9.:eExX_+~-]{1,8}",
        ".{0,12}",
        Just("line\nline\r\n\ttab\u{0}\u{7f}\u{85}\u{2028}\u{feff}".to_owned()),
    ]
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in noise(), choice: Index, value in value()) {
        for format in FORMATS {
            edit_and_judge(format, text.as_bytes(), choice, &value);
        }
    }

    #[test]
    fn broken_fixtures_are_edited_rightly_or_not_at_all(
        file: Index,
        cuts in vec((any::<Index>(), 0_usize..6, noise()), 0..4),
        choice: Index,
        value in value(),
    ) {
        let (format, mut bytes) = file.get(&FILES).clone();
        for (at, length, with) in cuts {
            let at = at.index(bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, with.into_bytes());
        }
        edit_and_judge(format, &bytes, choice, &value);
    }

    #[test]
    fn flipped_bytes_are_edited_rightly_or_not_at_all(
        file: Index,
        flips in vec((any::<Index>(), any::<u8>()), 1..4),
        choice: Index,
    ) {
        let (format, mut bytes) = file.get(&FILES).clone();
        for (at, with) in flips {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = with & 0x7f;
            }
        }
        edit_and_judge(format, &bytes, choice, "sk-test-not-a-real-key-0002");
    }

    #[test]
    fn a_document_in_any_style_takes_any_edit(
        doc in document(),
        style in vec(any::<u8>(), 64),
        choice: Index,
        value in value(),
    ) {
        for format in FORMATS {
            let text = render(format, &doc, &style);
            prop_assert!(edit::read(format, text.as_bytes()).is_ok(), "{format:?}\n{text}");
            let made = edit_and_judge(format, text.as_bytes(), choice, &value);
            prop_assert!(made, "{format:?} {value:?}\n{text}");
        }
    }

    #[test]
    fn a_value_set_back_gives_the_old_bytes(
        doc in document(),
        style in vec(any::<u8>(), 64),
        choice: Index,
    ) {
        for format in FORMATS {
            let text = render(format, &doc, &style);
            let tree = edit::read(format, text.as_bytes()).unwrap();
            let texts = tree.texts();
            if texts.is_empty() {
                continue;
            }
            let (path, old, _) = choice.get(&texts);
            let set = |bytes: &[u8], value: Value| {
                let wanted = Wanted { path: path.clone(), value, beside: Vec::new() };
                edit::apply(format, bytes, &wanted).unwrap().bytes
            };
            let changed = set(text.as_bytes(), Value::new("other"));
            let back = set(&changed, (*old).clone());
            prop_assert_eq!(String::from_utf8(back).unwrap(), text);
        }
    }
}

#[test]
fn what_it_reads_as_strict_json_another_reader_reads_too() {
    let mut runner = proptest::test_runner::TestRunner::default();
    runner
        .run(&noise(), |text| {
            let ours = edit::read(Format::Json, text.as_bytes()).is_ok();
            prop_assert_eq!(
                ours,
                other_reader(Format::Json, text.as_bytes()).is_some(),
                "{}",
                text
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn nesting_without_end_is_refused() {
    for (format, open) in [
        (Format::Json, "["),
        (Format::Json, "{\"a\":"),
        (Format::Jsonc, "[\n"),
        (Format::Toml, "a = [["),
        (Format::Toml, "a.a.a.a.a.a.a.a."),
        (Format::Yaml, "["),
        (Format::Yaml, "{a: "),
        (Format::Yaml, "- "),
        (Format::Yaml, "? "),
    ] {
        let text = open.repeat(50_000);
        assert!(edit::read(format, text.as_bytes()).is_err(), "{format:?} {open}");
    }
}

/// A file of the shape and size of an old `~/.claude.json`. Prints how long an edit takes:
/// `cargo test --release -p keywright-clients --test structured -- --ignored --nocapture`.
#[test]
#[ignore = "measures; run it in a release build"]
fn a_large_file_takes_a_moment() {
    let entry = "        { \"display\": \"fix \\\"it\\\" and say ü\\n\", \"pastedContents\": {} }";
    let history = vec![entry; 8_000].join(",\n");
    let project = |at: usize| {
        format!(
            "    \"/home/ada/{at}\": {{ \"history\": [\n{history}\n    ], \"mcpServers\": {{}} }}"
        )
    };
    let projects = (0..32).map(project).collect::<Vec<_>>().join(",\n");
    let json = format!("{{\n  \"projects\": {{\n{projects}\n  }},\n  \"k\": \"old\"\n}}\n");
    let many = |entry: &str| (0..60_000).map(|at| entry.replace('N', &at.to_string())).collect();
    let yaml: String = many("nameN:\n  é: \"x\" # y\n  z: [1, two]\n");
    let toml: String = many("[nameN]\na = \"x\" # y\nz = [1, \"two\"]\n");
    for (format, text, old, new) in [
        (Format::Json, &json, "k", "projects.\"/home/ada/7\".mcpServers.a.env.K"),
        (Format::Jsonc, &json, "k", "mcpServers.a.env.K"),
        (Format::Toml, &toml, "name59999.a", "name30000.env.K"),
        (Format::Yaml, &yaml, "name59999.é", "name30000.env.K"),
    ] {
        for path in [old, new] {
            let path = NodePath::parse(path).unwrap_or_else(|| {
                NodePath(path.split('.').map(|name| Step::Key(name.to_owned())).collect())
            });
            let wanted = Wanted { path, value: Value::new("new"), beside: Vec::new() };
            let start = std::time::Instant::now();
            edit::apply(format, text.as_bytes(), &wanted).unwrap();
            let (size, took) = (text.len() / 1_024, start.elapsed().as_millis());
            println!("{format:?}: {size} KiB, {} in {took} ms", wanted.path);
        }
    }
}

#[test]
fn a_rendered_document_says_what_it_is_made_of() {
    let doc = Doc::Map(vec![("a".to_owned(), Doc::Text("b".to_owned()))]);
    for format in FORMATS {
        let text = render(format, &doc, &[0; 64]);
        assert_eq!(other_reader(format, text.as_bytes()).unwrap()["a"], "b", "{text}");
    }
}
