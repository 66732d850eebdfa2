//! A key in three clients' files, and what a test asks of its replacement.

use std::{fs, path::PathBuf};

use keywright_model::{
    ClientId, KeyId, RotationId, RotationState, Secret, Status,
    rotation::{StopState, Wait},
};
use keywright_service::{
    Use,
    wire::{
        ActOnRotation, FormChoice, PlaceKey, PlaceTarget, RotateKey, RotationAction,
        RotationReport, RotationRow,
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

/// A desk with a key that stands in three files.
pub(crate) struct Stage {
    pub(crate) desk: Desk,
    pub(crate) old: KeyId,
    pub(crate) files: [PathBuf; 3],
}

impl Stage {
    pub(crate) async fn set() -> Self {
        let (desk, connection) = Desk::connected().await;
        let old = desk.create(connection, "erp").await;
        let files = place_in_three(&desk, old);
        Self { desk, old, files }
    }

    pub(crate) fn ask(&self) -> RotateKey {
        ask(self.old)
    }

    pub(crate) fn start(&self, ask: RotateKey) -> RotationId {
        self.desk.service.start_rotation(ask).unwrap().id
    }

    pub(crate) async fn run(&self, id: RotationId) -> RotationRow {
        self.desk.service.run_rotation(id).await.unwrap()
    }

    pub(crate) async fn act(&self, id: RotationId, action: RotationAction) -> RotationRow {
        let request = ActOnRotation { rotation: id, action };
        self.desk.service.act_on_rotation(request).await.unwrap();
        self.run(id).await
    }

    pub(crate) fn report(&self, id: RotationId) -> RotationReport {
        self.desk.service.rotation_report(id).unwrap()
    }

    pub(crate) fn value(&self, key: KeyId) -> String {
        value(&self.desk, key)
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
    }

    /// Every file holds the key and no other.
    pub(crate) fn all_hold(&self, key: KeyId, not: KeyId) {
        let (holds, lacks) = (self.value(key), self.value(not));
        for text in self.texts() {
            assert!(text.contains(&holds) && !text.contains(&lacks), "{text}");
        }
    }

    pub(crate) fn status(&self, key: KeyId) -> Status {
        self.desk.service.key_detail(key).unwrap().row.status
    }

    /// The run ended well: the new key everywhere, the old one proved dead, nothing violated.
    pub(crate) fn is_done(&self, row: &RotationRow) -> KeyId {
        assert_eq!(row.state, RotationState::Done, "{:?}", self.report(row.id));
        let new = row.new.unwrap();
        self.all_hold(new, self.old);
        assert_eq!(self.status(self.old), Status::Revoked);
        assert_eq!(self.status(new), Status::Active);
        self.holds();
        new
    }

    /// No rule is broken.
    pub(crate) fn holds(&self) {
        let wrong = self.desk.service.rotation_violations().unwrap();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

pub(crate) fn ask(key: KeyId) -> RotateKey {
    RotateKey { reason: "due".into(), ..RotateKey::of(key) }
}

pub(crate) fn value(desk: &Desk, key: KeyId) -> String {
    desk.service.secret(key, Use::Reveal).unwrap().expose().to_owned()
}

pub(crate) fn place_in_three(desk: &Desk, key: KeyId) -> [PathBuf; 3] {
    let file = |path: &str, text: &str| {
        let path = desk.user().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    };
    let claude = file(".claude.json", CLAUDE);
    let codex = file(".codex/config.toml", CODEX);
    let project = desk.user().join("work");
    fs::create_dir_all(&project).unwrap();
    let mut dotenv = target("dotenv", "variable", &[("name", "ERP_KEY")]);
    dotenv.project = project.display().to_string();
    let server = |client| target(client, "mcp-header", &[("server", "erp")]);
    let targets = vec![server("claude-code"), server("codex"), dotenv];
    desk.service.place_key(PlaceKey { key, targets, insist: false }).unwrap();
    [claude, codex, project.join(".env")]
}

pub(crate) fn target(client: &str, slot: &str, params: &[(&str, &str)]) -> PlaceTarget {
    PlaceTarget {
        client: ClientId::new(client),
        slot: slot.into(),
        file: String::new(),
        project: String::new(),
        form: FormChoice::Literal,
        params: params.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
    }
}

pub(crate) fn waits_for_person(row: &RotationRow) -> &str {
    match &row.state {
        RotationState::Waiting { wait: Wait::Person, why, advice } => {
            assert!(!why.is_empty() && !advice.is_empty());
            why
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn placed(report: &RotationReport) -> usize {
    report.stops.iter().filter(|stop| stop.state == StopState::Placed).count()
}

pub(crate) fn secret(text: &str) -> Secret {
    Secret::copy_of(text)
}
