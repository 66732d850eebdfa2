//! Nothing that a person entered can be read in any of the vault's files.

use std::{fs, path::Path};

use keywright_model::{Event, EventKind};

use crate::common::{PASSPHRASE, code_of, fake_key, fake_secret, make, now, overwrite, text};

/// A value with every form in which it might lie in a file.
fn forms(value: &str) -> Vec<Vec<u8>> {
    let bytes = value.as_bytes();
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    let wide =
        |order: fn(u16) -> [u8; 2]| value.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let mut forms = vec![
        bytes.to_vec(),
        value.to_lowercase().into_bytes(),
        value.to_uppercase().into_bytes(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    // Base 64 has three phases; the first and last characters depend on neighbours.
    forms.extend((0..3).map(|phase| base64(bytes, phase)));
    forms
}

fn base64(bytes: &[u8], phase: usize) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut padded = vec![0; phase];
    padded.extend(bytes);
    let whole = padded.chunks_exact(3).flat_map(|three| {
        let word = three.iter().fold(0_usize, |word, byte| word << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| LETTERS[word >> shift & 63])
    });
    whole.skip(if phase == 0 { 0 } else { 4 }).collect()
}

/// Which canaries are in which files.
fn sweep(dir: &Path, canaries: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for canary in canaries {
            for (form, needle) in forms(canary).into_iter().enumerate() {
                if memchr::memmem::find(&bytes, &needle).is_some() {
                    found.push(format!("{canary} as form {form} in {}", path.display()));
                }
            }
        }
    }
    found
}

#[test]
fn no_entered_value_is_readable_in_any_file() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    let (mut vault, code) = make(dir);
    let mut key = fake_key(1);
    let word = |what: &str| format!("canary-{what}-Kw7Qx2Lm");
    (key.name, key.label, key.note) = (word("name"), word("label"), word("note"));
    key.tags = vec![word("tag")];
    key.owner.name = word("owner");
    key.remote_id = Some(word("remote"));
    key.uses[0].place = word("place");
    let purged = fake_key(2);
    let code = code_of(&code);
    let mut canaries: Vec<String> =
        ["name", "label", "note", "tag", "owner", "remote", "place", "subject"].map(word).into();
    canaries.extend([PASSPHRASE.to_owned(), code.replace('-', ""), code]);
    canaries.extend([1, 2, 3].map(|n| text(Some(fake_secret(n))).unwrap()));
    canaries.extend([key.id.to_string(), purged.name.clone(), "agent.ceo".to_owned()]);
    let event = Event {
        at: now(),
        kind: EventKind::KeyCreated,
        key: Some(key.id),
        connection: None,
        subject: word("subject"),
    };
    let done = vault.write(|change| {
        change.put_key(&key)?;
        change.seal_key_secret(key.id, &fake_secret(1))?;
        change.put_key(&purged)?;
        change.seal_key_secret(purged.id, &fake_secret(2))?;
        change.log(&event)
    });
    done.unwrap();
    vault.write(|change| change.seal_key_secret(key.id, &fake_secret(3))).unwrap();
    assert_eq!(sweep(dir, &canaries), [""; 0], "while it is open");
    vault.write(|change| change.remove_key(purged.id)).unwrap();
    vault.backup_to(&dir.join("copy.backup")).unwrap();
    assert!(vault.key_secret(key.id).unwrap().is_some());
    drop(vault);
    assert_eq!(sweep(dir, &canaries), [""; 0], "after it was closed");

    for (form, bytes) in forms(&canaries[0]).into_iter().enumerate() {
        let mut planted = b"some noise before ".to_vec();
        planted.extend(bytes);
        overwrite(&dir.join("planted"), &planted);
        assert!(!sweep(dir, &canaries[..1]).is_empty(), "a planted leak in form {form} was missed");
    }
}
