//! Platforms that have only a dashboard: what a person brings back is checked, sealed and tried,
//! and what they say they revoked is revoked when the platform refuses it.

use std::time::Duration;

use keywright_model::{
    ConnectionId, Environment, Expiry, KeyId, OwnerKind, PlatformId, Secret, Status, Verdict,
    expiry::Lifetime, key::Proof,
};
use keywright_service::{
    Error, Use,
    wire::{
        Connect, CreateKey, GuidePage, GuidedKey, GuidedStep, RevokeKey, RevokeStage, Variable,
    },
};
use keywright_simulator::{BivariantKey, ServoAgentKey, SpecivoKey};

use crate::desk::Desk;

struct Guided {
    desk: Desk,
    connection: ConnectionId,
}

impl Guided {
    async fn connected(platform: &str, settings: &[(&str, &str)]) -> Self {
        let desk = Desk::set_up().await;
        let base_url = match platform {
            "specivo" => desk.sim.specivo_url(),
            "servoagent" => desk.sim.servoagent_url(),
            _ => desk.sim.bivariant_url(),
        };
        let variables = settings
            .iter()
            .map(|(name, value)| Variable { name: (*name).to_owned(), value: (*value).to_owned() });
        let request = Connect {
            platform: PlatformId::new(platform),
            name: platform.into(),
            base_url: Some(base_url),
            variables: variables.collect(),
            credential_expires: Expiry::Unknown,
        };
        let row = desk.service.connect(request, None).await.unwrap();
        assert!(row.guided && !row.can_create && !row.has_credential);
        Self { desk, connection: row.id }
    }

    fn wanted(&self, name: &str, scopes: &[&str]) -> CreateKey {
        let lifetimes = self.desk.service.create_form(self.connection).unwrap().lifetimes;
        CreateKey {
            connection: self.connection,
            name: name.into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            lifetime: lifetimes.first().copied().unwrap_or(Lifetime::Never),
            label: String::new(),
            note: String::new(),
            owner: "agent".into(),
            owner_kind: OwnerKind::ServiceAccount,
            tags: vec!["ci".into()],
        }
    }

    async fn bring(&self, wanted: CreateKey, secret: &Secret) -> GuidedKey {
        let brought = secret.duplicate();
        self.desk.service.finish_guided_create(wanted, brought, false).await.unwrap()
    }

    /// A person makes a key in ServoAgent's dashboard.
    fn servoagent(&self, scopes: &[&str]) -> Secret {
        let new = ServoAgentKey {
            name: "agents".into(),
            environment: Environment::Test,
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            allow_list: Vec::new(),
        };
        self.desk.sim.control().servoagent().issue(new).unwrap().secret
    }

    fn specivo(&self, scopes: &[&str]) -> Secret {
        let new = SpecivoKey {
            name: "claude-code".into(),
            account: "agent".into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        };
        self.desk.sim.control().specivo().issue(new).unwrap().secret
    }

    fn status(&self, key: KeyId) -> Status {
        self.desk.service.key_detail(key).unwrap().row.status
    }
}

fn told(key: KeyId) -> RevokeKey {
    RevokeKey { key, reason: "left the team".into(), typed: String::new() }
}

#[tokio::test]
async fn r11_r50_the_guide_says_the_steps_and_opens_one_page_of_the_connections_own() {
    let guided = Guided::connected("specivo", &[]).await;
    let form = guided.desk.service.create_form(guided.connection).unwrap();
    let guide = form.guide.unwrap();
    assert!(guide.steps.iter().any(|step| step.contains("mcp")), "{guide:?}");
    let page = format!("{}/my/api-keys/", guided.desk.sim.specivo_url());
    assert_eq!(guide.page.as_deref(), Some(page.as_str()));
    let asked = GuidePage { connection: guided.connection, act: GuidedStep::Create };
    assert_eq!(guided.desk.service.guide_page(&asked).unwrap(), page);
    // Bivariant's dashboard has no known address: the steps are told all the same.
    let other = Guided::connected("bivariant", &[]).await;
    let form = other.desk.service.create_form(other.connection).unwrap();
    assert!(form.guide.unwrap().page.is_none());
    let asked = GuidePage { connection: other.connection, act: GuidedStep::Create };
    assert!(matches!(other.desk.service.guide_page(&asked), Err(Error::NotPossible { .. })));
}

