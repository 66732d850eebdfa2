//! A platform that cannot prove who it is gets no request: not one byte of HTTP.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use keywright_model::{Secret, Verdict};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use super::server::{acme, agent_ceo, credential};
use crate::{CallError, Connector, Effect, Http, Limits, TlsProblem};

type Ca = CertifiedIssuer<'static, KeyPair>;

fn key() -> KeyPair {
    KeyPair::generate().expect("a key pair")
}

fn ca_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    params
}

fn ca(name: &str) -> Ca {
    CertifiedIssuer::self_signed(ca_params(name), key()).expect("a root")
}

fn site(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

/// A server's certificates and its key.
struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

fn signed(params: &CertificateParams, by: &Ca) -> Identity {
    let key = key();
    let leaf = params.signed_by(&key, by).expect("a certificate");
    Identity { chain: vec![leaf.der().clone(), by.der().clone()], key }
}

/// What a TLS server was told after the handshake, in bytes.
#[derive(Clone, Default)]
struct Heard(Arc<AtomicUsize>);

async fn serve(identity: Identity) -> (u16, Heard) {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(identity.chain, key)
        .expect("a usable certificate");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let heard = Heard::default();
    let told = heard.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, told) = (acceptor.clone(), told.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(socket).await else { return };
                let mut buffer = [0; 4_096];
                let read = stream.read(&mut buffer).await.unwrap_or(0);
                told.0.fetch_add(read, Ordering::SeqCst);
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
                drop(stream.write_all(answer).await);
                drop(stream.shutdown().await);
            });
        }
    });
    (port, heard)
}

fn connect(port: u16, host: &str, root: &Ca) -> Connector {
    let second = std::time::Duration::from_secs(15);
    let limits = Limits { deadline: second, connect: second, ..Limits::WIDEST };
    let http = Http::trusting(root.der().clone(), limits).expect("a client");
    let address = format!("https://{host}:{port}");
    Connector::new(agent_ceo(), &address, acme(), http).expect("set up")
}

/// The certificate is refused with this problem, before anything was sent.
async fn refused(what: &str, identity: Identity, root: &Ca, expected: TlsProblem) {
    let (port, heard) = serve(identity).await;
    let connector = connect(port, "localhost", root);
    let error = connector.list(&credential()).await.expect_err(what);
    assert_eq!(error, CallError::Tls { problem: expected }, "{what}");
    assert_eq!(error.effect(), Effect::None, "{what}");
    assert!(error.to_string().contains("certificate"), "{what}: {error}");
    let probe = connector.probe(&Secret::copy_of("ace_test_fake_key")).await;
    assert!(matches!(probe.verdict, Verdict::Unknown { .. }), "{what}: {probe:?}");
    assert_eq!(heard.0.load(Ordering::SeqCst), 0, "{what}: nothing was sent");
}

#[tokio::test]
async fn control_a_good_certificate_is_taken_and_the_request_arrives() {
    let root = ca("Test root");
    let (port, heard) = serve(signed(&site(&["localhost", "127.0.0.1"]), &root)).await;
    for host in ["localhost", "127.0.0.1"] {
        connect(port, host, &root).list(&credential()).await.expect("a list");
    }
    assert!(heard.0.load(Ordering::SeqCst) > 100);
}

#[tokio::test]
async fn certificates_out_of_their_time_are_refused() {
    let root = ca("Test root");
    let mut old = site(&["localhost"]);
    (old.not_before, old.not_after) = (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
    refused("expired", signed(&old, &root), &root, TlsProblem::Expired).await;
    let mut young = site(&["localhost"]);
    (young.not_before, young.not_after) = (date_time_ymd(2100, 1, 1), date_time_ymd(2101, 1, 1));
    refused("not yet valid", signed(&young, &root), &root, TlsProblem::NotYetValid).await;
}

#[tokio::test]
async fn certificates_of_other_hosts_are_refused() {
    let root = ca("Test root");
    for names in
        [&["example.com"][..], &["127.0.0.1"], &["localhost.example.com"], &["*.localhost"]]
    {
        refused("wrong host", signed(&site(names), &root), &root, TlsProblem::WrongHost).await;
    }
}

#[tokio::test]
async fn certificates_that_nobody_trusted_signed_are_refused() {
    let root = ca("Test root");
    let stranger = ca("Another root");
    let site = site(&["localhost"]);
    refused("unknown CA", signed(&site, &stranger), &root, TlsProblem::UnknownIssuer).await;
    // The same name on another key: the signature tells them apart.
    let impostor = ca("Test root");
    refused("impostor CA", signed(&site, &impostor), &root, TlsProblem::UnknownIssuer).await;
    let own = key();
    let alone = site.self_signed(&own).expect("a certificate");
    let identity = Identity { chain: vec![alone.der().clone()], key: own };
    refused("self-signed", identity, &root, TlsProblem::UnknownIssuer).await;
}

#[tokio::test]
async fn certificates_made_by_those_who_may_not_make_them_are_refused() {
    let root = ca("Test root");
    let mut no_ca = site(&["middle.example.com"]);
    no_ca.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let middle = CertifiedIssuer::signed_by(no_ca, key(), &root).expect("a certificate");
    let identity = signed(&site(&["localhost"]), &middle);
    let (port, heard) = serve(identity).await;
    let error = connect(port, "localhost", &root).list(&credential()).await.expect_err("no CA");
    assert!(matches!(error, CallError::Tls { .. }), "{error:?}");
    let mut narrow = ca_params("Narrow root");
    narrow.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("example.com".into())],
        excluded_subtrees: Vec::new(),
    });
    let narrow = CertifiedIssuer::signed_by(narrow, key(), &root).expect("a certificate");
    let (other, other_heard) = serve(signed(&site(&["localhost"]), &narrow)).await;
    let error = connect(other, "localhost", &root).list(&credential()).await.expect_err("narrow");
    assert!(matches!(error, CallError::Tls { .. }), "{error:?}");
    let mut for_clients = site(&["localhost"]);
    for_clients.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let (third, third_heard) = serve(signed(&for_clients, &root)).await;
    let error = connect(third, "localhost", &root).list(&credential()).await.expect_err("clients");
    assert!(matches!(error, CallError::Tls { .. }), "{error:?}");
    for heard in [heard, other_heard, third_heard] {
        assert_eq!(heard.0.load(Ordering::SeqCst), 0, "nothing was sent");
    }
}

#[tokio::test]
async fn what_is_no_tls_at_all_is_refused() {
    for hello in [&b"HTTP/1.1 200 OK\r\n\r\n[]"[..], b"", b"\x15\x03\x01\x00\x02\x02\x46"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let heard = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.expect("a caller");
            drop(socket.write_all(hello).await);
            let mut all = Vec::new();
            if !hello.is_empty() {
                drop(socket.read_to_end(&mut all).await);
            }
            all
        });
        let error = connect(port, "localhost", &ca("Test root")).list(&credential()).await;
        let error = error.expect_err("no TLS");
        assert!(matches!(error, CallError::Tls { .. } | CallError::Offline), "{error:?}");
        assert_eq!(error.effect(), Effect::None);
        let all = heard.await.expect("read");
        let text = String::from_utf8_lossy(&all);
        assert!(!text.contains("api-keys") && !text.contains("ace_test"), "{text}");
    }
}
