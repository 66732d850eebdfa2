//! How the connection takes bad answers. They come from a server of our own with
//! a credential that is none, so nothing on the platform can be changed by it.

use std::time::Duration;

use keywright_model::Verdict;

use super::{
    Clock, Outcome, Run, Step,
    loopback::{Answer, Body, Loopback},
    report::{failed, skipped},
    rubbish,
};
use crate::{CallError, Capability, Connector, Effect, profile::operation::OperationKind};

/// How long the server asks to wait.
const RETRY_AFTER: Duration = Duration::from_secs(17);
/// A text that is no JSON and that no message may repeat.
const NONSENSE: &str = "{\"nonsense\": ";

/// What the connection made of an answer.
enum Made {
    Error(CallError),
    Verdict(Verdict),
    Success,
}

impl<C: Clock> Run<'_, C> {
    /// One bad answer to the platform's most delicate call: a create where there is
    /// one, or else the list or the probe.
    pub(super) async fn hostile(&mut self, step: Step) -> Result<(), Outcome> {
        let kind = [
            (Capability::Create, OperationKind::Create),
            (Capability::List, OperationKind::List),
            (Capability::Probe, OperationKind::Probe),
        ];
        let kind = kind.into_iter().find(|(capability, _)| self.can(*capability));
        let Some((_, kind)) = kind else { return Err(skipped("nothing is ever called")) };
        if kind == OperationKind::Probe && step == Step::Nonsense {
            return Err(skipped("a probe may be judged by its status alone"));
        }
        let port = |_| skipped("this machine gives no port on the loopback");
        let other = Answer { status: 200, headers: String::new(), body: Body::Text("{}") };
        let other = Loopback::start(other).await.map_err(port)?;
        let answer = self.bad_answer(step, kind, other.address());
        let server = Loopback::start(answer).await.map_err(port)?;
        let connector = self.connector().elsewhere(server.address());
        let connector = connector?;
        let made = self.call(kind, &connector).await;
        if let Made::Error(error @ CallError::Asks { .. }) = made {
            return Err(error.into());
        }
        judge(step, &made)?;
        match (server.calls(), other.calls()) {
            (_, 1..) => Err(failed("the other origin was called")),
            (1, 0) => Ok(()),
            (calls, 0) => Err(failed(format!("the call was sent {calls} times"))),
        }
    }

    fn bad_answer(&self, step: Step, kind: OperationKind, elsewhere: &str) -> Answer {
        let operation = self.connector().profile().operations.get(&kind);
        // One that may have a body.
        let success = operation.and_then(|operation| {
            operation.call.ok_status.iter().copied().find(|status| *status != 204)
        });
        let answer = |status, headers, body| Answer { status, headers, body };
        match step {
            Step::RateLimit => {
                let wait = format!("retry-after: {}\r\n", RETRY_AFTER.as_secs());
                answer(429, wait, Body::Text("{}"))
            }
            Step::Redirect => {
                answer(307, format!("location: {elsewhere}/keys\r\n"), Body::Text(""))
            }
            Step::TooLarge => {
                let most = self.connector().limits().body;
                answer(success.unwrap_or(200), String::new(), Body::Blanks(most + 1))
            }
            _ => answer(success.unwrap_or(200), String::new(), Body::Text(NONSENSE)),
        }
    }

    async fn call(&self, kind: OperationKind, connector: &Connector) -> Made {
        let stand_in = rubbish::credential(connector.profile());
        let error = match kind {
            OperationKind::Create => {
                connector.create(&stand_in, &self.plan.new, self.clock.now()).await.err()
            }
            OperationKind::List => connector.list(&stand_in).await.err(),
            _ => return Made::Verdict(connector.probe(&stand_in).await.verdict),
        };
        error.map_or(Made::Success, Made::Error)
    }
}

fn judge(step: Step, made: &Made) -> Result<(), Outcome> {
    let as_wanted = match made {
        Made::Success => false,
        Made::Verdict(verdict) => matches!(verdict, Verdict::Unknown { .. }),
        Made::Error(error) => match (step, error) {
            (Step::RateLimit, CallError::RateLimited { retry_after }) => {
                *retry_after == Some(RETRY_AFTER) && error.effect() == Effect::None
            }
            (Step::TooLarge, CallError::TooLarge)
            | (Step::Redirect, CallError::Redirected { .. }) => true,
            (Step::Nonsense, CallError::Malformed { what }) => !what.contains("nonsense"),
            _ => false,
        },
    };
    if as_wanted {
        return Ok(());
    }
    Err(failed(match made {
        Made::Success => "it was taken for a success".to_owned(),
        Made::Verdict(verdict) => super::ending::words(verdict),
        Made::Error(error) => error.to_string(),
    }))
}
