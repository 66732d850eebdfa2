use std::collections::BTreeMap;

use super::*;

/// A home and a project of the test's own.
struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("home")).unwrap();
        std::fs::create_dir_all(root.path().join("project/.git")).unwrap();
        Self { root }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.root.path().join(below)
    }

    #[expect(clippy::disallowed_methods, reason = "a home of the test's own")]
    fn file(&self, below: &str) -> PathBuf {
        let path = self.path(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "").unwrap();
        path
    }

    fn machine(&self, os: Os, environment: &[(&str, String)]) -> Machine {
        let environment: BTreeMap<String, String> =
            environment.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Machine { os, home: self.path("home"), environment, name: "desk".to_owned() }
    }
}

fn definition(files: &str) -> Definition {
    let text = format!(
        "definition = 1\nid = \"acme\"\nname = \"Acme\"\nabout = \"A client.\"\nkind = \"agent\"\n\
         pickup = \"At once.\"\nprograms = [\"acme\"]\n\
         [checked]\non = \"2026-11-22\"\nby = \"docs\"\nhow = \"Its page.\"\n{files}\n\
         [[slots]]\nid = \"key\"\nname = \"Key\"\nfiles = [\"one\"]\n\
         [[slots.forms]]\nkind = \"literal\"\nnode = \"key\"\nvalue = \"{{key}}\"\n"
    );
    Definition::parse("acme.toml", &text).unwrap()
}

fn rule(rest: &str) -> Definition {
    definition(&format!("[[files]]\nid = \"one\"\nname = \"One\"\nformat = \"json\"\n{rest}"))
}

fn paths(found: &[Located]) -> Vec<(PathBuf, bool)> {
    found.iter().map(|one| (one.path.clone(), one.exists)).collect()
}

#[test]
fn the_first_path_that_is_there_is_it_else_the_first_is_where_it_is_made() {
    let place = Place::new();
    let own = rule("scope = \"user\"\npaths = [\"~/.acme/new.json\", \"~/.acme/old.json\"]");
    let machine = place.machine(Os::Linux, &[]);
    let new = place.path("home/.acme/new.json");
    assert_eq!(paths(&own.locate(&machine, None)), [(new.clone(), false)]);
    let old = place.file("home/.acme/old.json");
    assert_eq!(paths(&own.locate(&machine, None)), [(old, true)]);
    place.file("home/.acme/new.json");
    assert_eq!(paths(&own.locate(&machine, None)), [(new, true)]);
}

#[test]
fn each_system_has_its_own_paths() {
    let place = Place::new();
    let own = rule(
        "scope = \"user\"\npaths = [\"~/.acme.json\"]\nwindows = [\"{APPDATA|~/AppData/Roaming}/Acme/a.json\"]",
    );
    let at = |os, environment: &[(&str, String)]| {
        own.locate(&place.machine(os, environment), None).remove(0).path
    };
    assert_eq!(at(Os::Linux, &[]), place.path("home/.acme.json"));
    assert_eq!(at(Os::Macos, &[]), place.path("home/.acme.json"));
    assert_eq!(at(Os::Windows, &[]), place.path("home/AppData/Roaming/Acme/a.json"));
    let moved = place.path("moved");
    let environment = [("APPDATA", moved.to_str().unwrap().to_owned())];
    assert_eq!(at(Os::Windows, &environment), moved.join("Acme/a.json"));
}

#[test]
fn a_file_of_another_system_is_not_here() {
    let place = Place::new();
    let own = rule("scope = \"user\"\nlinux = [\"~/.acme.json\"]");
    assert_eq!(own.locate(&place.machine(Os::Macos, &[]), None), []);
}

#[test]
fn a_star_is_every_name_that_fits_and_nothing_where_none_does() {
    let place = Place::new();
    let own = rule("scope = \"user\"\npaths = [\"~/profiles/*/mcp.json\"]");
    let machine = place.machine(Os::Linux, &[]);
    assert_eq!(own.locate(&machine, None), []);
    let b = place.file("home/profiles/b/mcp.json");
    let a = place.file("home/profiles/a/mcp.json");
    place.file("home/profiles/.hidden/mcp.json");
    place.file("home/profiles/c/other.json");
    assert_eq!(paths(&own.locate(&machine, None)), [(a, true), (b, true)]);
}

