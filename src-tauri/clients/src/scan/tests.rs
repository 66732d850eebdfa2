use std::{
    collections::BTreeMap,
    fs,
    sync::{Mutex, atomic::AtomicBool},
};

use super::*;
use crate::{ClientId, Machine, Os, Registry, definition::FormKind};

const KNOWN: &str = "sk-test-not-a-real-key-0001";
const SHAPED: &str = "ace_test_not-a-real-key-0001";

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().canonicalize().unwrap()
    }

    #[expect(clippy::disallowed_methods, reason = "fixtures in a temporary folder")]
    fn with(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn scan(&self, folders: &[&str]) -> ScanReport {
        self.scan_with(folders, Limits::default())
    }

    fn scan_with(&self, folders: &[&str], limits: Limits) -> ScanReport {
        let registry = Registry::builtin();
        let (os, environment) = (Os::Linux, BTreeMap::new());
        let machine = Machine { os, home: self.path(), environment, name: "desk".to_owned() };
        Scan {
            places: &Definitions { registry: &registry, machine: &machine },
            folders: folders.iter().map(|folder| self.path().join(folder)).collect(),
            apart: vec![self.path().join("keywright")],
            known: &|token| (token == KNOWN).then_some(7),
            shape: &|token| token.starts_with("ace_test_").then(|| "ace".to_owned()),
            limits,
            stop: &AtomicBool::new(false),
            progress: &|_| {},
        }
        .run()
    }

    /// The findings in one line each.
    fn told(&self, folders: &[&str]) -> Vec<String> {
        let report = self.scan(folders);
        report.found.iter().map(|found| self.line(found)).collect()
    }

    #[expect(clippy::disallowed_methods, reason = "the test looks at fake secrets")]
    fn line(&self, found: &Found) -> String {
        let file = found.file.strip_prefix(self.path()).unwrap_or(&found.file).display();
        let node = found.node.as_ref().map(|node| format!(" {node}")).unwrap_or_default();
        let places = found.places.iter().map(|place| format!(" {}/{}", place.client, place.slot));
        let within = match &found.within {
            Within::Plain => String::new(),
            other => format!(" {other:?}"),
        };
        format!(
            "{file}:{}:{}{node}{} {:?}{within} {}",
            found.line,
            found.column,
            places.collect::<String>(),
            found.what,
            found.value().expose(),
        )
    }
}

#[test]
fn a_finding_says_where_it_stands() {
    let home = Home::new()
        .with("p/notes.txt", format!("one\ntwo äöü {KNOWN}\n"))
        .with("p/data.json", format!("{{\n  \"a\": [1, {{\"b\": \"x {SHAPED}\"}}]\n}}"))
        .with("p/cargo.toml", format!("[a]\nb = \"{KNOWN}\"\n"));
    assert_eq!(
        home.told(&["p"]),
        [
            format!("p/cargo.toml:2:6 a.b Known(7) {KNOWN}"),
            format!("p/data.json:2:21 a[1].b Shape(\"ace\") {SHAPED}"),
            format!("p/notes.txt:2:9 Known(7) {KNOWN}"),
        ]
    );
}

#[test]
fn a_slot_holds_a_key_whatever_it_looks_like() {
    let home = Home::new().with(
        ".cursor/mcp.json",
        format!(
            r#"{{"mcpServers": {{
  "a": {{"url": "https://a.example.test", "headers": {{"Authorization": "Bearer hunter2hunter2"}}}},
  "b": {{"url": "https://b.example.test", "headers": {{"Authorization": "Bearer {KNOWN}"}}}},
  "c": {{"command": "c", "env": {{"LOG_LEVEL": "verbose-and-long", "C_API_KEY": "hunter3hunter3",
    "D_TOKEN": "${{env:D_TOKEN}}", "E_KEY": "your-key-here", "F": "{SHAPED}"}}}}
}}}}"#
        ),
    );
    let report = home.scan(&[]);
    let told: Vec<String> = report.found.iter().map(|found| home.line(found)).collect();
    let node = "mcpServers.c.env";
    assert_eq!(told, [
        ".cursor/mcp.json:2:79 mcpServers.a.headers.Authorization cursor/mcp-header Slot hunter2hunter2"
            .to_owned(),
        format!(".cursor/mcp.json:3:79 mcpServers.b.headers.Authorization cursor/mcp-header Known(7) {KNOWN}"),
        format!(".cursor/mcp.json:4:80 {node}.C_API_KEY cursor/mcp-env Slot hunter3hunter3"),
        format!(".cursor/mcp.json:5:16 {node}.D_TOKEN cursor/mcp-env Reference(\"D_TOKEN\") "),
        format!(".cursor/mcp.json:5:66 {node}.F cursor/mcp-env Shape(\"ace\") {SHAPED}"),
    ]);
    assert_eq!(report.placeholders, 1);
    let place = &report.found[1].places[0];
    assert_eq!(place.params.get("server").map(String::as_str), Some("b"));
    assert_eq!(
        (place.form, report.found[1].client()),
        (FormKind::Literal, Some(&ClientId::new("cursor")))
    );
    assert!(!format!("{report:?}").contains("hunter"), "a report prints no secret");
}

