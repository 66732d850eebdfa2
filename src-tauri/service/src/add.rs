//! Bringing in a key that was made elsewhere.

use keywright_model::{
    EventKind, Expiry, Key, Secret, Status,
    key::{Origin, Owner, OwnerKind},
};

use crate::{
    Error, Service,
    edit::tidy_tags,
    wire::{AddKey, FieldProblem, KeyDetail},
};

/// Bytes of a secret at the most.
const MAX_SECRET: usize = 64 * 1024;

impl Service {
    /// Adds a key made in a dashboard, with or without its secret. Makes no remote call.
    ///
    /// A key of that name which the platform's list brought, and which has no secret here yet, is
    /// completed instead of doubled.
    pub fn add_key(&self, request: AddKey, secret: Option<Secret>) -> Result<KeyDetail, Error> {
        let connection = self.connection(request.connection)?;
        let profile = self.profile(&connection.platform)?;
        let secret = secret.map(|secret| secret.trimmed()).filter(|secret| !secret.is_empty());
        check(&request, secret.as_ref())?;
        let mut key = self.listed_twin(&request, secret.as_ref())?.unwrap_or_else(|| {
            let name = request.name.trim().to_owned();
            Key::blank(connection.id, connection.platform.clone(), name, self.now())
        });
        key.origin = Origin::Added;
        key.status = if key.status == Status::Unknown { Status::Active } else { key.status };
        fill(&mut key, request);
        if let Some(secret) = &secret {
            key.hint = profile.hint_of(secret);
            key.environment = profile.environment_of(secret);
            key.bitting = Some(self.read(|vault| Ok(vault.bitting(secret)))?);
        }
        let event = self.key_event(&key, EventKind::KeyAdded);
        self.write(|change| {
            change.put_key(&key)?;
            if let Some(secret) = &secret {
                change.seal_key_secret(key.id, secret)?;
            }
            change.log(&event)
        })?;
        self.key_detail(key.id)
    }

    fn listed_twin(&self, request: &AddKey, secret: Option<&Secret>) -> Result<Option<Key>, Error> {
        let Some(secret) = secret else { return Ok(None) };
        self.read(|vault| {
            let mut twins = vault.index().keys().filter(|key| {
                key.connection == request.connection
                    && key.origin == Origin::Found
                    && key.name == request.name.trim()
                    && !key.has_secret()
                    && fits(key, secret)
            });
            match (twins.next(), twins.next()) {
                (Some(only), None) => Ok(Some(only.clone())),
                _ => Ok(None),
            }
        })
    }
}

/// Whether a secret has the visible ends of a key. Unknown ends fit anything.
#[expect(clippy::disallowed_methods, reason = "its ends are compared with the platform's hint")]
pub(crate) fn fits(key: &Key, secret: &Secret) -> bool {
    let text = secret.expose();
    text.starts_with(&key.hint.prefix) && text.ends_with(&key.hint.suffix)
}

fn fill(key: &mut Key, request: AddKey) {
    if !request.label.trim().is_empty() {
        request.label.trim().clone_into(&mut key.label);
    }
    if !request.note.is_empty() {
        key.note = request.note;
    }
    if !request.owner.trim().is_empty() {
        key.owner = Owner { name: request.owner.trim().to_owned(), kind: OwnerKind::Unknown };
    }
    if !request.tags.is_empty() {
        key.tags = tidy_tags(request.tags);
    }
    if !request.scopes.is_empty() {
        key.scopes = request.scopes;
    }
    if request.expires != Expiry::Unknown {
        key.expires = request.expires;
    }
}

/// Refuses what is longer than any key.
pub(crate) fn check_length(secret: Option<&Secret>) -> Result<(), Error> {
    if secret.is_none_or(|secret| secret.len() <= MAX_SECRET) {
        return Ok(());
    }
    let message = "this is longer than any key: 64 KiB is the most that is taken".into();
    Err(Error::Invalid(vec![FieldProblem { field: "secret".into(), message }]))
}

fn check(request: &AddKey, secret: Option<&Secret>) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut problem = |field: &str, message: &str| {
        problems.push(FieldProblem { field: field.to_owned(), message: message.to_owned() });
    };
    if request.name.trim().is_empty() {
        problem("name", "give the key the name it has on the platform");
    }
    if problems.is_empty() { check_length(secret) } else { Err(Error::Invalid(problems)) }
}
