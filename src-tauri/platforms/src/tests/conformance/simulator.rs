//! The four documented platforms, as the simulator plays them, do what their
//! profiles say; and the promise of a revocation is kept or broken by seconds.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use keywright_model::{Environment, PlatformId, Secret};
use keywright_simulator::{
    BivariantKey, Control, Options, Running, ServoAgentKey, Simulator, SpecivoKey,
};

use super::{super::server::quick, failed, skipped};
use crate::{
    Connector, Registry,
    conformance::{Clock, Plan, Report, Step, Subject, run},
};

/// The simulator's own time: waiting turns its clock.
struct Turned(Control);

impl Clock for Turned {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    async fn sleep(&self, time: Duration) {
        self.0.advance(time);
    }
}

async fn start() -> Running {
    Simulator::start(Options { preload: 3, ..Options::default() }).await.expect("a simulator")
}

fn connect(id: &str, base_url: &str, settings: &[(&str, &str)]) -> Connector {
    let profile = Registry::builtin().get(&PlatformId::new(id)).expect("built in");
    let given = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let variables = profile.resolve_variables(&given.collect()).expect("complete");
    Connector::new(Arc::clone(&profile), base_url, variables, quick()).expect("set up")
}

async fn agent_ceo(running: &Running) -> Report {
    let connector = connect("agent.ceo", &running.base_url(), &[("org_id", "acme")]);
    let credential = running.agent_ceo_credential().expect("a credential");
    let subject = Subject { connector: &connector, credential: Some(&credential), key: None };
    run(subject, &Plan::default(), &Turned(running.control()), &mut |_| {}).await
}

#[tokio::test]
async fn r40_agent_ceo_conforms_while_it_keeps_its_promise() {
    for (delay, flapping, kept) in [
        (0, false, true),
        (30, true, true),
        (59, false, true),
        (62, false, false),
        (70, false, false),
    ] {
        let running = start().await;
        running.control().set_revoke_delay(Duration::from_secs(delay));
        running.control().set_flapping(flapping);
        let report = agent_ceo(&running).await;
        if kept {
            assert_eq!(failed(&report), [], "{delay}");
            assert!(report.conforms(), "{delay}: {report:?}");
            let ours = running.control().live_keys();
            assert!(ours.iter().all(|key| !key.name.starts_with("keywright-check")), "{ours:?}");
        } else {
            let found = failed(&report);
            assert!(matches!(found.as_slice(), [(Step::Dead, _)]), "{delay}: {found:?}");
        }
        let expected = [Step::Relabel, Step::HoldBack, Step::Rotate];
        assert_eq!(skipped(&report), expected, "what it has no call for");
    }
}

#[tokio::test]
async fn a_key_of_each_dashboard_is_tried_where_its_path_is_told() {
    let running = start().await;
    let control = running.control();
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let specivo = control.specivo().issue(SpecivoKey {
        name: "check".into(),
        account: "agent".into(),
        scopes: owned(&["mcp"]),
    });
    let servoagent = control.servoagent().issue(ServoAgentKey {
        name: "check".into(),
        environment: Environment::Test,
        scopes: owned(&["agents:read"]),
        allow_list: Vec::new(),
    });
    let bivariant = control.bivariant().issue(BivariantKey {
        name: "check".into(),
        creator: "mira".into(),
        organization: "acme".into(),
        space: None,
        permissions: owned(&["collections:read"]),
        expiration: None,
    });
    let passed = [Step::Alive, Step::Rubbish, Step::RateLimit, Step::TooLarge, Step::Redirect];
    for (id, base_url, settings, key) in [
        ("specivo", running.specivo_url(), vec![("mcp_path", "mcp")], specivo),
        ("servoagent", running.servoagent_url(), vec![], servoagent),
        ("bivariant", running.bivariant_url(), vec![("probe_path", "api/collections")], bivariant),
    ] {
        let key: Secret = key.expect("issued").secret;
        let connector = connect(id, &base_url, &settings);
        let subject = Subject { connector: &connector, credential: None, key: Some(&key) };
        let report = run(subject, &Plan::default(), &Turned(control.clone()), &mut |_| {}).await;
        assert_eq!(failed(&report), [], "{id}");
        let rest: Vec<Step> = Step::ALL.into_iter().filter(|step| !passed.contains(step)).collect();
        assert_eq!(skipped(&report), rest, "{id}");
    }
}
