//! Real clients read what Keywright writes into their files: Codex, Gemini CLI, and MCP Inspector
//! for the shape that many others share, alone and through the bridge mcp-remote.
//!
//! `cargo xtask test --only clients` installs them and runs all of it; `cargo test -p journeys
//! --test clients WORD` runs the tests whose names hold a word.
//!
//! What a client says is half a proof: a server that demands the key, and counts who brought it,
//! is the other half. `codex mcp list` is content with any key.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests stop where they stand")]
#![expect(clippy::print_stdout, reason = "tells how each test went")]

mod codex;
mod codex_life;
mod desk;
mod gemini;
mod inspector;
mod journey;
mod server;
mod start;

use std::process::ExitCode;

use journeys::{
    cases,
    others::run::{Case, Tally, group},
};

fn main() -> ExitCode {
    // Options are the other harness's; the first word is a part of names.
    let filter = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    let filter = filter.as_str();
    let tally = std::thread::scope(|scope| {
        let groups = [
            scope.spawn(|| group(filter, codex::Codex::installed, CODEX)),
            scope.spawn(|| group(filter, gemini::Gemini::installed, GEMINI)),
            scope.spawn(|| group(filter, inspector::Inspector::installed, INSPECTOR)),
        ];
        let tallies = groups.into_iter().map(|group| group.join().expect("a group never panics"));
        tallies.fold(Tally::default(), Tally::and)
    });
    println!("\n{tally}");
    if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

const CODEX: &[Case<codex::Codex>] = cases![
    codex_life::codex_takes_the_key_of_an_mcp_server,
    codex_life::codex_takes_the_key_of_an_mcp_server_by_reference,
    codex_life::codex_takes_the_key_of_a_model_provider,
    codex_life::codex_takes_the_key_of_a_model_provider_by_reference,
];

const GEMINI: &[Case<gemini::Gemini>] = cases![
    gemini::gemini_takes_the_key_of_an_mcp_server,
    gemini::gemini_takes_the_key_of_an_mcp_server_by_reference,
    gemini::gemini_breaks_a_dollar_in_every_form_so_both_are_refused,
];

const INSPECTOR: &[Case<inspector::Inspector>] = cases![
    inspector::inspector_takes_the_key_from_claude_codes_own_file,
    inspector::inspector_takes_the_key_from_a_projects_file,
    inspector::inspector_takes_the_key_from_copilots_file,
    inspector::inspector_takes_the_key_from_roo_codes_file,
    inspector::inspector_takes_the_key_through_claude_desktops_bridge,
];
