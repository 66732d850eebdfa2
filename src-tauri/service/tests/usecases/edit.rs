use chrono::Duration;
use keywright_model::Secret;
use keywright_service::{
    Error,
    wire::{EditKey, ListEvents, ListKeys, Settings, Theme},
};

use crate::{
    desk::{Desk, PASSPHRASE},
    revoke::edit,
};

#[tokio::test]
async fn notes_survive_a_restart_and_are_found() {
    let (mut desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "erp").await;
    let note = "Ask Finance before pausing **build-2**".to_owned();
    desk.service
        .edit_key(EditKey {
            note: Some(note.clone()),
            tags: Some(vec![" ci ".into(), "#ci".into()]),
            ..edit(id)
        })
        .unwrap();
    desk.restart().await;
    let detail = desk.service.key_detail(id).unwrap();
    assert_eq!(detail.note, note);
    assert_eq!(detail.row.tags, ["ci"]);
    for query in ["finance build-2", "tag:ci", "platform:agent.ceo is:unplaced erp"] {
        let page = desk.service.list_keys(list(query)).unwrap();
        assert_eq!(page.rows.iter().map(|r| r.id).collect::<Vec<_>>(), [id], "{query}");
    }
    assert_eq!(desk.service.list_keys(list("finance nobody")).unwrap().total, 0);
}

#[tokio::test]
async fn a_wrong_query_says_where_it_is_wrong() {
    let (desk, _) = Desk::connected().await;
    let page = desk.service.list_keys(list("platfrom:x")).unwrap();
    let problem = page.problem.unwrap();
    assert_eq!(problem.at, 0);
    assert!(problem.message.contains("platform"), "{}", problem.message);
}

#[tokio::test]
async fn an_edit_that_changes_nothing_writes_nothing() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "same").await;
    let lines = || {
        let page = ListEvents { before: None, key: Some(id), limit: 50 };
        desk.service.list_events(page).unwrap().lines.len()
    };
    let before = lines();
    desk.service.edit_key(EditKey { label: Some(String::new()), ..edit(id) }).unwrap();
    assert_eq!(lines(), before);
}

#[tokio::test]
async fn the_bin_keeps_a_key_for_thirty_days() {
    let (mut desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "binned").await;
    desk.service.delete_key(id).unwrap();
    assert_eq!(desk.service.list_keys(list("binned")).unwrap().total, 0);
    desk.service.restore_key(id).unwrap();
    assert_eq!(desk.service.list_keys(list("binned")).unwrap().total, 1);
    desk.service.delete_key(id).unwrap();
    desk.time.pass(Duration::days(29).to_std().unwrap());
    desk.restart().await;
    assert!(desk.service.key_detail(id).is_ok());
    desk.time.pass(Duration::days(2).to_std().unwrap());
    desk.restart().await;
    assert!(matches!(desk.service.key_detail(id), Err(Error::NotFound { .. })));
}

#[tokio::test]
async fn locked_means_that_nothing_answers() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "closed").await;
    desk.service.lock();
    desk.service.lock();
    assert!(matches!(desk.service.overview(), Err(Error::Locked)));
    assert!(matches!(desk.service.key_detail(id), Err(Error::Locked)));
    assert!(matches!(desk.service.list_keys(list("")), Err(Error::Locked)));
    assert!(matches!(desk.service.edit_key(edit(id)), Err(Error::Locked)));
    let wrong = desk.service.unlock(&Secret::copy_of("wrong passphrase"));
    assert!(matches!(wrong, Err(Error::Vault(keywright_vault::Error::WrongPassphrase))));
    desk.service.unlock(&Secret::copy_of(PASSPHRASE)).unwrap();
    assert!(desk.service.key_detail(id).is_ok());
}

#[tokio::test]
async fn settings_are_kept_and_nonsense_is_refused() {
    let (mut desk, _) = Desk::connected().await;
    let wanted = Settings { rotation_days: 60, theme: Theme::Dark, work_offline: false };
    desk.service.set_settings(wanted.clone()).unwrap();
    desk.restart().await;
    assert_eq!(desk.service.settings().unwrap(), wanted);
    let refused = desk.service.set_settings(Settings { rotation_days: 0, ..wanted });
    assert!(matches!(refused, Err(Error::Invalid(_))));
}

pub(crate) fn list(query: &str) -> ListKeys {
    ListKeys { query: query.into(), offset: 0, limit: 100 }
}

#[tokio::test]
async fn pages_of_a_list_join_without_gap_or_double() {
    let (desk, connection) = Desk::connected().await;
    for number in 0..25 {
        desk.create(connection, &format!("Key-{:02}", (number * 7) % 25)).await;
    }
    let page = |offset, limit| {
        let request = ListKeys { query: "name:key-".into(), offset, limit };
        desk.service.list_keys(request).unwrap()
    };
    let all: Vec<String> = page(0, 100).rows.into_iter().map(|row| row.title).collect();
    assert_eq!(all, (0..25).map(|n| format!("Key-{n:02}")).collect::<Vec<_>>());
    for limit in [1, 3, 10] {
        desk.service.list_keys(list("")).unwrap();
        let mut joined = Vec::new();
        while joined.len() < 25 {
            let offset = u32::try_from(joined.len()).unwrap();
            joined.extend(page(offset, limit).rows.into_iter().map(|row| row.title));
        }
        assert_eq!(joined, all, "by {limit}");
    }
}
