//! Platforms: those that can be connected, those that a person adds by a file, and what a string
//! looks like a key of.

use keywright_model::{EventKind, PlatformId, Secret};
use keywright_platforms::{Capability, Profile, Registry};
use keywright_vault::{AddedPlatform, StoredSettings, Vault};

use crate::{
    Error, Service,
    wire::{
        AddPlatform, CredentialForm, Detected, FieldProblem, PlatformCall, PlatformPreview,
        PlatformRow, VariableForm,
    },
};

/// Platforms that may be added to one vault.
const MOST: usize = 100;

impl Service {
    /// The platforms that can be connected, by shelf and name.
    pub fn list_platforms(&self) -> Vec<PlatformRow> {
        let registry = self.registry();
        let mut profiles: Vec<_> = registry.all().collect();
        profiles.sort_by(|one, other| {
            (one.kind, one.name.to_lowercase()).cmp(&(other.kind, other.name.to_lowercase()))
        });
        profiles.into_iter().map(|profile| platform_row(profile)).collect()
    }

    /// What a profile would do, before it is trusted: where it talks to and what it sends.
    pub fn preview_platform(&self, file: AddPlatform) -> Result<PlatformPreview, Error> {
        let profile = read(&file)?;
        let calls = profile.outline().into_iter().map(|call| PlatformCall {
            operation: call.operation.to_owned(),
            method: call.method,
            path: call.path,
            carries: call.carries,
        });
        let known = self.profile(&profile.id).ok();
        Ok(PlatformPreview {
            origin: origin_of(&profile.base_url),
            page_origins: profile.page_origins(),
            calls: calls.collect(),
            replaces: known.map(|known| known.name.clone()),
            builtin: Registry::is_builtin(&profile.id),
            platform: platform_row(&profile),
        })
    }

    /// Adds a platform, or puts a newer profile in an added one's place. It is kept in the vault:
    /// nobody can change unseen what a trusted one sends.
    pub fn add_platform(&self, file: AddPlatform) -> Result<PlatformRow, Error> {
        let profile = read(&file)?;
        if Registry::is_builtin(&profile.id) {
            return Err(wrong(format!(
                "`{}` comes with Keywright and is not replaced; give yours another `id`",
                profile.id
            )));
        }
        let mut settings = self.stored_settings()?;
        settings.platforms.retain(|added| id_of(added).as_ref() != Some(&profile.id));
        if settings.platforms.len() >= MOST {
            return Err(wrong(format!("{MOST} platforms are added already, and that is the most")));
        }
        let added = AddedPlatform { origin: file.origin, text: file.text, added: self.now() };
        settings.platforms.push(added);
        let row = platform_row(&profile);
        self.keep_platforms(&settings, EventKind::PlatformAdded, &profile.name)?;
        Ok(row)
    }

    /// Removes an added platform that no connection needs.
    pub fn remove_platform(&self, id: PlatformId) -> Result<(), Error> {
        let mut settings = self.stored_settings()?;
        let before = settings.platforms.len();
        settings.platforms.retain(|added| id_of(added).as_ref() != Some(&id));
        if settings.platforms.len() == before {
            return Err(Error::NotFound { what: "added platform" });
        }
        let used = self.read(|vault| {
            let mut connections = vault.index().connections();
            Ok(connections
                .find(|c| c.deleted.is_none() && c.platform == id)
                .map(|c| c.name.clone()))
        })?;
        if let Some(name) = used {
            return Err(Error::NotPossible {
                why: format!("the connection “{name}” needs it"),
                advice: "Disconnect that one first.".into(),
            });
        }
        self.keep_platforms(&settings, EventKind::PlatformRemoved, id.as_str())
    }

    /// What a string may be a key of, by its looks alone, the likeliest first. It is sent nowhere.
    pub fn detect(&self, secret: &Secret) -> Vec<Detected> {
        let found = self.registry().detect(&secret.trimmed());
        found
            .into_iter()
            .map(|candidate| Detected {
                platform: candidate.platform,
                name: candidate.name,
                environment: candidate.environment,
                why: candidate.likeness.words().to_owned(),
            })
            .collect()
    }

    /// The registry of an open vault. A profile that a newer Keywright would read stays unread.
    pub(crate) fn load_platforms(&self, vault: &Vault) {
        let mut registry = Registry::builtin();
        for added in &vault.index().settings().platforms {
            if let Ok(profile) = Profile::parse(&added.origin, &added.text)
                && !Registry::is_builtin(&profile.id)
            {
                registry.add(profile);
            }
        }
        self.set_registry(registry);
    }

    pub(crate) fn stored_settings(&self) -> Result<StoredSettings, Error> {
        self.read(|vault| Ok(vault.index().settings().clone()))
    }

    fn keep_platforms(
        &self,
        settings: &StoredSettings,
        kind: EventKind,
        subject: &str,
    ) -> Result<(), Error> {
        let mut event = self.event(kind);
        subject.clone_into(&mut event.subject);
        self.write(|change| {
            change.put_settings(settings)?;
            change.log(&event)
        })?;
        self.read(|vault| {
            self.load_platforms(vault);
            Ok(())
        })
    }
}

pub(crate) fn read(file: &AddPlatform) -> Result<Profile, Error> {
    Profile::parse(&file.origin, &file.text).map_err(|error| wrong(format!("in {error}")))
}

fn wrong(message: String) -> Error {
    Error::Invalid(vec![FieldProblem { field: "file".into(), message }])
}

fn id_of(added: &AddedPlatform) -> Option<PlatformId> {
    Profile::parse(&added.origin, &added.text).ok().map(|profile| profile.id)
}

/// Scheme, host and port; empty when every user tells their own.
fn origin_of(base_url: &str) -> String {
    url::Url::parse(base_url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

fn platform_row(profile: &Profile) -> PlatformRow {
    PlatformRow {
        id: profile.id.clone(),
        name: profile.name.clone(),
        about: profile.about.clone(),
        shelf: profile.kind.words().to_owned(),
        docs: profile.docs.clone(),
        advice: profile.advice.clone(),
        base_url: profile.base_url.clone(),
        variables: profile
            .variables
            .iter()
            .map(|variable| VariableForm {
                name: variable.name.clone(),
                label: variable.label.clone(),
                help: variable.help.clone(),
                placeholder: variable.placeholder.clone(),
                defaults_to: variable.defaults_to.clone(),
                required: variable.required,
            })
            .collect(),
        credential: profile.credential.as_ref().map(|credential| CredentialForm {
            label: credential.label.clone(),
            help: credential.help.clone(),
            prefixes: credential.prefixes.clone(),
            parts: credential.parts.clone(),
            optional: credential.optional,
        }),
        capabilities: profile.capabilities.iter().map(|can| can.words().to_owned()).collect(),
        guided: profile.can(Capability::ManualCreate) && !profile.can(Capability::Create),
        added: !Registry::is_builtin(&profile.id),
        verified: profile.verified.as_ref().map(|verified| {
            format!("{}: {}, {}", verified.by.words(), verified.against, verified.on)
        }),
    }
}
