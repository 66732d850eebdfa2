//! Keys in clients' files: put there, looked at, taken back, found.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use keywright_clients::file::Digest;
use keywright_model::{
    ClientId, KeyId, PlacementState, Secret, WritingState, finding::FindingKind,
};
use keywright_service::{
    Use,
    wire::{
        AddKey, EditPlace, FormChoice, LineFate, ListKeys, ListPlacements, NotePlace, PlaceKey,
        PlaceTarget, ScanRequest, ScanWhat, TakeIn, WhichRequest,
    },
};

use crate::desk::Desk;

const CLAUDE: &str = "{\n  \"numStartups\": 12,\n  \"mcpServers\": {\n    \"erp\": {\n      \
                      \"type\": \"http\",\n      \"url\": \"https://erp.example/mcp\",\n      \
                      \"headers\": {\"Authorization\": \"Bearer old-not-a-real-key\"}\n    }\n  \
                      }\n}\n";
const CODEX: &str = "# mine\r\nmodel = \"gpt\"\r\n\r\n[mcp_servers.erp]\r\nurl = \
                     \"https://erp.example/mcp\"\r\nhttp_headers = { \"Authorization\" = \"Bearer \
                     old-not-a-real-key\" } # keep\r\n";

fn target(client: &str, slot: &str, params: &[(&str, &str)]) -> PlaceTarget {
    PlaceTarget {
        client: ClientId::new(client),
        slot: slot.into(),
        file: String::new(),
        project: String::new(),
        form: FormChoice::Literal,
        params: params.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
    }
}

fn server(client: &str) -> PlaceTarget {
    target(client, "mcp-header", &[("server", "erp")])
}

fn ask(key: KeyId, targets: Vec<PlaceTarget>) -> PlaceKey {
    PlaceKey { key, targets, insist: false }
}

fn all() -> ListPlacements {
    ListPlacements { key: None, client: None, check: true }
}

impl Desk {
    async fn with_key() -> (Self, KeyId) {
        let (desk, connection) = Self::connected().await;
        let key = desk.create(connection, "erp").await;
        (desk, key)
    }

