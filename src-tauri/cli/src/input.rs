//! Where secrets and answers come in: a prompt, a file, or the standard input. Never the command
//! line, never the environment.

use std::{
    cell::Cell,
    io::{self, IsTerminal, Read, Write},
    path::Path,
};

use keywright_model::Secret;

use crate::error::Error;

/// Bytes of a file with a secret at the most; what is longer is no secret.
const MOST: u64 = 64 * 1024;
/// Bytes of a text that may hold a key at the most.
const MOST_PASTED: u64 = 256 * 1024;
/// Bytes of a platform profile at the most.
const MOST_PROFILE: u64 = 256 * 1024;

/// What a person or a script tells besides the command line.
#[derive(Debug, Default)]
pub(crate) struct Input {
    stdin_taken: Cell<bool>,
}

impl Input {
    /// A secret from a file, or from the standard input for `-`, without its last line break.
    pub(crate) fn secret_in(&self, file: &Path) -> Result<Secret, Error> {
        let bytes = self.bytes_in(file)?;
        Secret::from_utf8(without_line_break(bytes))
            .filter(|secret| !secret.is_empty())
            .ok_or_else(|| unreadable(file, "it is empty, or no text"))
    }

    /// A text that may hold a secret: from a file, from what is piped in, or pasted on the terminal,
    /// where it is not shown.
    pub(crate) fn pasted(&self, file: Option<&Path>) -> Result<Secret, Error> {
        let file = match file {
            None if io::stdin().is_terminal() => {
                let typed = Self::typed_secret("Paste it here; it is not shown");
                return typed.filter(|typed| !typed.is_empty()).ok_or(Error::NoTerminal {
                    advice: "Pipe the text in, or name a file that holds it with --file.",
                });
            }
            None => Path::new("-"),
            Some(file) => file,
        };
        let bytes = self.at_most(file, MOST_PASTED)?;
        Secret::from_utf8(bytes)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| unreadable(file, "it is empty, or no text"))
    }

    /// A text from a file, or from the standard input for `-`.
    pub(crate) fn text_in(&self, file: &Path) -> Result<String, Error> {
        let bytes = without_line_break(self.bytes_in(file)?);
        String::from_utf8(bytes).map_err(|_| unreadable(file, "it is no text"))
    }

    /// A platform profile, which may be longer than a secret.
    pub(crate) fn profile_in(&self, file: &Path) -> Result<String, Error> {
        let bytes = self.at_most(file, MOST_PROFILE)?;
        String::from_utf8(bytes).map_err(|_| unreadable(file, "it is no text"))
    }

    /// A secret that is typed and not shown; none when there is no terminal to ask on. It is asked
    /// for on the terminal itself, so that pipes in and out stay free.
    pub(crate) fn typed_secret(prompt: &str) -> Option<Secret> {
        let watched = io::stdin().is_terminal() || io::stderr().is_terminal();
        let typed = watched.then(|| rpassword::prompt_password(format!("{prompt}: ")));
        typed.and_then(Result::ok).map(Secret::new)
    }

    /// Refuses when nobody can answer, before anything is told to nobody.
    pub(crate) fn need_person(&self, instead: &'static str) -> Result<(), Error> {
        let there = io::stdin().is_terminal() && io::stderr().is_terminal();
        if there && !self.stdin_taken.get() {
            Ok(())
        } else {
            Err(Error::NoTerminal { advice: instead })
        }
    }

    /// Asks for one line, which is shown while it is typed.
    pub(crate) fn ask(&self, question: &str, instead: &'static str) -> Result<String, Error> {
        self.need_person(instead)?;
        let mut stderr = io::stderr().lock();
        write!(stderr, "{question} ").and_then(|()| stderr.flush()).map_err(Error::System)?;
        drop(stderr);
        let mut line = String::new();
        io::stdin().read_line(&mut line).map_err(Error::System)?;
        Ok(line.trim().to_owned())
    }

    /// Asks a question that must be answered with yes.
    pub(crate) fn confirm(&self, question: &str, instead: &'static str) -> Result<(), Error> {
        let answer = self.ask(&format!("{question} [y/N]"), instead)?;
        if matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes") {
            Ok(())
        } else {
            Err(Error::Declined)
        }
    }

    fn bytes_in(&self, file: &Path) -> Result<Vec<u8>, Error> {
        self.at_most(file, MOST)
    }

    fn at_most(&self, file: &Path, most: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let read = if file == Path::new("-") {
            if self.stdin_taken.replace(true) {
                return Err(Error::usage(
                    "The standard input can be only one of these",
                    "Put the other one into a file that only you can read.",
                ));
            }
            io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
        } else {
            std::fs::File::open(file)
                .and_then(|opened| opened.take(most + 1).read_to_end(&mut bytes))
        };
        read.map_err(|source| Error::Unreadable { file: file.to_owned(), source })?;
        if u64::try_from(bytes.len()).is_ok_and(|len| len > most) {
            return Err(unreadable(file, "it is longer than anything that is read here"));
        }
        Ok(bytes)
    }
}

/// Spaces stay: a passphrase may end in one.
fn without_line_break(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    bytes
}

fn unreadable(file: &Path, why: &'static str) -> Error {
    let source = io::Error::new(io::ErrorKind::InvalidData, why);
    Error::Unreadable { file: file.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_line_break_is_taken_off() {
        for (text, left) in [("a b \n", "a b "), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a")] {
            assert_eq!(without_line_break(text.into()), left.as_bytes());
        }
    }
}
