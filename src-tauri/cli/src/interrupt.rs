//! The wish to end: Ctrl-C, a closed terminal, or `kill`.

use crate::error::Error;

/// Waits until somebody asks the process to end.
#[cfg(unix)]
pub(crate) async fn interrupted() -> Result<(), Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::System)?;
    let mut hang_up = signal(SignalKind::hangup()).map_err(Error::System)?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended.map_err(Error::System),
        _ = terminate.recv() => Ok(()),
        _ = hang_up.recv() => Ok(()),
    }
}

/// Waits until somebody asks the process to end.
#[cfg(not(unix))]
pub(crate) async fn interrupted() -> Result<(), Error> {
    tokio::signal::ctrl_c().await.map_err(Error::System)
}
