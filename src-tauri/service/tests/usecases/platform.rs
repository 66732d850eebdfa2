//! Platforms that a person adds, what a string looks like, and the management credential as a key.

use keywright_model::{Expiry, PlatformId, Secret, Severity};
use keywright_service::{
    Error, Trial,
    wire::{AddPlatform, CheckOutcome, NextAction, Variable},
};

use crate::{
    desk::Desk,
    workshop::{CREDENTIAL, PROFILE, Workshop},
};

fn file(text: &str) -> AddPlatform {
    AddPlatform { origin: "workshop.toml".into(), text: text.into() }
}

#[tokio::test]
async fn before_it_is_trusted_a_profile_tells_where_it_talks_to_and_what_it_sends() {
    let desk = Desk::set_up().await;
    let preview = desk.service.preview_platform(file(PROFILE)).unwrap();
    assert_eq!(preview.platform.id, PlatformId::new("workshop"));
    assert_eq!(preview.origin, "", "every user tells their own");
    let words: Vec<&str> = preview.calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(words, ["list", "create", "relabel", "disable", "enable", "revoke", "probe"]);
    let create = &preview.calls[1];
    assert!(create.carries.iter().any(|carried| carried.contains("x-workshop: {credential}")));
    assert!(create.carries.iter().any(|carried| carried.contains("asked each time: password")));
    assert_eq!((preview.replaces, preview.builtin), (None, false));
    assert!(desk.service.list_platforms().iter().all(|row| !row.added), "nothing was added");
}

#[tokio::test]
async fn a_bad_profile_is_told_with_its_line_and_nothing_is_added() {
    let desk = Desk::set_up().await;
    let bad = PROFILE.replace("{account.tenant}/me", "{account.tennant}/me");
    let error = desk.service.add_platform(file(&bad)).unwrap_err();
    let words = error.failure().what;
    assert!(words.contains("workshop.toml:") && words.contains("account.tennant"), "{words}");
    assert!(desk.service.list_platforms().iter().all(|row| !row.added));
}

#[tokio::test]
async fn a_platform_that_comes_with_keywright_is_not_replaced() {
    let desk = Desk::set_up().await;
    let posing = PROFILE.replace("id = \"workshop\"", "id = \"agent.ceo\"");
    assert!(desk.service.preview_platform(file(&posing)).unwrap().builtin);
    assert!(matches!(desk.service.add_platform(file(&posing)), Err(Error::Invalid(_))));
}

#[tokio::test]
async fn an_added_platform_is_there_after_a_restart_and_gone_when_it_is_removed() {
    let (mut desk, workshop) = (Desk::set_up().await, Workshop::start().await);
    let connection = workshop.connect(&desk, "a").await;
    desk.restart().await;
    let id = PlatformId::new("workshop");
    assert!(desk.service.list_platforms().iter().any(|row| row.id == id && row.added));
    assert!(desk.service.create_form(connection).is_ok());
    let used = desk.service.remove_platform(id.clone());
    assert!(matches!(used, Err(Error::NotPossible { .. })), "a connection needs it");
    // A newer profile takes the older one's place.
    let newer = PROFILE.replace("A server of one's own.", "The same, told better.");
    desk.service.add_platform(file(&newer)).unwrap();
    let rows = desk.service.list_platforms();
    assert_eq!(rows.iter().filter(|row| row.added).count(), 1);
    desk.service.disconnect(connection).unwrap();
    desk.service.remove_platform(id.clone()).unwrap();
    assert!(desk.service.list_platforms().iter().all(|row| row.id != id));
}

#[tokio::test]
async fn settings_that_are_changed_keep_the_added_platforms() {
    let desk = Desk::set_up().await;
    desk.service.add_platform(file(PROFILE)).unwrap();
    let settings = desk.service.settings().unwrap();
    desk.service.set_settings(settings).unwrap();
    assert_eq!(desk.service.list_platforms().iter().filter(|row| row.added).count(), 1);
}

