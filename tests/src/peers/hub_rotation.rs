//! A token of a real JupyterHub that stands in three clients' files is replaced: by a process that
//! is killed in the midst, and taken up by another.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use journeys::{ten, turning};
use keywright_model::{KeyId, RotationState, Status, Verdict, key::Proof};
use keywright_service::{
    Service, Use,
    wire::{CreateKey, ListRotations, PlaceKey, RotationRow},
};
use tempfile::TempDir;

use crate::hub::{Hub, own};

/// How long a process may take.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) async fn jupyterhub_key_in_three_files_is_replaced_and_the_old_one_proved_dead(
    hub: &Hub,
) {
    let scene = Scene::set(hub, "turner").await;
    let mut process = scene.begin();
    assert!(process.wait().unwrap().success());
    let service = ten::open(scene.folder.path()).unwrap();
    scene.is_done(hub, &service, &only_run(&service)).await;
}

pub(crate) async fn jupyterhub_replacement_that_is_killed_goes_on(hub: &Hub) {
    // Each a little later in the run than the one before.
    for (n, wait) in [40, 120, 250, 500].into_iter().enumerate() {
        let scene = Scene::set(hub, &format!("killed-{n}")).await;
        let mut process = scene.begin();
        std::thread::sleep(Duration::from_millis(wait));
        process.kill().ok();
        process.wait().unwrap();
        let service = ten::open(scene.folder.path()).unwrap();
        assert_eq!(service.rotation_violations().unwrap(), []);
        let rows = runs(&service);
        let Some(row) = rows.first() else {
            // It was killed before it wrote anything down: nothing was sent.
            assert_eq!(hub.ids(&scene.user).len(), 1);
            continue;
        };
        let row = to_the_end(&service, row).await;
        scene.is_done(hub, &service, &row).await;
    }
}

/// A user of the hub, a vault with one key, and three files that hold it.
struct Scene {
    folder: TempDir,
    user: String,
    old: KeyId,
}

impl Scene {
    async fn set(hub: &Hub, user: &str) -> Self {
        let folder = TempDir::new().unwrap();
        ten::write_files(&folder.path().join("user")).unwrap();
        let service = ten::open(folder.path()).unwrap();
        let row =
            service.connect(hub.target(user).connect(), Some(Hub::credential())).await.unwrap();
        let scope = own(user);
        let wanted = crate::desk::wanted(row.id, ten::NAME, &[scope.as_str()]);
        let lifetime = keywright_model::expiry::Lifetime::Days(90);
        let made = service.create_key(CreateKey { lifetime, ..wanted }).await.unwrap();
        let old = made.key.expect("it was sent");
        let targets = ten::request(old).targets.into_iter().take(3).collect();
        service.place_key(PlaceKey { key: old, targets, insist: true }).unwrap();
        Self { folder, user: user.to_owned(), old }
    }

    fn begin(&self) -> Child {
        Command::new(env!("CARGO_BIN_EXE_rotator"))
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    #[expect(clippy::disallowed_methods, reason = "the files are to hold the key's text")]
    async fn is_done(&self, hub: &Hub, service: &Service, row: &RotationRow) {
        assert_eq!(row.state, RotationState::Done, "{:?}", service.rotation_report(row.id));
        let new = row.new.expect("it was made");
        let value = |key| service.secret(key, Use::Reveal).unwrap().expose().to_owned();
        let files = ten::files(&self.folder.path().join("user"), &value(new));
        for (path, wanted) in files.iter().take(3) {
            assert_eq!(&read(path), wanted, "{}", path.display());
        }
        let old = service.key_detail(self.old).unwrap();
        assert_eq!(old.row.status, Status::Revoked);
        assert_eq!(old.revocation.unwrap().proof, Proof::Refused);
        assert_eq!(service.probe_key(self.old).await.unwrap().verdict, Verdict::Dead);
        assert_eq!(service.probe_key(new).await.unwrap().verdict, Verdict::Alive);
        // Nothing else is left at the hub: every key that was made is known, or at its end.
        let remote = service.key_detail(new).unwrap().remote_id.expect("the hub told it");
        assert_eq!(hub.ids(&self.user), [remote]);
        assert_eq!(service.rotation_violations().unwrap(), []);
    }
}

/// Has a run go on as a person would, until it ends.
async fn to_the_end(service: &Service, row: &RotationRow) -> RotationRow {
    let begun = Instant::now();
    let mut row = service.run_rotation(row.id).await.unwrap();
    while row.state != RotationState::Done && begun.elapsed() < PATIENCE * 4 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        service.resume_rotations().await.unwrap();
        turning::go_on(service, row.id).await.ok();
        row = service.run_rotation(row.id).await.unwrap();
    }
    row
}

fn runs(service: &Service) -> Vec<RotationRow> {
    service.list_rotations(ListRotations { ended: true, key: None, bulk: None }).unwrap()
}

fn only_run(service: &Service) -> RotationRow {
    let rows = runs(service);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.into_iter().next().expect("one")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}
