//! What must hold at every moment at which a person, or another program, can look.

use std::{collections::BTreeSet, fs};

use keywright_model::{KeyId, RotationId, RotationState, Status};
use keywright_service::{
    VaultState,
    wire::{ExportReport, ListEvents, ListKeys, ListRotations, ReportFormat, RotationRow},
};

use super::stage::Stage;

impl Stage {
    /// All that must hold while a run goes on. `broken` are files that the test itself spoiled.
    pub(crate) fn holds(&mut self, id: RotationId, broken: &[usize]) {
        assert_eq!(self.platform.sprung(), 0, "an id at its end was replaced");
        if self.service.vault_state() != VaultState::Unlocked {
            return;
        }
        let wrong = self.service.rotation_violations().unwrap();
        assert!(wrong.is_empty(), "{wrong:?}\n{}", self.story(id));
        let row = self.row(id);
        if let Some(new) = row.new {
            self.remember(new);
        }
        is_a_state(&row);
        self.files_work(&row, broken);
        self.keys_are_known();
        self.no_secret_is_told(id);
    }

    pub(crate) fn row(&self, id: RotationId) -> RotationRow {
        self.service.rotation_report(id).unwrap().row
    }

    pub(crate) fn story(&self, id: RotationId) -> String {
        let report = self.service.rotation_report(id).unwrap();
        let lines = report.lines.iter().map(|line| {
            let what = format!("{:?} {:?} {}", line.step, line.outcome, line.words);
            format!("  {} {what}", line.at.format("%H:%M:%S%.3f"))
        });
        let lines: Vec<String> = lines.collect();
        let operations = self.service.list_operations().unwrap();
        let stops: Vec<_> = report.stops.iter().map(|stop| &stop.state).collect();
        format!(
            "{:?} at {:?}: {:?}\n{}\nplaces: {stops:?}\nopen: {operations:#?}\nplatform: {:?}",
            self.way,
            report.row.step,
            report.row.state,
            lines.join("\n"),
            self.platform.live()
        )
    }

    /// Each placed file holds a key that works, unless the plan says that the old one ends first.
    fn files_work(&self, row: &RotationRow, broken: &[usize]) {
        let ended = matches!(row.state, RotationState::Done | RotationState::TakenBack);
        let closed = matches!(row.state, RotationState::Closed { .. });
        if closed || self.meddled || (!ended && self.way.ends_old_first()) {
            return;
        }
        let stops = self.service.rotation_report(row.id).unwrap().stops;
        let left = |n: usize| {
            stops.get(n).is_some_and(|stop| {
                matches!(stop.state, keywright_model::rotation::StopState::LeftOut { .. })
            })
        };
        if (0..stops.len()).any(left) {
            return;
        }
        let mut live: BTreeSet<String> = self.values.values().cloned().collect();
        live.extend(self.platform.secrets());
        live.retain(|value| self.platform.accepts(value));
        for (n, file) in self.files.iter().enumerate() {
            if broken.contains(&n) {
                continue;
            }
            let text = fs::read_to_string(file).unwrap_or_default();
            assert!(
                live.iter().any(|value| text.contains(value)),
                "{} holds no key that works\n{}",
                file.display(),
                self.story(row.id)
            );
        }
    }

    /// Each key that lives at the platform is sealed, listed, or reported by an open operation.
    fn keys_are_known(&self) {
        if self.way.is_guided() {
            return;
        }
        let reported = !self.service.list_operations().unwrap().is_empty();
        let (known, sealed) = self.known();
        let live = self.platform.live().into_iter();
        for (id, name) in live.filter(|(id, _)| !self.meddled && !self.strangers.contains(id)) {
            let known = known.contains(&id) || sealed.contains(&name);
            assert!(known || reported, "{name} ({id}) lives and nobody knows it");
        }
    }

    /// The platform's ids that are known here, and the names of keys that are sealed without one.
    fn known(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for key in self.all_keys() {
            let detail = self.service.key_detail(key).unwrap();
            match detail.remote_id {
                Some(id) => drop(ids.insert(id)),
                None if detail.has_secret => drop(names.insert(detail.row.name)),
                None => {}
            }
        }
        (ids, names)
    }

    pub(crate) fn all_keys(&self) -> Vec<KeyId> {
        let request = ListKeys { query: String::new(), offset: 0, limit: 500 };
        self.service.list_keys(request).unwrap().rows.into_iter().map(|row| row.id).collect()
    }

    fn no_secret_is_told(&self, id: RotationId) {
        let report = self.service.rotation_report(id).unwrap();
        let all = ListRotations { ended: true, key: None, bulk: None };
        let events = ListEvents { before: None, key: None, limit: 200 };
        let export = |format| {
            self.service.export_report(ExportReport { rotation: id, format }).unwrap().text
        };
        let told = format!(
            "{report:?} {:?} {:?} {:?} {} {}",
            self.service.list_rotations(all).unwrap(),
            self.service.list_events(events).unwrap(),
            self.service.list_operations().unwrap(),
            export(ReportFormat::Markdown),
            export(ReportFormat::Json),
        );
        self.tells_no_secret(&told);
    }

    pub(crate) fn tells_no_secret(&self, told: &str) {
        let secrets = self.values.values().cloned().chain(self.platform.secrets());
        for secret in secrets {
            assert!(!told.contains(&secret), "a secret is told");
        }
    }

    /// What must hold when all is over: one key works, every place has it, nothing is open.
    pub(crate) async fn is_over(
        &mut self,
        id: RotationId,
        row: &RotationRow,
        strangers: &[String],
    ) {
        if !self.way.is_guided() {
            let all = keywright_service::wire::Refresh { connection: None };
            self.service.refresh(all).await.unwrap();
            self.time.pass(std::time::Duration::from_secs(130));
            let all = keywright_service::wire::Refresh { connection: None };
            self.service.refresh(all).await.unwrap();
        }
        self.holds(id, &[]);
        let live: Vec<String> = self
            .platform
            .live()
            .into_iter()
            .map(|(id, _)| id)
            .filter(|id| !strangers.contains(id))
            .collect();
        let kept = match row.state {
            RotationState::Done => row.new.unwrap(),
            RotationState::TakenBack => self.old,
            _ => return,
        };
        assert_eq!(live.len(), 1, "not one key lives: {live:?}\n{}", self.story(id));
        let open = self.service.list_operations().unwrap();
        assert!(open.is_empty(), "{open:?}\n{}", self.story(id));
        let value = self.values.get(&kept).unwrap();
        assert!(self.platform.accepts(value), "the key that stays does not work");
        for file in &self.files {
            let text = fs::read_to_string(file).unwrap();
            assert!(text.contains(value), "{} lacks it\n{}", file.display(), self.story(id));
        }
        let gone = if kept == self.old { row.new } else { Some(self.old) };
        if let Some(gone) = gone {
            let status = self.service.key_detail(gone).unwrap().row.status;
            assert_eq!(status, Status::Revoked, "{}", self.story(id));
            let dead = self.values.get(&gone).is_none_or(|value| !self.platform.accepts(value));
            assert!(dead, "it says “revoked”, and it works\n{}", self.story(id));
        }
    }
}

fn is_a_state(row: &RotationRow) {
    assert!(!row.words.is_empty(), "{row:?}");
    if let RotationState::Waiting { why, advice, .. } = &row.state {
        assert!(!why.is_empty() && !advice.is_empty(), "{row:?}");
    }
}
