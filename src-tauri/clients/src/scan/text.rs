//! A file's content as text, or why it is none.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, Read},
    path::Path,
};

/// So many bytes at the beginning decide whether a file is a text.
const HEAD: usize = 8_192;

/// What was found where a file was to be read.
pub(super) enum Content {
    /// Its bytes are in the buffer.
    Read {
        /// Permission bits; 0 where the system has none.
        mode: u32,
        /// Which file it is, by whatever name.
        id: Option<(u64, u64)>,
    },
    /// Above the limit.
    TooLarge,
    /// Its first bytes are no text's.
    Binary,
    /// No regular file.
    Special,
    /// The caller has it already.
    Again,
}

/// Reads a file. The buffer is emptied first; `again` is asked before anything is read.
pub(super) fn read(
    path: &Path,
    follow: bool,
    limit: u64,
    again: impl Fn((u64, u64)) -> bool,
    buffer: &mut Vec<u8>,
) -> io::Result<Content> {
    buffer.clear();
    let mut file = open(path, follow)?;
    let metadata = file.metadata()?;
    let (mode, id) = identity(&metadata);
    if !metadata.is_file() {
        return Ok(Content::Special);
    }
    if id.is_some_and(again) {
        return Ok(Content::Again);
    }
    if metadata.len() > limit {
        return Ok(Content::TooLarge);
    }
    let head = u64::try_from(HEAD).unwrap_or(u64::MAX);
    file.by_ref().take(head).read_to_end(buffer)?;
    if is_binary(buffer) {
        return Ok(Content::Binary);
    }
    if buffer.len() == HEAD {
        // One byte more than the limit shows a file that has grown meanwhile.
        file.take(limit.saturating_sub(head).saturating_add(1)).read_to_end(buffer)?;
    }
    let length = u64::try_from(buffer.len()).unwrap_or(u64::MAX);
    Ok(if length > limit { Content::TooLarge } else { Content::Read { mode, id } })
}

#[cfg(unix)]
fn open(path: &Path, follow: bool) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    // A pipe that was put there meanwhile would block for ever.
    let mut flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    if !follow {
        flags |= OFlags::NOFOLLOW;
    }
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open(path: &Path, _: bool) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> (u32, Option<(u64, u64)>) {
    use std::os::unix::fs::MetadataExt;
    (metadata.mode() & 0o7777, Some((metadata.dev(), metadata.ino())))
}

#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> (u32, Option<(u64, u64)>) {
    (0, None)
}

fn is_binary(start: &[u8]) -> bool {
    utf16(start).is_none() && memchr::memchr(0, start).is_some()
}

/// Whether it is UTF-16, and its low byte first.
fn utf16(bytes: &[u8]) -> Option<bool> {
    match bytes {
        // UTF-32 begins like UTF-16; nobody writes it.
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] => Some(true),
        [0xfe, 0xff, ..] => Some(false),
        _ => None,
    }
}

/// The text without its byte order mark; UTF-16 as UTF-8. Bytes that are no UTF-8 stay: they
/// end a candidate, and no format reads them.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some(low_first) = utf16(bytes) else {
        return Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    };
    let (pairs, _) = bytes.get(2..).unwrap_or_default().as_chunks::<2>();
    let unit = |pair: &[u8; 2]| {
        if low_first { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) }
    };
    let mut text = String::with_capacity(pairs.len() + pairs.len() / 2);
    text.extend(
        char::decode_utf16(pairs.iter().map(unit))
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
    );
    Cow::Owned(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, low_first: bool) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units
            .flat_map(|unit| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn marks_and_utf_16_are_read() {
        assert_eq!(*decode(b"\xef\xbb\xbfA=b"), *b"A=b");
        for low_first in [true, false] {
            let bytes = utf16("A=schlüssel\r\n", low_first);
            assert!(!is_binary(&bytes));
            assert_eq!(*decode(&bytes), *"A=schlüssel\r\n".as_bytes());
        }
    }

    #[test]
    fn zeros_make_a_file_binary() {
        assert!(is_binary(b"\x7fELF\0\0"));
        assert!(is_binary(b"\xff\xfe\0\0a\0\0\0"));
        assert!(!is_binary(b"no zeros"));
    }
}
