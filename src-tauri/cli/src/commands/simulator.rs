//! `kw simulator`: the documented platforms on loopback.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueHint};
use keywright_model::Secret;
use keywright_simulator::{Options, Running, Simulator as Server};
use serde_json::json;

use crate::{app::App, error::Error, exit::Exit, file, interrupt::interrupted, show::out::note};

/// Serve the documented platforms on 127.0.0.1, until Ctrl-C
///
/// For trying things out, and for tests: keys made here open nothing. Organization `acme`, agents
/// `cto` and `ceo`. Prints the address and a fresh management credential.
#[derive(Debug, Args)]
pub(crate) struct Simulator {
    /// The port; any free one when left out
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Seconds for which a revoked key still works, on agent.ceo and ServoAgent
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = seconds)]
    revoke_delay: f64,
    /// Milliseconds that every answer takes longer
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    /// Keys that are there from the start
    #[arg(long, value_name = "N", default_value_t = 0)]
    keys: usize,
    /// Write the management credential to this file, which only you can read, and do not print
    /// it; the file is written last, when all is ready
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    credential_file: Option<PathBuf>,
    /// Let other programs order faults and change settings, under /_sim
    #[arg(long)]
    control_http: bool,
}

impl Simulator {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        let running = Server::start(self.options()).await?;
        let credential = running.agent_ceo_credential()?;
        self.tell(app, &running, &credential)?;
        let ended = interrupted().await;
        running.shutdown().await;
        ended.map(|()| Exit::Done)
    }

    fn options(&self) -> Options {
        Options {
            port: self.port,
            revoke_delay: Duration::from_secs_f64(self.revoke_delay),
            latency: Duration::from_millis(self.latency),
            preload: self.keys,
            control_http: self.control_http,
            ..Options::default()
        }
    }

    #[expect(clippy::disallowed_methods, reason = "whoever starts it is given its credential")]
    fn tell(&self, app: &App, running: &Running, credential: &Secret) -> Result<(), Error> {
        let shown = self.credential_file.is_none().then(|| credential.expose());
        let addresses = running.addresses();
        let platforms: Vec<_> = addresses
            .iter()
            .map(|at| json!({ "platform": at.platform, "base_url": at.base_url, "page": at.page }))
            .collect();
        let answer = json!({
            "base_url": running.base_url(),
            "platforms": platforms,
            "organization": Options::default().organization,
            "credential": shown,
        });
        app.out.answer(&answer, || match shown {
            Some(credential) => format!("{}\n{credential}\n", running.base_url()),
            None => format!("{}\n", running.base_url()),
        })?;
        for at in &addresses {
            let page = at.page.as_ref().map(|page| format!(", dashboard {page}"));
            note(&format!("{:<11} {}{}", at.platform, at.base_url, page.unwrap_or_default()));
        }
        // Last: the file's being there tells scripts that all is ready.
        if let Some(path) = &self.credential_file {
            file::replace(path, credential.expose())?;
            note("The management credential is in the file.");
        }
        note("Serving until Ctrl-C.");
        Ok(())
    }
}

/// A length of time that can be waited for.
fn seconds(text: &str) -> Result<f64, NoSeconds> {
    let seconds: f64 = text.parse().map_err(|_| NoSeconds)?;
    if (0.0..=86_400.0).contains(&seconds) { Ok(seconds) } else { Err(NoSeconds) }
}

/// The text is no number of seconds.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("write a number of seconds from 0 to 86400")]
struct NoSeconds;
