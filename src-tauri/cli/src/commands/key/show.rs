//! `kw show`: everything on one key but its secret.

use std::fmt::Write as _;

use clap::Args;
use keywright_service::wire::KeyDetail;

use crate::{
    app::App,
    error::Error,
    exit::Exit,
    find,
    show::{
        events,
        out::{Out, Tone},
        rotation,
        words::{self, clean},
    },
};

/// Lines of the log that are shown with a key.
const LINES: usize = 6;

/// Show everything on one key but its secret
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The key
    key: String,
}

impl Show {
    pub(crate) fn run(self, app: &App) -> Result<Exit, Error> {
        let service = app.reading()?;
        let detail = service.key_detail(find::key(&service, &self.key)?)?;
        app.out.answer(&detail, || told(app, &detail))?;
        Ok(Exit::Done)
    }
}

/// The key in words.
pub(crate) fn told(app: &App, detail: &KeyDetail) -> String {
    let mut text = head(&app.out, detail);
    for (name, value) in facts(app, detail) {
        if !value.is_empty() {
            text.push_str(&entry(&app.out, name, &value));
        }
    }
    if !detail.note.is_empty() {
        text.push('\n');
        text.push_str(&clean(detail.note.trim_end()));
        text.push('\n');
    }
    if !detail.events.is_empty() {
        text.push('\n');
    }
    for line in detail.events.iter().take(LINES) {
        let at = app.out.paint(Tone::Faint, &words::instant(line.at));
        let what = clean(&events::sentence(&line.event));
        writeln!(text, "{at}  {what}").unwrap_or_default();
    }
    text
}

fn head(out: &Out, detail: &KeyDetail) -> String {
    let row = &detail.row;
    let (mark, tone) = words::key_mark(row.status, row.finding.as_ref());
    let place = [&row.platform_name, &row.connection_name, words::environment(row.environment)];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    format!(
        "{} {}  {}\n  {}\n\n",
        out.paint(tone, mark),
        out.paint(Tone::Strong, &clean(&row.title)),
        words::status(row.status),
        clean(&place.join(" · ")),
    )
}

fn facts(app: &App, detail: &KeyDetail) -> Vec<(&'static str, String)> {
    let now = app.clock.now();
    let row = &detail.row;
    let day = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map(|at| words::day_from(at, now)).unwrap_or_default()
    };
    let name = if row.title == row.name { String::new() } else { row.name.clone() };
    let uses: Vec<String> = detail
        .uses
        .iter()
        .map(|used| match used.place.as_str() {
            "" => used.client.clone(),
            place => format!("{} ({place})", used.client),
        })
        .collect();
    let findings = detail.findings.iter().map(|found| {
        format!("{} {}", words::finding_mark(Some(found)).0, words::finding(&found.kind))
    });
    vec![
        ("id", row.id.to_string()),
        ("name there", name),
        ("id there", detail.remote_id.clone().unwrap_or_default()),
        ("secret", secret(detail)),
        ("reaches", detail.blast.sentence.clone()),
        ("careful", detail.blast.dangers.join("\n")),
        ("scopes", detail.scopes.join(" ")),
        ("created", day(row.created)),
        ("ends", words::expiry(row.expires, now)),
        ("rotate by", day(row.rotation_due)),
        ("last used", day(detail.last_used)),
        ("owner", words::owner(&detail.owner)),
        ("tags", row.tags.join(", ")),
        ("used in", uses.join("\n")),
        ("replaced", replaced(detail)),
        ("revoked", revoked(detail)),
        ("gone since", day(detail.gone_since)),
        ("in the bin", day(detail.deleted)),
        ("needs you", findings.collect::<Vec<String>>().join("\n")),
    ]
}

/// The last replacement of it, or by it.
fn replaced(detail: &KeyDetail) -> String {
    let Some(run) = &detail.rotation else { return String::new() };
    let shape = rotation::mark(&run.state).0;
    let id = rotation::short(run.id);
    format!("{shape} {}\nkw rotations {id}", run.words)
}

fn secret(detail: &KeyDetail) -> String {
    let sealed = if detail.has_secret { "sealed here" } else { "not here" };
    match words::hint(&detail.row.hint) {
        hint if hint.is_empty() => sealed.into(),
        hint => format!("{hint}, {sealed}"),
    }
}

fn revoked(detail: &KeyDetail) -> String {
    let Some(revocation) = &detail.revocation else { return String::new() };
    let asked = words::instant(revocation.requested);
    match (revocation.proved, revocation.window_ms) {
        (Some(_), Some(window)) => {
            format!("accepted {asked}, proved dead after {}", words::seconds(window))
        }
        (Some(_), None) => format!("accepted {asked}, proved by the platform's list"),
        (None, _) => format!("accepted {asked}, not proved yet"),
    }
}

/// A name and a value; further lines of the value stand under its first.
fn entry(out: &Out, name: &str, value: &str) -> String {
    let mut lines = value.lines();
    let first = lines.next().unwrap_or_default();
    let name = out.paint(Tone::Faint, &format!("{name:<10}"));
    let mut text = format!("  {name}  {}\n", clean(first));
    for line in lines {
        writeln!(text, "  {:10}  {}", "", clean(line)).unwrap_or_default();
    }
    text
}
