//! A vendor's OpenAPI document as a server: Prism refuses each request that the document does not
//! allow, and answers the others with the document's own examples.

use std::path::Path;

use tempfile::TempDir;

use journeys::others::{
    place::Place,
    process::{Process, free_ports},
    wire::Wire,
};

/// A running Prism.
pub(crate) struct Prism {
    pub(crate) wire: Wire,
    process: Process,
    _folder: TempDir,
}

impl Prism {
    pub(crate) fn start(place: &Place, document: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        let program = place.file("node_modules/@stoplight/prism-cli/dist/index.js");
        let [port] = free_ports();
        let log = folder.path().join("log");
        let process = Process::start(&place.node(), log, |command| {
            command
                .arg(program)
                .args(["mock", "--errors", "--port", &port.to_string(), "--host"])
                .arg(std::net::Ipv4Addr::LOCALHOST.to_string())
                .arg(document)
                .current_dir(folder.path());
        });
        Self { wire: Wire { port }, process, _folder: folder }
    }

    pub(crate) fn answers(&mut self) {
        self.process.answers(self.wire, "/", 200..500);
    }

    /// Where its log ends now.
    pub(crate) fn mark(&self) -> usize {
        self.process.said().len()
    }

    /// What it had against requests since then. Nothing else of its log is told: examples may hold
    /// what looks like a key.
    pub(crate) fn objections(&self, since: usize) -> String {
        let said = self.process.said();
        let new = said.get(since..).unwrap_or_default();
        let words = ["Violation", "violat", "terminated with error"];
        let lines = new.lines().filter(|line| words.iter().any(|word| line.contains(word)));
        lines.map(str::trim).collect::<Vec<_>>().join("\n    ")
    }
}