#[test]
fn all_clients_that_read_a_file_are_told() {
    let home = Home::new().with(
        "p/.mcp.json",
        format!(
            r#"{{"mcpServers": {{"a": {{"type": "http", "url": "https://a.example.test",
        "headers": {{"Authorization": "Bearer {KNOWN}"}}}}}}}}"#
        ),
    );
    let report = home.scan(&["p"]);
    let clients: Vec<&str> =
        report.found[0].places.iter().map(|place| place.client.as_str()).collect();
    assert_eq!(report.found.len(), 1);
    assert!(clients.contains(&"claude-code") && clients.contains(&"copilot-cli"), "{clients:?}");
}

#[test]
fn what_is_wrapped_is_unwrapped() {
    // `ada:sk-test-not-a-real-key-0001` and `ada:hunter2hunter2`
    let known = "YWRhOnNrLXRlc3Qtbm90LWEtcmVhbC1rZXktMDAwMQ==";
    let other = "YWRhOmh1bnRlcjJodW50ZXIy";
    let home = Home::new()
        .with(
            ".docker/config.json",
            format!(
                "{{\"auths\": {{\"a.example.test\": {{\"auth\": \"{known}\"}},\n\
             \"b.example.test\": {{\"auth\": \"{other}\"}}}}}}"
            ),
        )
        .with("p/call.http", format!("Authorization: Basic {known}\n"))
        .with(
            "p/url.txt",
            format!(
                "https://a.example.test/x?page=2&api_key={SHAPED}\n\
             https://b.example.test/x?api_key=Zq3nXw81LmPv7TbK&page=2\n\
             https://c.example.test/x?api_key=YOUR_API_KEY_IS_HERE_1\n\
             https://d.example.test/x?v=Zq3nXw81LmPv7TbK&page=2\n\
             https://e.example.test/x?token=sk%2Dtest%2dnot-a-real-key-0001\n"
            ),
        );
    assert_eq!(home.told(&["p"]), [
        format!(".docker/config.json:1:40 auths.\"a.example.test\".auth docker/auth Known(7) Base64 {KNOWN}"),
        ".docker/config.json:2:28 auths.\"b.example.test\".auth docker/auth Slot Base64 hunter2hunter2".to_owned(),
        format!("p/call.http:1:22 Known(7) Base64 {KNOWN}"),
        format!("p/url.txt:1:41 Shape(\"ace\") Query(\"api_key\") {SHAPED}"),
        "p/url.txt:2:34 Slot Query(\"api_key\") Zq3nXw81LmPv7TbK".to_owned(),
        format!("p/url.txt:5:32 Known(7) Query(\"token\") {KNOWN}"),
    ]);
}

