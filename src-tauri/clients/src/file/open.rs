//! Which processes have a file open for writing, from `/proc` (proc(5)). Those of other users
//! and of other process name spaces are not seen.

use std::{
    fs::{self, DirEntry, Metadata},
    path::Path,
};

use super::system;

/// The name of a process that has this file open for writing; none where none is seen.
pub(super) fn writer(about: &Metadata) -> Option<String> {
    let own = std::process::id().to_string();
    fs::read_dir("/proc").ok()?.flatten().find_map(|entry| {
        let name = entry.file_name();
        let pid = name.to_str().filter(|pid| pid.bytes().all(|byte| byte.is_ascii_digit()))?;
        // What this process has open, it has open for reading.
        (pid != own && writes(&entry, about)).then(|| title(&entry.path(), pid))
    })
}

fn writes(process: &DirEntry, about: &Metadata) -> bool {
    let path = process.path();
    let Ok(open) = fs::read_dir(path.join("fd")) else { return false };
    open.flatten().any(|descriptor| {
        fs::metadata(descriptor.path()).is_ok_and(|now| system::is_same(&now, about))
            && for_writing(&path.join("fdinfo").join(descriptor.file_name()))
    })
}

/// Whether a descriptor's `flags:` line, in octal, has an access mode that writes.
fn for_writing(info: &Path) -> bool {
    let Ok(text) = fs::read_to_string(info) else { return false };
    let flags = text.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    flags.is_some_and(|flags| flags & 3 != 0)
}

fn title(process: &Path, pid: &str) -> String {
    let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
    format!("{} (process {pid})", name.trim())
}
