//! `kw leak`: which key a text holds, and its replacement everywhere, now.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use keywright_service::{
    Service,
    wire::{LeakReport, LeakedKey, ReplaceLeaked, RotationReport},
};
use serde_json::json;

use crate::{
    app::App,
    commands::rotate::through::{Patience, Through, exit, left, through, worse},
    error::Error,
    exit::Exit,
    show::{
        out::{Out, Tone, note},
        rotation,
        words::{self, clean},
    },
};

/// Tell which key leaked and where it is placed; replace it everywhere
///
/// The text may be anything that holds a key: a line of a log, a commit, a chat. It is piped in, or
/// pasted at a prompt that does not show it, and goes nowhere. Exit code 4 when no key of this
/// vault is in it.
#[derive(Debug, Args)]
pub(crate) struct Leak {
    /// Read the text from this file; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// Replace it everywhere, now
    #[arg(long)]
    replace: bool,
    /// End the leaked key first; what uses it stops until it has the new one
    #[arg(long, requires = "replace")]
    revoke_first: bool,
    /// How it leaked, for the report
    #[arg(long, value_name = "TEXT", default_value = "", requires = "replace")]
    reason: String,
    /// Do not ask
    #[arg(long, short, requires = "replace")]
    yes: bool,
    #[command(flatten)]
    patience: Patience,
}

impl Leak {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let text = app.input.pasted(self.file.as_deref())?;
        let service = if self.replace { app.writing()? } else { app.reading()? };
        let leak = service.look_up_leak(&text)?;
        drop(text);
        if self.replace && !leak.keys.is_empty() {
            return self.replace(app, &service, &leak).await;
        }
        app.out.answer(&leak, || told(&app.out, &leak))?;
        Ok(if leak.keys.is_empty() { Exit::NotFound } else { Exit::Done })
    }

    async fn replace(
        &self,
        app: &App,
        service: &Service,
        leak: &LeakReport,
    ) -> Result<Exit, Error> {
        if !app.out.is_json() {
            note(told(&app.out, leak).trim_end());
        }
        let (able, unable): (Vec<&LeakedKey>, Vec<&LeakedKey>) =
            leak.keys.iter().partition(|key| key.blocked.is_empty());
        let mut worst = if unable.is_empty() { Exit::Done } else { Exit::Failed };
        if !able.is_empty() && !self.yes {
            let titles: Vec<&str> = able.iter().map(|key| key.title.as_str()).collect();
            let question = clean(&format!("Replace “{}” everywhere, now?", titles.join("”, “")));
            let instead = "Write --yes to replace it without being asked.";
            app.input.confirm(&question, instead)?;
        }
        let mut reports: Vec<RotationReport> = Vec::new();
        for key in able {
            let row = service.replace_leaked(ReplaceLeaked {
                key: key.key,
                revoke_first: self.revoke_first,
                reason: self.reason.clone(),
            })?;
            match through(app, service, row.id, self.patience).await? {
                Through::Left => return Ok(left(row.id)),
                Through::Stands(report) => {
                    worst = worse(worst, exit(&report.row.state, self.patience));
                    reports.push(*report);
                }
            }
        }
        let answer = json!({ "leak": leak, "rotations": reports });
        app.out.answer(&answer, || {
            let now = app.clock.now();
            reports.iter().map(|report| rotation::summary(&app.out, report, now)).collect()
        })?;
        Ok(worst)
    }
}

fn told(out: &Out, leak: &LeakReport) -> String {
    let mut lines: Vec<String> = Vec::new();
    for key in &leak.keys {
        let (mark, tone) =
            if key.blocked.is_empty() { ("■", Tone::Critical) } else { ("–", Tone::Plain) };
        let title = out.paint(Tone::Strong, &clean(&key.title));
        let about = [key.platform_name.as_str(), &key.connection_name, words::status(key.status)];
        let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
        lines.push(format!("{} {title}  {}", out.paint(tone, mark), clean(&about.join(" · "))));
        lines.extend(key_lines(key).iter().map(|line| format!("  {}", clean(line))));
    }
    if !leak.advice.is_empty() {
        lines.push(clean(&leak.advice));
    }
    lines.join("\n") + "\n"
}

fn key_lines(key: &LeakedKey) -> Vec<String> {
    let mut lines: Vec<String> =
        key.places.iter().map(|place| format!("It is in: {place}")).collect();
    if key.places.is_empty() {
        lines.push("No place of it is known.".into());
    }
    if let Some(run) = key.rotation {
        lines.push(format!("It is being replaced: kw rotations {}", rotation::short(run)));
    }
    if !key.blocked.is_empty() {
        lines.push(key.blocked.clone());
    }
    lines.extend(key.sentences.iter().cloned());
    if key.blocked.is_empty() && key.rotation.is_none() {
        lines.push("kw leak --replace does it; --revoke-first ends the leaked key at once.".into());
    }
    lines
}
