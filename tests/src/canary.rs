//! Looks for secrets where none may be: in files and in processes' arguments and environment,
//! in every encoding that a careless line of code would leave behind.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

/// A secret planted to be looked for.
pub struct Canary {
    name: String,
    needles: Vec<(&'static str, Vec<u8>)>,
}

/// A place where a canary was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which canary; never its value.
    pub canary: String,
    /// How it was written.
    pub encoding: &'static str,
    /// Where.
    pub place: String,
}

impl Canary {
    /// A canary of a name, looked for in UTF-8, UTF-16, hex and base64 at any alignment.
    ///
    /// # Panics
    /// When the value is shorter than 12 bytes: it would be found by chance.
    pub fn new(name: &str, value: &str) -> Self {
        assert!(value.len() >= 12, "a canary of {} bytes is found by chance", value.len());
        let bytes = value.as_bytes();
        let mut needles = vec![
            ("utf-8", bytes.to_vec()),
            ("utf-16le", value.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("utf-16be", value.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            ("hex", hex(bytes, false).into_bytes()),
            ("HEX", hex(bytes, true).into_bytes()),
        ];
        for (encoding, skip) in [("base64+0", 0), ("base64+1", 1), ("base64+2", 2)] {
            needles.push((encoding, base64_core(bytes, skip).into_bytes()));
        }
        Self { name: name.to_owned(), needles }
    }

    /// Every way in which the canary stands in these bytes.
    pub fn find(&self, place: &str, bytes: &[u8]) -> Vec<Hit> {
        let there = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
        self.needles
            .iter()
            .filter(|(_, needle)| there(needle))
            .map(|(encoding, _)| Hit {
                canary: self.name.clone(),
                encoding,
                place: place.to_owned(),
            })
            .collect()
    }
}

/// Looks through every file below a folder. Links are not followed.
pub fn sweep_folder(folder: &Path, canaries: &[Canary]) -> io::Result<Vec<Hit>> {
    let mut hits = Vec::new();
    for file in files_below(folder)? {
        let place = file.display().to_string();
        match fs::read(&file) {
            Ok(bytes) => hits.extend(canaries.iter().flat_map(|c| c.find(&place, &bytes))),
            // Sockets and files that went away meanwhile hold nothing.
            Err(_) if !file.is_file() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(hits)
}

/// Looks through the arguments and the environment of every process that can be read.
pub fn sweep_processes(canaries: &[Canary]) -> io::Result<Vec<Hit>> {
    let mut hits = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let folder = entry?.path();
        let is_process = folder
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
        if !is_process {
            continue;
        }
        for part in ["cmdline", "environ"] {
            let file = folder.join(part);
            if let Ok(bytes) = fs::read(&file) {
                let place = file.display().to_string();
                hits.extend(canaries.iter().flat_map(|canary| canary.find(&place, &bytes)));
            }
        }
    }
    Ok(hits)
}

fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if !kind.is_symlink() {
                files.push(entry.path());
            }
        }
    }
    Ok(files)
}

fn hex(bytes: &[u8], upper: bool) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let written = if upper { write!(text, "{byte:02X}") } else { write!(text, "{byte:02x}") };
        written.map(|()| text).unwrap_or_default()
    })
}

/// The base64 letters that depend on these bytes alone when they start `skip` bytes into a group.
fn base64_core(bytes: &[u8], skip: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let lead = (3 - skip) % 3;
    let whole = bytes.get(lead..).unwrap_or_default();
    let mut text = String::new();
    for group in whole.chunks_exact(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        for shift in [18, 12, 6, 0] {
            let letter = usize::try_from((bits >> shift) & 63).unwrap_or_default();
            text.push(char::from(LETTERS[letter]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "ace_live_fakeCanaryNotAKey0001";

    fn encodings(bytes: &[u8]) -> Vec<&'static str> {
        Canary::new("key", VALUE).find("here", bytes).into_iter().map(|hit| hit.encoding).collect()
    }

    #[test]
    fn a_planted_leak_is_found_in_every_encoding() {
        assert_eq!(encodings(format!("x{VALUE}y").as_bytes()), ["utf-8"]);
        let wide: Vec<u8> = VALUE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(encodings(&wide), ["utf-16le"]);
        assert_eq!(encodings(hex(VALUE.as_bytes(), false).as_bytes()), ["hex"]);
        assert_eq!(encodings(hex(VALUE.as_bytes(), true).as_bytes()), ["HEX"]);
    }

    #[test]
    fn base64_is_found_at_any_alignment() {
        for before in ["", "a", "ab", "abc"] {
            let text = format!("{before}{VALUE}");
            let encoded = base64_core(text.as_bytes(), 0);
            assert_eq!(encodings(encoded.as_bytes()).len(), 1, "after {before:?}: {encoded}");
        }
    }

    #[test]
    fn a_planted_file_is_found_and_a_clean_folder_is_clean() {
        let folder = tempfile::tempdir().unwrap();
        let canaries = [Canary::new("key", VALUE)];
        fs::create_dir(folder.path().join("deep")).unwrap();
        assert_eq!(sweep_folder(folder.path(), &canaries).unwrap(), []);
        let file = folder.path().join("deep/log.txt");
        let mut log = fs::OpenOptions::new().create(true).append(true).open(&file).unwrap();
        io::Write::write_all(&mut log, VALUE.as_bytes()).unwrap();
        assert_eq!(sweep_folder(folder.path(), &canaries).unwrap().len(), 1);
    }

    #[test]
    fn a_planted_argument_is_found() {
        let mut child = std::process::Command::new("sh")
            .args(["-c", "sleep 5; exit 0", VALUE])
            .env("PLANTED", VALUE)
            .spawn()
            .unwrap();
        let canaries = [Canary::new("key", VALUE)];
        let wanted = format!("/proc/{}/", child.id());
        let mut hits = Vec::new();
        for _ in 0..50 {
            hits = sweep_processes(&canaries).unwrap();
            hits.retain(|hit| hit.place.starts_with(&wanted));
            if hits.len() == 2 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(hits.len(), 2, "{hits:?}");
    }
}
