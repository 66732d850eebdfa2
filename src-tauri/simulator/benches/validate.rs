//! How long agent.ceo's token authority takes to validate a key, as a client sees it:
//! real HTTP on loopback, one connection kept alive, a key drawn anew for each request.
//!
//! The platform promises under 10 ms at the 95th percentile; the simulator must hold
//! that at 100,000 keys. Ends with 1 when it does not.

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
    time::{Duration, Instant},
};

use hyper::{Request, StatusCode, body::Body, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use keywright_model::{Environment, Secret};
use keywright_simulator::{Control, NewKey, Options, Simulator};
use tokio::net::TcpStream;

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
const REQUESTS: usize = 5_000;
const PROMISE: Duration = Duration::from_millis(10);

/// What the validations of one table size took.
struct Measured {
    keys: usize,
    p50: Duration,
    p95: Duration,
    p99: Duration,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut out = io::stdout();
    writeln!(out, "validate one key over HTTP, {REQUESTS} requests, microseconds")?;
    writeln!(out, "{:>8} {:>8} {:>8} {:>8}", "keys", "p50", "p95", "p99")?;
    let mut all = Vec::new();
    for keys in SIZES {
        let row = runtime.block_on(measure(keys))?;
        let [p50, p95, p99] = [row.p50, row.p95, row.p99].map(|time| time.as_micros());
        writeln!(out, "{:>8} {p50:>8} {p95:>8} {p99:>8}", row.keys)?;
        all.push(row);
    }
    let kept = all.iter().all(|row| row.p95 < PROMISE);
    if let (Some(first), Some(last)) = (all.first(), all.last()) {
        let slope = last.p95.as_secs_f64() / first.p95.as_secs_f64();
        writeln!(
            out,
            "p95 grows by a factor of {slope:.2} from {} to {} keys",
            first.keys, last.keys
        )?;
    }
    writeln!(out, "p95 under {} ms: {}", PROMISE.as_millis(), if kept { "yes" } else { "NO" })?;
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure(keys: usize) -> Result<Measured, Box<dyn Error>> {
    let running = Simulator::start(Options::default()).await?;
    let secrets = issue(&running.control(), keys)?;
    let stream = TcpStream::connect(("127.0.0.1", running.port())).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let mut times = Vec::with_capacity(REQUESTS);
    // A stride that shares no factor with the sizes visits the whole table.
    for secret in secrets.iter().cycle().step_by(7_919).take(REQUESTS) {
        let request = request(secret)?;
        sender.ready().await?;
        let started = Instant::now();
        let answer = sender.send_request(request).await?;
        drain(answer).await?;
        times.push(started.elapsed());
    }
    driver.abort();
    running.shutdown().await;
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    Ok(Measured { keys, p50: at(50), p95: at(95), p99: at(99) })
}

/// The cheapest call that is checked in full: the key, and then its scope.
fn request(secret: &Secret) -> Result<Request<String>, hyper::http::Error> {
    #[expect(clippy::disallowed_methods, reason = "the key goes to the simulator that made it")]
    let bearer = format!("Bearer {}", secret.expose());
    Request::get("/api/v1/mcp/tools")
        .header(header::HOST, "127.0.0.1")
        .header(header::AUTHORIZATION, bearer)
        .body(String::new())
}

async fn drain(answer: hyper::Response<hyper::body::Incoming>) -> Result<(), Box<dyn Error>> {
    if answer.status() != StatusCode::OK {
        return Err(format!("a valid key was answered with {}", answer.status()).into());
    }
    let mut body = std::pin::pin!(answer.into_body());
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await
    {
        frame?;
    }
    Ok(())
}

fn issue(control: &Control, keys: usize) -> Result<Vec<Secret>, keywright_simulator::Error> {
    let new = NewKey {
        name: "bench".into(),
        scopes: ["org:acme", "agent:*", "svc:mcp:read"].map(Into::into).into(),
        environment: Environment::Test,
        expires: None,
    };
    (0..keys).map(|_| control.issue(new.clone()).map(|issued| issued.secret)).collect()
}
