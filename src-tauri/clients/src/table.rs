//! The table of clients for readers, made from the definitions themselves.

use crate::{
    Definition, Registry,
    definition::{FormKind, Ground, Kind, PathTemplate, Rewrites, Scope},
};

const HEAD: &str = "\
<!-- Made from src-tauri/clients/definitions by
     cargo run -p keywright-clients --example clients-table
     A change belongs there. -->

# Clients

Where programs keep keys, and what Keywright does there, as each definition says. *Reads only* means that Keywright finds keys in the file and does not change it. A *literal* is the key itself; a *variable*, *file* or *secret* is a reference to it, which a rotation does not have to touch. How the facts were found stands at the end, and is the reason to believe the rest.
";

const COLUMNS: &str = "\
| client | id | files | a key stands as | a change is noticed | it rewrites its files | checked |
|---|---|---|---|---|---|---|
";

const SHELVES: [(Kind, &str); 2] = [(Kind::Agent, "Agents and editors"), (Kind::Place, "Places")];

impl Registry {
    /// All clients by shelf, as Markdown.
    pub fn table(&self) -> String {
        let mut out = HEAD.to_owned();
        for (kind, title) in SHELVES {
            let mut shelf: Vec<&Definition> =
                self.all().map(AsRef::as_ref).filter(|client| client.kind == kind).collect();
            shelf.sort_by_key(|client| client.name.to_lowercase());
            if !shelf.is_empty() {
                out.extend(["\n## ", title, "\n\n", COLUMNS]);
                out.extend(shelf.into_iter().map(row));
            }
        }
        out
    }
}

fn row(client: &Definition) -> String {
    let name = match client.docs.as_str() {
        "" => cell(&client.name),
        docs => format!("[{}]({docs})", cell(&client.name)),
    };
    let cells = [
        format!("`{}`", client.id),
        files(client),
        forms(client),
        client.pickup.clone(),
        rewrites(client),
        checked(client),
    ];
    format!("| {name} | {} |\n", cells.map(|text| cell(&text)).join(" | "))
}

/// A text that stays in its cell.
fn cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { "–".to_owned() } else { line.replace('|', "\\|") }
}

/// Its files by scope, each with its paths.
fn files(client: &Definition) -> String {
    let all = client.files.iter().map(|file| {
        let scope = match file.scope {
            Scope::User => "user",
            Scope::Project => "project",
            Scope::Local => "own in project",
            Scope::System => "system",
            Scope::Managed => "managed",
        };
        let only = if file.read_only.is_some() { ", reads only" } else { "" };
        let systems = [("", &file.linux), ("macOS ", &file.macos), ("Windows ", &file.windows)];
        let mut shown: Vec<String> = Vec::new();
        let mut last: &[PathTemplate] = &[];
        for (system, paths) in systems {
            if !paths.is_empty() && paths.as_slice() != last {
                let names: Vec<_> = paths.iter().map(|path| format!("`{}`", path.text())).collect();
                shown.push(format!("{system}{}", names.join(" or ")));
            }
            last = paths;
        }
        format!("{scope}{only}: {}", shown.join("; "))
    });
    all.collect::<Vec<_>>().join("<br>")
}

/// The kinds in which its slots hold keys, or that it is done by hand.
fn forms(client: &Definition) -> String {
    let held = |kind: FormKind| {
        client.slots.iter().flat_map(|slot| &slot.forms).any(|form| form.kind == kind)
    };
    let mut words: Vec<&str> =
        FormKind::ALL.iter().filter(|(_, kind)| held(*kind)).map(|(word, _)| *word).collect();
    if !client.store.is_empty() {
        words.push("a secret of the platform");
    }
    if client.guide.iter().any(|step| !step.run.is_empty()) {
        words.push("by its own command");
    } else if !client.guide.is_empty() {
        words.push("by hand");
    }
    words.join(", ")
}

fn rewrites(client: &Definition) -> String {
    match &client.rewrites {
        Rewrites::Never => "no".to_owned(),
        Rewrites::Sometimes(what) => format!("at times: {what}"),
        Rewrites::Owns(what) => format!("yes, no write while it runs: {what}"),
    }
}

fn checked(client: &Definition) -> String {
    let checked = &client.checked;
    let by = match checked.by {
        Ground::Run => format!("it was run ({})", checked.version),
        Ground::Source => "its source was read".to_owned(),
        Ground::Docs => "the vendor's documentation".to_owned(),
        Ground::Told => "told by others only".to_owned(),
    };
    format!("{by}, {}. {}", checked.on, checked.how)
}
