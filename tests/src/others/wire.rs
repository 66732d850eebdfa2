//! A few words of HTTP to a server of this machine: what happens there behind Keywright's back.

use std::{
    io::{self, Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(30);

/// A server.
#[derive(Debug, Clone, Copy)]
pub struct Wire {
    /// Where it listens on loopback.
    pub port: u16,
}

impl Wire {
    /// Its address.
    pub fn address(self) -> String {
        format!("http://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// Asks once; the answer's status, and its JSON where it is some. As HTTP 1.0, so that nothing
    /// comes in chunks.
    pub fn ask(
        self,
        method: &str,
        path: &str,
        authorization: &str,
        body: Option<&Value>,
    ) -> io::Result<(u16, Value)> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut request = Vec::new();
        write!(request, "{method} {path} HTTP/1.0\r\nhost: 127.0.0.1:{}\r\n", self.port)?;
        if !authorization.is_empty() {
            write!(request, "authorization: {authorization}\r\n")?;
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        if !body.is_empty() {
            write!(request, "content-type: application/json\r\n")?;
        }
        write!(request, "content-length: {}\r\n\r\n{body}", body.len())?;
        stream.write_all(&request)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        parsed(&answer).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
    }

    /// The same where nothing but success will do.
    pub fn must(
        self,
        method: &str,
        path: &str,
        authorization: &str,
        body: Option<&Value>,
    ) -> Value {
        let (status, answer) = self.ask(method, path, authorization, body).unwrap();
        assert!((200..300).contains(&status), "{method} {path}: {status}");
        answer
    }
}

fn parsed(answer: &[u8]) -> Option<(u16, Value)> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).unwrap_or_default()))
}
