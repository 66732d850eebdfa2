//! `kw run`: secrets in the environment of one program, and nowhere else.

use std::process::Command;

use clap::{Args, ValueHint};
use keywright_model::Secret;

use crate::{app::App, error::Error, exit::Exit, find};

/// Run a program with keys in its environment; they are in no file and in no other program
///
/// Ends with the program's own exit code.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// A key, and the variable that is to hold its secret; once for each
    #[arg(value_name = "KEY=NAME", required = true)]
    keys: Vec<String>,
    /// The program and its arguments
    #[arg(last = true, required = true, value_hint = ValueHint::CommandWithArguments)]
    command: Vec<String>,
}

impl Run {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.reading()?;
        let mut keys = Vec::new();
        for text in &self.keys {
            // A key's name may hold `=`, a variable's cannot.
            let (key, name) = text.rsplit_once('=').ok_or_else(|| super::no_setting(text))?;
            keys.push((find::key(&service, key)?, name.to_owned()));
        }
        let (program, arguments) =
            self.command.split_first().ok_or_else(|| super::no_setting(""))?;
        let secrets = service.hand_to(program, &keys)?;
        // Nothing of the vault stays in memory while the program runs.
        service.lock();
        drop(service);
        let status = child(program, arguments, &secrets)
            .status()
            .map_err(|source| Error::NotStarted { program: program.clone(), source })?;
        drop(secrets);
        Ok(status.code().map_or(Exit::Failed, |code| Exit::Child(code.to_le_bytes()[0])))
    }
}

#[expect(clippy::disallowed_methods, reason = "the secret is put into the program's environment")]
fn child(program: &str, arguments: &[String], secrets: &[(String, Secret)]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    for (name, secret) in secrets {
        command.env(name, secret.expose());
    }
    command
}
