//! Proxies of the environment: other hosts are reached through a tunnel that
//! sees a name and a port only, and this machine is never reached through one.
//!
//! The environment is one for all tests of a process, so this runs in its own.

use std::{
    io::{Read, Write},
    net::TcpListener,
    process::Command,
    sync::mpsc,
    thread,
    time::Duration,
};

use super::server::{CREDENTIAL, acme, agent_ceo, credential, quick};
use crate::Connector;

const CHILD: &str = "tests::proxy::the_calls_of_the_other_process";
const HERE: &str = "KEYWRIGHT_TEST_HERE";

/// Answers every caller with the same and tells what it was sent.
fn server(answer: &'static [u8]) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let Ok(mut socket) = socket else { return };
            let mut request = [0; 4_096];
            let read = socket.read(&mut request).unwrap_or(0);
            drop(tell.send(String::from_utf8_lossy(&request[..read]).into_owned()));
            drop(socket.write_all(answer));
        }
    });
    (address, told)
}

#[test]
fn a_proxy_sees_other_hosts_by_name_only_and_this_machine_not_at_all() {
    let (proxy, at_proxy) = server(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    let (here, at_here) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]");
    let proxy = format!("http://{proxy}");
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args([CHILD, "--exact", "--ignored"]).env(HERE, here);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    {
        command.env(name, &proxy);
    }
    command.env_remove("no_proxy").env_remove("NO_PROXY");
    let output = command.output().expect("the other process runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let wait = Duration::from_secs(5);
    let direct = at_here.recv_timeout(wait).expect("the call to this machine was direct");
    assert!(direct.contains(CREDENTIAL), "control: it carried the credential");
    let tunnel = at_proxy.recv_timeout(wait).expect("the other host was asked for at the proxy");
    assert!(tunnel.starts_with("CONNECT platform.invalid:443 "), "{tunnel}");
    assert!(!tunnel.contains(CREDENTIAL) && !tunnel.contains("api-keys"), "{tunnel}");
    assert!(at_proxy.try_recv().is_err(), "the proxy saw nothing else");
}

#[tokio::test]
#[ignore = "runs in a process of its own, started by the test above"]
#[expect(clippy::disallowed_methods, reason = "how the other process is told the address")]
async fn the_calls_of_the_other_process() {
    let Ok(here) = std::env::var(HERE) else { return };
    let connect = |address: &str| {
        Connector::new(agent_ceo(), address, acme(), quick()).expect("a connection")
    };
    connect(&format!("http://{here}")).list(&credential()).await.expect("a list");
    connect("https://platform.invalid").list(&credential()).await.expect_err("no such host");
}
