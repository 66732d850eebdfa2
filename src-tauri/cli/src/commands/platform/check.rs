//! `kw platforms check`: a profile held against a live server. Needs no vault.

use std::{fmt::Write as _, path::PathBuf};

use clap::{Args, ValueHint};
use keywright_model::{Secret, expiry::Lifetime};
use keywright_service::{
    Access, Trial,
    wire::{CheckLine, CheckOutcome, Conformance, Variable},
};

use crate::{
    app::App,
    commands::{
        key::{bring::named_file, lifetime},
        platform::{added::profile_in, connect::variable},
    },
    error::Error,
    exit::Exit,
    show::{out::note, words::clean},
};

/// Hold a profile against a live server, and print what passes and what fails
///
/// It lists, makes keys named keywright-check-…, reads them back, renames, tries, holds back,
/// rotates and revokes them, and proves them dead; and it meets every call with answers that no
/// server should give. What it makes it ends again, also when a check fails. Exit code 0 when
/// nothing failed, 1 otherwise.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The profile, a TOML file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Where the server is; the profile's own address when left out
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, default_value = "")]
    base_url: String,
    /// A value that the platform asks for
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = variable)]
    variables: Vec<Variable>,
    /// Read the management credential from this file; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    credential_file: Option<PathBuf>,
    /// For a platform whose keys are made in a dashboard: a living key, which is only tried
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    key_file: Option<PathBuf>,
    /// What the platform wants told each time, such as password=FILE
    #[arg(long = "answer", value_name = "NAME=FILE", value_parser = named_file)]
    answers: Vec<(String, PathBuf)>,
    /// A scope of the keys that are made; the least dangerous ones when left out
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<String>,
    /// When they end: 30d, never, or a day; the platform's first choice when left out
    #[arg(long, value_name = "WHEN", value_parser = lifetime)]
    expires: Option<Lifetime>,
}

impl Check {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let file = profile_in(app, &self.file)?;
        let secret = |file: &Option<PathBuf>| {
            file.as_ref().map(|file| app.input.secret_in(file)).transpose()
        };
        let (credential, key) = (secret(&self.credential_file)?, secret(&self.key_file)?);
        let answers: Vec<(String, Secret)> = self
            .answers
            .iter()
            .map(|(name, file)| Ok((name.clone(), app.input.secret_in(file)?)))
            .collect::<Result<_, Error>>()?;
        let trial = Trial {
            base_url: self.base_url,
            variables: self.variables,
            credential,
            key,
            answers,
            scopes: self.scopes,
            lifetime: self.expires,
        };
        let service = app.service(Access::Read)?;
        let told = |line: CheckLine| note(&row(&line));
        let report = service.check_platform(&file, trial, told).await?;
        app.out.answer(&report, || clean(&summary(&report)))?;
        let bad = !report.leftovers.is_empty() || count(&report, CheckOutcome::Failed) > 0;
        Ok(if bad { Exit::Failed } else { Exit::Done })
    }
}

fn row(line: &CheckLine) -> String {
    let mark = match line.outcome {
        CheckOutcome::Passed => "✓",
        CheckOutcome::Failed => "■",
        CheckOutcome::Skipped => "–",
    };
    let why = if line.why.is_empty() { String::new() } else { format!(": {}", line.why) };
    clean(&format!("{mark} {:<13} {}{why}", line.step, line.words))
}

fn count(report: &Conformance, outcome: CheckOutcome) -> usize {
    report.checks.iter().filter(|line| line.outcome == outcome).count()
}

fn summary(report: &Conformance) -> String {
    let of = |outcome| count(report, outcome);
    let mut text = format!(
        "{}: {} passed, {} failed, {} skipped\n",
        report.platform,
        of(CheckOutcome::Passed),
        of(CheckOutcome::Failed),
        of(CheckOutcome::Skipped)
    );
    for left in &report.leftovers {
        writeln!(text, "▲ Left behind there: {left}").unwrap_or_default();
    }
    text
}
