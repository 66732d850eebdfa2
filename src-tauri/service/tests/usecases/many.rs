//! Refreshing many connections: bounded, at the pace that platforms ask for, and no further once
//! somebody has had enough.

use std::time::Duration;

use keywright_model::{Expiry, Secret};
use keywright_service::{
    Error,
    wire::{AddKey, ListKeys, Progress, Refresh},
};

use crate::{
    desk::Desk,
    workshop::{CREDENTIAL, Workshop},
};

const CONNECTIONS: u32 = 50;
const KEYS_EACH: u32 = 400;

fn all() -> Refresh {
    Refresh { connection: None }
}

fn total(desk: &Desk) -> u32 {
    let page = ListKeys { query: String::new(), offset: 0, limit: 1 };
    desk.service.list_keys(page).unwrap().total
}

#[tokio::test]
async fn fifty_connections_with_twenty_thousand_keys_are_read_and_told_of() {
    let desk = Desk::set_up().await;
    // Each on a server of its own, as far as the bound can tell.
    let mut servers = Vec::new();
    for number in 0..CONNECTIONS {
        let (server, tenant) = (Workshop::start().await, format!("t{number}"));
        server.connect(&desk, &tenant).await;
        server.fill(&tenant, KEYS_EACH);
        servers.push((server, tenant));
    }
    let mut news = desk.service.subscribe();
    let reports = desk.service.refresh(all()).await.unwrap();
    assert_eq!(reports.len(), 50);
    assert_eq!(reports.iter().map(|report| report.new).sum::<u32>(), CONNECTIONS * KEYS_EACH);
    assert_eq!(total(&desk), CONNECTIONS * KEYS_EACH);
    let mut told = Vec::new();
    while let Ok(progress) = news.try_recv() {
        if let Progress::Refresh { done, total, .. } = progress {
            told.push((done, total));
        }
    }
    assert_eq!(told, (1..=CONNECTIONS).map(|done| (done, CONNECTIONS)).collect::<Vec<_>>());
    // Nothing changed, so nothing is written again.
    let again = desk.service.refresh(all()).await.unwrap();
    assert!(again.iter().all(|report| report.new + report.changed + report.gone == 0));
}

#[tokio::test]
async fn a_platform_that_asks_for_a_pause_gets_it() {
    let (desk, workshop) = (Desk::set_up().await, Workshop::start().await);
    workshop.connect(&desk, "busy").await;
    workshop.fill("busy", 3);
    workshop.busy("busy", 1, 30);
    let mut news = desk.service.subscribe();
    let reports = desk.service.refresh(all()).await.unwrap();
    assert_eq!(reports[0].listed, 3);
    let mut paused = Vec::new();
    while let Ok(progress) = news.try_recv() {
        if let Progress::Paused { seconds, .. } = progress {
            paused.push(seconds);
        }
    }
    assert_eq!(paused, [30]);
    assert!(desk.service.list_connections().unwrap()[0].trouble.is_empty());
}

#[tokio::test]
async fn a_platform_that_never_has_time_is_told_as_trouble() {
    let (desk, workshop) = (Desk::set_up().await, Workshop::start().await);
    workshop.connect(&desk, "busy").await;
    let asked = workshop.lists("busy");
    workshop.busy("busy", 1_000, 60);
    assert!(desk.service.refresh(all()).await.is_err());
    assert!(workshop.lists("busy") - asked <= 12, "it is left alone after a few tries");
    assert!(!desk.service.list_connections().unwrap()[0].trouble.is_empty());
    // An hour is longer than anybody waits.
    workshop.busy("busy", 1, 3_600);
    assert!(desk.service.refresh(all()).await.is_err());
}

#[tokio::test]
async fn connections_of_one_server_are_read_one_after_another() {
    let (desk, workshop) = (Desk::set_up().await, Workshop::start().await);
    workshop.connect(&desk, "a").await;
    for name in ["b", "c", "d"] {
        let request = keywright_service::wire::Connect {
            variables: workshop.connection("a").variables,
            ..workshop.connection(name)
        };
        desk.service.connect(request, Some(Secret::copy_of(CREDENTIAL))).await.unwrap();
    }
    desk.service.refresh(all()).await.unwrap();
    assert_eq!(workshop.most_at_once("a"), 1);
}

#[tokio::test]
async fn a_refresh_that_is_stopped_keeps_what_was_read() {
    let (desk, workshop) = (Desk::set_up().await, Workshop::start().await);
    workshop.connect(&desk, "first").await;
    workshop.connect_another(&desk, "second").await;
    workshop.fill("first", 2);
    workshop.fill("second", 2);
    // The second one asks for pauses; somebody stops during one.
    workshop.busy("first", 0, 0);
    workshop.busy("second", 3, 20);
    let service = desk.service.clone();
    let mut news = desk.service.subscribe();
    let stopper = tokio::spawn(async move {
        loop {
            match tokio::time::timeout(Duration::from_secs(20), news.recv()).await {
                Ok(Ok(Progress::Paused { .. })) => return service.stop_refresh(),
                Ok(_) => {}
                Err(_) => return,
            }
        }
    });
    let reports = desk.service.refresh(all()).await.unwrap();
    stopper.await.unwrap();
    assert_eq!(reports.len(), 1, "one was read before");
    assert_eq!(total(&desk), 2);
    assert!(matches!(
        desk.service.refresh(Refresh { connection: Some(reports[0].connection) }).await,
        Ok(_) | Err(Error::Stopped)
    ));
}

/// A word typed letter by letter gives the same pages as each part of it asked for at once.
#[tokio::test]
async fn typing_finds_what_asking_at_once_finds_in_the_same_order() {
    let (desk, connection) = Desk::connected().await;
    for number in 0..60 {
        let expires = match number % 3 {
            0 => Expiry::At(chrono::Utc::now() + chrono::TimeDelta::days(i64::from(number) - 5)),
            _ => Expiry::Never,
        };
        let name = format!("deploy {}", (number * 37) % 60);
        let new = AddKey {
            connection,
            name,
            label: String::new(),
            note: String::new(),
            owner: String::new(),
            tags: Vec::new(),
            scopes: Vec::new(),
            expires,
        };
        desk.service.add_key(new, None).unwrap();
    }
    let ask = |query: &str, offset| {
        let request = ListKeys { query: query.into(), offset, limit: 10 };
        let page = desk.service.list_keys(request).unwrap();
        let names: Vec<String> = page.rows.into_iter().map(|row| row.name).collect();
        (page.total, page.needs_you, names)
    };
    let mut typed = Vec::new();
    for query in ["", "d", "deploy", "deploy 1", "expires:<30d", "nothing", ""] {
        typed.push((query, ask(query, 0), ask(query, 10)));
    }
    for (query, first, second) in typed {
        // A change in between, so that nothing is remembered.
        desk.service.set_settings(desk.service.settings().unwrap()).unwrap();
        assert_eq!((ask(query, 0), ask(query, 10)), (first, second), "{query}");
    }
}
