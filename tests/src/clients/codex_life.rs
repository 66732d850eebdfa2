//! Codex and its `config.toml`.

use crate::{
    codex::Codex,
    desk::{Desk, target},
    journey::Journey,
    server::{PLAIN, Server, WITH_DOLLARS},
};

const FILE: &str = ".codex/config.toml";

/// Somebody's own configuration.
const OWN: &str = r#"# Mine, by hand.
model = "lab-model"   # three blanks
check_for_update_on_startup = false
notify = ["true", ]

[mcp_servers.files]   # not now
command = "files-server"
enabled = false
env = { LEVEL = "debug" }

[analytics]
enabled = false

[projects."/srv/shop"]
trust_level = "trusted"
"#;

/// The same where a model is asked.
const WITH_PROVIDER: &str = r#"# Mine, by hand.
model = "lab-model"   # three blanks
model_provider = "lab"
check_for_update_on_startup = false

[model_providers.other]
name = "Other"
base_url = "https://other.example/v1"
env_key = "OTHER_KEY"   # stays

# The one in use.
[model_providers.lab]
name = "Lab"
base_url = "URL"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0

[analytics]
enabled = false
"#;

/// Codex takes every character as it is.
pub(crate) async fn codex_takes_the_key_of_an_mcp_server(codex: &Codex) {
    let desk = Desk::with(WITH_DOLLARS).await;
    let server = Server::mcp(WITH_DOLLARS);
    mcp(&desk, &server).with_the_key(|| codex.connects(&desk, "tracker"));
}

pub(crate) async fn codex_takes_the_key_of_an_mcp_server_by_reference(codex: &Codex) {
    let desk = Desk::with(PLAIN).await;
    let server = Server::mcp(PLAIN);
    mcp(&desk, &server).with_a_reference(|| codex.connects(&desk, "tracker"));
}

fn mcp<'a>(desk: &'a Desk, server: &'a Server) -> Journey<'a> {
    let params = [("server", "tracker"), ("url", &server.url())];
    Journey {
        desk,
        server,
        file: desk.file(FILE, OWN),
        target: target("codex", "mcp-header", &params),
    }
}

pub(crate) async fn codex_takes_the_key_of_a_model_provider(codex: &Codex) {
    let desk = Desk::with(PLAIN).await;
    let server = Server::provider(PLAIN);
    let journey = Journey {
        desk: &desk,
        server: &server,
        file: desk.file(FILE, &WITH_PROVIDER.replace("URL", &server.url())),
        target: target("codex", "provider", &[("provider", "lab")]),
    };
    journey.with_the_key(|| codex.asks(&desk));
}

/// Here the provider itself is Keywright's to add.
pub(crate) async fn codex_takes_the_key_of_a_model_provider_by_reference(codex: &Codex) {
    let desk = Desk::with(PLAIN).await;
    let server = Server::provider(PLAIN);
    let own = OWN.replace("notify", "model_provider = \"lab\"\nnotify");
    let journey = Journey {
        desk: &desk,
        server: &server,
        file: desk.file(FILE, &own),
        target: target("codex", "provider", &[("provider", "lab"), ("url", &server.url())]),
    };
    journey.with_a_reference(|| codex.asks(&desk));
}
