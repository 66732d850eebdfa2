//! What a person brings to the making of a key: the secret from a dashboard, or what a platform
//! wants told each time.

use std::{fmt::Write as _, path::PathBuf};

use clap::{Args, ValueHint};
use keywright_model::{Secret, Verdict};
use keywright_service::{
    Service,
    wire::{CreateForm, CreateKey, Guide, GuidedKey},
};

use crate::{
    app::App,
    commands::key::guide_words,
    error::Error,
    exit::Exit,
    input::Input,
    show::{
        out::note,
        words::{self, clean},
    },
};

/// Where it comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct Bring {
    /// For a key made in a dashboard: read its secret from this file; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    secret_file: Option<PathBuf>,
    /// Take that secret although it does not look like one of the platform's
    #[arg(long)]
    odd_secret: bool,
    /// What the platform wants told each time, such as password=FILE; asked for when left out
    #[arg(long = "answer", value_name = "NAME=FILE", value_parser = named_file)]
    answers: Vec<(String, PathBuf)>,
}

impl Bring {
    /// The secret of a key that a person makes in the dashboard now.
    pub(crate) async fn take_from_dashboard(
        &self,
        app: &App,
        service: &Service,
        request: CreateKey,
        guide: &Guide,
    ) -> Result<Exit, Error> {
        for line in guide_words(guide) {
            note(&line);
        }
        let secret = match &self.secret_file {
            Some(file) => app.input.secret_in(file)?,
            None => Input::typed_secret("The key that it shows").ok_or(Error::NoTerminal {
                advice: "Give the secret by --secret-file FILE, or - for standard input.",
            })?,
        };
        let title = request.name.clone();
        let made = service.finish_guided_create(request, secret, self.odd_secret).await?;
        app.out.answer(&made, || told(&made, &title))?;
        Ok(match made.verdict {
            Some(Verdict::Dead) => Exit::Refused,
            _ => Exit::Done,
        })
    }

    /// The answers to what the platform asks each time.
    pub(crate) fn answers(
        &self,
        app: &App,
        form: &CreateForm,
    ) -> Result<Vec<(String, Secret)>, Error> {
        form.asks.iter().map(|name| Ok((name.clone(), self.answer(app, name)?))).collect()
    }

    fn answer(&self, app: &App, name: &str) -> Result<Secret, Error> {
        if let Some((_, file)) = self.answers.iter().find(|(given, _)| given == name) {
            return app.input.secret_in(file);
        }
        let prompt = clean(&format!("The platform asks for: {name}"));
        Input::typed_secret(&prompt)
            .ok_or(Error::NoTerminal { advice: "Give it by --answer NAME=FILE." })
    }
}

fn told(made: &GuidedKey, title: &str) -> String {
    let name = words::quoted(title);
    let mut text = format!("Sealed “{title}”, {}. Copy it: kw copy {name}\n", made.key);
    if !made.warning.is_empty() {
        writeln!(text, "▲ Odd: {}.", made.warning).unwrap_or_default();
    }
    if let Some(verdict) = &made.verdict {
        writeln!(text, "{}", words::verdict(verdict)).unwrap_or_default();
    }
    clean(&text)
}

pub(crate) fn named_file(text: &str) -> Result<(String, PathBuf), NoAnswer> {
    let (name, file) = text.split_once('=').ok_or(NoAnswer)?;
    Ok((name.trim().to_owned(), PathBuf::from(file)))
}

/// The text names no answer's file.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("write NAME=FILE, such as password=answer.txt")]
pub(crate) struct NoAnswer;
