//! What the operating system does to a vault: other instances, folders that may not be
//! written to, a disk that is really full.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

use keywright_vault::{Access, Error, Sealed, Vault};

use crate::common::{event, fake_key, fake_secret, make, open, passphrase};

/// The number of the user who owns nothing.
const NOBODY: &str = "65534";

/// The child of [`second_instance`]: opens the vault and holds it until it is killed.
pub(crate) fn hold(dir: &Path) {
    let _vault = open(dir);
    println!("held");
    std::thread::park();
}

/// A second writer is turned away; `kill -9` of the first frees the vault.
pub(crate) fn second_instance() {
    let home = tempfile::tempdir().unwrap();
    drop(make(home.path()));
    let mut first = Command::new(std::env::current_exe().unwrap())
        .args(["hold", home.path().to_str().unwrap()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(first.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "held\n");
    assert!(matches!(Sealed::open(home.path(), Access::Write), Err(Error::InUse)));
    let reader = Sealed::open(home.path(), Access::Read).unwrap().unlock(&passphrase()).unwrap();
    reader.verify().unwrap();
    drop(reader);
    first.kill().unwrap();
    first.wait().unwrap();
    open(home.path()).write(|change| change.put_key(&fake_key(1))).unwrap();
}

/// The child of [`read_only_folder`], without root's rights: says what it meets.
pub(crate) fn visit(dir: &Path) {
    let write = Sealed::open(dir, Access::Write);
    assert!(matches!(write, Err(Error::ReadOnly)), "{write:?}");
    let mut vault = Sealed::open(dir, Access::Read).unwrap().unlock(&passphrase()).unwrap();
    assert_eq!(vault.index().keys().count(), 1);
    vault.verify().unwrap();
    assert!(matches!(vault.write(|change| change.put_key(&fake_key(2))), Err(Error::ReadOnly)));
    let made = keywright_vault::create(
        &dir.join("new"),
        &passphrase(),
        crate::common::kdf(),
        crate::common::now(),
    );
    assert!(matches!(made, Err(Error::ReadOnly)), "{made:?}");
    println!("visited");
}

/// In a folder that may not be written to, a vault can be read and says that it cannot be
/// written.
pub(crate) fn read_only_folder() {
    if !rustix::process::getuid().is_root() {
        println!("not root: the folder is made read-only for ourselves");
    }
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("vault");
    let (mut vault, _) = make(&dir);
    vault.write(|change| change.put_key(&fake_key(1))).unwrap();
    drop(vault);
    let set =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for entry in fs::read_dir(&dir).unwrap() {
        set(&entry.unwrap().path(), 0o444);
    }
    set(home.path(), 0o755);
    set(&dir, 0o555);
    let before = names(&dir);
    // The program's own folder may be closed to others.
    let program = home.path().join("visitor");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    set(&program, 0o755);
    let mut command = if rustix::process::getuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]).arg(&program);
        command
    } else {
        Command::new(&program)
    };
    let output = command.args(["visit", dir.to_str().unwrap()]).output().unwrap();
    assert!(output.stdout == b"visited\n", "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(names(&dir), before, "a reader left files behind");
    set(&dir, 0o700);
}

fn names(dir: &Path) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

/// Writes until the disk is full; all that was acknowledged is there, before and after
/// space returns.
pub(crate) fn full_disk() {
    let home = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=600k", "tmpfs"])
        .arg(home.path())
        .output()
        .is_ok_and(|output| output.status.success());
    if !mounted {
        println!("skipped: only root may mount the small disk; ENOSPC is injected elsewhere");
        return;
    }
    let result = std::panic::catch_unwind(|| fill(home.path()));
    assert!(Command::new("umount").arg("-l").arg(home.path()).status().unwrap().success());
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

fn fill(disk: &Path) {
    let dir = disk.join("vault");
    let (mut vault, _) = make(&dir);
    let ballast = disk.join("ballast");
    let file = fs::OpenOptions::new().write(true).create_new(true).open(&ballast).unwrap();
    rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, 160 * 1024).unwrap();
    let mut kept = 0;
    let error = loop {
        assert!(kept < 10_000, "the disk is never full");
        match put(&mut vault, kept) {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
    };
    println!("{kept} keys until the disk was full: {error}");
    assert!(matches!(error, Error::Full), "{error:?}");
    assert_eq!(vault.index().keys().count(), usize::try_from(kept).unwrap());
    assert!(vault.key_secret(fake_key(0).id).unwrap().is_some());
    assert!(matches!(put(&mut vault, kept), Err(Error::Full)));
    let elsewhere = vault.backup_to(&disk.join("copy.backup"));
    assert!(matches!(elsewhere, Err(Error::Full)), "{elsewhere:?}");
    assert!(!disk.join("copy.backup").exists() && !disk.join("copy.backup.new").exists());
    drop(vault);
    // Full still: it opens and reads.
    let vault = open(&dir);
    assert_eq!(vault.index().keys().count(), usize::try_from(kept).unwrap());
    drop(vault);
    drop(file);
    fs::remove_file(ballast).unwrap();
    let mut vault = open(&dir);
    put(&mut vault, kept).unwrap();
    vault.verify().unwrap();
    assert_eq!(vault.index().keys().count(), usize::try_from(kept).unwrap() + 1);
}

fn put(vault: &mut Vault, n: u32) -> Result<(), Error> {
    vault.write(|change| {
        let key = fake_key(n);
        change.put_key(&key)?;
        change.seal_key_secret(key.id, &fake_secret(n))?;
        change.log(&event(&key))
    })
}
