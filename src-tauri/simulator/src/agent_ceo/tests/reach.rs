//! Each scope opens what it names and nothing else.

use hyper::Method;
use serde_json::json;

use crate::{
    Options,
    agent_ceo::scopes::{Capability, Service, Wanted},
    testing::{Bench, INVOKE, start},
};

/// What a service's own address asks of each tier.
const ASKED: [(Capability, Method, &str); 3] = [
    (Capability::Read, Method::GET, ""),
    (Capability::Write, Method::POST, ""),
    (Capability::Admin, Method::PUT, "/settings"),
];
const OPEN: [Service; 5] =
    [Service::A2a, Service::SuperAgent, Service::Tasks, Service::Kb, Service::Wiki];

#[tokio::test]
async fn every_scope_opens_its_own_service_and_tier_only() {
    let bench = start(Options::default()).await;
    for granted in Service::ALL {
        for tier in Capability::ALL {
            let (_, key) = bench.key(&format!("org:acme agent:cto {}", Wanted(granted, tier)));
            for service in OPEN {
                for (wanted, method, tail) in ASKED {
                    let open = granted == service && (tier == wanted || tier == Capability::Admin);
                    let path = format!("/api/v1/{}{tail}", service.name());
                    let body = (method != Method::GET)
                        .then(|| json!({ "title": "t", "agent": "cto" }).to_string());
                    let reply = bench.try_send(method, &path, Some(&key), body).await.unwrap();
                    let scope = Wanted(service, wanted);
                    if open {
                        assert!(reply.status < 300, "{scope}: {}", reply.error());
                    } else {
                        let missing = format!("required scope: {scope}");
                        assert!(reply.error().ends_with(&missing), "{}", reply.error());
                    }
                }
            }
        }
    }
}

async fn invoke(bench: &Bench, scopes: &str, tool: &str) -> String {
    let (_, key) = bench.key(scopes);
    let arguments = json!({ "query": "onboarding process", "title": "Deploy", "agent": "cto" });
    let reply = bench.post(INVOKE, &key, json!({ "tool": tool, "arguments": arguments })).await;
    if reply.status == 200 { "200".into() } else { reply.error() }
}

#[tokio::test]
async fn a_tool_is_checked_against_its_own_scope() {
    let bench = start(Options::default()).await;
    let wiki = "org:acme agent:* svc:wiki:read";
    assert_eq!(invoke(&bench, wiki, "wiki_graph_vector_search").await, "200");
    assert_eq!(
        invoke(&bench, wiki, "task_add").await,
        "403 forbidden: API key does not have required scope: svc:tasks:write"
    );
    let ci = "org:acme agent:cto svc:mcp:write svc:tasks:write";
    assert_eq!(invoke(&bench, ci, "task_add").await, "200");
    let sample = "org:acme agent:* svc:mcp:write";
    assert_eq!(invoke(&bench, sample, "wiki_graph_vector_search").await, "200");
    assert_eq!(invoke(&bench, sample, "nothing").await, "404 not_found: There is no such tool");
    let messages = "org:acme agent:ceo svc:a2a:write";
    assert_eq!(
        invoke(&bench, messages, "agent_message_send").await,
        "403 forbidden: API key does not have required scope: agent:cto"
    );
}

#[tokio::test]
async fn what_one_key_adds_another_finds() {
    let bench = start(Options::default()).await;
    let (_, writer) = bench.key("org:acme agent:* svc:wiki:write");
    let (_, reader) = bench.key("org:acme agent:* svc:wiki:read");
    let page = json!({ "title": "Onboarding", "text": "The whole process, step by step." });
    assert_eq!(bench.post("/api/v1/wiki", &writer, page).await.status, 201);
    let search = |query: &str| json!({ "tool": "wiki_graph_vector_search", "arguments": { "query": query } });
    let found = bench.post(INVOKE, &reader, search("onboarding process")).await.json();
    assert_eq!(found["result"]["items"][0]["title"], "Onboarding");
    let none = bench.post(INVOKE, &reader, search("payroll")).await.json();
    assert_eq!(none["result"]["items"], json!([]));
}

#[tokio::test]
async fn agents_are_reached_by_name_or_all() {
    let bench = start(Options::default()).await;
    for (agents, agent, status) in [
        ("agent:cto", "cto", 201),
        ("agent:cto", "ceo", 403),
        ("agent:cto agent:ceo", "ceo", 201),
        ("agent:*", "ceo", 201),
    ] {
        let (_, key) = bench.key(&format!("org:acme {agents} svc:a2a:write svc:tasks:write"));
        for service in ["a2a", "tasks"] {
            let body = json!({ "title": "t", "agent": agent });
            let reply = bench.post(&format!("/api/v1/{service}"), &key, body).await;
            assert_eq!(reply.status, status, "{agents} {service} {agent}");
        }
        let nobody = bench.post("/api/v1/a2a", &key, json!({ "title": "t" })).await;
        assert_eq!(nobody.error(), "400 bad_request: agent: a2a needs one");
    }
}

#[tokio::test]
async fn tools_are_told_to_those_who_may_read_them() {
    let bench = start(Options::default()).await;
    let (_, reader) = bench.key("org:acme agent:* svc:mcp:read");
    let tools = bench.get("/api/v1/mcp/tools", &reader).await.json();
    assert_eq!(tools["tools"][0]["name"], "wiki_graph_vector_search");
    let refusal = bench.get("/api/v1/mcp/tools", &bench.admin).await.error();
    assert!(refusal.ends_with("svc:mcp:read"), "{refusal}");
}

#[tokio::test]
async fn an_unknown_address_is_told_in_json() {
    let bench = start(Options::default()).await;
    for path in ["/", "/api/v2/keys", "/api/v1/mail", "/api/v1/admin", "/_sim/state"] {
        let reply = bench.get(path, &bench.admin).await;
        assert!(reply.error().starts_with("404 not_found: "), "{path}");
    }
}
