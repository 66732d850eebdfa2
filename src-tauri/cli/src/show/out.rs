//! The way out: standard output holds the answer and nothing else, standard error all the rest.

use std::{
    fmt::Write as _,
    io::{self, IsTerminal, Write},
};

use anstyle::{AnsiColor, Style};
use keywright_model::Secret;
use serde::Serialize;
use serde_json::json;

use crate::{
    error::{Candidate, Error},
    show::{table::Table, words::clean},
};

/// How a piece of text stands out. Never by colour alone: a shape or a word says the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Not at all.
    #[default]
    Plain,
    /// What it is about.
    Strong,
    /// What matters less.
    Faint,
    /// Act now.
    Critical,
    /// Act soon.
    Warning,
    /// Well.
    Fine,
}

/// Where answers go.
pub(crate) struct Out {
    json: bool,
    colour: bool,
    width: Option<usize>,
    at_terminal: bool,
}

impl Out {
    /// Finds out where the answer goes. Colours and a width are for terminals only.
    pub(crate) fn new(json: bool) -> Self {
        let stdout = io::stdout();
        let at_terminal = stdout.is_terminal();
        let colour = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
        let width = at_terminal.then(terminal_size::terminal_size).flatten();
        Self { json, colour, width: width.map(|(width, _)| width.0.into()), at_terminal }
    }

    /// Whether a program reads the answer.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// Whether the answer goes to a person's screen.
    pub(crate) const fn at_terminal(&self) -> bool {
        self.at_terminal
    }

    /// The answer: as JSON for programs, in words otherwise.
    pub(crate) fn answer<T: Serialize>(
        &self,
        value: &T,
        words: impl FnOnce() -> String,
    ) -> Result<(), Error> {
        if self.json { self.value(value) } else { print(&words()) }
    }

    /// Some JSON.
    pub(crate) fn value<T: Serialize>(&self, value: &T) -> Result<(), Error> {
        let text = if self.at_terminal {
            serde_json::to_string_pretty(value)
        } else {
            serde_json::to_string(value)
        };
        let text = text.map_err(|error| Error::Output(error.into()))?;
        print(&(text + "\n"))
    }

    /// What went wrong: three lines, or one JSON object, on standard error.
    pub(crate) fn failure(&self, error: &Error) {
        let failure = error.failure();
        if self.json {
            let mut object = json!({ "error": failure });
            if !error.candidates().is_empty()
                && let Some(inner) = object.get_mut("error").and_then(|e| e.as_object_mut())
            {
                inner.insert("candidates".into(), json!(error.candidates()));
            }
            return tell(&format!("{object}\n"));
        }
        let mut text = format!("kw: {}\n", clean(&failure.what));
        for candidate in error.candidates() {
            let Candidate { id, title, about } = candidate;
            writeln!(text, "      {id}  {} ({})", clean(title), clean(about)).unwrap_or_default();
        }
        for line in [failure.kept, failure.advice] {
            if !line.is_empty() {
                writeln!(text, "    {}", clean(&line)).unwrap_or_default();
            }
        }
        tell(&text);
    }

    /// The text in its tone, when colours are shown.
    pub(crate) fn paint(&self, tone: Tone, text: &str) -> String {
        paint(self.colour, tone, text)
    }

    /// A table as wide as the screen.
    pub(crate) fn table(&self, table: &Table) -> String {
        table.render(self.width, self.colour)
    }
}

/// The text in its tone, when colours are shown.
pub(crate) fn paint(colour: bool, tone: Tone, text: &str) -> String {
    if !colour || tone == Tone::Plain {
        return text.to_owned();
    }
    let style = match tone {
        Tone::Plain => Style::new(),
        Tone::Strong => Style::new().bold(),
        Tone::Faint => Style::new().dimmed(),
        Tone::Critical => AnsiColor::Red.on_default().bold(),
        Tone::Warning => AnsiColor::Yellow.on_default(),
        Tone::Fine => AnsiColor::Green.on_default(),
    };
    format!("{style}{text}{style:#}")
}

/// A secret alone on a line. `kw init` and `kw reveal` are the only callers.
#[expect(clippy::disallowed_methods, reason = "the person asked to see it")]
pub(crate) fn print_secret(secret: &Secret) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(secret.expose().as_bytes())
        .and_then(|()| stdout.write_all(b"\n"))
        .and_then(|()| stdout.flush())
        .map_err(Error::Output)
}

/// A remark beside the answer, on standard error.
pub(crate) fn note(text: &str) {
    tell(&format!("{}\n", clean(text)));
}

fn print(text: &str) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(Error::Output)
}

/// A remark that nobody can read is no reason to stop.
fn tell(text: &str) {
    drop(io::stderr().lock().write_all(text.as_bytes()));
}
