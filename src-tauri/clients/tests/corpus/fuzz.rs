//! Arbitrary texts, and texts of the corpus with bytes knocked out: nothing panics, and what
//! is changed is changed in one place.

use std::{fmt, ops::Range, sync::LazyLock};

use keywright_clients::{Format, Node, NodePath, Step, edit};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::{
    check::{apply, gone, only_adds, says_why, wanted},
    odd,
    render::files,
    shapes::SHAPES,
};

const FORMATS: [Format; 7] = [
    Format::Dotenv,
    Format::Ini,
    Format::Npmrc,
    Format::Netrc,
    Format::Shell,
    Format::Fish,
    Format::Systemd,
];

/// Texts to spoil.
static FILES: LazyLock<Vec<(Format, Vec<u8>)>> = LazyLock::new(|| {
    let shapes = SHAPES.iter().filter(|shape| FORMATS.contains(&shape.format));
    let made = shapes.flat_map(|shape| files(shape).into_iter().step_by(7));
    let odd = odd::files().into_iter().filter(|(format, ..)| FORMATS.contains(format));
    made.map(|file| (file.format, file.bytes))
        .chain(odd.map(|(format, _, bytes)| (format, bytes)))
        .collect()
});

/// Pieces that mean something in one of the formats.
const PIECES: [&str; 40] = [
    "A",
    "B=",
    "=",
    "'",
    "\"",
    "`",
    "\\",
    "$",
    "#",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "export ",
    "[s]",
    ":",
    ";",
    "machine h ",
    "login x ",
    "password ",
    "macdef m",
    "default ",
    "set -gx A ",
    "end",
    "if true",
    "fi",
    "{",
    "}",
    "(",
    ")",
    "<<EOF",
    "EOF",
    "case ",
    "esac",
    "é",
    "\u{feff}",
    "key",
    "# >>> keywright >>>",
    "# <<< keywright <<<",
];

/// A file's content, shown as text.
#[derive(Clone)]
struct Bytes(Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0))
    }
}

fn texts() -> impl Strategy<Value = Bytes> {
    let pieces = vec(prop::sample::select(&PIECES[..]), 0..40);
    prop_oneof![
        1 => vec(any::<u8>(), 0..120),
        1 => "\\PC{0,80}".prop_map(String::into_bytes),
        6 => pieces.prop_map(|pieces| pieces.concat().into_bytes()),
    ]
    .prop_map(Bytes)
}

fn spoiled() -> impl Strategy<Value = (Format, Bytes)> {
    let knock = (any::<Index>(), 0_usize..4, prop::sample::select(&PIECES[..]));
    (any::<Index>(), vec(knock, 1..6)).prop_map(|(which, knocks)| {
        let (format, mut bytes) = which.get(&FILES).clone();
        for (at, length, piece) in knocks {
            let start = at.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, piece.bytes());
        }
        (format, Bytes(bytes))
    })
}

/// Sets every value and makes a new one.
fn try_all(format: Format, bytes: &[u8], value: &str) -> Result<(), TestCaseError> {
    let tree = match edit::read(format, bytes) {
        Ok(tree) => tree,
        Err(problem) => {
            says_why(&problem, &[]);
            return Ok(());
        }
    };
    let mark = if bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    let mut values = Vec::new();
    walk(&tree, &NodePath::default(), &mut values);
    for (path, span) in values {
        match apply(format, bytes, &wanted(&path.to_string(), value, &[])) {
            Ok(after) if after == bytes => {}
            Ok(after) => {
                let (start, end) = (span.start + mark, span.end + mark);
                let changed = gone(bytes, &after);
                prop_assert!(start <= changed.start && changed.end <= end, "{}", path);
                prop_assert_eq!(bytes.get(..start), after.get(..start));
                let tail = bytes.len() - end;
                prop_assert_eq!(bytes.get(end..), after.get(after.len() - tail..));
            }
            Err(problem) => says_why(&problem, &[]),
        }
    }
    for path in ["NEW_NAME", "NEW_NAME.password", "A", "h.password", "s.key"] {
        let there = tree.at(NodePath::parse(path).unwrap().steps()).ok().flatten().is_some();
        match apply(format, bytes, &wanted(path, value, &[])) {
            Ok(after) if !there => prop_assert!(only_adds(bytes, &after).is_some(), "{}", path),
            Ok(_) => {}
            Err(problem) => says_why(&problem, &[]),
        }
    }
    Ok(())
}

/// All values of a tree with their paths and bytes.
fn walk(node: &Node, path: &NodePath, found: &mut Vec<(NodePath, Range<usize>)>) {
    match node {
        Node::Map(members, _) => {
            for (name, below) in members {
                walk(below, &path.join(Step::Key(name.clone())), found);
            }
        }
        Node::List(..) => {}
        Node::Text(_, span) | Node::Other(_, span) => found.push((path.clone(), span.clone())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_text_makes_a_format_panic(bytes in texts(), value in "[ -~é]{0,12}") {
        for format in FORMATS {
            try_all(format, &bytes.0, &value)?;
        }
    }

    #[test]
    fn no_spoiled_file_is_changed_in_two_places(
        (format, bytes) in spoiled(),
        value in "[ -~]{1,12}",
    ) {
        try_all(format, &bytes.0, "sk-test-not-a-real-key-0002")?;
        try_all(format, &bytes.0, &value)?;
    }
}
