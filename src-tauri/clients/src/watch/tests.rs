use std::{
    fs,
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
};

use super::*;

const PACE: Pace = Pace {
    quiet: Duration::from_millis(60),
    longest: Duration::from_millis(600),
    // Far beyond every test, so that a test that passes heard of the change.
    look: Duration::from_hours(1),
};

struct Heard {
    watcher: Watcher,
    reports: Receiver<Vec<PathBuf>>,
}

fn watch(files: &[&Path]) -> Heard {
    watch_at(PACE, files)
}

fn watch_at(pace: Pace, files: &[&Path]) -> Heard {
    let (sender, reports) = channel();
    let files = files.iter().map(|file| file.to_path_buf());
    let watcher = Watcher::with(pace, files, move |changed| drop(sender.send(changed))).unwrap();
    Heard { watcher, reports }
}

impl Heard {
    /// All files of the reports until there is quiet.
    fn all(&self) -> BTreeSet<PathBuf> {
        let mut all = BTreeSet::new();
        let mut wait = Duration::from_secs(10);
        while let Ok(files) = self.reports.recv_timeout(wait) {
            all.extend(files);
            wait = PACE.quiet * 4;
        }
        all
    }

    fn is(&self, what: &str, files: &[&Path]) {
        let expected: BTreeSet<PathBuf> = files.iter().map(|file| file.to_path_buf()).collect();
        assert_eq!(self.all(), expected, "{what}");
    }

    fn silent(&self, what: &str) {
        let told = self.reports.recv_timeout(PACE.quiet * 5);
        assert_eq!(told, Err(RecvTimeoutError::Timeout), "{what}");
    }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap();
    (folder, path)
}

#[expect(clippy::disallowed_methods, reason = "what others do to files in a temporary folder")]
fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

/// As editors save.
fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("tmp");
    write(&beside, text);
    fs::rename(beside, path).unwrap();
}

#[test]
fn a_file_is_heard_of_however_it_changes() {
    let (_keep, root) = folder();
    let (file, other) = (root.join("config.toml"), root.join("other"));
    write(&file, "a");
    write(&other, "a");
    let heard = watch(&[&file]);
    write(&file, "b");
    heard.is("written in place", &[&file]);
    replace(&file, "c");
    heard.is("replaced", &[&file]);
    replace(&file, "d");
    heard.is("replaced again", &[&file]);
    fs::remove_file(&file).unwrap();
    heard.is("removed", &[&file]);
    write(&file, "e");
    heard.is("made", &[&file]);
    write(&other, "b");
    drop(fs::read(&file));
    heard.silent("another file, and reading");
}

#[cfg(unix)]
#[test]
fn permissions_are_a_change() {
    use std::os::unix::fs::PermissionsExt;
    let (_keep, root) = folder();
    let file = root.join("config.toml");
    write(&file, "a");
    let heard = watch(&[&file]);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
    heard.is("the mode", &[&file]);
}

#[test]
fn a_file_in_a_folder_that_comes_later_is_heard_of() {
    let (_keep, root) = folder();
    let file = root.join("a/b/c/.env");
    let heard = watch(&[&file]);
    fs::create_dir_all(root.join("a/b")).unwrap();
    heard.silent("folders alone");
    fs::create_dir(root.join("a/b/c")).unwrap();
    write(&file, "a");
    heard.is("made with its folder", &[&file]);
    write(&file, "b");
    heard.is("written in place", &[&file]);
    fs::remove_dir_all(root.join("a")).unwrap();
    heard.is("removed with its folders", &[&file]);
    fs::create_dir_all(root.join("a/b/c")).unwrap();
    write(&file, "c");
    heard.is("made anew with its folders", &[&file]);
    replace(&file, "d");
    heard.is("replaced in its new folder", &[&file]);
}

#[test]
fn a_folder_that_is_moved_takes_its_file_along() {
    let (_keep, root) = folder();
    let file = root.join("a/.env");
    fs::create_dir(root.join("a")).unwrap();
    write(&file, "a");
    let heard = watch(&[&file]);
    fs::rename(root.join("a"), root.join("b")).unwrap();
    heard.is("moved away", &[&file]);
    fs::rename(root.join("b"), root.join("a")).unwrap();
    heard.is("moved back", &[&file]);
    write(&file, "b");
    heard.is("written in the folder that came back", &[&file]);
}

