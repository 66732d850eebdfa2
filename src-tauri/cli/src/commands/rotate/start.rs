//! `kw rotate`: a key replaced everywhere, in the foreground, with its proof.

use clap::{Args, ValueEnum};
use keywright_model::{expiry::Lifetime, rotation::PlanKind};
use keywright_service::{
    Service,
    wire::{RotateKey, RotationPlan},
};

use crate::{
    app::App,
    commands::{
        key::{create::with_fixed, lifetime},
        rotate::{
            span,
            through::{Patience, to_the_end},
        },
    },
    error::Error,
    exit::Exit,
    find,
    show::{out::note, plan, words::clean},
};

/// Replace a key: make a new one, put it everywhere, verify it, end the old one with proof
///
/// Shows the plan and asks first. Nothing is revoked before every place works. The run is written
/// down step by step: whatever cuts it short, `kw resume` goes on. It ends with exit code 1 when it
/// waits for a person, 6 when it waits for the network.
#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// The key
    key: String,
    /// Show what would happen, and change nothing
    #[arg(long, conflicts_with_all = ["yes", "word", "no_wait"])]
    plan: bool,
    /// Do not ask; what has to be typed still has to be
    #[arg(long, short)]
    yes: bool,
    /// What has to be typed where the old secret dies at once: the key's title
    #[arg(long = "type", value_name = "WORD")]
    word: Option<String>,
    /// How, where the platform has several ways
    #[arg(long = "as", value_name = "WAY")]
    way: Option<Way>,
    /// The new key's name; the old one's, or one like it, when left out
    #[arg(long, value_name = "NAME", default_value = "")]
    name: String,
    /// A scope of the new key; once for each; the old one's when left out
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<String>,
    /// When the new key ends: 30d, 12w, 1y, never, or a day; as long as the old one when left out
    #[arg(long, value_name = "WHEN", value_parser = lifetime)]
    expires: Option<Lifetime>,
    /// Why, for the report
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// Keep the old key for so long after all is verified: 30m, 1h, 7d
    #[arg(long, value_name = "TIME", value_parser = span, conflicts_with = "revoke_first")]
    grace: Option<u32>,
    /// Have the platform hold the old key back meanwhile, where it can
    #[arg(long, requires = "grace")]
    hold_back: bool,
    /// The old key leaked: end it first; what uses it stops until it has the new one
    #[arg(long)]
    revoke_first: bool,
    /// Do it although a warning on a place stops it
    #[arg(long)]
    insist: bool,
    #[command(flatten)]
    patience: Patience,
}

/// A way of replacing.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Way {
    /// A new key beside the old one, which ends when all places have the new one
    CreateThenRevoke,
    /// The key gets a new secret, and the old one dies at once
    InPlace,
    /// The key gets a new secret, and the old one works on for a while
    Overlap,
    /// You make and end keys in the dashboard
    Guided,
}

impl From<Way> for PlanKind {
    fn from(way: Way) -> Self {
        match way {
            Way::CreateThenRevoke => Self::CreateThenRevoke,
            Way::InPlace => Self::InPlace,
            Way::Overlap => Self::Overlap,
            Way::Guided => Self::Guided,
        }
    }
}

impl Rotate {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let service = if self.plan { app.reading()? } else { app.writing()? };
        let mut request = self.request(&service)?;
        let planned = service.plan_rotation(request.clone())?;
        if self.plan {
            app.out.answer(&planned, || plan::told(&app.out, &planned))?;
            return Ok(if planned.ready { Exit::Done } else { Exit::Failed });
        }
        if !app.out.is_json() {
            note(plan::told(&app.out, &planned).trim_end());
        }
        if planned.ready {
            request.typed = self.ask(app, &planned)?;
        }
        // What is not ready is refused here, with its reason.
        let row = service.start_rotation(request)?;
        to_the_end(app, &service, row.id, self.patience).await
    }

    fn request(&self, service: &Service) -> Result<RotateKey, Error> {
        let key = find::key(service, &self.key)?;
        let scopes = if self.scopes.is_empty() {
            None
        } else {
            let connection = service.key_detail(key)?.connection;
            Some(with_fixed(self.scopes.clone(), &service.create_form(connection)?))
        };
        Ok(RotateKey {
            key,
            plan: self.way.map(PlanKind::from),
            name: self.name.clone(),
            scopes,
            lifetime: self.expires,
            reason: self.reason.clone(),
            grace_s: self.grace.unwrap_or_default(),
            hold_back: self.hold_back,
            revoke_first: self.revoke_first,
            insist: self.insist,
            typed: String::new(),
        })
    }

    /// Asks whether it is meant so. The answer is what was typed, where something has to be.
    fn ask(&self, app: &App, planned: &RotationPlan) -> Result<String, Error> {
        if let Some(word) = &planned.type_to_confirm {
            return typed(app, self.word.as_ref(), word);
        }
        if !self.yes {
            let question = format!("Replace “{}”?", clean(&planned.title));
            let instead = "Write --yes to replace it without being asked.";
            app.input.confirm(&question, instead)?;
        }
        Ok(String::new())
    }
}

/// What was typed to confirm: on the command line, or asked for now.
pub(super) fn typed(app: &App, given: Option<&String>, word: &str) -> Result<String, Error> {
    if let Some(given) = given {
        return Ok(given.clone());
    }
    let question = format!("Type “{}” to go on:", clean(word));
    app.input.ask(&question, "Read kw … --plan, then write --type WORD with what it names.")
}