#[tokio::test]
async fn a_profile_is_held_against_a_live_server() {
    let (desk, workshop) = (Desk::set_up().await, Workshop::start().await);
    let address = workshop.connection("trial").base_url.unwrap();
    let trial = Trial {
        base_url: address,
        variables: vec![Variable { name: "tenant".into(), value: "trial".into() }],
        credential: Some(Secret::copy_of(CREDENTIAL)),
        answers: vec![("password".into(), Secret::copy_of("fake password"))],
        ..Trial::default()
    };
    let mut told = 0;
    let report = desk.service.check_platform(&file(PROFILE), trial, |_| told += 1).await.unwrap();
    assert_eq!(told, report.checks.len());
    let failed: Vec<_> =
        report.checks.iter().filter(|line| line.outcome == CheckOutcome::Failed).collect();
    assert!(failed.is_empty() && report.leftovers.is_empty(), "{failed:?}");
    assert!(workshop.name_of("trial", "made1").is_none(), "what it made it ended");
}

#[tokio::test]
async fn r21_a_string_may_be_of_several_platforms_and_the_likeliest_stands_first() {
    let desk = Desk::set_up().await;
    let platforms = |text: &str| -> Vec<String> {
        let found = desk.service.detect(&Secret::copy_of(text));
        found.into_iter().map(|one| one.platform.as_str().to_owned()).collect()
    };
    assert_eq!(platforms("ace_live_fake0000000000000000")[0], "agent.ceo");
    assert_eq!(platforms("  spv_fake000000000000\n")[0], "specivo");
    assert!(platforms("sk_live_fake00000000000000000000").contains(&"servoagent".to_owned()));
    assert_eq!(platforms("sk-or-v1-fake0000")[0], "openrouter");
    assert!(platforms("not a key").is_empty());
    // One's own platforms are looked for too.
    desk.service.add_platform(file(PROFILE)).unwrap();
    assert_eq!(platforms("ws_key_fake_0001")[0], "workshop");
    assert_eq!(desk.sim.control().requests(), keywright_simulator::Requests::default());
}

#[tokio::test]
async fn r43_the_management_credential_is_watched_and_replaced_by_one_that_works() {
    let desk = Desk::set_up().await;
    let mut request = desk.connection("acme");
    request.credential_expires = Expiry::At(chrono::Utc::now() + chrono::Duration::days(5));
    let first = desk.sim.agent_ceo_credential().unwrap();
    let row = desk.service.connect(request, Some(first)).await.unwrap();
    let found = desk.service.findings(Severity::Warning).unwrap();
    let item = found.iter().find(|item| item.next == NextAction::ReplaceCredential).unwrap();
    assert_eq!(item.connection.as_ref().unwrap().id, row.id);
    // One that the platform refuses replaces nothing.
    let wrong = Secret::copy_of("ace_live_fakeWrong0000000000");
    assert!(desk.service.replace_credential(row.id, wrong, Expiry::Never).await.is_err());
    let second = desk.sim.agent_ceo_credential().unwrap();
    let row = desk.service.replace_credential(row.id, second, Expiry::Never).await.unwrap();
    assert_eq!((row.credential_expires, row.trouble.as_str()), (Expiry::Never, ""));
    let found = desk.service.findings(Severity::Warning).unwrap();
    assert!(found.iter().all(|item| item.next != NextAction::ReplaceCredential));
}

#[tokio::test]
async fn one_s_own_credential_is_not_held_back_by_its_own_hand() {
    let (desk, workshop) = (Desk::set_up().await, Workshop::start().await);
    let connection = workshop.connect(&desk, "a").await;
    workshop.fill("a", 1);
    desk.service
        .refresh(keywright_service::wire::Refresh { connection: Some(connection) })
        .await
        .unwrap();
    let query = keywright_service::wire::ListKeys { query: String::new(), offset: 0, limit: 5 };
    let key = desk.service.list_keys(query).unwrap().rows[0].id;
    // The list's key turns out to be the credential itself.
    let add = keywright_service::wire::AddKey {
        connection,
        name: "key-0".into(),
        label: String::new(),
        note: String::new(),
        owner: String::new(),
        tags: Vec::new(),
        scopes: Vec::new(),
        expires: Expiry::Unknown,
    };
    let detail = desk.service.add_key(add, Some(Secret::copy_of(CREDENTIAL))).unwrap();
    assert_eq!(detail.row.id, key);
    let refused = desk.service.disable_key(key).await;
    assert!(matches!(refused, Err(Error::NotPossible { .. })), "{refused:?}");
    assert!(!desk.service.key_detail(key).unwrap().can.revoke);
}
