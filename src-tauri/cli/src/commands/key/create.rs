//! `kw create`: a key made on its platform, its secret sealed before anything is said.

use std::{fmt::Write as _, path::PathBuf};

use clap::{Args, ValueHint};
use keywright_model::{ConnectionId, expiry::Lifetime};
use keywright_service::{
    Service,
    wire::{AxisKind, CreateForm, CreateKey, CreatePreview, KeyCreated, ScopeAxis},
};

use crate::{
    app::App,
    commands::key::{bring::Bring, edit::Kind, lifetime},
    error::Error,
    exit::Exit,
    find,
    show::{
        out::{Tone, note},
        words::{self, clean},
    },
};

/// Make a key on its platform and seal its secret
///
/// The secret is not printed: `kw copy` and `kw reveal` hand it out. Without a network the request
/// is kept as a draft (exit code 6), and `kw queue` shows it. Where keys are made in a
/// dashboard the steps are told, and the secret is asked for.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The connection
    connection: String,
    /// Its name on the platform
    #[arg(long, value_name = "NAME", required_unless_present = "form")]
    name: Option<String>,
    /// A scope, in the platform's words; once for each
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<String>,
    /// When it ends: 30d, 12w, 1y, never, or a day; the platform's first choice when left out
    #[arg(long, value_name = "WHEN", value_parser = lifetime)]
    expires: Option<Lifetime>,
    /// Your own label for it
    #[arg(long, value_name = "TEXT", default_value = "")]
    label: String,
    /// A note, Markdown
    #[arg(long, value_name = "TEXT", default_value = "", conflicts_with = "note_file")]
    note: String,
    /// Read the note from this file; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    note_file: Option<PathBuf>,
    /// Whose it is to be
    #[arg(long, value_name = "NAME", default_value = "")]
    owner: String,
    /// What stands behind the owner's name
    #[arg(long, value_name = "KIND", default_value = "unknown")]
    owner_kind: Kind,
    /// A tag; once for each
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    #[command(flatten)]
    bring: Bring,
    /// Show what can be chosen, and send nothing
    #[arg(long)]
    form: bool,
    /// Show what the key would reach, and send nothing
    #[arg(long, conflicts_with = "form")]
    dry_run: bool,
}

impl Create {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let sends = !(self.form || self.dry_run);
        let service = if sends { app.writing()? } else { app.reading()? };
        let connection = find::connection(&service, &self.connection)?;
        let form = service.create_form(connection)?;
        if self.form {
            app.out.answer(&form, || form_words(app, &form))?;
            return Ok(Exit::Done);
        }
        let (named, dry, bring) = (self.connection.clone(), self.dry_run, self.bring.clone());
        let request = self.request(app, &form, connection)?;
        let preview = service.preview_create(request.clone())?;
        if dry {
            app.out.answer(&preview, || preview_words(&preview))?;
            return Ok(if preview.problems.is_empty() { Exit::Done } else { Exit::Usage });
        }
        if !preview.problems.is_empty() {
            let advice = format!("Look at the choices: kw create {} --form", words::quoted(&named));
            return Err(Error::usage(problems(&preview), advice));
        }
        for warning in preview.blast.dangers.iter().chain(&preview.warnings) {
            note(&format!("▲ {warning}"));
        }
        let title =
            if request.label.is_empty() { request.name.clone() } else { request.label.clone() };
        if let Some(guide) = &form.guide {
            return bring.take_from_dashboard(app, &service, request, guide).await;
        }
        let answers = bring.answers(app, &form)?;
        let made = service.create_key_with(request, answers).await?;
        tell(app, &service, &made, &title)
    }

    fn request(
        self,
        app: &App,
        form: &CreateForm,
        connection: ConnectionId,
    ) -> Result<CreateKey, Error> {
        let note = match &self.note_file {
            Some(file) => app.input.text_in(file)?,
            None => self.note,
        };
        let first = form.lifetimes.first().copied().unwrap_or(Lifetime::Never);
        Ok(CreateKey {
            connection,
            name: self.name.unwrap_or_default(),
            scopes: with_fixed(self.scopes, form),
            lifetime: self.expires.unwrap_or(first),
            label: self.label,
            note,
            owner: self.owner,
            owner_kind: self.owner_kind.into(),
            tags: self.tags,
        })
    }
}

