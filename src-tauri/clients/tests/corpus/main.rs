//! A corpus of files in the shapes that clients really have, in every format, line end, byte
//! order mark, indentation and style: an edit changes the value's bytes and no other, setting
//! it back gives the identical file, an insertion only adds, and a refusal says why.
//!
//! What changed is found here by comparing bytes with the place that the generator knows, not
//! by what `edit` says of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "the counts are what these tests show")]

mod check;
mod fuzz;
mod odd;
mod readers;
mod refusals;
mod render;
mod shapes;

use std::collections::{BTreeMap, BTreeSet};

use check::{apply, only_adds, outside, says_why, wanted};
use keywright_clients::{Format, Node, NodePath, Problem, edit};
use render::{File, files};
use shapes::SHAPES;

/// Whether this build reads a format at all.
fn is_built(format: Format) -> bool {
    let sample = if format == Format::Json { "{}" } else { "" };
    !matches!(edit::read(format, sample.as_bytes()), Err(Problem::NotText))
}

/// Counts of one format.
#[derive(Default)]
struct Counts {
    files: usize,
    set: usize,
    set_back: usize,
    inserted: usize,
}

#[test]
fn every_file_is_changed_in_one_place() {
    let mut seen = BTreeSet::new();
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    let mut skipped = BTreeSet::new();
    for shape in SHAPES {
        if !is_built(shape.format) {
            skipped.insert(format!("{:?}", shape.format));
            continue;
        }
        let own = counts.entry(format!("{:?}", shape.format)).or_default();
        for file in files(shape) {
            if seen.insert(blake3::hash(&file.bytes).to_hex()) {
                own.files += 1;
                change(&file, own);
            }
        }
    }
    let total: usize = counts.values().map(|own| own.files).sum();
    for (format, own) in &counts {
        println!(
            "corpus: {format}: {} files, {} set with 0 other bytes changed, {} set back to the \
             identical hash, {} insertions that only add",
            own.files, own.set, own.set_back, own.inserted
        );
    }
    for format in skipped {
        println!("corpus: {format}: skipped, this build does not read it");
    }
    println!("corpus: {total} files, all different");
    assert!(total >= 1_500, "{total} files");
}

fn change(file: &File, counts: &mut Counts) {
    let name = || format!("{}:\n{}", file.client, String::from_utf8_lossy(&file.bytes));
    let path = NodePath::parse(file.path).unwrap();

    // The reader sees what the generator wrote.
    let tree = edit::read(file.format, &file.bytes)
        .unwrap_or_else(|problem| panic!("{problem}\n{}", name()));
    let Some(Node::Text(old, _)) = tree.at(path.steps()).unwrap() else {
        panic!("no text at {path} of {}", name())
    };
    assert_eq!(old.text(), file.old, "{}", name());

    let edited = apply(file.format, &file.bytes, &wanted(file.path, &file.new, &[]))
        .unwrap_or_else(|problem| panic!("{problem}\n{}", name()));
    assert_eq!(outside(&file.bytes, &edited, &file.span), Some(file.new.as_bytes()), "{}", name());
    counts.set += 1;

    let back = apply(file.format, &edited, &wanted(file.path, &file.old, &[])).unwrap();
    assert_eq!(blake3::hash(&back), blake3::hash(&file.bytes), "{}", name());
    counts.set_back += 1;

    let made = apply(file.format, &file.bytes, &wanted(file.fresh, &file.new, file.beside))
        .unwrap_or_else(|problem| panic!("{problem}\n{}", name()));
    let added = only_adds(&file.bytes, &made);
    assert!(added.is_some_and(|added| added > file.new.len()), "{}", name());
    let fresh = NodePath::parse(file.fresh).unwrap();
    let tree = edit::read(file.format, &made).unwrap();
    let Some(Node::Text(value, _)) = tree.at(fresh.steps()).unwrap() else {
        panic!("no text at {fresh} of {}", name())
    };
    assert_eq!(value.text(), file.new, "{}", name());
    keeps_its_style(file, &made);
    counts.inserted += 1;

    for bad in ["two\nlines sk-test-not-a-real-key-0003", "nul\0sk-test-not-a-real-key-0003"] {
        if let Err(problem) = apply(file.format, &file.bytes, &wanted(file.path, bad, &[])) {
            says_why(&problem, &[&file.old, "sk-test-not-a-real-key-0003"]);
        }
    }
}

/// Line ends, the byte order mark and the end of the file are as they were.
fn keeps_its_style(file: &File, made: &[u8]) {
    let crlf = |bytes: &[u8]| bytes.windows(2).filter(|pair| pair == b"\r\n").count();
    let lines = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').count() - 1;
    let text = || String::from_utf8_lossy(made).into_owned();
    if crlf(&file.bytes) == 0 {
        assert_eq!(crlf(made), 0, "{}", text());
    } else {
        assert_eq!(crlf(made), lines(made), "{}", text());
    }
    assert_eq!(made.ends_with(b"\n"), file.bytes.ends_with(b"\n"), "{}", text());
    assert_eq!(made.starts_with(b"\xef\xbb\xbf"), file.bytes.starts_with(b"\xef\xbb\xbf"));
}
