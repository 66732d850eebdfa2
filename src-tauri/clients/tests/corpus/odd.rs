//! Hand-made odd files: whatever they are, they are changed in one place or left alone.

use std::{fs, path::Path};

use keywright_clients::{Format, NodePath, Step, edit};

use crate::{
    check::{apply, gone, only_adds, says_why, wanted},
    is_built,
};

const NEW: &str = "sk-test-not-a-real-key-0002";

const FOLDERS: [(&str, Format); 11] = [
    ("json", Format::Json),
    ("jsonc", Format::Jsonc),
    ("toml", Format::Toml),
    ("yaml", Format::Yaml),
    ("dotenv", Format::Dotenv),
    ("ini", Format::Ini),
    ("npmrc", Format::Npmrc),
    ("netrc", Format::Netrc),
    ("shell", Format::Shell),
    ("fish", Format::Fish),
    ("systemd", Format::Systemd),
];

/// Every odd file with its format and name.
pub(crate) fn files() -> Vec<(Format, String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/odd");
    let mut found = Vec::new();
    for (folder, format) in FOLDERS {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = format!("{folder}/{}", path.file_name().unwrap().display());
            found.push((format, name, fs::read(&path).unwrap()));
        }
    }
    found
}

#[derive(Default)]
struct Counts {
    files: usize,
    unread: usize,
    set: usize,
    refused: usize,
    inserted: usize,
}

#[test]
fn odd_files_are_changed_in_one_place_or_left_alone() {
    let mut counts = Counts::default();
    for (format, name, bytes) in files() {
        if is_built(format) {
            counts.files += 1;
            one(format, &name, &bytes, &mut counts);
        }
    }
    println!(
        "odd files: {}, of which {} are refused as a whole; {} values set, {} insertions, {} \
         refusals that say why",
        counts.files, counts.unread, counts.set, counts.inserted, counts.refused
    );
    assert!(counts.files >= 40 && counts.set >= 60 && counts.inserted >= 20);
}

fn one(format: Format, name: &str, bytes: &[u8], counts: &mut Counts) {
    let secret = "not-a-real-key";
    let tree = match edit::read(format, bytes) {
        Ok(tree) => tree,
        Err(problem) => {
            counts.unread += 1;
            return says_why(&problem, &[secret]);
        }
    };
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    for (path, old, span) in tree.texts() {
        let after = match apply(format, bytes, &wanted(&path.to_string(), NEW, &[])) {
            Ok(after) => after,
            Err(problem) => {
                counts.refused += 1;
                says_why(&problem, &[secret, old.text()]);
                continue;
            }
        };
        let changed = gone(bytes, &after);
        let place = span.start + mark..span.end + mark;
        assert!(place.start <= changed.start && changed.end <= place.end, "{name}: {path}");
        let tail = bytes.len() - place.end;
        assert_eq!(bytes.get(..place.start), after.get(..place.start), "{name}: {path}");
        assert_eq!(bytes.get(place.end..), after.get(after.len() - tail..), "{name}: {path}");
        counts.set += 1;
    }
    let top = NodePath(vec![Step::Key("NEW_NAME".to_owned())]);
    let fresh = match format {
        Format::Ini | Format::Netrc => top.join(Step::Key("password".to_owned())),
        _ => top,
    };
    match apply(format, bytes, &wanted(&fresh.to_string(), NEW, &[])) {
        Ok(after) => {
            assert!(only_adds(bytes, &after).is_some(), "{name}");
            counts.inserted += 1;
        }
        Err(problem) => {
            says_why(&problem, &[secret]);
            counts.refused += 1;
        }
    }
}
