//! Requirements of the platform's documents that the service holds, by their numbers.

use keywright_model::{
    Environment, Expiry, PlatformId, Secret, Severity, Status, Verdict, expiry::Lifetime,
};
use keywright_service::{
    Error, Use,
    wire::{Connect, CopyForm, CreateKey, EditKey, RevokeKey, UseNote},
};

use crate::{
    desk::{Desk, revoke, wanted},
    edit::list,
};

#[tokio::test]
async fn r02_a_lost_secret_cannot_be_fetched() {
    let (desk, _) = Desk::connected().await;
    desk.mint_elsewhere("shown-once");
    desk.service.refresh(keywright_service::wire::Refresh { connection: None }).await.unwrap();
    let id = desk.service.list_keys(list("shown-once")).unwrap().rows[0].id;
    let error = desk.service.secret(id, Use::Reveal).unwrap_err();
    assert!(matches!(error, Error::NoSecret));
    assert!(error.failure().advice.contains("Create a new key and revoke this one"));
}

#[tokio::test]
async fn r05_a_name_is_required_and_a_double_is_warned_of() {
    let (desk, connection) = Desk::connected().await;
    desk.create(connection, "claude-code").await;
    let none = desk.service.preview_create(wanted(connection, "")).unwrap();
    assert!(none.problems.iter().any(|problem| problem.field == "name"));
    let double = desk.service.preview_create(wanted(connection, "claude-code")).unwrap();
    assert!(!double.warnings.is_empty());
}

#[tokio::test]
async fn r09_a_secret_can_be_handed_over_as_an_assignment() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "env").await;
    let value = desk.service.secret(id, Use::Copy(CopyForm::Value)).unwrap();
    let line = desk.service.secret(id, Use::Copy(CopyForm::Assignment)).unwrap();
    let (name, rest) = line.expose().split_once('=').unwrap();
    assert_eq!(rest, value.expose());
    assert!(name.chars().all(|c| c.is_ascii_uppercase() || c == '_'), "{name}");
}

#[tokio::test]
async fn r32_what_the_answer_lacks_is_kept_from_the_request() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "ninety").await;
    let detail = desk.service.key_detail(id).unwrap();
    assert_eq!(detail.row.name, "ninety");
    let Expiry::At(ends) = detail.row.expires else { panic!("{:?}", detail.row.expires) };
    assert_eq!((ends - detail.row.created.unwrap()).num_days(), 90);
}

