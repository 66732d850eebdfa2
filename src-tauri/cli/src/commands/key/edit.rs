//! `kw edit`: a person's own notes on a key.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use keywright_model::{Owner, OwnerKind, key::NotedUse};
use keywright_service::wire::{EditKey, KeyDetail, RelabelKey, UseNote};

use crate::{
    app::App, commands::key::change::tell, error::Error, exit::Exit, find, show::words::clean,
};

/// Change what is noted about a key; the platform is asked for --name only
#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// The key
    key: String,
    #[command(flatten)]
    what: What,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct What {
    /// Another name on its platform, which is asked; where it can do that
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Your own label for it; empty takes it away
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// The note, Markdown; empty takes it away
    #[arg(long, value_name = "TEXT", conflicts_with = "note_file")]
    note: Option<String>,
    /// Read the note from this file; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    note_file: Option<PathBuf>,
    /// Add a tag; once for each
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Take a tag away; once for each
    #[arg(long = "untag", value_name = "TAG")]
    untags: Vec<String>,
    /// Whose it is; empty takes it away
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// What stands behind the owner's name
    #[arg(long, value_name = "KIND")]
    owner_kind: Option<Kind>,
    /// Days between rotations of this key; 0 takes the vault's default
    #[arg(long, value_name = "DAYS")]
    rotation_days: Option<u32>,
    /// Note where it is used: CLIENT, or CLIENT=PLACE; once for each
    #[arg(long = "use", value_name = "CLIENT[=PLACE]")]
    uses: Vec<String>,
    /// Take such a note away
    #[arg(long = "unuse", value_name = "CLIENT[=PLACE]")]
    unuses: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    Person,
    ServiceAccount,
    Unknown,
}

impl From<Kind> for OwnerKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Person => Self::Person,
            Kind::ServiceAccount => Self::ServiceAccount,
            Kind::Unknown => Self::Unknown,
        }
    }
}

impl Edit {
    pub(crate) async fn run(mut self, app: &App) -> Result<Exit, Error> {
        let service = app.writing()?;
        let key = find::key(&service, &self.key)?;
        let before = service.key_detail(key)?;
        let name = self.what.name.take();
        let detail = service.edit_key(self.what.edit(app, &before)?)?;
        if let Some(name) = name {
            let words = format!("Renamed to “{name}”.");
            let change = service.relabel_key(RelabelKey { key, name }).await?;
            return tell(app, &change, &words);
        }
        app.out.answer(&detail, || clean(&format!("Noted on “{}”.\n", detail.row.title)))?;
        Ok(Exit::Done)
    }
}

impl What {
    fn edit(self, app: &App, before: &KeyDetail) -> Result<EditKey, Error> {
        let note = match &self.note_file {
            Some(file) => Some(app.input.text_in(file)?),
            None => self.note.clone(),
        };
        Ok(EditKey {
            key: before.row.id,
            note,
            tags: self.tags(&before.row.tags),
            owner: self.owner(&before.owner),
            uses: self.uses(&before.uses),
            rotation_days: self.rotation_days,
            label: self.label,
        })
    }

    fn tags(&self, before: &[String]) -> Option<Vec<String>> {
        if self.tags.is_empty() && self.untags.is_empty() {
            return None;
        }
        let all = before.iter().chain(&self.tags).cloned();
        Some(all.filter(|tag| !self.untags.contains(tag)).collect())
    }

    fn owner(&self, before: &Owner) -> Option<Owner> {
        if self.owner.is_none() && self.owner_kind.is_none() {
            return None;
        }
        Some(Owner {
            name: self.owner.clone().unwrap_or_else(|| before.name.clone()),
            kind: self.owner_kind.map_or(before.kind, OwnerKind::from),
        })
    }

    fn uses(&self, before: &[NotedUse]) -> Option<Vec<UseNote>> {
        if self.uses.is_empty() && self.unuses.is_empty() {
            return None;
        }
        let known = before.iter().map(|used| (used.client.clone(), used.place.clone()));
        let mut all: Vec<(String, String)> = known.collect();
        for added in self.uses.iter().map(|text| use_in(text)) {
            if !all.contains(&added) {
                all.push(added);
            }
        }
        for gone in self.unuses.iter().map(|text| use_in(text)) {
            // Without a place every use by that client is meant.
            all.retain(|used| used.0 != gone.0 || !(gone.1.is_empty() || used.1 == gone.1));
        }
        Some(all.into_iter().map(|(client, place)| UseNote { client, place }).collect())
    }
}

fn use_in(text: &str) -> (String, String) {
    let (client, place) = text.split_once('=').unwrap_or((text, ""));
    (client.trim().to_owned(), place.trim().to_owned())
}
