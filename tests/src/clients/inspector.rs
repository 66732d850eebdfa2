//! MCP Inspector, which reads the shape of `mcpServers` that Claude Code, Copilot CLI, Roo Code and
//! Claude Desktop share; of the last one through the bridge mcp-remote, which it starts as the
//! client would. Cursor and those who do as it does write no `type`, and that it does not read.

use std::{os::unix::fs::symlink, path::Path};

use journeys::others::{place::Place, run::Absent};

use crate::{
    desk::{Desk, target},
    journey::Journey,
    server::{PLAIN, Server, TOOL},
    start::{Start, Told, has_node, installed},
};

/// The installed program.
pub(crate) struct Inspector(Place);

/// Somebody's own file.
const OWN: &str = "{\n\t\"numStartups\": 12,\n\t\"mcpServers\": {\n\t\t\"files\": \
                   {\"command\": \"files-server\", \"args\": [ ]}\n\t},\n\t\"theme\" : \
                   \"dark\"\n}";

impl Inspector {
    /// Newer than what Keywright's own front end wants.
    pub(crate) fn installed() -> Result<Self, Absent> {
        let place = installed()?;
        has_node(&place, (22, 19)).map(|()| Self(place))
    }

    /// Lets it connect to one MCP server of a file and list the tools there.
    fn connects(&self, desk: &Desk, file: &Path) -> Told {
        let home = desk.user();
        let script = "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";
        let start = Start {
            place: &self.0,
            script,
            home: &home,
            // Not the keyring of whoever runs this.
            variables: vec![("MCP_INSPECTOR_SECRET_STORE".into(), "memory".into())],
        };
        let file = file.display().to_string();
        let told = start.run(&[
            "--cli",
            "--config",
            &file,
            "--server",
            "tracker",
            "--stored-auth-only",
            "--method",
            "tools/list",
        ]);
        Told { success: told.success && told.text.contains(TOOL), ..told }
    }

    async fn reads(&self, client: &str, file: &str, in_a_project: bool) {
        let desk = Desk::with(PLAIN).await;
        let server = Server::mcp(PLAIN);
        let params = [("server", "tracker"), ("url", &server.url())];
        let mut target = target(client, "mcp-header", &params);
        if in_a_project {
            target.project = desk.user().join("work").display().to_string();
        }
        // `npx` finds the bridge here, and asks no registry.
        desk.file(".npmrc", "offline=true\nupdate-notifier=false\n");
        let modules = self.0.file("node_modules");
        symlink(modules, desk.user().join("work/node_modules")).unwrap();
        let file = desk.file(file, OWN);
        let journey = Journey { desk: &desk, server: &server, file: file.clone(), target };
        journey.with_the_key(|| self.connects(&desk, &file));
    }
}

pub(crate) async fn inspector_takes_the_key_from_claude_codes_own_file(inspector: &Inspector) {
    inspector.reads("claude-code", ".claude.json", false).await;
}

pub(crate) async fn inspector_takes_the_key_from_a_projects_file(inspector: &Inspector) {
    inspector.reads("claude-code", "work/.mcp.json", true).await;
}

pub(crate) async fn inspector_takes_the_key_from_copilots_file(inspector: &Inspector) {
    inspector.reads("copilot-cli", ".copilot/mcp-config.json", false).await;
}

pub(crate) async fn inspector_takes_the_key_from_roo_codes_file(inspector: &Inspector) {
    inspector.reads("roo-code", "work/.roo/mcp.json", true).await;
}

pub(crate) async fn inspector_takes_the_key_through_claude_desktops_bridge(inspector: &Inspector) {
    inspector.reads("claude-desktop", ".config/Claude/claude_desktop_config.json", false).await;
}