#[tokio::test]
async fn r37_the_four_choices_are_offered_and_a_life_that_has_ended_is_refused() {
    let (desk, connection) = Desk::connected().await;
    let form = desk.service.create_form(connection).unwrap();
    for offered in [Lifetime::Days(30), Lifetime::Days(90), Lifetime::Days(365), Lifetime::Never] {
        assert!(form.lifetimes.contains(&offered), "{offered:?}");
    }
    let mut odd = wanted(connection, "odd");
    odd.lifetime = Lifetime::Until(chrono::DateTime::UNIX_EPOCH);
    assert!(matches!(desk.service.create_key(odd).await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn r35_the_form_has_the_three_axes() {
    let (desk, connection) = Desk::connected().await;
    let form = desk.service.create_form(connection).unwrap();
    let axes: Vec<&str> = form.axes.iter().map(|axis| axis.id.as_str()).collect();
    assert_eq!(axes, ["org", "agent", "svc"]);
    assert_eq!(form.axes[0].choices[0].value, "org:acme");
    assert_eq!(form.axes[2].choices.len(), 21);
}

#[tokio::test]
async fn r41_a_key_without_the_scope_to_list_is_alive() {
    let (desk, connection) = Desk::connected().await;
    let id = desk.create(connection, "wiki-only").await;
    let report = desk.service.probe_key(id).await.unwrap();
    assert!(report.verdict.works(), "{report:?}");
    desk.service.revoke_key(revoke(id)).await.unwrap();
    desk.service.prove_revocation(id).await.unwrap();
    assert_eq!(desk.service.probe_key(id).await.unwrap().verdict, Verdict::Dead);
}

/// A key that a person brings to one of the dashboards.
async fn brought(desk: &Desk, platform: &str, base_url: String, scopes: &[&str], secret: &str) {
    let request = Connect {
        platform: PlatformId::new(platform),
        name: platform.into(),
        base_url: Some(base_url),
        variables: Vec::new(),
        credential_expires: Expiry::Unknown,
    };
    let connection = desk.service.connect(request, None).await.unwrap().id;
    let key = CreateKey {
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        lifetime: desk.service.create_form(connection).unwrap().lifetimes[0],
        label: format!("label {platform}"),
        owner: "agent".into(),
        ..wanted(connection, &format!("key-{platform}"))
    };
    let secret = Secret::copy_of(secret);
    desk.service.finish_guided_create(key, secret, true).await.unwrap();
}

#[tokio::test]
async fn r01_keys_of_all_four_stand_in_one_list() {
    let (desk, connection) = Desk::connected().await;
    let first =
        CreateKey { label: "label agent.ceo".into(), ..wanted(connection, "key-agent.ceo") };
    desk.service.create_key(first).await.unwrap();
    let bivariant = ["organization:acme", "collections:read"];
    let sk = "sk_live_fake0000000000000001";
    brought(&desk, "specivo", desk.sim.specivo_url(), &["mcp"], "spv_fake00000001").await;
    brought(&desk, "servoagent", desk.sim.servoagent_url(), &["agents:read"], sk).await;
    brought(&desk, "bivariant", desk.sim.bivariant_url(), &bivariant, "fake-bivariant-1").await;
    let rows = desk.service.list_keys(list("name:key-")).unwrap().rows;
    for platform in ["agent.ceo", "specivo", "servoagent", "bivariant"] {
        let row = rows.iter().find(|row| row.platform.as_str() == platform).expect(platform);
        assert_eq!(row.title, format!("label {platform}"));
        assert_eq!(row.status, Status::Active);
        assert!(row.created.is_some());
        let detail = desk.service.key_detail(row.id).unwrap();
        assert!(!detail.scopes.is_empty() && !detail.owner.name.is_empty(), "{platform}");
        assert!(row.expires != Expiry::Unknown || platform == "servoagent", "{platform}");
    }
    let servoagent = rows.iter().find(|row| row.platform.as_str() == "servoagent").unwrap();
    assert_eq!(servoagent.environment, Environment::Live);
}

#[tokio::test]
async fn r03_the_old_key_is_not_revoked_while_it_is_noted_as_used_unless_its_name_is_typed() {
    let (desk, connection) = Desk::connected().await;
    let old = desk.create(connection, "erp").await;
    desk.create(connection, "erp-2").await;
    let edit = EditKey {
        key: old,
        label: None,
        note: None,
        tags: None,
        owner: None,
        rotation_days: None,
        uses: Some(vec![UseNote { client: "ERP".into(), place: String::new() }]),
    };
    desk.service.edit_key(edit).unwrap();
    assert!(matches!(desk.service.revoke_key(revoke(old)).await, Err(Error::Invalid(_))));
    assert!(desk.names_at_platform().contains(&"erp".to_owned()), "nothing was sent");
    let typed = RevokeKey { typed: "erp".into(), ..revoke(old) };
    desk.service.revoke_key(typed).await.unwrap();
    assert!(!desk.names_at_platform().contains(&"erp".to_owned()));
}

#[tokio::test]
async fn r04_there_is_no_rotation_in_place_and_both_keys_are_listed_also_after_a_restart() {
    let (mut desk, connection) = Desk::connected().await;
    desk.create(connection, "erp").await;
    desk.create(connection, "erp-2").await;
    let platforms = desk.service.list_platforms();
    let row = platforms.iter().find(|row| row.id.as_str() == "agent.ceo").unwrap();
    assert!(row.capabilities.iter().all(|can| !can.contains("rotate")), "{:?}", row.capabilities);
    desk.restart().await;
    let rows = desk.service.list_keys(list("name:erp")).unwrap().rows;
    assert_eq!(rows.iter().filter(|row| row.status == Status::Active).count(), 2);
}

#[tokio::test]
async fn r06_keys_without_an_end_are_warned_of_and_old_ones_are_told() {
    let (desk, connection) = Desk::connected().await;
    let never = CreateKey { lifetime: Lifetime::Never, ..wanted(connection, "forever") };
    let preview = desk.service.preview_create(never.clone()).unwrap();
    assert!(preview.warnings.iter().any(|warning| warning.contains("never ends")));
    desk.service.create_key(never).await.unwrap();
    assert!(desk.service.findings(Severity::Warning).unwrap().is_empty());
    desk.time.pass(std::time::Duration::from_hours(91 * 24));
    let found = desk.service.findings(Severity::Warning).unwrap();
    assert!(!found.is_empty(), "it is older than the rotation interval");
    for platform in desk.service.list_platforms().iter().filter(|row| row.shelf == "Agents") {
        assert!(!platform.advice.is_empty(), "{} advises nothing", platform.name);
    }
}

#[tokio::test]
async fn r27_the_bare_value_of_a_production_key_comes_with_a_warning() {
    let desk = Desk::set_up().await;
    let (live, test) = ("sk_live_fake0000000000000001", "sk_test_fake0000000000000001");
    brought(&desk, "servoagent", desk.sim.servoagent_url(), &["agents:read"], live).await;
    let key = desk.service.list_keys(list("name:key-servoagent")).unwrap().rows[0].id;
    let advice = |form| desk.service.handover_advice(key, form).unwrap();
    assert!(advice(CopyForm::Value).unwrap().contains("SERVOAGENT_API_KEY"));
    assert_eq!(advice(CopyForm::Assignment), None);
    let desk = Desk::set_up().await;
    brought(&desk, "servoagent", desk.sim.servoagent_url(), &["agents:read"], test).await;
    let key = desk.service.list_keys(list("name:key-servoagent")).unwrap().rows[0].id;
    assert_eq!(desk.service.handover_advice(key, CopyForm::Value).unwrap(), None);
}

#[tokio::test]
async fn r16_r28_r56_what_is_not_known_is_neither_asked_for_nor_offered() {
    let desk = Desk::set_up().await;
    for id in ["specivo", "servoagent", "bivariant"] {
        let platforms = desk.service.list_platforms();
        let row = platforms.iter().find(|row| row.id.as_str() == id).unwrap();
        assert!(row.credential.is_none() && row.guided, "{id} has no management API");
        assert!(row.variables.iter().all(|variable| !variable.required), "{id}");
        let can = |words: &str| row.capabilities.iter().any(|can| can == words);
        assert!(!can("list keys") && !can("create") && !can("revoke"), "{id}");
    }
}
