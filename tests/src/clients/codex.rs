//! Codex, as a program that reads its own configuration.

use std::{
    io::Write as _,
    process::Stdio,
    time::{Duration, Instant},
};

use journeys::others::{place::Place, process::Process, run::Absent};
use serde_json::{Value, json};

use crate::{
    desk::Desk,
    server::{ANSWER, TOOL},
    start::{PATIENCE, Start, Told, installed},
};

/// The installed program.
pub(crate) struct Codex(Place);

impl Codex {
    pub(crate) fn installed() -> Result<Self, Absent> {
        installed().map(Self)
    }

    /// Lets it connect to its MCP servers, and tells whether this one's tool is there. `codex mcp
    /// list` would connect to none.
    pub(crate) fn connects(&self, desk: &Desk, server: &str) -> Told {
        let home = desk.user();
        let start = self.start(desk, &home);
        let errors = start.log("errors");
        let mut process = start.spawn(start.log("log"), |command| {
            let errors =
                std::fs::OpenOptions::new().create(true).append(true).open(errors).unwrap();
            command.arg("app-server").stdin(Stdio::piped()).stderr(errors);
        });
        let mut stdin = process.stdin().unwrap();
        let mut say = |message: Value| writeln!(stdin, "{message}").unwrap();
        let client = json!({"name": "keywright-tests", "version": "0"});
        let capabilities = json!({"experimentalApi": true});
        let params = json!({"clientInfo": client, "capabilities": capabilities});
        say(json!({"id": 1, "method": "initialize", "params": params}));
        answer(&mut process, 1);
        say(json!({"method": "initialized"}));
        say(json!({"id": 2, "method": "mcpServerStatus/list", "params": {}}));
        let answer = answer(&mut process, 2);
        drop(stdin);
        let all = answer.pointer("/result/data").and_then(Value::as_array);
        let own = all.into_iter().flatten().find(|status| status["name"] == server);
        let own = own.unwrap_or_else(|| panic!("it knows of no server {server}: {answer}"));
        Told { text: own.to_string(), success: own["tools"].get(TOOL).is_some() }
    }

    /// Asks a model something.
    pub(crate) fn asks(&self, desk: &Desk) -> Told {
        let home = desk.user();
        let start = self.start(desk, &home);
        let arguments = ["exec", "--skip-git-repo-check", "--sandbox", "read-only", "hello"];
        let told = start.run(&arguments);
        Told { success: told.success && told.text.contains(ANSWER), ..told }
    }

    fn start<'a>(&'a self, desk: &Desk, home: &'a std::path::Path) -> Start<'a> {
        let script = "node_modules/@openai/codex/bin/codex.js";
        Start { place: &self.0, script, home, variables: desk.variables("codex") }
    }
}

/// Waits for the answer to a request, among all that it says.
fn answer(process: &mut Process, id: u32) -> Value {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let said = process.said();
        let messages = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut answers = messages.filter(|message| message["id"] == id);
        if let Some(answer) = answers.find(|message| message.get("method").is_none()) {
            assert!(answer.get("error").is_none(), "{answer}");
            return answer;
        }
        assert!(process.ends(Duration::from_millis(50)).is_none(), "it ended:\n{said}");
    }
    panic!("no answer to request {id} after {PATIENCE:?}:\n{}", process.said());
}
