//! What keys are on this machine?

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use keywright_clients::{
    definition::Kind,
    git::{self, Tracked},
    scan::{
        Definitions, Found, Limits, Place, Scan, ScanProgress, ScanReport as Report, Skipped, What,
    },
};
use keywright_model::{Event, EventKind, Key, KeyId, Secret};
use keywright_vault::Vault;

use crate::{
    Error, Service,
    wire::{Progress, ScanFind, ScanReport, ScanRequest, ScanWhat},
};

/// The scan that runs, and what the last one found.
#[derive(Default)]
pub(crate) struct Scans {
    stop: AtomicBool,
    running: AtomicBool,
    found: Mutex<Vec<Kept>>,
}

/// A find that can still be taken in. Forgotten at the next scan and when the vault is locked.
pub(crate) struct Kept {
    pub(crate) find: ScanFind,
    pub(crate) found: Found,
}

impl Scans {
    pub(crate) fn forget(&self) {
        self.kept().clear();
    }

    pub(crate) fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Kept>> {
        self.found.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Clears the mark of a running scan, however it ends.
struct Running<'a>(&'a AtomicBool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Service {
    /// Searches clients' files and chosen folders for keys. Nothing leaves the machine, and nothing
    /// is written but a line in the log.
    pub fn scan(&self, request: ScanRequest) -> Result<ScanReport, Error> {
        let machine = self.machine()?;
        let scans = &self.inner.scans;
        if scans.running.swap(true, Ordering::AcqRel) {
            return Err(Error::NotPossible {
                why: "a scan is running already".into(),
                advice: "Wait for it, or stop it.".into(),
            });
        }
        let _running = Running(&scans.running);
        scans.stop.store(false, Ordering::Release);
        let prints = self.read(|vault| Ok(vault.fingerprints()?))?;
        let sniffer = self.registry().sniffer();
        let keys = Mutex::new(Keys::default());
        let known = |token: &str| prints.find(token).map(|id| Keys::number(&keys, id));
        let shape = |token: &str| sniffer.platform_of(token).map(|id| id.as_str().to_owned());
        let progress = |seen: ScanProgress<'_>| {
            self.tell(Progress::Scan {
                files: number(seen.files),
                found: number(seen.found),
                folder: machine.short(seen.folder),
            });
        };
        let scan = Scan {
            places: &Definitions { registry: &self.inner.clients, machine },
            folders: request.folders.iter().map(PathBuf::from).collect(),
            apart: vec![self.inner.home.folder().to_owned()],
            known: &known,
            shape: &shape,
            limits: Limits::default(),
            stop: &scans.stop,
            progress: &progress,
        };
        let report = scan.run();
        let keys = keys.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).0;
        let (files, stopped) = (number(report.files), report.stopped);
        let left_out = left_out(&report);
        let took_ms = u32::try_from(report.took.as_millis()).unwrap_or(u32::MAX);
        let found = self.judge(report.found, &keys)?;
        self.note_scan(files, number(found.len()))?;
        let answer: Vec<ScanFind> = found.iter().map(|kept| kept.find.clone()).collect();
        *scans.kept() = found;
        Ok(ScanReport { found: answer, files, left_out, stopped, took_ms })
    }

    /// Stops a running scan; it answers with what it found until then.
    pub fn stop_scan(&self) {
        self.inner.scans.stop.store(true, Ordering::Release);
    }

    /// What each find is to the vault; those that need somebody first.
    fn judge(&self, found: Vec<Found>, keys: &[KeyId]) -> Result<Vec<Kept>, Error> {
        let now = self.now();
        let mut places: HashMap<[u8; 8], u32> = HashMap::new();
        let mut kept = self.read(|vault| {
            let mut kept = Vec::new();
            for one in found {
                if matches!(one.what, What::Reference(_)) {
                    continue;
                }
                let key = match one.what {
                    What::Known(number) => keys.get(number).and_then(|id| vault.index().key(*id)),
                    _ => None,
                };
                let find = self.find_of(vault, &one, key, now);
                if let Some(cuts) = cuts(&find) {
                    *places.entry(cuts).or_default() += 1;
                }
                kept.push(Kept { find, found: one });
            }
            Ok(kept)
        })?;
        for one in &mut kept {
            let shared = cuts(&one.find).and_then(|cuts| places.get(&cuts).copied());
            one.find.places = shared.unwrap_or(1);
        }
        kept.sort_by(|a, b| {
            (a.find.what, &a.find.short, a.find.line).cmp(&(
                b.find.what,
                &b.find.short,
                b.find.line,
            ))
        });
        for (id, one) in kept.iter_mut().enumerate() {
            one.find.id = number(id);
        }
        Ok(kept)
    }

