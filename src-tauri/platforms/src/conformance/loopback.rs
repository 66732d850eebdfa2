//! A server of our own on this machine that gives one bad answer to everybody
//! and counts who asked.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// So many bytes of a request are read; more is none of ours.
const LARGEST: usize = 1 << 20;

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Whole lines of headers.
    pub(super) headers: String,
    pub(super) body: Body,
}

/// Its body.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    Text(&'static str),
    /// So many blanks, without saying before how many.
    Blanks(usize),
}

/// A running server. It ends with this value.
pub(super) struct Loopback {
    address: String,
    calls: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Loopback {
    /// Starts one on a free port.
    pub(super) async fn start(answer: Answer) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                // One caller who hangs up is no reason to stop.
                drop(Box::pin(serve(socket, &answer)).await);
            }
        });
        Ok(Self { address, calls, task })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// How many connections there were; each carries one call.
    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut socket: TcpStream, answer: &Answer) -> io::Result<()> {
    read(&mut socket).await?;
    let Answer { status, headers, body } = answer;
    let head = format!("HTTP/1.1 {status} Answer\r\n{headers}connection: close\r\n\r\n");
    socket.write_all(head.as_bytes()).await?;
    match body {
        Body::Text(text) => socket.write_all(text.as_bytes()).await?,
        Body::Blanks(count) => {
            let blanks = [b' '; 16_384];
            let mut left = *count;
            while left > 0 {
                let part = blanks.get(..left.min(blanks.len())).unwrap_or(&blanks);
                socket.write_all(part).await?;
                left -= part.len();
            }
        }
    }
    socket.shutdown().await
}

/// Reads one request to its end, so that closing does not cut the answer off.
async fn read(socket: &mut TcpStream) -> io::Result<()> {
    let mut request = Vec::new();
    let mut part = [0; 4_096];
    while !is_whole(&request) && request.len() < LARGEST {
        let count = socket.read(&mut part).await?;
        if count == 0 {
            break;
        }
        request.extend_from_slice(part.get(..count).unwrap_or_default());
    }
    Ok(())
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    body.len() >= length.unwrap_or(0)
}
