//! `fixtures/clients/ID/SLOT.toml`: what is asked for, the file before and the file after, for
//! every definition whose files Keywright writes.

use std::{collections::BTreeSet, path::Path};

use serde::Deserialize;

use crate::{
    Definition, Registry,
    definition::{Ask, FormKind, Params},
    edit,
    format::Value,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    file: String,
    form: String,
    #[serde(default)]
    params: Params,
    /// The key, or the name of where it is.
    held: String,
    before: String,
    after: String,
}

fn kind(word: &str) -> FormKind {
    let known = FormKind::ALL.iter().find(|(own, _)| *own == word);
    known.unwrap_or_else(|| panic!("the form {word}")).1
}

fn cases(definition: &Definition, slot: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clients");
    let path = folder.join(definition.id.as_str()).join(format!("{slot}.toml"));
    let Ok(text) = std::fs::read_to_string(&path) else { return Vec::new() };
    let cases: Cases = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    cases.cases
}

/// Runs a case.
fn run(definition: &Definition, slot: &str, case: &Case) {
    let place = format!("{} {slot} {}: {}", definition.id, case.form, case.name);
    let rule = definition.file(&case.file).unwrap_or_else(|| panic!("{place}: no such file"));
    let bytes = case.before.as_bytes();
    let tree = edit::read(rule.format, bytes).unwrap_or_else(|e| panic!("{place}: {e}"));
    let held = Value::new(case.held.clone());
    let form = kind(&case.form);
    let (file, params, dollar) = (&case.file, &case.params, case.held.contains('$'));
    let ask = Ask { slot, file, form, params, held: &held, bom: false, dollar };
    let (wanted, _) = definition.ask(&ask, &tree).unwrap_or_else(|e| panic!("{place}: {e}"));
    let edited =
        edit::apply(rule.format, bytes, &wanted).unwrap_or_else(|e| panic!("{place}: {e}"));
    let after = String::from_utf8(edited.bytes).unwrap();
    assert_eq!(after, case.after, "{place}");

    // What was written is found again, as what was asked for.
    let tree = edit::read(rule.format, after.as_bytes()).unwrap();
    let found = definition.slots_in(&tree, &case.file);
    let found = found.iter().find(|one| one.path == wanted.path);
    let found = found.unwrap_or_else(|| panic!("{place}: not found again"));
    assert_eq!((found.slot.as_str(), found.kind), (slot, form), "{place}");
    assert_eq!(found.value.text(), case.held, "{place}");
    let told = |name: &String| case.params.get(name);
    assert!(found.params.iter().all(|(name, value)| told(name) == Some(value)), "{place}");
}

#[test]
fn every_definition_writes_what_its_fixtures_say() {
    let mut ran = 0;
    for definition in Registry::builtin().all() {
        for slot in &definition.slots {
            for case in cases(definition, &slot.id) {
                run(definition, &slot.id, &case);
                ran += 1;
            }
        }
    }
    assert!(ran >= 300, "{ran} cases");
}

#[test]
fn every_slot_that_is_written_has_fixtures_of_every_form() {
    for definition in Registry::builtin().all() {
        for slot in &definition.slots {
            let mut files = slot.files.iter().filter_map(|id| definition.file(id)).peekable();
            if files.all(|file| file.read_only.is_some()) {
                continue;
            }
            let cases = cases(definition, &slot.id);
            let forms: BTreeSet<&str> = cases.iter().map(|case| case.form.as_str()).collect();
            for form in slot.forms.iter().filter(|form| form.write) {
                let word = form.kind.word();
                assert!(
                    forms.contains(word),
                    "{} {}: no fixture of {word}",
                    definition.id,
                    slot.id
                );
            }
            let replaced = cases.iter().any(|case| {
                !case.before.is_empty() && case.before.lines().count() == case.after.lines().count()
            });
            assert!(replaced, "{} {}: no fixture replaces a key", definition.id, slot.id);
        }
    }
}

#[test]
fn no_fixture_belongs_to_nobody() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clients");
    let registry = Registry::builtin();
    for client in folder.read_dir().unwrap() {
        let client = client.unwrap();
        let id = crate::ClientId::new(client.file_name().to_str().unwrap());
        let definition = registry.get(&id).unwrap_or_else(|| panic!("no definition of {id}"));
        for file in client.path().read_dir().unwrap() {
            let name = file.unwrap().file_name();
            let slot = name.to_str().unwrap().strip_suffix(".toml").unwrap();
            assert!(definition.slot(slot).is_some(), "{id} has no slot {slot}");
        }
    }
}
