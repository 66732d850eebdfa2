//! What a simulator is started with, and what may be changed while it runs.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::dashboard::Place;

/// What a simulator is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// How long a revoked key still works, on agent.ceo and on ServoAgent. Specivo and
    /// Bivariant promise to revoke at once, and do.
    pub revoke_delay: Duration,
    /// How long every request waits first.
    pub latency: Duration,
    /// The organization's slug, as in the scope `org:acme`.
    pub organization: String,
    /// The organization's id in paths and in `orgId`; none means the slug.
    pub organization_id: Option<String>,
    /// The organization's agents.
    pub agents: Vec<String>,
    /// Keys that are there from the start, with nobody holding their secrets.
    pub preload: usize,
    /// Opens `/_sim` to other processes: faults, settings, state.
    pub control_http: bool,
    /// How the list of keys is wrapped; the document does not say.
    pub list_shape: ListShape,
    /// Whether the list goes on to show revoked keys, as `revoked`.
    pub list_revoked: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            revoke_delay: Duration::ZERO,
            latency: Duration::ZERO,
            organization: "acme".into(),
            organization_id: None,
            agents: vec!["cto".into(), "ceo".into()],
            preload: 0,
            control_http: false,
            list_shape: ListShape::default(),
            list_revoked: false,
        }
    }
}

/// Where in the answer the list of keys stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListShape {
    /// `{"keys": […]}`.
    #[default]
    Keys,
    /// `{"api_keys": […]}`.
    ApiKeys,
    /// `{"data": […]}`.
    Data,
    /// `[…]`.
    Root,
}

/// What may be changed while it runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) revoke_delay: Duration,
    pub(crate) latency: Duration,
    pub(crate) list_shape: ListShape,
    pub(crate) list_revoked: bool,
    pub(crate) flapping: bool,
    /// Set for one platform alone.
    specivo_delay: Option<Duration>,
    servoagent_delay: Option<Duration>,
    bivariant_delay: Option<Duration>,
}

impl Settings {
    pub(crate) fn of(options: &Options) -> Self {
        Self {
            revoke_delay: options.revoke_delay,
            latency: options.latency,
            list_shape: options.list_shape,
            list_revoked: options.list_revoked,
            flapping: false,
            specivo_delay: None,
            servoagent_delay: None,
            bivariant_delay: None,
        }
    }

    /// How long a key still works that is revoked now in this dashboard. ServoAgent's
    /// document makes no promise; it is as slow as agent.ceo unless told otherwise.
    pub(crate) fn delay_of(&self, place: Place) -> Duration {
        match place {
            Place::Specivo => self.specivo_delay.unwrap_or_default(),
            Place::ServoAgent => self.servoagent_delay.unwrap_or(self.revoke_delay),
            Place::Bivariant => self.bivariant_delay.unwrap_or_default(),
        }
    }

    pub(crate) fn set_delay_of(&mut self, place: Place, delay: Duration) {
        let own = match place {
            Place::Specivo => &mut self.specivo_delay,
            Place::ServoAgent => &mut self.servoagent_delay,
            Place::Bivariant => &mut self.bivariant_delay,
        };
        *own = Some(delay);
    }
}
