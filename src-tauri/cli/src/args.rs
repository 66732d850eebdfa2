//! What can be written: the one definition that parsing, help, completions and the man page share.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};

use crate::commands::{key, place, platform, rotate, shell, simulator, vault};

/// Keywright on a terminal: API keys of many platforms in one sealed vault.
///
/// KEY is a key's name or label, a part of it that no other key has, or an id. CONNECTION is a
/// connection's name or id. Secrets are printed by `kw reveal` only, and are read from a prompt, a
/// file or the standard input: never from the command line or the environment.
#[derive(Debug, Parser)]
#[command(name = "kw", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed or waiting for you, 2 wrong command, 3 locked or wrong \
passphrase, 4 not found or ambiguous, 5 refused by the platform, 6 offline (kept where it can \
wait), 10 findings at or above the asked severity."
)]
pub(crate) struct Kw {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Print the answer as JSON on standard output, and a failure as JSON on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Read the vault's passphrase from this file; `-` is the standard input
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Open the vault with the recovery code in this file instead; `-` is the standard input
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(conflicts_with = "passphrase_file")]
    pub(crate) recovery_code_file: Option<PathBuf>,
    /// The vault's folder; KEYWRIGHT_HOME or the user's data folder when left out
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) home: Option<PathBuf>,
}

/// The commands, in the order in which a new user meets them.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(vault::init::Init),
    Status(vault::status::Status),
    Platforms(platform::platforms::Platforms),
    Connect(platform::connect::Connect),
    Connections(platform::connections::Connections),
    Renew(platform::connect::Renew),
    Disconnect(platform::connections::Disconnect),
    Refresh(platform::refresh::Refresh),
    Keys(key::keys::Keys),
    Show(key::show::Show),
    Create(key::create::Create),
    Add(key::add::Add),
    Edit(key::edit::Edit),
    Disable(key::change::Disable),
    Enable(key::change::Enable),
    Detect(key::detect::Detect),
    Copy(key::copy::Copy),
    Reveal(key::reveal::Reveal),
    Probe(key::probe::Probe),
    Revoke(key::revoke::Revoke),
    Rotate(rotate::start::Rotate),
    Rotations(rotate::runs::Rotations),
    Rotation(rotate::act::Rotation),
    Resume(rotate::resume::Resume),
    Leak(rotate::leak::Leak),
    Bulk(rotate::bulk::Bulk),
    Clients(place::clients::Clients),
    Scan(place::scan::Scan),
    Place(place::put::Place),
    Placements(place::placements::Placements),
    Undo(place::put::Undo),
    Which(place::which::Which),
    Run(place::run::Run),
    Delete(key::bin::Delete),
    Restore(key::bin::Restore),
    Check(vault::check::Check),
    Log(vault::log::Log),
    Queue(vault::queue::Queue),
    Operations(vault::operations::Operations),
    Settings(vault::settings::Settings),
    Simulator(simulator::Simulator),
    Completions(shell::Completions),
    Man(shell::Man),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parses(line: &str) -> bool {
        Kw::try_parse_from(line.split_whitespace()).is_ok()
    }

    #[test]
    fn the_definition_holds_together() {
        Kw::command().debug_assert();
    }

    #[test]
    fn replacing_keys_is_written_in_these_ways() {
        for line in [
            "kw rotate ci",
            "kw rotate ci --plan --as in-place --scope a:b,c:d --expires 90d --json",
            "kw rotate ci --yes --grace 1h --hold-back --reason due --no-wait",
            "kw rotate ci --revoke-first --insist --type ci",
            "kw rotations",
            "kw rotations --all",
            "kw rotations 0a1b2c3d --report md --out report.md",
            "kw resume",
            "kw resume ci --no-wait",
            "kw rotation ci confirm 0 2",
            "kw rotation ci leave-out 1 --reason gone",
            "kw rotation ci override --type ci --reason gone",
            "kw rotation ci take-back --yes",
            "kw rotation ci end-grace --no-wait",
            "kw rotation ci revoked",
            "kw rotation ci bring --secret-file -",
            "kw rotation ci close --reason gone --yes",
            "kw leak",
            "kw leak --file log --replace --revoke-first --reason chat --yes",
            "kw bulk rotate a b --plan",
            "kw bulk rotate --query tag:ci --yes --grace 7d",
            "kw bulk revoke --owner Ada --type sure --no-wait",
            "kw bulk relabel --machine laptop --find old --with new",
            "kw bulk policy a --days 0",
            "kw bulk resume 0a1b",
            "kw bulk cancel 0a1b",
            "kw queue",
            "kw queue send",
            "kw queue cancel 0a1b",
            "kw queue edit 0a1b --name ci --scope a:b --expires never",
            "kw revoke ci --plan",
        ] {
            assert!(parses(line), "{line}");
        }
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        for line in [
            "kw rotate",
            "kw rotate ci --plan --yes",
            "kw rotate ci --hold-back",
            "kw rotate ci --grace soon",
            "kw rotate ci --grace 1h --revoke-first",
            "kw rotate ci --as magic",
            "kw rotations --report md",
            "kw rotations ci --out report.md",
            "kw rotations ci --all",
            "kw rotation ci",
            "kw rotation ci confirm",
            "kw rotation ci confirm first",
            "kw rotation ci override --type ci",
            "kw leak ace_live_a_key_on_the_command_line",
            "kw leak --yes",
            "kw bulk rotate",
            "kw bulk rotate a --query tag:ci",
            "kw bulk relabel a --find old",
            "kw bulk policy a",
            "kw bulk revoke a --plan --type sure",
            "kw queue edit 0a1b",
            "kw revoke ci --plan --yes",
        ] {
            assert!(!parses(line), "{line}");
        }
    }
}
