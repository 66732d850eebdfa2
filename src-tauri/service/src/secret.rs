//! Taking a secret out, for the clipboard or the reveal window. Never for a main web view.

use keywright_model::{Environment, EventKind, KeyId, Secret};

use crate::{Error, Service, keys::find, wire::CopyForm};

/// What a secret is taken out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// To the clipboard, in this form.
    Copy(CopyForm),
    /// To a person's eyes.
    Reveal,
}

impl Service {
    /// What to mind when a secret is handed over in this form; none when there is nothing.
    ///
    /// The bare value of a key for production ends up in code and in repositories: the form
    /// that names an environment variable does so less often.
    pub fn handover_advice(&self, id: KeyId, form: CopyForm) -> Result<Option<String>, Error> {
        let key = self.read(|vault| Ok(find(vault, id)?.clone()))?;
        let live = key.environment == Environment::Live && form == CopyForm::Value;
        let name = self.env_name(&key.platform).filter(|_| live);
        Ok(name.map(|name| {
            format!(
                "This is a production key. Keep it in an environment variable such as {name}, \
                 never in client-side code or a repository."
            )
        }))
    }

    /// The secret of a key, after a line in the log says so.
    pub fn secret(&self, id: KeyId, purpose: Use) -> Result<Secret, Error> {
        let (key, secret) = self.read(|vault| {
            let key = find(vault, id)?.clone();
            let secret = vault.key_secret(id)?.ok_or(Error::NoSecret)?;
            Ok((key, secret))
        })?;
        if self.writes() {
            let kind = match purpose {
                Use::Copy(_) => EventKind::SecretCopied,
                Use::Reveal => EventKind::SecretRevealed,
            };
            let event = self.key_event(&key, kind);
            self.write(|change| change.log(&event))?;
        }
        match purpose {
            Use::Copy(CopyForm::Assignment) => {
                let name = self.env_name(&key.platform);
                Ok(assignment(name.as_deref().unwrap_or("API_KEY"), &secret))
            }
            Use::Copy(CopyForm::Value) | Use::Reveal => Ok(secret),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "NAME=value is made of the value")]
fn assignment(name: &str, secret: &Secret) -> Secret {
    let mut text = String::with_capacity(name.len() + 1 + secret.len());
    text.push_str(name);
    text.push('=');
    text.push_str(secret.expose());
    Secret::new(text)
}
