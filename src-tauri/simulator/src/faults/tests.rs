//! Every fault, met over real HTTP.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt;
use hyper::{Method, Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::{net::TcpStream, time::timeout};

use super::*;
use crate::{
    Options,
    testing::{Bench, LIST, MINT, Reply, sample, start},
};

/// Mints under a fault. None when no answer came.
async fn mint_under(bench: &Bench, fault: Fault) -> Option<Reply> {
    bench.control.fault_next(Operation::Mint, fault);
    let sent = bench.try_send(Method::POST, MINT, Some(&bench.admin), Some(sample().to_string()));
    timeout(Duration::from_millis(400), sent).await.ok()?.ok()
}

/// Keys but the management key.
fn made(bench: &Bench) -> usize {
    bench.control.live_keys().len() - 1
}

#[tokio::test]
async fn each_fault_has_its_effect_or_has_none() {
    let redirect = Fault::Redirect { location: "http://127.0.0.1:9/elsewhere".into() };
    let html = Fault::Answer { status: 502, body: "<html>".into() };
    for (fault, status) in [
        (Fault::RateLimited { retry_after_s: 7 }, Some(429)),
        (Fault::ServerError, Some(500)),
        (Fault::ServerErrorAfterEffect, Some(500)),
        (Fault::CutConnection, None),
        (Fault::CutAfterEffect, None),
        (Fault::CutMidBody, None),
        (Fault::Timeout, None),
        (Fault::TimeoutAfterEffect, None),
        (Fault::MalformedJson, Some(201)),
        (Fault::OmitSecret, Some(201)),
        (redirect, Some(307)),
        (html, Some(502)),
    ] {
        let bench = start(Options::default()).await;
        let reply = mint_under(&bench, fault.clone()).await;
        assert_eq!(reply.map(|reply| reply.status), status, "{fault:?}");
        assert_eq!(made(&bench), usize::from(fault.takes_effect()), "{fault:?}");
        assert_eq!(bench.control.requests().faulty, 1);
        assert_eq!(bench.mint(sample()).await.status, 201, "the fault is spent");
    }
}

#[tokio::test]
async fn spoiled_answers_are_spoiled_in_their_way() {
    let bench = start(Options::default()).await;
    let limited = mint_under(&bench, Fault::RateLimited { retry_after_s: 7 }).await.unwrap();
    assert_eq!(limited.headers["retry-after"], "7");
    assert_eq!(limited.error(), "429 rate_limited: Too many requests");

    let redirect = Fault::Redirect { location: "http://127.0.0.1:9/x".into() };
    let redirect = mint_under(&bench, redirect).await.unwrap();
    assert_eq!(redirect.headers["location"], "http://127.0.0.1:9/x");

    let malformed = mint_under(&bench, Fault::MalformedJson).await.unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&malformed.body).is_err());
    assert!(malformed.body.starts_with(b"{\"key\":\"ace_"));

    let secretless = mint_under(&bench, Fault::OmitSecret).await.unwrap().json();
    assert_eq!(secretless.get("key"), None);
    assert!(secretless["key_id"].is_string());

    let answer = Fault::Answer { status: 200, body: "[1,".into() };
    assert_eq!(mint_under(&bench, answer).await.unwrap().body, b"[1,");
}

#[tokio::test]
async fn a_revocation_under_a_fault_is_done_or_not() {
    let bench = start(Options::default()).await;
    for (fault, gone) in [(Fault::CutConnection, false), (Fault::ServerErrorAfterEffect, true)] {
        let (id, key) = bench.key("org:acme agent:* svc:wiki:read");
        bench.control.fault_next(Operation::Revoke, fault);
        let path = format!("{LIST}/{id}");
        drop(bench.try_send(Method::DELETE, &path, Some(&bench.admin), None).await);
        assert_eq!(!bench.control.accepts(&key), gone);
    }
}

/// Opens the list's answer under a fault and reads so many of its parts.
async fn parts_under(bench: &Bench, fault: Fault, count: usize) -> Vec<usize> {
    bench.control.fault_next(Operation::List, fault);
    let stream = TcpStream::connect(("127.0.0.1", bench.running.port())).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get(LIST)
        .header(header::HOST, "x")
        .header(header::AUTHORIZATION, format!("Bearer {}", bench.admin))
        .body(String::new())
        .unwrap();
    let answer = sender.send_request(request).await.unwrap();
    let parts = Body::new(answer.into_body()).into_data_stream();
    parts.take(count).map(|part| part.unwrap().len()).collect().await
}

