//! Makes one key and stops: the process that the kill tests cut short at every system call.
//!
//! Arguments: the home, the simulator's base URL, the key's name. The passphrase is the
//! tests' own and guards nothing.

use std::{env, process::ExitCode};

use journeys::desk;
use keywright_service::wire::CreateKey;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (Some(home), Some(name)) = (arguments.next(), arguments.next()) else {
        return ExitCode::from(2);
    };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    match runtime.block_on(create(&home, &name)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

async fn create(home: &str, name: &str) -> Result<(), keywright_service::Error> {
    let service = desk::open(home.as_ref())?;
    let connection = service.find_connection(desk::CONNECTION)?;
    let request: CreateKey = desk::wanted(connection, name);
    service.create_key(request).await.map(drop)
}