/// Where there is nothing to choose, nothing needs to be written.
pub(crate) fn with_fixed(given: Vec<String>, form: &CreateForm) -> Vec<String> {
    let fixed = form.axes.iter().filter(|axis| axis.kind == AxisKind::Fixed);
    let missing = fixed.filter_map(|axis| axis.choices.first()).map(|choice| choice.value.clone());
    let mut scopes: Vec<String> = missing.filter(|value| !given.contains(value)).collect();
    scopes.extend(given);
    scopes
}

fn tell(app: &App, service: &Service, made: &KeyCreated, title: &str) -> Result<Exit, Error> {
    let Some(key) = made.key else {
        app.out.answer(made, || format!("Kept as a draft: {}\n", made.operation))?;
        note("There is no network, so nothing was sent. Send it when there is:");
        note("    kw queue send");
        return Ok(Exit::Offline);
    };
    let detail = service.key_detail(key)?;
    app.out.answer(made, || {
        let ends = words::expiry(detail.row.expires, app.clock.now());
        let name = words::quoted(title);
        clean(&format!(
            "Created “{title}”, {key}\n{}\nEnds: {ends}. Its secret is sealed: kw copy {name}\n",
            detail.blast.sentence
        ))
    })?;
    Ok(Exit::Done)
}

fn problems(preview: &CreatePreview) -> String {
    let lines: Vec<String> = preview
        .problems
        .iter()
        .map(|wrong| format!("{}: {}", wrong.field, wrong.message))
        .collect();
    lines.join("; ")
}

fn preview_words(preview: &CreatePreview) -> String {
    let mut text = format!("{}\n", preview.blast.sentence);
    for danger in preview.blast.dangers.iter().chain(&preview.warnings) {
        writeln!(text, "▲ {danger}").unwrap_or_default();
    }
    for wrong in &preview.problems {
        writeln!(text, "■ {}: {}", wrong.field, wrong.message).unwrap_or_default();
    }
    clean(&text)
}

fn form_words(app: &App, form: &CreateForm) -> String {
    let mut text = format!("{} · {}\n", form.platform_name, form.connection_name);
    if !form.name_help.is_empty() {
        writeln!(text, "name     {}", form.name_help).unwrap_or_default();
    }
    let lives: Vec<String> = form.lifetimes.iter().map(|life| words::lifetime(*life)).collect();
    writeln!(text, "expires  {}", lives.join(", ")).unwrap_or_default();
    let text = clean(&text);
    form.axes.iter().fold(text, |text, axis| text + "\n" + &axis_words(app, axis))
}

fn axis_words(app: &App, axis: &ScopeAxis) -> String {
    let count = match axis.kind {
        AxisKind::Fixed => "given by itself",
        AxisKind::One => "exactly one",
        AxisKind::Some => "one or more",
        AxisKind::Any => "none or more",
        AxisKind::Tiers => "one or more, one tier of each",
    };
    let label = app.out.paint(Tone::Strong, &clean(&axis.label));
    let mut text = format!("{label} ({count})  {}\n", clean(&axis.help));
    for choice in axis.choices.iter().chain(&axis.wildcard) {
        let mark = if choice.dangerous { "▲" } else { " " };
        let line = format!("  {mark} {:<28} {}", choice.value, choice.help);
        text.push_str(clean(line.trim_end()).as_str());
        text.push('\n');
    }
    if let Some(free) = &axis.free {
        let line = format!("    {}…  such as {}{}\n", free.prefix, free.prefix, free.placeholder);
        text.push_str(&clean(&line));
    }
    text
}