    fn file(&self, path: &str, text: &str) -> std::path::PathBuf {
        let path = self.user().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn value(&self, key: KeyId) -> String {
        self.service.secret(key, Use::Reveal).unwrap().expose().to_owned()
    }
}

#[tokio::test]
async fn a_key_goes_into_three_files_and_out_again_and_no_other_byte_changes() {
    let (desk, key) = Desk::with_key().await;
    let claude = desk.file(".claude.json", CLAUDE);
    let codex = desk.file(".codex/config.toml", CODEX);
    fs::set_permissions(&codex, fs::Permissions::from_mode(0o640)).unwrap();
    let project = desk.user().join("work");
    fs::create_dir_all(&project).unwrap();
    let mut dotenv = target("dotenv", "variable", &[("name", "ERP_KEY")]);
    dotenv.project = project.display().to_string();
    let request = ask(key, vec![server("claude-code"), server("codex"), dotenv]);

    let preview = desk.service.preview_place(request.clone()).unwrap();
    let value = desk.value(key);
    assert!(preview.ready, "{preview:?}");
    let shown = format!("{preview:?}");
    assert!(!shown.contains(&value) && !shown.contains("old-not-a-real-key"), "{shown}");
    assert!(preview.changes[2].makes_file);
    let comes = preview.changes[1].lines.iter().filter(|line| line.fate == LineFate::Comes);
    assert_eq!(comes.count(), 1);
    assert_eq!(fs::read_to_string(&claude).unwrap(), CLAUDE, "a preview touches nothing");

    let report = desk.service.place_key(request).unwrap();
    assert_eq!(report.placements.len(), 3);
    let placed = |text: &str| text.replace("old-not-a-real-key", &value);
    assert_eq!(fs::read_to_string(&claude).unwrap(), placed(CLAUDE));
    assert_eq!(fs::read_to_string(&codex).unwrap(), placed(CODEX));
    assert_eq!(fs::metadata(&codex).unwrap().permissions().mode() & 0o777, 0o640);
    let env = project.join(".env");
    assert_eq!(fs::read_to_string(&env).unwrap(), format!("ERP_KEY={value}\n"));
    assert_eq!(fs::metadata(&env).unwrap().permissions().mode() & 0o777, 0o600);

    let rows = desk.service.list_placements(all()).unwrap();
    assert!(rows.iter().all(|row| row.state == PlacementState::InSync), "{rows:?}");
    let detail = desk.service.key_detail(key).unwrap();
    assert_eq!(detail.row.uses, 3, "search and revocation know of them");

    for row in rows {
        desk.service.undo_placing(row.id).unwrap();
    }
    assert_eq!(fs::read_to_string(&claude).unwrap(), CLAUDE);
    assert_eq!(fs::read_to_string(&codex).unwrap(), CODEX);
    assert!(!env.exists());
    assert!(desk.service.list_placements(all()).unwrap().is_empty());
    assert_eq!(desk.service.key_detail(key).unwrap().row.uses, 0);
    let undone = desk.service.list_writings().unwrap();
    assert!(undone.iter().all(|row| row.state == WritingState::Undone));
}

#[tokio::test]
async fn what_cannot_be_done_for_one_client_is_done_for_none() {
    let (desk, key) = Desk::with_key().await;
    let codex = desk.file(".codex/config.toml", CODEX);
    let twice = CLAUDE.replace(
        "\"type\": \"http\",",
        "\"headers\": {\"Authorization\": \"Bearer a\"},\n      \"type\": \"http\",",
    );
    let claude = desk.file(".claude.json", &twice);
    let request = ask(key, vec![server("codex"), server("claude-code")]);
    let preview = desk.service.preview_place(request.clone()).unwrap();
    assert!(!preview.ready);
    assert!(preview.changes[1].refused.contains("twice"), "{}", preview.changes[1].refused);
    let failure = desk.service.place_key(request).unwrap_err().failure();
    assert!(failure.what.contains("twice"), "{failure:?}");
    assert_eq!(fs::read_to_string(&codex).unwrap(), CODEX);
    assert_eq!(fs::read_to_string(&claude).unwrap(), twice);
    assert!(desk.service.list_placements(all()).unwrap().is_empty());
}

#[tokio::test]
async fn a_place_that_changed_is_seen_and_undoing_refuses_to_lose_the_other_change() {
    let (desk, key) = Desk::with_key().await;
    let path = desk.file(".claude.json", CLAUDE);
    let report = desk.service.place_key(ask(key, vec![server("claude-code")])).unwrap();
    let id = report.placements[0].id;
    let state = || desk.service.list_placements(all()).unwrap()[0].state;

    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"numStartups\": 12", "\"numStartups\": 13")).unwrap();
    assert_eq!(state(), PlacementState::InSync, "the client wrote, and the key stayed");
    let failure = desk.service.undo_placing(id).unwrap_err().failure();
    assert!(failure.what.contains("changed by somebody else"), "{failure:?}");
    assert!(fs::read_to_string(&path).unwrap().contains("13"));

    fs::write(&path, CLAUDE).unwrap();
    assert_eq!(state(), PlacementState::Drifted);
    let other = desk.create(desk.service.list_connections().unwrap()[0].id, "next").await;
    let stale = CLAUDE.replace("old-not-a-real-key", &desk.value(other));
    fs::write(&path, stale).unwrap();
    assert_eq!(state(), PlacementState::Stale);
    fs::remove_file(&path).unwrap();
    assert_eq!(state(), PlacementState::Missing);
    fs::write(&path, "{\"mcpServers\": {").unwrap();
    assert_eq!(state(), PlacementState::Unreadable);

    fs::remove_file(&path).unwrap();
    state();
    let overview = desk.service.overview().unwrap();
    let kinds: Vec<_> = overview.items.iter().filter_map(|item| item.finding.as_ref()).collect();
    assert!(
        kinds.iter().any(|found| matches!(
            found.kind,
            FindingKind::Misplaced { state: PlacementState::Missing, .. }
        )),
        "{kinds:?}"
    );
    desk.service.forget_place(id).unwrap();
    assert!(desk.service.list_placements(all()).unwrap().is_empty());
}