#[test]
fn folders_of_others_are_left_out_and_what_git_ignores_is_not() {
    let home = Home::new()
        .with("p/.gitignore", ".env\nsecret/\n")
        .with("p/.git/config", format!("url = https://ada:{KNOWN}@git.example.test/a\n"))
        .with("p/.git/logs/HEAD", KNOWN)
        .with("p/secret/.env.local", format!("A_KEY={KNOWN}\n"))
        .with("p/.hidden/a", KNOWN)
        .with("p/node_modules/a/.env", KNOWN)
        .with("p/.venv/lib/a", KNOWN)
        .with("p/rust/Cargo.toml", "")
        .with("p/rust/target/a", KNOWN)
        .with("p/target/a", KNOWN)
        .with("p/photo.jpg", KNOWN)
        .with("p/program", [b"\x7fELF\0".as_slice(), KNOWN.as_bytes()].concat())
        .with("p/large", format!("{KNOWN}\n{}", " ".repeat(1_100_000)))
        .with("keywright/vault", KNOWN);
    let report = home.scan(&["p", "keywright"]);
    let mut files: Vec<_> = report.found.iter().map(|one| one.file.clone()).collect();
    files.dedup();
    let at = |name: &str| home.path().join(name);
    // A folder that was chosen itself is read, whatever its name.
    assert_eq!(
        files,
        [
            at("keywright/vault"),
            at("p/.git/config"),
            at("p/.hidden/a"),
            at("p/secret/.env.local"),
            at("p/target/a"),
        ]
    );
    let Skipped { folders, binary, too_large, .. } = report.skipped;
    assert_eq!((folders, binary, too_large), (3, 2, 1));
    let whole = home.scan(&[""]);
    assert!(whole.found.iter().all(|one| !one.file.ends_with("vault")), "left out from above");
}

#[test]
fn folders_in_folders_are_walked_once() {
    let home = Home::new().with("p/a/key", KNOWN).with("p/node_modules/mine/key", KNOWN);
    let told = home.told(&["p", "p/a", "p/a", "p/node_modules/mine", "nowhere"]);
    assert_eq!(
        told,
        [
            format!("p/a/key:1:1 Known(7) {KNOWN}"),
            format!("p/node_modules/mine/key:1:1 Known(7) {KNOWN}"),
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_clients_file_is_read_through_links_and_once() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = Home::new()
        .with("dotfiles/config.toml", format!(
            "[mcp_servers.a]\nurl = \"https://a.example.test\"\nhttp_headers = {{ Authorization = \"Bearer {KNOWN}\" }}\n"
        ))
        .with("dotfiles/other", KNOWN)
        .with(".codex/x", "");
    let file = home.path().join("dotfiles/config.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    symlink(&file, home.path().join(".codex/config.toml")).unwrap();
    symlink(home.path().join("dotfiles/other"), home.path().join("dotfiles/link")).unwrap();
    symlink("nowhere", home.path().join("dotfiles/broken")).unwrap();
    let report = home.scan(&["dotfiles"]);
    let told: Vec<String> = report.found.iter().map(|found| home.line(found)).collect();
    assert_eq!(
        told,
        [
            format!(
                ".codex/config.toml:3:42 mcp_servers.a.http_headers.Authorization codex/mcp-header Known(7) {KNOWN}"
            ),
            format!("dotfiles/other:1:1 Known(7) {KNOWN}"),
        ]
    );
    assert_eq!(report.found[0].mode, 0o644);
    assert_eq!(report.skipped.links, 2);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_does_not_stop_a_scan() {
    let home = Home::new().with("p/key", KNOWN);
    let pipe = home.path().join("p/pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let report = home.scan(&["p"]);
    assert_eq!((report.found.len(), report.skipped.special), (1, 1));
    // The place of a client's file may hold one as well.
    fs::create_dir(home.path().join(".cursor")).unwrap();
    fs::rename(pipe, home.path().join(".cursor/mcp.json")).unwrap();
    assert_eq!(home.scan(&[]).skipped.special, 1);
}

#[test]
fn a_clients_file_may_be_large_and_broken() {
    let home = Home::new()
        .with(".claude.json", format!(
            r#"{{"history": "{}", "mcpServers": {{"a": {{"type": "http", "url": "https://a.example.test",
            "headers": {{"Authorization": "Bearer {KNOWN}"}}}}}}}}"#,
            "x ".repeat(1_000_000)
        ))
        .with(".cursor/mcp.json", format!("{{ broken {KNOWN}"));
    let told = home.told(&[]);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("mcpServers.a.headers.Authorization claude-code/"), "{}", told[0]);
    assert_eq!(told[1], format!(".cursor/mcp.json:1:10 Known(7) {KNOWN}"));
}

#[test]
fn one_file_of_keys_does_not_fill_the_report() {
    let home = Home::new().with("p/list", format!("{KNOWN}\n").repeat(5_000));
    assert_eq!(home.scan(&["p"]).found.len(), hits::IN_ONE_FILE);
}

