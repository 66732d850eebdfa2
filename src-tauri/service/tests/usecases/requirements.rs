//! Requirements of the platform's documents that the service holds, by their numbers.

use keywright_model::{Expiry, Verdict, expiry::Lifetime};
use keywright_service::{Error, Use, wire::CopyForm};

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
