//! Puts the one key of a vault into ten clients' files and stops: the process that the kill tests
//! cut short. Its argument is the folder of vault and home.

use std::{env, process::ExitCode};

use journeys::ten;
use keywright_service::Error;

fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1) else { return ExitCode::from(2) };
    match place(folder.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn place(folder: &std::path::Path) -> Result<(), Error> {
    let service = ten::open(folder)?;
    let (key, _) =
        service.find_keys("erp")?.into_iter().next().ok_or(Error::NotFound { what: "key" })?;
    service.place_key(ten::request(key)).map(drop)
}
