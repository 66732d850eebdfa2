//! `fixtures/which/ID.toml`: files and an environment, and the key that the client then uses,
//! as its documentation has it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    Definition, Machine, Os, Registry,
    definition::Params,
    which::{Found, Here, Key, which},
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
    slot: String,
    #[serde(default)]
    params: Params,
    /// The folder below the project in which the client is started.
    #[serde(default)]
    folder: String,
    #[serde(default)]
    windows: bool,
    /// The key; `unset NAME` or `elsewhere` for what leads nowhere; empty for none.
    effective: String,
    #[serde(default)]
    shadowed: Vec<String>,
    #[serde(default)]
    aside: Vec<String>,
    #[serde(default)]
    unless: usize,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    /// Content by path: `~/…` in the home, others in the project. `$HOME` and `$PROJECT` in a
    /// content or a variable are the real ones.
    #[serde(default)]
    files: BTreeMap<String, String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/which")
}

fn cases(definition: &Definition) -> Vec<Case> {
    let path = folder().join(format!("{}.toml", definition.id));
    let Ok(text) = std::fs::read_to_string(&path) else { return Vec::new() };
    let cases: Cases = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    cases.cases
}

fn word(found: &Found) -> String {
    match &found.key {
        Key::Here { value, .. } => value.text().to_owned(),
        Key::Unset { name } => format!("unset {name}"),
        Key::Elsewhere { .. } => "elsewhere".to_owned(),
    }
}

#[expect(clippy::disallowed_methods, reason = "a home of the test's own")]
fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Runs a case.
fn run(definition: &Definition, case: &Case) {
    let place = format!("{}: {}", definition.id, case.name);
    let root = tempfile::tempdir().unwrap();
    let (home, project) = (root.path().join("home"), root.path().join("project"));
    std::fs::create_dir_all(&home).unwrap();
    std::fs::create_dir_all(project.join(".git")).unwrap();
    let started = project.join(&case.folder);
    std::fs::create_dir_all(&started).unwrap();
    let real = |text: &str| {
        text.replace("$HOME", home.to_str().unwrap()).replace("$PROJECT", project.to_str().unwrap())
    };
    for (path, text) in &case.files {
        let path = match path.strip_prefix("~/") {
            Some(below) => home.join(below),
            None => project.join(path),
        };
        write(&path, &real(text));
    }
    let machine = Machine {
        os: if case.windows { Os::Windows } else { Os::Linux },
        home: home.clone(),
        environment: case.environment.iter().map(|(n, v)| (n.clone(), real(v))).collect(),
        name: "desk".to_owned(),
    };
    let read = |path: &Path| std::fs::read(path);
    let here = Here { machine: &machine, project: Some(&started), read: &read };
    let answer = which(definition, &here);
    assert!(answer.unread.is_empty(), "{place}: {:?}", answer.unread);
    let used = answer.used.iter().find(|used| used.slot == case.slot && used.params == case.params);
    let Some(used) = used else {
        panic!("{place}: nothing is told of it; of {:?}", answer.used);
    };
    let words = |found: &[Found]| found.iter().map(word).collect::<Vec<_>>();
    assert_eq!(used.effective.as_ref().map(word).unwrap_or_default(), case.effective, "{place}");
    assert_eq!(words(&used.shadowed), case.shadowed, "{place}");
    assert_eq!(words(&used.aside), case.aside, "{place}");
    assert_eq!(used.unless.len(), case.unless, "{place}");
    let printed = format!("{answer:?}");
    assert!(!printed.contains("-key-of-"), "{place}: a key is printed");
}

#[test]
fn the_key_that_a_client_uses_is_the_one_that_its_documentation_says() {
    let mut ran = 0;
    let registry = Registry::builtin();
    for definition in registry.all() {
        for case in cases(definition) {
            run(definition, &case);
            ran += 1;
        }
    }
    assert!(ran >= 45, "{ran} cases");
}

#[test]
fn every_client_with_more_than_one_source_has_cases() {
    for definition in Registry::builtin().all() {
        let many =
            definition.slots.iter().any(|slot| slot.files.len() > 1 || slot.sources.len() > 1);
        assert!(!many || !cases(definition).is_empty(), "{} has no cases", definition.id);
    }
}

#[test]
fn every_case_is_of_a_client() {
    let registry = Registry::builtin();
    for file in folder().read_dir().unwrap() {
        let name = file.unwrap().file_name();
        let id = crate::ClientId::new(name.to_str().unwrap().strip_suffix(".toml").unwrap());
        assert!(registry.get(&id).is_some(), "no definition of {id}");
    }
}
