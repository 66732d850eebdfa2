//! Replaces the one key of a vault and stops: the process that the kill tests cut short. Its
//! argument is the folder of vault and home.

use std::{env, process::ExitCode};

use journeys::turning;

fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1) else { return ExitCode::from(2) };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    match runtime.block_on(turning::replace(folder.as_ref())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}
