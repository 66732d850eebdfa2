//! Four methods of HTTP to a WebDriver server, and no more: the protocol is JSON over it.

use std::{
    io::{self, Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

use serde_json::Value;

/// Longer than WebDriver's own limits, so that the server's words are heard.
const PATIENCE: Duration = Duration::from_secs(90);
/// The driver before the browser's own drops a connection now and then without having passed the
/// request on; the next one goes through.
const TRIES: u32 = 4;

/// A WebDriver server on this machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wire {
    pub(super) port: u16,
}

impl Wire {
    /// Asks, and answers with what stands in `value`; an error's name and message otherwise.
    pub(super) fn ask(
        self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        let mut last = String::new();
        for _ in 0..TRIES {
            match self.once(method, path, body) {
                Ok((200, mut answer)) => return Ok(answer["value"].take()),
                Ok((_, answer)) => {
                    let value = &answer["value"];
                    return Err(format!("{}: {}", value["error"], value["message"]));
                }
                Err(error) => last = error.to_string(),
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Err(format!("{method} {path}: {last}"))
    }

    fn once(self, method: &str, path: &str, body: Option<&Value>) -> io::Result<(u16, Value)> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.port,
            body.len(),
        )?;
        // Some drivers keep the connection open, whatever they are asked.
        let (mut answer, mut part) = (Vec::new(), [0; 16 * 1024]);
        while !is_whole(&answer) {
            match stream.read(&mut part)? {
                0 => break,
                read => answer.extend_from_slice(&part[..read]),
            }
        }
        parsed(&answer)
    }
}

/// Whether an answer of a known length is all there.
fn is_whole(answer: &[u8]) -> bool {
    let Some(head_ends) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&answer[..head_ends]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: Option<usize> = length.and_then(|length| length.trim().parse().ok());
    length.is_some_and(|length| answer.len() >= head_ends + 4 + length)
}

fn parsed(answer: &[u8]) -> io::Result<(u16, Value)> {
    let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| broken("no answer"))?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| broken("no status"))?;
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { joined(body) } else { body.to_owned() };
    Ok((status, serde_json::from_str(&body)?))
}

/// The chunks of a body without their lengths.
fn joined(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let length = usize::from_str_radix(length.trim(), 16).unwrap_or(0);
        if length == 0 || !rest.is_char_boundary(length) {
            break;
        }
        let (chunk, after) = rest.split_at(length);
        whole.push_str(chunk);
        body = after.strip_prefix("\r\n").unwrap_or(after);
    }
    whole
}

#[test]
fn answers_are_read_whole_or_in_chunks() {
    let plain = b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"value\":1}";
    assert_eq!(parsed(plain).unwrap(), (200, serde_json::json!({ "value": 1 })));
    let chunks = b"HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n{\"valu\r\n5\r\ne\":2}\r\n0\r\n\r\n";
    assert_eq!(parsed(chunks).unwrap(), (404, serde_json::json!({ "value": 2 })));
    assert!(parsed(b"").is_err());
    assert!(is_whole(plain) && !is_whole(&plain[..plain.len() - 1]) && !is_whole(chunks));
}