#[tokio::test]
async fn what_a_person_brings_is_sealed_and_tried() {
    let guided = Guided::connected("servoagent", &[]).await;
    let secret = guided.servoagent(&["agents:read"]);
    let made = guided.bring(guided.wanted("agents", &["agents:read"]), &secret).await;
    assert_eq!((made.verdict, made.warning.as_str()), (Some(Verdict::Alive), ""));
    let detail = guided.desk.service.key_detail(made.key).unwrap();
    assert_eq!(detail.row.environment, Environment::Test, "R21");
    assert_eq!(detail.owner.kind, OwnerKind::ServiceAccount);
    assert_eq!(detail.scopes, ["agents:read"]);
    assert!(matches!(detail.row.expires, Expiry::At(_)));
    let sealed = guided.desk.service.secret(made.key, Use::Reveal).unwrap();
    assert_eq!(sealed.expose(), secret.expose());
}

#[tokio::test]
async fn r24_a_key_that_may_not_list_agents_is_alive_and_the_missing_scope_is_named() {
    let guided = Guided::connected("servoagent", &[]).await;
    let secret = guided.servoagent(&["contacts:read"]);
    let made = guided.bring(guided.wanted("contacts", &["contacts:read"]), &secret).await;
    assert_eq!(made.verdict, Some(Verdict::Limited { missing: Some("agents:read".into()) }));
    assert_eq!(guided.status(made.key), Status::Active);
}

#[tokio::test]
async fn r10_a_value_of_another_shape_is_a_warning_and_no_hard_stop() {
    let guided = Guided::connected("specivo", &[]).await;
    let odd = Secret::copy_of("xyz_fake_not_a_specivo_key_0001");
    let wanted = guided.wanted("claude-code", &["mcp"]);
    let service = &guided.desk.service;
    match service.finish_guided_create(wanted.clone(), odd.duplicate(), false).await {
        Err(Error::Invalid(problems)) => {
            assert_eq!(problems[0].field, "secret");
            assert!(problems[0].message.contains("spv_"), "{problems:?}");
        }
        other => panic!("{other:?}"),
    }
    let taken = service.finish_guided_create(wanted, odd, true).await.unwrap();
    assert!(taken.warning.contains("spv_"), "{taken:?}");
    assert_eq!(taken.verdict, None, "without a path there is nothing to try it on");
}

