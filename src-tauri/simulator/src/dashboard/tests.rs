//! What holds for every dashboard alike.

use hyper::{Request, header};
use keywright_model::Environment;
use serde_json::Value;

use crate::{
    BivariantKey, Options, ServoAgentKey, SpecivoKey,
    testing::{Bench, page::Page, start, value},
};

type Typed = &'static [(&'static str, &'static str)];

/// Each dashboard's list, its form, and what makes a key there besides the name.
const DASHBOARDS: [(&str, &str, Typed); 3] = [
    ("/specivo/my/api-keys/", "/specivo/my/api-keys/new", &[("scope", "mcp")]),
    (
        "/servoagent/dashboard/api-keys",
        "/servoagent/dashboard/api-keys/new",
        &[("scope", "agents:read")],
    ),
    (
        "/bivariant/settings/api-keys",
        "/bivariant/settings/api-keys/new",
        &[("organization", "acme"), ("permission", "collections:read")],
    ),
];

async fn make(bench: &Bench, form: &str, name: &str, rest: &[(&str, &str)]) -> Page {
    let form = bench.open(form).await;
    bench.submit(&form, "create-key", &[&[("name", name)], rest].concat()).await
}

#[tokio::test]
async fn a_name_is_shown_as_it_is_and_never_as_html() {
    let bench = start(Options { control_http: true, ..Options::default() }).await;
    let name = "<script>alert(1)</script> \"&'";
    for (list, form, rest) in DASHBOARDS {
        let made = make(&bench, form, name, rest).await;
        made.value();
        let listed = bench.open(list).await;
        let revoked = bench.submit(&listed, "revoke-key", &[]).await;
        // A name that is too long comes back in its field.
        let again = make(&bench, form, &name.repeat(9), rest).await;
        assert_eq!(again.status, 422);
        for page in [&made, &listed, &revoked, &again] {
            assert!(!page.text.contains("<script>"), "{}", page.path);
            assert!(page.text.contains("&lt;script&gt;"), "{}", page.path);
        }
        assert_eq!(listed.rows()[0].0, name);
        assert!(revoked.shown("notice").contains(name));
    }
}

#[tokio::test]
async fn r02_a_value_is_shown_once_and_never_again() {
    let bench = start(Options { control_http: true, ..Options::default() }).await;
    for (list, form, rest) in DASHBOARDS {
        let made = make(&bench, form, "once", rest).await;
        let value = made.value();
        assert_eq!(made.text.matches(&value).count(), 1);
        let state = bench.visit("/_sim/state", None).await;
        let state = String::from_utf8(state.body).unwrap();
        assert!(state.contains("\"once\"") && !state.contains(&value), "{form}");
        let listed = bench.open(list).await;
        let form = bench.open(form).await;
        let revoked = bench.submit(&listed, "revoke-key", &[]).await;
        for page in [&listed, &form, &revoked, &bench.open(list).await] {
            assert!(!page.text.contains(&value), "{}", page.path);
        }
        // What the list goes on to show cannot be more than a beginning.
        let hidden = value.get(value.len() - 20..).unwrap();
        assert!(!listed.text.contains(hidden) && listed.text.contains("…"));
    }
}

#[tokio::test]
async fn only_a_key_that_was_revoked_is_told_to_be() {
    let bench = start(Options::default()).await;
    for (list, form, rest) in DASHBOARDS {
        let made = make(&bench, form, "alive", rest).await;
        let id = made.attribute("new-key-value", "data-id");
        for id in [id.as_str(), "key-none", "<b>"] {
            let query = crate::testing::page::encoded(id);
            let page = bench.open(&format!("{list}?revoked={query}")).await;
            assert!(page.status == 200 && !page.has("notice"), "{list} {id}");
        }
    }
}

#[tokio::test]
async fn a_page_of_another_site_gets_nowhere() {
    let bench = start(Options::default()).await;
    let port = bench.running.port();
    let own = format!("http://127.0.0.1:{port}");
    for (list, form, _) in DASHBOARDS {
        for (host, origin, status) in [
            ("rebound.example", None, 421),
            ("rebound.example", Some("http://rebound.example"), 421),
            (bench.host().as_str(), Some("http://evil.example"), 403),
            (bench.host().as_str(), Some("null"), 403),
            (bench.host().as_str(), Some(own.as_str()), 200),
        ] {
            let mut request = Request::get(list).header(header::HOST, host);
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin);
            }
            let reply = bench.exchange(request.body(String::new()).unwrap()).await.unwrap();
            assert_eq!(reply.status, status, "{list} {host} {origin:?}");
        }
        let request = Request::post(form)
            .header(header::HOST, bench.host())
            .header(header::ORIGIN, "http://evil.example")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("as=dana&name=evil&scope=mcp".to_owned())
            .unwrap();
        assert_eq!(bench.exchange(request).await.unwrap().status, 403, "{form}");
    }
    let made = bench.control.specivo().keys().len()
        + bench.control.servoagent().keys().len()
        + bench.control.bivariant().keys().len();
    assert_eq!(made, 0);
}

