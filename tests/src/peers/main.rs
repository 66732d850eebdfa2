//! Keywright against what others wrote: JupyterHub and Verdaccio, real and on this machine, and
//! the vendors' own documents behind a server that refuses what they do not allow.
//!
//! `cargo xtask test --only peers` installs the servers and runs all of it; `cargo test -p journeys
//! --test peers WORD` runs the tests whose names hold a word.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests stop where they stand")]
#![expect(clippy::print_stdout, reason = "tells how each test went")]

mod desk;
mod hub;
mod hub_life;
mod hub_rotation;
mod prism;
mod vendors;
mod verdaccio;
mod verdaccio_life;

use std::process::ExitCode;

use journeys::{
    cases,
    others::run::{self, Tally, group},
};

fn main() -> ExitCode {
    // Options are the other harness's; the first word is a part of names.
    let filter = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    let filter = filter.as_str();
    let tally = std::thread::scope(|scope| {
        let groups = [
            scope.spawn(|| group(filter, hub::Hub::start, HUB)),
            scope.spawn(|| group(filter, verdaccio::Verdaccio::start, VERDACCIO)),
            scope.spawn(|| group(filter, vendors::Documents::open, VENDORS)),
        ];
        let tallies = groups.into_iter().map(|group| group.join().expect("a group never panics"));
        tallies.fold(Tally::default(), Tally::and)
    });
    println!("\n{tally}");
    if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

const HUB: &[run::Case<hub::Hub>] = cases![
    hub_life::jupyterhub_is_connected_and_its_keys_are_listed,
    hub_life::jupyterhub_credential_without_rights_is_refused_in_words_and_not_kept,
    hub_life::jupyterhub_key_is_sealed_and_works,
    hub_life::jupyterhub_key_made_elsewhere_is_found_once,
    hub_life::jupyterhub_scope_that_the_owner_lacks_is_refused_in_words,
    hub_life::jupyterhub_key_is_revoked_and_proved_dead,
    hub_life::jupyterhub_key_revoked_elsewhere_is_revoked_again_without_harm,
    hub_life::jupyterhub_key_dies_when_its_time_is_over,
    hub_life::jupyterhub_id_given_again_by_us_is_another_key,
    hub_life::jupyterhub_id_given_again_elsewhere_is_another_key,
    hub_life::jupyterhub_profile_conforms,
    hub_rotation::jupyterhub_key_in_three_files_is_replaced_and_the_old_one_proved_dead,
    hub_rotation::jupyterhub_replacement_that_is_killed_goes_on,
];

const VERDACCIO: &[run::Case<verdaccio::Verdaccio>] = cases![
    verdaccio_life::verdaccio_is_connected_and_its_keys_are_listed,
    verdaccio_life::verdaccio_credential_that_is_none_is_refused_and_not_kept,
    verdaccio_life::verdaccio_key_needs_the_password_each_time,
    verdaccio_life::verdaccio_key_is_sealed_and_works,
    verdaccio_life::verdaccio_key_made_elsewhere_is_found_once,
    verdaccio_life::verdaccio_text_that_is_no_key_is_not_alive,
    verdaccio_life::verdaccio_key_is_revoked_and_proved_dead,
    verdaccio_life::verdaccio_key_revoked_elsewhere_is_revoked_again_without_harm,
    verdaccio_life::verdaccio_profile_conforms,
];

const VENDORS: &[run::Case<vendors::Documents>] = cases![
    vendors::a_request_that_breaks_a_document_is_refused,
    vendors::openrouter_keys_are_managed_as_its_document_says,
    vendors::openai_admin_keys_are_managed_as_its_document_says,
    vendors::openai_project_keys_are_managed_as_its_document_says,
    vendors::openai_service_accounts_are_managed_as_its_document_says,
    vendors::openai_service_account_keys_are_managed_as_its_document_says,
    vendors::sendgrid_keys_are_managed_as_its_document_says,
];