#[tokio::test]
async fn a_secret_that_is_sealed_already_is_not_taken_for_a_new_keys() {
    let guided = Guided::connected("servoagent", &[]).await;
    let secret = guided.servoagent(&["agents:read"]);
    guided.bring(guided.wanted("first", &["agents:read"]), &secret).await;
    for insist in [false, true] {
        let again = guided.wanted("second", &["agents:read"]);
        let result =
            guided.desk.service.finish_guided_create(again, secret.duplicate(), insist).await;
        let Err(Error::Invalid(problems)) = result else { panic!("{result:?}") };
        assert!(problems[0].message.contains("“first”"), "{problems:?}");
    }
    let empty = guided.wanted("third", &["agents:read"]);
    let nothing = guided.desk.service.finish_guided_create(empty, Secret::copy_of(" \n"), true);
    assert!(matches!(nothing.await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn r12_without_mcp_a_key_authenticates_and_the_server_refuses_it() {
    let guided = Guided::connected("specivo", &[("mcp_path", "mcp")]).await;
    let secret = guided.specivo(&["feed"]);
    let made = guided.bring(guided.wanted("feeds", &["feed"]), &secret).await;
    assert!(matches!(made.verdict, Some(Verdict::Limited { .. })), "{made:?}");
    let secret = guided.specivo(&["mcp"]);
    let made = guided.bring(guided.wanted("claude-code", &["mcp"]), &secret).await;
    assert_eq!(made.verdict, Some(Verdict::Alive));
}

#[tokio::test]
async fn r13_a_personal_owner_is_warned_of_and_a_service_account_is_not() {
    let guided = Guided::connected("specivo", &[]).await;
    let form = guided.desk.service.create_form(guided.connection).unwrap();
    assert!(form.personal_owner_warned);
    let warned = |kind| {
        let wanted = CreateKey { owner_kind: kind, ..guided.wanted("claude-code", &["mcp"]) };
        let preview = guided.desk.service.preview_create(wanted).unwrap();
        preview.warnings.iter().any(|warning| warning.contains("person"))
    };
    assert!(warned(OwnerKind::Person));
    assert!(!warned(OwnerKind::ServiceAccount));
}

#[tokio::test]
async fn r15_r53_a_revocation_in_the_dashboard_is_proved_by_the_probe() {
    let guided = Guided::connected("servoagent", &[]).await;
    let secret = guided.servoagent(&["agents:read"]);
    let key = guided.bring(guided.wanted("agents", &["agents:read"]), &secret).await.key;
    let preview = guided.desk.service.revoke_preview(key).unwrap();
    assert!(preview.guide.is_some() && preview.provable && preview.blocked.is_none());
    // A person presses the button before they did it.
    let asked = guided.desk.service.revoke_in_dashboard(told(key)).unwrap();
    assert_eq!(asked.stage, RevokeStage::Asked);
    assert_eq!(guided.status(key), Status::Revoking);
    let id = guided.desk.sim.control().servoagent().keys()[0].id.clone();
    guided.desk.sim.control().servoagent().revoke(&id);
    let last = guided.desk.service.prove_revocation(key).await.unwrap();
    assert!(matches!(last.stage, RevokeStage::Proved { .. }), "{last:?}");
    assert_eq!(guided.status(key), Status::Revoked);
}

#[tokio::test]
async fn what_was_not_revoked_there_is_never_called_revoked_and_can_be_taken_back() {
    let guided = Guided::connected("servoagent", &[]).await;
    let secret = guided.servoagent(&["agents:read"]);
    let key = guided.bring(guided.wanted("agents", &["agents:read"]), &secret).await.key;
    guided.desk.service.revoke_in_dashboard(told(key)).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_ne!(guided.status(key), Status::Revoked, "it still works");
    assert!(guided.desk.service.key_detail(key).unwrap().can.withdraw);
    guided.desk.service.withdraw_revocation(key).unwrap();
    assert_eq!(guided.status(key), Status::Active);
    assert!(guided.desk.service.key_detail(key).unwrap().revocation.is_none());
    let end = guided.desk.service.prove_revocation(key).await.unwrap();
    assert!(matches!(end.stage, RevokeStage::Unproved { .. }), "{end:?}");
}

#[tokio::test]
async fn where_nothing_can_prove_it_the_record_says_so() {
    let guided = Guided::connected("specivo", &[]).await;
    let secret = guided.specivo(&["mcp"]);
    let key = guided.bring(guided.wanted("claude-code", &["mcp"]), &secret).await.key;
    let preview = guided.desk.service.revoke_preview(key).unwrap();
    assert!(!preview.provable);
    assert!(preview.sentences.iter().any(|words| words.contains("rests on what the dashboard")));
    let ended = guided.desk.service.revoke_in_dashboard(told(key)).unwrap();
    assert_eq!(ended.stage, RevokeStage::Told);
    let detail = guided.desk.service.key_detail(key).unwrap();
    let revocation = detail.revocation.unwrap();
    assert_eq!((revocation.proof, revocation.proved), (Proof::Told, None));
    assert!(detail.can.withdraw);
}

#[tokio::test]
async fn r51_r53_r54_r55_a_bivariant_key_within_its_creators_limit() {
    let settings = [
        ("probe_path", "api/collections"),
        ("creator_permissions", "collections:read, collections:create"),
    ];
    let guided = Guided::connected("bivariant", &settings).await;
    let scopes = ["organization:acme", "space:marketing", "collections:read"];
    let above = guided.wanted("nightly", &["organization:acme", "collections:delete"]);
    let preview = guided.desk.service.preview_create(above).unwrap();
    assert!(!preview.problems.is_empty(), "the creator may not delete");
    let none = guided.wanted("nightly", &["collections:read"]);
    assert!(!guided.desk.service.preview_create(none).unwrap().problems.is_empty(), "R51");
    let new = BivariantKey {
        name: "nightly".into(),
        creator: "mira".into(),
        organization: "acme".into(),
        space: Some("marketing".into()),
        permissions: vec!["collections:read".into()],
        expiration: None,
    };
    let secret = guided.desk.sim.control().bivariant().issue(new).unwrap().secret;
    let wanted = guided.wanted("nightly", &scopes);
    let sentence = guided.desk.service.preview_create(wanted.clone()).unwrap().blast.sentence;
    assert!(sentence.contains("marketing") && sentence.contains("acme"), "R52: {sentence}");
    let made = guided.bring(wanted, &secret).await;
    assert_eq!(made.verdict, Some(Verdict::Alive));
    let id = guided.desk.sim.control().bivariant().keys()[0].id.clone();
    guided.desk.sim.control().bivariant().revoke(&id);
    guided.desk.service.revoke_in_dashboard(told(made.key)).unwrap();
    let last = guided.desk.service.prove_revocation(made.key).await.unwrap();
    assert!(matches!(last.stage, RevokeStage::Proved { .. }), "{last:?}");
}

#[tokio::test]
async fn r54_a_date_of_bivariant_ends_its_key_without_a_call() {
    let guided = Guided::connected("bivariant", &[]).await;
    let secret = Secret::copy_of("fake-bivariant-value-0001");
    let wanted = CreateKey {
        lifetime: Lifetime::Days(30),
        ..guided.wanted("temporary", &["organization:acme", "collections:read"])
    };
    let key = guided.bring(wanted, &secret).await.key;
    let Expiry::At(at) = guided.desk.service.key_detail(key).unwrap().row.expires else {
        panic!("it ends")
    };
    assert_eq!(at.format("%H:%M").to_string(), "23:59", "the end of the day, UTC");
    guided.desk.time.pass(Duration::from_hours(32 * 24));
    assert_eq!(guided.status(key), Status::Expired);
}

#[tokio::test]
async fn a_key_that_is_noted_as_used_needs_its_name_typed_there_too() {
    let guided = Guided::connected("servoagent", &[]).await;
    let secret = guided.servoagent(&["agents:read"]);
    let key = guided.bring(guided.wanted("agents", &["agents:read"]), &secret).await.key;
    let note = keywright_service::wire::UseNote { client: "Zapier".into(), place: String::new() };
    let edit = keywright_service::wire::EditKey {
        key,
        label: None,
        note: None,
        tags: None,
        owner: None,
        rotation_days: None,
        uses: Some(vec![note]),
    };
    guided.desk.service.edit_key(edit).unwrap();
    let refused = guided.desk.service.revoke_in_dashboard(told(key));
    assert!(matches!(refused, Err(Error::Invalid(_))), "R3: {refused:?}");
    assert_eq!(guided.status(key), Status::Active);
    let typed = RevokeKey { typed: "agents".into(), ..told(key) };
    assert!(guided.desk.service.revoke_in_dashboard(typed).is_ok());
}