#[tokio::test]
async fn a_key_itself_goes_into_a_tracked_file_only_if_insisted_and_a_reference_at_once() {
    let (desk, key) = Desk::with_key().await;
    let project = desk.user().join("repo");
    fs::create_dir_all(&project).unwrap();
    let git = |words: &[&str]| {
        let done = Command::new("git").args(words).current_dir(&project).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "-q"]);
    let path = project.join(".mcp.json");
    let before = "{\n\t\"mcpServers\": {}\n}\n";
    fs::write(&path, before).unwrap();
    git(&["add", ".mcp.json"]);
    let mut target = target(
        "claude-code",
        "mcp-header",
        &[("server", "erp"), ("url", "https://erp.example/mcp")],
    );
    target.project = project.display().to_string();
    target.file = "project-mcp".into();
    let mut request = ask(key, vec![target]);
    let failure = desk.service.place_key(request.clone()).unwrap_err().failure();
    assert!(failure.what.contains("Git tracks"), "{failure:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), before);

    request.targets[0].form = FormChoice::Variable;
    desk.service.place_key(request.clone()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"Authorization\": \"Bearer ${AGENT_CEO_API_KEY}\""), "{text}");
    assert!(text.starts_with("{\n\t\"mcpServers\": {\n\t\t\"erp\": {"), "its own tabs: {text}");
    assert!(text.contains("\"url\": \"https://erp.example/mcp\""), "{text}");
    assert!(!text.contains(&desk.value(key)));
    assert_eq!(desk.service.list_placements(all()).unwrap()[0].state, PlacementState::InSync);

    request.targets[0].form = FormChoice::Literal;
    request.insist = true;
    desk.service.place_key(request).unwrap();
    assert!(fs::read_to_string(&path).unwrap().contains(&desk.value(key)));
    let rows = desk.service.list_placements(all()).unwrap();
    assert!(rows.iter().any(|row| row.tracked), "{rows:?}");
    let overview = desk.service.overview().unwrap();
    let tracked = |item: &keywright_service::wire::OverviewItem| {
        matches!(
            item.finding.as_ref().map(|found| &found.kind),
            Some(FindingKind::TrackedFile { .. })
        )
    };
    assert!(overview.items.iter().any(tracked));
}

#[tokio::test]
async fn a_scan_finds_known_unknown_and_dead_keys_and_takes_them_in() {
    let (desk, key) = Desk::with_key().await;
    let dead = desk.create(desk.service.list_connections().unwrap()[0].id, "dead").await;
    let dead_value = desk.value(dead);
    desk.service
        .revoke_key(keywright_service::wire::RevokeKey {
            key: dead,
            reason: String::new(),
            typed: String::new(),
        })
        .await
        .unwrap();
    desk.service.prove_revocation(dead).await.unwrap();
    let value = desk.value(key);
    let fake = format!("sk-or-v1-{}", Digest::of(b"not a real key"));
    desk.file(".claude.json", &CLAUDE.replace("old-not-a-real-key", &value));
    desk.file("work/.env", &format!("A={fake}\nB=plain\nC={dead_value}\n"));
    desk.file("work/src/main.py", &format!("client = Client(\"{fake}\")\n"));
    let folders = vec![desk.user().join("work").display().to_string()];
    let report = desk.service.scan(ScanRequest { folders }).unwrap();
    let whats: Vec<ScanWhat> = report.found.iter().map(|find| find.what).collect();
    assert_eq!(
        whats,
        [ScanWhat::Dead, ScanWhat::Unknown, ScanWhat::Unknown, ScanWhat::Known],
        "{:?}",
        report.found
    );
    assert_eq!(report.found[1].places, 2, "one secret in two files");
    assert_eq!(report.found[3].key, Some(key));
    let shown = format!("{report:?}");
    assert!(!shown.contains(&fake) && !shown.contains(&value));

    let finds = report.found.iter().map(|find| find.id).collect();
    let taken =
        desk.service.take_in(TakeIn { finds, connection: None, name: String::new() }).unwrap();
    assert_eq!((taken.keys.len(), taken.placements), (1, 4));
    let rows = desk.service.list_placements(all()).unwrap();
    assert!(rows.iter().all(|row| row.state == PlacementState::InSync), "{rows:?}");
    assert_eq!(desk.value(taken.keys[0]), fake);
    let again = desk.service.scan(ScanRequest { folders: Vec::new() }).unwrap();
    assert!(again.found.iter().all(|find| find.noted), "{:?}", again.found);
}

