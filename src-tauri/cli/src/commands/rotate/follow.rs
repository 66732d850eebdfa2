//! Watching runs from the terminal: a line for each thing that happens, and a way to stop.

use std::{
    collections::HashMap,
    fmt::Write as _,
    future::Future,
    pin::{Pin, pin},
};

use keywright_model::{
    KeyId, RotationId,
    rotation::{Outcome, Step},
};
use keywright_service::{
    Service,
    wire::{BulkProgress, Progress, RotationRow},
};
use tokio::sync::broadcast::Receiver;

use crate::{
    commands::key::revoke,
    error::Error,
    interrupt::interrupted,
    show::{out::note, rotation, words},
};

/// How watching ended.
pub(super) enum End<T> {
    /// What was watched is through.
    Came(T),
    /// Only the proof is left, and nobody waits for it.
    Enough,
    /// A person does not wait any longer. The vault is closed: an answer that was on its way is
    /// sealed, and nothing more was sent.
    Interrupted,
}

/// Whom to tell of, and how long to stay.
pub(super) struct Watch<'a> {
    service: &'a Service,
    news: Receiver<Progress>,
    /// The one run; all when left out, each with its key's title.
    only: Option<RotationId>,
    /// Leave when nothing but the proof is left.
    leave_proof: bool,
    /// Lines of each run that were told.
    told: HashMap<RotationId, usize>,
    /// The step of each run that was told last.
    at: HashMap<RotationId, Step>,
    /// Titles of keys, where there are several.
    titles: HashMap<KeyId, String>,
    bulk: Option<BulkProgress>,
}

impl<'a> Watch<'a> {
    /// Watches from now on. Lines that a run has already are not told again.
    pub(super) fn new(service: &'a Service, only: Option<RotationId>, leave_proof: bool) -> Self {
        let news = service.subscribe();
        let mut told = HashMap::new();
        if let Some(id) = only
            && let Ok(report) = service.rotation_report(id)
        {
            told.insert(id, report.lines.len());
        }
        Self {
            service,
            news,
            only,
            leave_proof,
            told,
            at: HashMap::new(),
            titles: HashMap::new(),
            bulk: None,
        }
    }

    /// Titles of keys whose proofs are told.
    pub(super) fn name(&mut self, titles: impl Iterator<Item = (KeyId, String)>) {
        self.titles.extend(titles);
    }

    /// Does the work and tells of it until it is through, or somebody ends the wait.
    pub(super) async fn during<T>(
        &mut self,
        work: impl Future<Output = Result<T, keywright_service::Error>>,
    ) -> Result<End<T>, Error> {
        let mut work = pin!(work);
        let mut end = pin!(interrupted());
        loop {
            tokio::select! {
                biased;
                news = self.news.recv() => {
                    let Ok(news) = news else { continue };
                    if self.tell(&news) && self.leave_proof {
                        return Ok(End::Enough);
                    }
                }
                came = &mut work => {
                    self.tell_rest();
                    return Ok(End::Came(came?));
                }
                ended = &mut end => {
                    ended?;
                    self.close(work.as_mut()).await?;
                    return Ok(End::Interrupted);
                }
            }
        }
    }

    /// Closes the vault behind the last answer: a secret on its way is sealed before it ends.
    async fn close<T>(&mut self, mut work: Pin<&mut impl Future<Output = T>>) -> Result<(), Error> {
        note("Stopping. What is on its way is still taken in; Ctrl-C again leaves at once.");
        // Lines that come from here on have nobody to read them.
        let mut news = self.service.subscribe();
        self.service.lock();
        let mut end = pin!(interrupted());
        loop {
            tokio::select! {
                biased;
                told = news.recv() => {
                    if matches!(told, Ok(Progress::Locked)) {
                        return Ok(());
                    }
                }
                _ = &mut work => return Ok(()),
                ended = &mut end => return ended,
            }
        }
    }

    fn tell_rest(&mut self) {
        while let Ok(news) = self.news.try_recv() {
            self.tell(&news);
        }
    }

    /// Tells of one thing that happened. True when a run has only its proof left.
    fn tell(&mut self, news: &Progress) -> bool {
        match news {
            Progress::Rotation(row) if self.is_watched(row.id) => self.moved(row),
            Progress::Revoke(progress) => {
                if let Some(line) = revoke::line(progress) {
                    let title = self.titles.get(&progress.key);
                    let title = title.map(|title| format!("  {title}")).unwrap_or_default();
                    note(&format!("{line}{title}"));
                }
                false
            }
            Progress::Paused { seconds, .. } => {
                note(&format!("◌ The platform asks for a pause of {seconds} s."));
                false
            }
            Progress::Bulk(progress) => {
                self.counted(progress);
                false
            }
            _ => false,
        }
    }

    fn is_watched(&self, id: RotationId) -> bool {
        self.only.is_none_or(|only| only == id)
    }

    fn moved(&mut self, row: &RotationRow) -> bool {
        let Ok(report) = self.service.rotation_report(row.id) else { return false };
        if self.only.is_none() {
            self.titles.extend(
                [Some(row.old), row.new].into_iter().flatten().map(|key| (key, row.title.clone())),
            );
        }
        let name = if self.only.is_some() { String::new() } else { format!("{}: ", row.title) };
        let told = self.told.entry(row.id).or_default();
        for line in report.lines.iter().skip(*told) {
            if line.outcome == Outcome::Began {
                if self.at.insert(row.id, line.step) != Some(line.step) {
                    let words = report.steps.iter().find(|step| step.step == line.step);
                    let words = words.map_or("", |step| step.words.as_str());
                    if !words.is_empty() {
                        note(&format!("◌ {name}{words}…"));
                    }
                }
            } else if !line.words.is_empty() {
                note(&format!("{} {name}{}", rotation::outcome(line.outcome), line.words));
            }
        }
        *told = report.lines.len();
        matches!(report.row.step, Step::Prove | Step::ProveNew)
    }

    /// How far a change of many keys is; told when it changed.
    fn counted(&mut self, progress: &BulkProgress) {
        if self.bulk.as_ref() == Some(progress) {
            return;
        }
        note(&format!("◌ {}", bulk_words(progress)));
        self.bulk = Some(progress.clone());
    }
}

/// How far a change of many keys is.
pub(super) fn bulk_words(progress: &BulkProgress) -> String {
    let mut text = format!("{} of {} done", progress.done, words::counted(progress.total, "key"));
    for (count, what) in [
        (progress.waiting, "waiting"),
        (progress.queued, "not begun"),
        (progress.ended, "ended without a new key"),
    ] {
        if count > 0 {
            write!(text, ", {count} {what}").unwrap_or_default();
        }
    }
    text.push('.');
    text
}
