//! A list far longer than anybody's: taken whole within the bounds, or refused whole.

use std::time::{Duration, Instant};

use keywright_model::Environment;
use keywright_service::wire::{Failure, KeyPage, ListKeys, Refresh};
use keywright_simulator::{NewKey, Options, Simulator};
use tempfile::TempDir;

use crate::desk;

/// As many as fit into an answer of 5 MiB, and as many as do not.
const MANY: u32 = 10_000;
const TOO_MANY: u32 = 20_000;

#[tokio::test]
async fn a_crowd_of_keys_is_taken_and_a_larger_one_is_refused_whole() {
    let preload = usize::try_from(MANY).unwrap();
    let simulator = Simulator::start(Options { preload, ..Options::default() }).await.unwrap();
    let home = TempDir::new().unwrap();
    let service = desk::open(home.path()).unwrap();
    let credential = simulator.agent_ceo_credential().unwrap();
    let begun = Instant::now();
    let connection = desk::connect(&service, simulator.base_url(), credential).await.unwrap();
    let took = begun.elapsed();
    println!("{MANY} keys connected and kept in {took:?}");
    assert!(took < Duration::from_secs(30));
    let some = || service.list_keys(ListKeys { query: String::new(), offset: 0, limit: 500 });
    let before: KeyPage = some().unwrap();
    assert_eq!(before.total, MANY + 1);

    let control = simulator.control();
    for number in MANY..TOO_MANY {
        let new = NewKey {
            name: format!("crowd-{number}"),
            scopes: ["org:acme", "agent:cto", "agent:ceo", "svc:mcp:write", "svc:tasks:write"]
                .map(String::from)
                .to_vec(),
            environment: Environment::Live,
            expires: None,
        };
        control.issue(new).unwrap();
    }
    let begun = Instant::now();
    let refused = service.refresh(Refresh { connection: Some(connection) }).await.unwrap_err();
    println!("{TOO_MANY} keys refused in {:?}: {refused}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(30));
    let failure = Failure::from(&refused);
    assert!(failure.what.contains("too large"), "{failure:?}");
    assert_eq!(some().unwrap(), before);
    assert!(service.list_connections().unwrap()[0].trouble.contains("too large"));
}