#[cfg(unix)]
#[test]
fn a_link_is_heard_of_and_what_it_leads_to() {
    use std::os::unix::fs::symlink;
    let (_keep, root) = folder();
    for folder in ["home", "dotfiles", "other"] {
        fs::create_dir(root.join(folder)).unwrap();
    }
    let (file, middle) = (root.join("home/.env"), root.join("dotfiles/link"));
    let real = root.join("other/real");
    write(&real, "a");
    symlink("../other/real", &middle).unwrap();
    symlink("../dotfiles/link", &file).unwrap();
    let heard = watch(&[&file]);
    write(&real, "b");
    heard.is("the target is written in place", &[&file]);
    replace(&real, "c");
    heard.is("the target is replaced", &[&file]);
    let second = root.join("other/second");
    write(&second, "z");
    heard.silent("a file beside the target");
    fs::remove_file(&middle).unwrap();
    symlink(&second, &middle).unwrap();
    heard.is("the link in the middle leads elsewhere", &[&file]);
    write(&second, "y");
    heard.is("the new target is written", &[&file]);
    write(&real, "d");
    heard.silent("the old target is nobody's");
    fs::remove_file(&file).unwrap();
    write(&file, "x");
    heard.is("a file takes the place of the link", &[&file]);
}

#[test]
fn many_changes_make_few_reports() {
    let (_keep, root) = folder();
    let files: Vec<PathBuf> = (0..20).map(|number| root.join(format!("{number}.env"))).collect();
    let heard = watch(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    let started = Instant::now();
    while started.elapsed() < PACE.longest * 3 {
        for file in &files {
            write(file, "a");
        }
    }
    let mut reports = Vec::new();
    while let Ok(report) = heard.reports.recv_timeout(PACE.quiet * 4) {
        reports.push(report);
    }
    // One for each `longest` that there was no quiet, and one at the end. The machine may be
    // slow, never quicker.
    assert!((1..=5).contains(&reports.len()), "{} reports", reports.len());
    let all: BTreeSet<&PathBuf> = reports.iter().flatten().collect();
    assert_eq!(all.len(), files.len());
}

#[test]
fn the_files_can_be_exchanged() {
    let (_keep, root) = folder();
    let (one, two) = (root.join("one"), root.join("a/two"));
    fs::create_dir(root.join("a")).unwrap();
    let heard = watch(&[&one]);
    heard.watcher.set([two.clone()]);
    write(&one, "a");
    heard.silent("not watched any more");
    write(&two, "a");
    heard.is("watched now", &[&two]);
    assert_eq!(heard.watcher.unwatched(), 0);
}

#[test]
fn nothing_comes_after_the_end() {
    let (_keep, root) = folder();
    let file = root.join("one");
    let Heard { watcher, reports } = watch(&[&file]);
    drop(watcher);
    write(&file, "a");
    assert_eq!(reports.recv_timeout(Duration::from_secs(10)), Err(RecvTimeoutError::Disconnected));
}

#[test]
fn a_report_may_exchange_the_files() {
    let (_keep, root) = folder();
    let (one, two) = (root.join("one"), root.join("two"));
    let own: Arc<Mutex<Option<Watcher>>> = Arc::default();
    let (sender, reports) = channel();
    let (inner, next) = (Arc::clone(&own), two.clone());
    let watcher = Watcher::with(PACE, [one.clone()], move |changed| {
        if let Some(watcher) = inner.lock().unwrap().as_ref() {
            watcher.set([next.clone()]);
        }
        drop(sender.send(changed));
    });
    *own.lock().unwrap() = Some(watcher.unwrap());
    write(&one, "a");
    let wait = Duration::from_secs(10);
    assert_eq!(reports.recv_timeout(wait), Ok(vec![one]));
    // The exchange is done by the same thread after the report.
    own.lock().unwrap().as_ref().unwrap().settle();
    write(&two, "a");
    assert_eq!(reports.recv_timeout(wait), Ok(vec![two]));
    own.lock().unwrap().take();
}

#[cfg(unix)]
#[test]
fn what_the_system_does_not_tell_is_seen_by_the_next_look() {
    let (_keep, root) = folder();
    let file = root.join("a/b/c/d/e/f/.env");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    write(&file, "a");
    let pace = Pace { look: Duration::from_millis(200), ..PACE };
    let heard = watch_at(pace, &[&file]);
    // Four folders above the file's own: not watched.
    fs::rename(root.join("a"), root.join("z")).unwrap();
    heard.is("moved far above", &[&file]);
}
