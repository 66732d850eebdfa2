use std::process::{Child, Command, Stdio};

use super::*;

/// A shell that has the file open for writing until it is told something.
fn holder(file: &Path, redirect: &str) -> Child {
    let mut child = Command::new("sh")
        .args([
            "-c",
            &format!("exec 3{redirect}\"$1\"; echo open; read -r line; echo \"$line\" >&3"),
            "sh",
        ])
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = [0_u8; 5];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut said).unwrap();
    child
}

#[test]
fn a_program_that_has_the_file_open_for_writing_is_named() {
    let place = Place::new();
    let mut child = holder(&place.file, ">>");
    match place.refused(Some(OLD), &impatient()) {
        FileError::Locked { by: Some(by), .. } => {
            assert!(by.contains(&child.id().to_string()), "{by}");
        }
        other => panic!("{other}"),
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_program_that_only_reads_is_not_waited_for() {
    let place = Place::new();
    let _reader = fs::File::open(&place.file).unwrap();
    let start = Instant::now();
    replace(&place.file, Some(&Digest::of(OLD)), NEW, &impatient()).unwrap();
    assert!(start.elapsed() < Duration::from_millis(1_500));
}

#[test]
fn what_another_program_still_writes_is_waited_for_and_not_lost() {
    let place = Place::new();
    let mut child = holder(&place.file, ">>");
    let done = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(80));
            child.stdin.take().unwrap().write_all(b"// mine\n").unwrap();
            child.wait().unwrap();
        });
        replace(&place.file, Some(&Digest::of(OLD)), NEW, &Rules::default())
    });
    assert!(matches!(done, Err(FileError::Changed { .. })), "{done:?}");
    assert_eq!(fs::read(&place.file).unwrap(), [OLD, b"// mine\n"].concat());
    assert_eq!(place.names(), ["config.json"]);
}

/// How the new file came to its name.
enum Way {
    Exchanged,
    Renamed,
}

/// The parts of a replacement with a foreign act in between, which no test can hit by
/// timing.
fn parts(act: impl FnOnce(&Place, &Path), way: Way) -> (Place, Result<(), FileError>) {
    let place = Place::new();
    let real = fs::canonicalize(&place.file).unwrap();
    let old = known::Known::open(&real).unwrap().unwrap();
    let new = temporary::Temporary::beside(&real).unwrap();
    new.write(NEW).unwrap();
    let (expected, digest, rules) = (Digest::of(OLD), Digest::of(NEW), impatient());
    let watch = watch::Watch::on(&old.file, &old.about);
    let swap = swap::Swap {
        old: &old,
        expected: &expected,
        digest: &digest,
        rules: &rules,
        watch: &watch,
    };
    act(&place, &new.path);
    let done = match way {
        Way::Exchanged => swap.check_exchanged(new),
        Way::Renamed => swap.rename(new),
    };
    (place, done)
}

fn swapped(act: impl FnOnce(&Place, &Path)) -> (Place, FileError) {
    let (place, done) = parts(act, Way::Exchanged);
    (place, done.unwrap_err())
}

#[test]
fn where_nothing_can_be_exchanged_it_is_compared_and_renamed() {
    let (place, done) = parts(|_, _| {}, Way::Renamed);
    assert!(done.is_ok());
    assert_eq!(fs::read(&place.file).unwrap(), NEW);
    assert_eq!(place.names(), ["config.json"]);

    let (place, done) = parts(|place, _| rename_over(place, b"theirs"), Way::Renamed);
    assert!(matches!(done, Err(FileError::Changed { .. })), "{done:?}");
    assert_eq!(fs::read(&place.file).unwrap(), b"theirs");
    assert_eq!(place.names(), ["config.json"]);
}

fn exchange(place: &Place, temporary: &Path) {
    system::exchange(temporary, &place.file).unwrap();
}

fn rename_over(place: &Place, content: &[u8]) {
    let theirs = place.path("theirs");
    write(&theirs, content);
    fs::rename(theirs, &place.file).unwrap();
}

#[test]
fn a_file_that_others_renamed_in_between_is_put_back() {
    let (place, error) = swapped(|place, temporary| {
        rename_over(place, b"theirs");
        exchange(place, temporary);
    });
    assert!(matches!(error, FileError::Changed { .. }), "{error}");
    assert_eq!(fs::read(&place.file).unwrap(), b"theirs");
    assert_eq!(place.names(), ["config.json"]);
}

#[test]
fn a_file_that_others_wrote_after_the_exchange_is_put_back() {
    let (place, error) = swapped(|place, temporary| {
        let mut late = OpenOptions::new().write(true).truncate(true).open(&place.file).unwrap();
        exchange(place, temporary);
        late.write_all(b"late").unwrap();
    });
    assert!(matches!(error, FileError::Changed { .. }), "{error}");
    assert_eq!(fs::read(&place.file).unwrap(), b"late");
    assert_eq!(place.names(), ["config.json"]);
}

#[test]
fn two_contents_of_others_at_once_are_both_kept() {
    let (place, error) = swapped(|place, temporary| {
        rename_over(place, b"first");
        exchange(place, temporary);
        rename_over(place, b"second");
    });
    let FileError::Kept { kept, .. } = &error else { panic!("{error}") };
    assert!(!error.unchanged());
    assert_eq!(fs::read(&place.file).unwrap(), b"second");
    assert_eq!(fs::read(kept).unwrap(), b"first");
    sweep(&place.file, FileLock::None).unwrap();
    assert!(kept.exists(), "sweeping leaves what was kept");
}

#[test]
fn ours_overwritten_in_place_while_it_is_taken_back_is_kept_too() {
    let (place, error) = swapped(|place, temporary| {
        rename_over(place, b"first");
        exchange(place, temporary);
        write(&place.file, b"second");
    });
    let FileError::Kept { kept, .. } = &error else { panic!("{error}") };
    assert_eq!(fs::read(&place.file).unwrap(), b"second");
    assert_eq!(fs::read(kept).unwrap(), b"first");
}
