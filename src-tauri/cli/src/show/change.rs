//! What would change in a file, line by line, with the values masked.

use keywright_service::wire::{LineFate, PlaceChange};

use crate::show::{
    out::{Out, Tone},
    words::clean,
};

/// One file's change: its name, the lines around it, what to know before.
pub(crate) fn told(out: &Out, change: &PlaceChange) -> String {
    let mut lines = vec![clean(&format!("{}  {}", change.client_name, change.short))];
    lines.extend(inside(out, change));
    lines.push(String::new());
    lines.join("\n") + "\n"
}

/// The same without the file's name.
pub(crate) fn inside(out: &Out, change: &PlaceChange) -> Vec<String> {
    let mut lines = Vec::new();
    if !change.refused.is_empty() {
        lines.push(clean(&format!("■ {}. {}", change.refused, change.advice)));
    } else if change.unchanged {
        lines.push("✓ The key is there already.".into());
    }
    for line in &change.lines {
        let (mark, tone) = match line.fate {
            LineFate::Stays => (' ', Tone::Faint),
            LineFate::Goes => ('-', Tone::Critical),
            LineFate::Comes => ('+', Tone::Fine),
        };
        let text = format!("{:>5} {mark} {}", line.number, clean(&line.text));
        lines.push(out.paint(tone, text.trim_end()));
    }
    for warning in &change.warnings {
        let mark = if warning.stops { "■" } else { "▲" };
        lines.push(clean(&format!("{mark} {}", warning.words)));
    }
    lines
}