#[tokio::test]
async fn no_browser_keeps_a_page_or_frames_it() {
    let bench = start(Options::default()).await;
    for (list, form, _) in DASHBOARDS {
        for path in [list, form] {
            let reply = bench.visit(path, None).await;
            assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
            assert_eq!(reply.headers[header::X_FRAME_OPTIONS], "DENY");
            let policy = reply.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"));
            assert!(reply.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
        }
    }
    let script = bench.visit("/_dashboard/copy.js", None).await;
    assert!(script.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/javascript"));
    assert!(bench.open(DASHBOARDS[0].0).await.text.contains("src=\"/_dashboard/copy.js\""));
}

#[tokio::test]
async fn every_address_is_told_with_its_page() {
    let bench = start(Options::default()).await;
    let root = bench.running.base_url();
    let addresses = bench.running.addresses();
    let told = addresses.each_ref().map(|address| (address.platform, address.base_url.clone()));
    assert_eq!(
        told,
        [
            ("agent.ceo", root.clone()),
            ("specivo", bench.running.specivo_url()),
            ("servoagent", bench.running.servoagent_url()),
            ("bivariant", bench.running.bivariant_url()),
        ]
    );
    for address in &addresses {
        let Some(page) = &address.page else { continue };
        let page = bench.open(page.strip_prefix(&root).unwrap()).await;
        assert_eq!(page.status, 200);
        assert!(page.has("new-key") && page.has("simulated-banner"));
    }
}

#[tokio::test]
async fn keys_of_one_platform_open_no_other() {
    let bench = start(Options::default()).await;
    let control = &bench.control;
    let specivo =
        SpecivoKey { name: "s".into(), account: "agent".into(), scopes: vec!["mcp".into()] };
    let servoagent = ServoAgentKey {
        name: "s".into(),
        environment: Environment::Live,
        scopes: vec!["agents:read".into()],
        allow_list: vec![],
    };
    let bivariant = BivariantKey {
        name: "b".into(),
        creator: "mira".into(),
        organization: "acme".into(),
        space: None,
        permissions: vec!["collections:read".into()],
        expiration: None,
    };
    let keys = [
        value(&control.specivo().issue(specivo).unwrap().secret),
        value(&control.servoagent().issue(servoagent).unwrap().secret),
        value(&control.bivariant().issue(bivariant).unwrap().secret),
        bench.admin.clone(),
    ];
    let probes = [
        ("POST", "/specivo/mcp"),
        ("GET", "/servoagent/v1/agents"),
        ("GET", "/bivariant/api/collections"),
        ("GET", "/api/v1/customers/acme/api-keys"),
    ];
    for (own, key) in keys.iter().enumerate() {
        for (at, (method, path)) in probes.into_iter().enumerate() {
            let status = bench.call(method, path, key, Value::Null).await.status;
            assert_eq!(status == 401, own != at, "key {own} at {path}: {status}");
        }
    }
    // agent.ceo's own table knows nothing of the others.
    assert_eq!(control.keys().len(), 1);
    assert!(!control.accepts(&keys[1]));
}

#[tokio::test]
async fn a_rename_elsewhere_shows_on_the_page() {
    let bench = start(Options::default()).await;
    for (list, form, rest) in DASHBOARDS {
        make(&bench, form, "before", rest).await.value();
        let control = &bench.control;
        let ids: Vec<String> =
            [control.specivo().keys(), control.servoagent().keys(), control.bivariant().keys()]
                .into_iter()
                .flatten()
                .map(|key| key.id)
                .collect();
        for id in &ids {
            control.specivo().rename(id, "after");
            control.servoagent().rename(id, "after");
            control.bivariant().rename(id, "after");
        }
        assert_eq!(bench.open(list).await.rows()[0].0, "after");
    }
    assert!(!bench.control.specivo().rename("key-nobody", "x"));
}

#[tokio::test]
async fn the_document_tells_every_element() {
    let document = include_str!("../../../../docs/simulator.md");
    let bench = start(Options::default()).await;
    let mut pages = Vec::new();
    for (list, form, rest) in DASHBOARDS {
        pages.extend([bench.open(list).await, bench.open(form).await]);
        let made = make(&bench, form, "once", rest).await;
        let listed = bench.open(list).await;
        pages.push(bench.submit(&listed, "revoke-key", &[]).await);
        pages.extend([made, listed, make(&bench, form, " ", rest).await]);
    }
    for path in
        ["/specivo/", "/specivo/?as=claude", "/specivo/my/", "/servoagent", "/bivariant/settings"]
    {
        pages.push(bench.open(path).await);
    }
    let texts = pages.iter().flat_map(|page| page.text.split("data-testid=\"").skip(1));
    let mut ids: Vec<&str> = texts.map(|rest| rest.split('"').next().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert!(ids.len() > 30, "{ids:?}");
    for id in ids {
        // A choice is told by its field: scope-….
        let field = id.split_once('-').map(|(field, _)| format!("`{field}-…`"));
        let told = document.contains(&format!("`{id}`"))
            || field.is_some_and(|field| document.contains(&field));
        assert!(told, "{id} is not told");
    }
}