    fn find_of(
        &self,
        vault: &Vault,
        one: &Found,
        key: Option<&Key>,
        now: chrono::DateTime<chrono::Utc>,
    ) -> ScanFind {
        let platform = match &one.what {
            What::Shape(id) => Some(keywright_model::PlatformId::new(id)),
            _ => key.map(|key| key.platform.clone()),
        };
        let profile = platform.as_ref().and_then(|id| self.registry().get(id));
        let file = one.file.display().to_string();
        let place = self.place_of(one);
        let node = one.node.as_ref().map(ToString::to_string).unwrap_or_default();
        let noted = key.is_some_and(|key| {
            vault.index().placements().any(|placement| {
                placement.key == key.id && placement.file == file && placement.node == node
            })
        });
        let title = match (key, &profile) {
            (Some(key), _) => key.title().to_owned(),
            (None, Some(profile)) => format!("A key of {}", profile.name),
            (None, None) => "A key of unknown make".to_owned(),
        };
        let hint = profile.map_or_else(
            || masked(one.value()),
            |profile| {
                let hint = profile.hint_of(one.value());
                format!("{}…{}", hint.prefix, hint.suffix)
            },
        );
        ScanFind {
            id: 0,
            what: match key {
                Some(key) if key.status_at(now).may_work() => ScanWhat::Known,
                Some(_) => ScanWhat::Dead,
                None => ScanWhat::Unknown,
            },
            key: key.map(|key| key.id),
            title,
            bitting: Some(vault.bitting(one.value())),
            platform,
            hint,
            short: self.short(&file),
            line: number(one.line),
            node,
            client: place.map(|place| place.client.clone()),
            client_name: place.map(|place| self.client_name(&place.client)).unwrap_or_default(),
            places: 1,
            noted,
            tracked: git::tracked(&one.file) == Tracked::Tracked,
            loose: one.mode & 0o077 != 0,
            file,
        }
    }

    /// The client that a find is told with: of several that read a file, the one whose file it is
    /// by its nature, such as `.env`.
    pub(crate) fn place_of<'f>(&self, found: &'f Found) -> Option<&'f Place> {
        let known = |place: &&Place| self.inner.clients.get(&place.client);
        let natural = |place: &&Place| {
            known(place)
                .is_some_and(|client| client.kind == Kind::Place && client.programs.is_empty())
        };
        found.places.iter().find(natural).or_else(|| found.places.first())
    }

    fn note_scan(&self, files: u32, found: u32) -> Result<(), Error> {
        if !self.writes() {
            return Ok(());
        }
        let event: Event = self.event(EventKind::Scanned { files, found });
        self.write(|change| change.log(&event))
    }
}

/// What was not looked into, in words.
fn left_out(report: &Report) -> Vec<String> {
    let Skipped { too_large, unreadable, links, other_systems, folders, .. } = report.skipped;
    let kinds = [
        (folders, "folders of packages, caches and browsers"),
        (too_large, "files above 1 MiB"),
        (unreadable, "unreadable"),
        (links, "links"),
        (other_systems, "folders on other file systems"),
        (report.more, "finds above the limit"),
    ];
    let some = kinds.into_iter().filter(|(count, _)| *count > 0);
    some.map(|(count, words)| format!("{count} {words} left out")).collect()
}

/// The keys that a scan met, numbered as it met them.
#[derive(Default)]
struct Keys(Vec<KeyId>);

impl Keys {
    fn number(keys: &Mutex<Self>, id: KeyId) -> usize {
        let mut keys = keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(at) = keys.0.iter().position(|known| *known == id) {
            return at;
        }
        keys.0.push(id);
        keys.0.len() - 1
    }
}

fn cuts(find: &ScanFind) -> Option<[u8; 8]> {
    find.bitting.as_ref()?.0.as_slice().try_into().ok()
}

/// The last characters of a secret of unknown make, as far as they tell nothing.
#[expect(clippy::disallowed_methods, reason = "four of its last characters are shown")]
fn masked(secret: &Secret) -> String {
    let text = secret.expose();
    let end = text.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    let tail = if text.len() >= 24 { text.get(end..).unwrap_or_default() } else { "" };
    format!("…{tail}")
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