#[test]
fn progress_is_told_at_most_ten_times_a_second() {
    let mut home = Home::new();
    for number in 0..300 {
        home = home.with(&format!("p/{number}"), "nothing");
    }
    let registry = Registry::default();
    let (os, environment) = (Os::Linux, BTreeMap::new());
    let machine = Machine { os, home: home.path(), environment, name: "desk".to_owned() };
    let seen = Mutex::new(Vec::new());
    let report = Scan {
        places: &Definitions { registry: &registry, machine: &machine },
        folders: vec![home.path()],
        apart: Vec::new(),
        // Slow enough for several reports, whatever the machine.
        known: &|_| None,
        shape: &|_| None,
        limits: Limits { threads: 1, ..Limits::default() },
        stop: &AtomicBool::new(false),
        progress: &|now| {
            seen.lock().unwrap().push((now.files, now.folder.to_owned()));
        },
    }
    .run();
    let seen = seen.into_inner().unwrap();
    assert_eq!(report.files, 300);
    let most = report.took.as_millis() / 100 + 1;
    assert!(u128::try_from(seen.len()).unwrap() <= most, "{} in {:?}", seen.len(), report.took);
    assert!(seen.iter().all(|(_, folder)| folder.starts_with(home.path())));
    assert!(seen.is_sorted_by_key(|(files, _)| *files));
}

/// Whatever surrounds it, a key is among the parts that are asked about.
mod parts {
    use proptest::prelude::*;

    use super::super::tokens::{Candidates, LONGEST, runs};

    fn asked(text: &str) -> Vec<String> {
        let mut candidates = Candidates::default();
        let mut asked = Vec::new();
        runs(text.as_bytes(), |run| {
            let bytes = &text.as_bytes()[run];
            candidates.fill(bytes);
            for (start, end) in &candidates.any {
                asked.push(String::from_utf8(bytes[*start..*end].to_vec()).unwrap());
            }
            true
        });
        asked
    }

    #[test]
    fn base64_that_begins_like_an_address_is_found() {
        let key = "//+a0a0aA00+AaA+aa/++A0AAA0+AaAAaa++00Aa";
        for text in [format!("key:{key}"), format!("a=1;b:c=key:{key}"), format!("k={key}==")] {
            assert!(asked(&text).iter().any(|own| own == key), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_plain_key_is_found_between_any_two_marks(
            before in "[ -~\n]{0,40}[ \n\t\"'`=:/.,;@&?#<>(){}|+]",
            key in "[A-Za-z0-9][A-Za-z0-9_-]{14,60}[A-Za-z0-9]",
            after in "([ \n\t\"'`=:/.,;@&?#<>(){}|+][ -~\n]{0,40})?",
        ) {
            let text = format!("{before}{key}{after}");
            // The backslash before an escape's letter is part of the escape.
            prop_assert!(asked(&text).contains(&key), "{}", text);
        }

        #[test]
        fn base64_is_found_behind_a_name(
            name in "[A-Za-z_]{1,20}",
            sign in prop::sample::select(vec!["=", ":", "=\"", ": ", ": '", " ", "(\"", "={"]),
            key in "[A-Za-z0-9+/]{40,88}={0,2}",
            after in prop::sample::select(vec!["", "\n", "\"", "'", ";x=1", ",", ")", "}", "&a=b", " ", "@x"]),
        ) {
            let text = format!("{name}{sign}{key}{after}");
            prop_assert!(asked(&text).contains(&key), "{}", text);
        }

        #[test]
        fn the_work_is_linear(text in "[a-z0-9=:/.,+%&?]{200,5000}") {
            let total: usize = asked(&text).iter().map(String::len).sum();
            prop_assert!(total <= 64 * text.len(), "{} of {}", total, text.len());
        }

        #[test]
        fn any_bytes_are_read(text in prop::collection::vec(any::<u8>(), 0..2000)) {
            let mut candidates = Candidates::default();
            runs(&text, |run| {
                candidates.fill(&text[run]);
                let all = [&candidates.any, &candidates.shaped, &candidates.packed];
                assert!(all.iter().all(|list| list.iter().all(|(start, end)| {
                    end - start <= LONGEST && text.get(*start..*end).is_some()
                })));
                true
            });
        }
    }
}