#[test]
fn a_file_that_a_name_and_a_star_both_fit_is_there_once() {
    let place = Place::new();
    let own = rule("scope = \"user\"\npaths = [\"~/d/50.conf\", \"~/d/*.conf\"]");
    let machine = place.machine(Os::Linux, &[]);
    assert_eq!(paths(&own.locate(&machine, None)), [(place.path("home/d/50.conf"), false)]);
    let own_file = place.file("home/d/50.conf");
    let other = place.file("home/d/10.conf");
    assert_eq!(paths(&own.locate(&machine, None)), [(own_file, true), (other, true)]);
}

#[test]
fn above_a_project_nothing_is_looked_at() {
    let place = Place::new();
    place.file("a.json");
    let machine = place.machine(Os::Linux, &[]);
    let (root, deep) = (place.path("project"), place.path("project/web/deep"));
    std::fs::create_dir_all(&deep).unwrap();
    let own = |upwards: &str| {
        rule(&format!("scope = \"project\"\npaths = [\"a.json\"]\nupwards = \"{upwards}\""))
    };
    for upwards in ["no", "all", "first", "root"] {
        let found = own(upwards).locate(&machine, Some(&deep));
        assert_eq!(paths(&found), [(deep.join("a.json"), false)], "{upwards}");
    }
    let at_root = place.file("project/a.json");
    let between = place.file("project/web/a.json");
    let here = place.file("project/web/deep/a.json");
    let found = |upwards| {
        own(upwards)
            .locate(&machine, Some(&deep))
            .into_iter()
            .map(|one| one.path)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("no"), std::slice::from_ref(&here));
    assert_eq!(found("all"), [here.clone(), between, at_root.clone()]);
    assert_eq!(found("first"), std::slice::from_ref(&here));
    assert_eq!(found("root"), [here, at_root]);
    assert_eq!(own("all").locate(&machine, None), []);
    assert_eq!(own("root").locate(&machine, Some(&root)).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_there() {
    let place = Place::new();
    let link = place.path("home/.acme.json");
    std::os::unix::fs::symlink("/nowhere/at/all", &link).unwrap();
    let own = rule("scope = \"user\"\npaths = [\"~/.acme.json\"]");
    assert_eq!(paths(&own.locate(&place.machine(Os::Linux, &[]), None)), [(link, true)]);
}

#[test]
fn a_client_is_there_by_its_file_its_folder_or_its_command() {
    let own = || rule("scope = \"user\"\npaths = [\"~/.acme/a.json\"]");
    let place = Place::new();
    assert!(!own().installed(&place.machine(Os::Linux, &[])));
    std::fs::create_dir_all(place.path("home/.acme")).unwrap();
    assert!(own().installed(&place.machine(Os::Linux, &[])));

    let place = Place::new();
    place.file("bin/acme");
    let path = |folder: &str| [("PATH", format!("/none:{}", place.path(folder).display()))];
    assert!(!own().installed(&place.machine(Os::Linux, &path("other"))));
    assert!(own().installed(&place.machine(Os::Linux, &path("bin"))));
    let windows = [("PATH", format!("C:\\none;{}", place.path("bin").display()))];
    assert!(!own().installed(&place.machine(Os::Windows, &windows)), "a command ends in .exe");
    place.file("bin/acme.exe");
    assert!(own().installed(&place.machine(Os::Windows, &windows)));
}

#[test]
fn a_folder_that_every_machine_has_tells_of_no_client() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("home/.config")).unwrap();
    for path in ["~/.acme.json", "~/.config/acme.json", "{XDG_CONFIG_HOME|~/.config}/acme.json"] {
        let own = rule(&format!("scope = \"user\"\npaths = [\"{path}\"]"));
        assert!(!own.installed(&place.machine(Os::Linux, &[])), "{path}");
    }
}
