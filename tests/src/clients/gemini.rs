//! Gemini CLI and its `settings.json`.

use journeys::others::{place::Place, run::Absent};
use keywright_clients::{ClientId, Registry, definition::Answer};

use crate::{
    desk::{Desk, RIGHT_VARIABLE, by_reference, target},
    journey::Journey,
    server::{PLAIN, Seen, Server, WITH_DOLLARS},
    start::{Start, Told, installed},
};

/// The installed program.
pub(crate) struct Gemini(Place);

const FILE: &str = ".gemini/settings.json";

/// Somebody's own settings.
const OWN: &str = r#"{
  // Mine, by hand.
  "general": { "enableAutoUpdate": false },
  "privacy": { "usageStatisticsEnabled": false }, /* nobody's business */
  "mcpServers": {
    "files": { "command": "false", "args": [] }
  },
  "ui": {"theme":"GitHub"}
}
"#;

impl Gemini {
    pub(crate) fn installed() -> Result<Self, Absent> {
        installed().map(Self)
    }

    /// Lets it connect to its MCP servers, in a folder that it trusts.
    fn connects(&self, desk: &Desk, server: &str) -> Told {
        let home = desk.user();
        let mut variables = desk.variables("gemini");
        variables.push(("GEMINI_CLI_TRUST_WORKSPACE".into(), "true".into()));
        let script = "node_modules/@google/gemini-cli/bundle/gemini.js";
        let start = Start { place: &self.0, script, home: &home, variables };
        let told = start.run(&["mcp", "list"]);
        let own = |line: &&str| line.contains(&format!("{server}:"));
        let line = told.text.lines().find(own);
        let line = line.unwrap_or_else(|| {
            panic!("it knows of no server {server}:\n{}", desk.without_keys(&told.text))
        });
        // What a rotation reads of it says the same.
        let works = match checked(server, &told) {
            Answer::Works => true,
            Answer::Refused => false,
            Answer::Unclear => panic!("nothing clear in “{line}”"),
        };
        // `Disconnected` holds no capital C.
        assert_eq!(works, line.contains("Connected"), "{line}");
        Told { success: told.success && works, ..told }
    }
}

/// What the definition's own check makes of it.
fn checked(server: &str, told: &Told) -> Answer {
    let own = Registry::builtin().get(&ClientId::new("gemini-cli")).unwrap();
    let check = own.slot("mcp-header").unwrap().check.clone().unwrap();
    let params = [("server".to_owned(), server.to_owned())].into();
    assert_eq!(check.command(&params).unwrap(), ["gemini", "mcp", "list"]);
    check.read(&params, told.success, &told.text)
}

fn mcp<'a>(desk: &'a Desk, server: &'a Server) -> Journey<'a> {
    let params = [("server", "tracker"), ("url", &server.url())];
    Journey {
        desk,
        server,
        file: desk.file(FILE, OWN),
        target: target("gemini-cli", "mcp-header", &params),
    }
}

pub(crate) async fn gemini_takes_the_key_of_an_mcp_server(gemini: &Gemini) {
    let desk = Desk::with(PLAIN).await;
    let server = Server::mcp(PLAIN);
    mcp(&desk, &server).with_the_key(|| gemini.connects(&desk, "tracker"));
}

pub(crate) async fn gemini_takes_the_key_of_an_mcp_server_by_reference(gemini: &Gemini) {
    let desk = Desk::with(PLAIN).await;
    let server = Server::mcp(PLAIN);
    mcp(&desk, &server).with_a_reference(|| gemini.connects(&desk, "tracker"));
}

pub(crate) async fn gemini_breaks_a_dollar_in_every_form_so_both_are_refused(gemini: &Gemini) {
    let desk = Desk::with(WITH_DOLLARS).await;
    let server = Server::mcp(WITH_DOLLARS);
    let journey = mcp(&desk, &server);
    for target in [journey.target.clone(), by_reference(&journey.target, RIGHT_VARIABLE)] {
        let refused = desk.place(desk.right, target).unwrap_err().failure();
        assert!(refused.what.contains('$'), "{refused:?}");
        assert_eq!(std::fs::read_to_string(&journey.file).unwrap(), OWN);
    }

    // Both by hand: the refusal is the truth about this version.
    let entry = |name: &str, key: &str| {
        let headers = format!("{{ \"Authorization\": \"Bearer {key}\" }}");
        format!("\"{name}\": {{ \"httpUrl\": \"{}\", \"headers\": {headers} }}", server.url())
    };
    let entries =
        [entry("literal", desk.keys.right), entry("tracker", &format!("${{{RIGHT_VARIABLE}}}"))];
    let own =
        OWN.replace("\"mcpServers\": {", &format!("\"mcpServers\": {{{},", entries.join(",")));
    desk.file(FILE, &own);
    let told = gemini.connects(&desk, "tracker");
    let seen = server.seen();
    assert!(!told.success && told.text.contains("✗ literal"), "{}", desk.without_keys(&told.text));
    assert!(matches!(seen, Seen { right: 0, wrong: 0, neither: 2.. }), "{seen:?}");
}