#[tokio::test]
async fn the_key_that_wins_is_told_with_those_behind_it() {
    let (desk, key) = Desk::with_key().await;
    let project = desk.user().join("app");
    desk.file(".claude/settings.json", "{\"env\": {\"ANTHROPIC_API_KEY\": \"sk-a-fake\"}}\n");
    let own = format!("{{\"env\": {{\"ANTHROPIC_API_KEY\": \"{}\"}}}}\n", desk.value(key));
    desk.file("app/.claude/settings.json", &own);
    let report = desk
        .service
        .which_key(WhichRequest {
            client: ClientId::new("claude-code"),
            folder: project.display().to_string(),
        })
        .unwrap();
    let used = report
        .uses
        .iter()
        .find(|used| used.what.contains("Anthropic API"))
        .unwrap_or_else(|| panic!("{report:?}"));
    let effective = used.effective.as_ref().unwrap();
    assert_eq!(effective.key, Some(key));
    assert!(effective.words.contains("app/.claude/settings.json"), "{}", effective.words);
    assert_eq!(used.shadowed.len(), 1);
    assert!(used.shadowed[0].title.is_empty());
    assert!(!format!("{report:?}").contains("sk-a-fake"));
}

#[tokio::test]
async fn a_place_in_words_is_noted_searched_and_forgotten() {
    let (desk, key) = Desk::with_key().await;
    let row = desk
        .service
        .note_place(NotePlace {
            key,
            client: None,
            words: "ERP importer".into(),
            machine: "erpbox".into(),
            project: String::new(),
            note: "ask *Ada* first".into(),
        })
        .unwrap();
    assert_eq!((row.state, row.here), (PlacementState::Unknown, false));
    let find = |query: &str| {
        let request = ListKeys { query: query.into(), offset: 0, limit: 10 };
        desk.service.list_keys(request).unwrap().total
    };
    assert_eq!(find("erpbox"), 1);
    let elsewhere = find("is:unplaced");
    let edit = EditPlace {
        placement: row.id,
        note: Some("gone to the cloud".into()),
        machine: Some("cloudbox".into()),
        project: None,
        words: None,
    };
    assert_eq!(desk.service.edit_place(edit).unwrap().note, "gone to the cloud");
    assert_eq!((find("erpbox"), find("cloudbox")), (0, 1));
    desk.service.forget_place(row.id).unwrap();
    assert_eq!(find("is:unplaced"), elsewhere + 1);
}

#[tokio::test]
async fn a_secret_is_handed_to_a_program_and_the_log_says_so() {
    let (desk, key) = Desk::with_key().await;
    let handed = desk.service.hand_to("deploy", &[(key, "ERP_KEY".into())]).unwrap();
    assert_eq!(handed[0].0, "ERP_KEY");
    assert_eq!(handed[0].1.expose(), desk.value(key));
    assert!(desk.service.hand_to("deploy", &[(key, "1BAD".into())]).is_err());
    let detail = desk.service.key_detail(key).unwrap();
    let told = format!("{:?}", detail.events);
    assert!(told.contains("SecretGiven"), "{told}");
}

#[tokio::test]
async fn a_file_that_others_can_read_is_told_of() {
    let (desk, key) = Desk::with_key().await;
    let path = desk.file(".codex/config.toml", CODEX);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let preview = desk.service.preview_place(ask(key, vec![server("codex")])).unwrap();
    let words: Vec<&str> =
        preview.changes[0].warnings.iter().map(|warning| warning.words.as_str()).collect();
    assert!(words.iter().any(|words| words.contains("mode 644")), "{words:?}");
    desk.service.place_key(ask(key, vec![server("codex")])).unwrap();
    assert!(desk.service.list_placements(all()).unwrap()[0].loose);
}

#[tokio::test]
async fn a_key_that_was_added_by_hand_is_placed_too_and_one_without_a_secret_is_not() {
    let (desk, connection) = Desk::connected().await;
    let add = |name: &str, secret: Option<Secret>| {
        desk.service
            .add_key(
                AddKey {
                    connection,
                    name: name.into(),
                    label: String::new(),
                    note: String::new(),
                    owner: String::new(),
                    tags: Vec::new(),
                    scopes: Vec::new(),
                    expires: keywright_model::Expiry::Unknown,
                },
                secret,
            )
            .unwrap()
            .row
            .id
    };
    let with = add("with", Some(Secret::copy_of("ace_live_not-a-real-key-0001")));
    let without = add("without", None);
    desk.file(".codex/config.toml", CODEX);
    desk.service.place_key(ask(with, vec![server("codex")])).unwrap();
    assert!(desk.service.place_key(ask(without, vec![server("codex")])).is_err());
    let row = &desk.service.list_placements(all()).unwrap()[0];
    assert_eq!(row.short, "~/.codex/config.toml");
    assert!(Path::new(&row.file).is_absolute());
}
