use keywright_model::{Status, key::Origin};
use keywright_service::{
    Error,
    wire::{AddKey, Refresh, Settings, Theme},
};

use crate::{
    desk::{Desk, wanted},
    edit::list,
};

#[tokio::test]
async fn keys_made_elsewhere_are_found_once() {
    let (desk, connection) = Desk::connected().await;
    desk.mint_elsewhere("made-in-dashboard");
    let all = || Refresh { connection: None };
    let report = desk.service.refresh(all()).await.unwrap().remove(0);
    assert_eq!((report.new, report.changed, report.gone), (1, 0, 0));
    let again = desk.service.refresh(all()).await.unwrap().remove(0);
    assert_eq!((again.new, again.changed, again.gone), (0, 0, 0));
    let page = desk.service.list_keys(list("made-in-dashboard")).unwrap();
    let detail = desk.service.key_detail(page.rows[0].id).unwrap();
    assert_eq!(
        (detail.origin, detail.has_secret, detail.connection),
        (Origin::Found, false, connection)
    );
}

#[tokio::test]
async fn a_found_key_is_completed_by_its_secret_and_not_doubled() {
    let (desk, connection) = Desk::connected().await;
    let secret = desk.mint_elsewhere("brought");
    desk.service.refresh(Refresh { connection: None }).await.unwrap();
    let added = desk.service.add_key(added(connection, "brought"), Some(secret)).unwrap();
    assert_eq!(desk.service.list_keys(list("brought")).unwrap().total, 1);
    assert!(added.has_secret && added.remote_id.is_some());
    let report = desk.service.probe_key(added.row.id).await.unwrap();
    assert!(report.verdict.works(), "{report:?}");
}

#[tokio::test]
async fn a_key_added_first_is_joined_with_its_listed_twin() {
    let (desk, connection) = Desk::connected().await;
    let secret = desk.mint_elsewhere("early");
    let added = desk.service.add_key(added(connection, "early"), Some(secret)).unwrap();
    assert_eq!(added.remote_id, None);
    desk.time.pass(std::time::Duration::from_secs(1));
    desk.service.refresh(Refresh { connection: None }).await.unwrap();
    assert_eq!(desk.service.list_keys(list("early")).unwrap().total, 1);
    assert!(desk.service.key_detail(added.row.id).unwrap().remote_id.is_some());
}

#[tokio::test]
async fn a_refused_credential_keeps_nothing() {
    let desk = Desk::set_up().await;
    let wrong = keywright_model::Secret::copy_of("ace_live_fakefakefakefakefakefake");
    let refused = desk.service.connect(desk.connection("acme"), Some(wrong)).await;
    assert!(matches!(refused, Err(Error::Call(_))), "{refused:?}");
    assert!(desk.service.list_connections().unwrap().is_empty());
}

#[tokio::test]
async fn without_a_network_everything_local_works_and_a_create_is_a_draft() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "before").await;
    let settings =
        |work_offline| Settings { rotation_days: 90, theme: Theme::System, work_offline };
    desk.service.set_settings(settings(true)).unwrap();
    let made = desk.service.create_key(wanted(connection, "draft")).await.unwrap();
    assert_eq!(made.key, None);
    assert!(desk.service.secret(id, keywright_service::Use::Reveal).is_ok());
    assert!(matches!(
        desk.service.refresh(Refresh { connection: None }).await,
        Err(Error::WorkOffline)
    ));
    assert!(!desk.names_at_platform().contains(&"draft".to_owned()));
    let open = desk.service.list_operations().unwrap();
    assert_eq!(open.len(), 1);
    desk.service.set_settings(settings(false)).unwrap();
    desk.service
        .settle_operation(keywright_service::wire::SettleOperation {
            operation: open[0].id,
            action: keywright_service::wire::SettleAction::Send,
        })
        .await
        .unwrap();
    assert!(desk.names_at_platform().contains(&"draft".to_owned()));
    let page = desk.service.list_keys(list("draft")).unwrap();
    assert_eq!(page.rows[0].status, Status::Active);
}

#[tokio::test]
async fn a_platform_that_is_down_makes_a_draft_and_changes_no_status() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "before").await;
    let Desk { service, sim, time: _time, home: _home } = desk;
    sim.shutdown().await;
    let made = service.create_key(wanted(connection, "draft")).await.unwrap();
    assert_eq!(made.key, None);
    let probe = service.probe_key(id).await.unwrap();
    assert!(matches!(probe.verdict, keywright_model::Verdict::Unknown { .. }), "{probe:?}");
    assert_eq!(service.key_detail(id).unwrap().row.status, Status::Active);
    assert!(service.refresh(Refresh { connection: None }).await.is_err());
    assert_eq!(service.key_detail(id).unwrap().row.status, Status::Active);
    assert!(!service.list_connections().unwrap()[0].trouble.is_empty());
}

fn added(connection: keywright_model::ConnectionId, name: &str) -> AddKey {
    AddKey {
        connection,
        name: name.into(),
        label: String::new(),
        note: String::new(),
        owner: String::new(),
        tags: Vec::new(),
        scopes: Vec::new(),
        expires: keywright_model::Expiry::Unknown,
    }
}