#[tokio::test]
async fn an_endless_answer_outgrows_any_bound() {
    let bench = start(Options::default()).await;
    let parts = parts_under(&bench, Fault::EndlessBody, 400).await;
    assert!(parts.iter().sum::<usize>() > 6 << 20, "{}", parts.iter().sum::<usize>());
}

#[tokio::test]
async fn a_dripping_answer_is_whole_in_the_end() {
    let bench = start(Options::default()).await;
    let whole = bench.get(LIST, &bench.admin).await.body.len();
    let parts = parts_under(&bench, Fault::SlowDrip { pause_ms: 0 }, usize::MAX).await;
    assert_eq!(parts.iter().sum::<usize>(), whole);
    assert!(parts.len() > whole / 8, "{} parts", parts.len());
}

#[tokio::test]
async fn latency_delays_every_answer() {
    let bench = start(Options { latency: Duration::from_millis(80), ..Options::default() }).await;
    let started = std::time::Instant::now();
    bench.list().await;
    assert!(started.elapsed() >= Duration::from_millis(80));
    bench.control.set_latency(Duration::ZERO);
    assert_eq!(bench.list().await.status, 200);
}

#[tokio::test]
async fn an_end_is_not_held_up_by_a_held_answer() {
    let bench = start(Options::default()).await;
    bench.control.fault_next(Operation::List, Fault::Timeout);
    let held = timeout(Duration::from_millis(100), bench.list()).await;
    assert!(held.is_err());
    timeout(Duration::from_secs(2), bench.running.shutdown()).await.unwrap();
}

#[test]
fn faults_come_in_order_and_as_often_as_ordered() {
    let faults = Faults::default();
    faults.order(Operation::Mint, Fault::ServerError, 2);
    faults.order(Operation::Mint, Fault::Timeout, 1);
    faults.order(Operation::List, Fault::EndlessBody, 0);
    assert_eq!(faults.pending().len(), 2);
    let met: Vec<_> = (0..4).map(|_| faults.take(Operation::Mint)).collect();
    assert_eq!(
        met,
        [Some(Fault::ServerError), Some(Fault::ServerError), Some(Fault::Timeout), None]
    );
    assert_eq!(faults.take(Operation::List), None);
}

#[test]
fn a_fault_reads_from_json() {
    let fault: Fault = serde_json::from_value(json!({ "kind": "timeout_after_effect" })).unwrap();
    assert_eq!(fault, Fault::TimeoutAfterEffect);
    let operation: Operation = serde_json::from_value(json!("create")).unwrap();
    assert_eq!(operation, Operation::Mint);
}

#[test]
fn the_document_tells_every_fault_as_it_is() {
    let document = include_str!("../../../../docs/simulator.md");
    for fault in [
        Fault::RateLimited { retry_after_s: 1 },
        Fault::ServerError,
        Fault::ServerErrorAfterEffect,
        Fault::CutConnection,
        Fault::CutAfterEffect,
        Fault::CutMidBody,
        Fault::Timeout,
        Fault::TimeoutAfterEffect,
        Fault::MalformedJson,
        Fault::OmitSecret,
        Fault::EndlessBody,
        Fault::SlowDrip { pause_ms: 1 },
        Fault::Redirect { location: String::new() },
        Fault::Answer { status: 200, body: String::new() },
    ] {
        for (name, value) in serde_json::to_value(&fault).unwrap().as_object().unwrap() {
            let word = if name == "kind" { value.as_str().unwrap() } else { name };
            assert!(document.contains(&format!("`{word}`")), "{word} is not told");
        }
    }
}

#[tokio::test]
async fn an_answer_is_changed_on_its_way_back_and_only_once() {
    let bench = start(Options::default()).await;
    bench.control.tamper_next(Operation::Mint, |status, mut body| {
        assert_eq!(status, 201);
        body.truncate(7);
        body.push(0xff);
        (418, body)
    });
    let reply = bench.mint(sample()).await;
    assert_eq!((reply.status, reply.body.len()), (418, 8));
    assert_eq!(bench.control.live_keys().len(), 2, "it was made all the same");
    assert_eq!(bench.mint(sample()).await.status, 201);
}
