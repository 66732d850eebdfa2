//! Listening on loopback, and ending.

use std::{
    io,
    net::{IpAddr, Ipv4Addr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, middleware::from_fn, response::Response, routing::get};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use keywright_model::Secret;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use tower::ServiceExt;

use crate::{
    Control, Error, Options, PLATFORM, agent_ceo, bivariant, control,
    dashboard::{guard::from_here_only, page},
    faults::apply::Cut,
    servoagent, specivo,
    world::World,
};

/// How long open connections may finish their answers once the end was asked for.
const GRACE: Duration = Duration::from_millis(300);

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Where one of the platforms is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its profile's id.
    pub platform: &'static str,
    /// What a connection needs.
    pub base_url: String,
    /// The dashboard's page of keys, where it has one.
    pub page: Option<String>,
}

/// The documented platforms on 127.0.0.1.
#[derive(Debug)]
pub struct Simulator;

/// A simulator at work. It ends when this is dropped.
pub struct Running {
    world: Arc<World>,
    port: u16,
    stop: watch::Sender<()>,
    serving: JoinHandle<()>,
}

impl Simulator {
    /// Starts to listen; requests are answered on the current runtime.
    pub async fn start(options: Options) -> Result<Running, Error> {
        let bind = |source| Error::Bind { port: options.port, source };
        let world = Arc::new(World::new(&options)?);
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(bind)?;
        let port = listener.local_addr().map_err(bind)?.port();
        let (stop, stopped) = watch::channel(());
        let router = router(&world, options.control_http);
        let serving = tokio::spawn(accept(listener, router, stopped));
        Ok(Running { world, port, stop, serving })
    }
}

impl Running {
    /// Scheme, host and port: `http://127.0.0.1:49152`.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Specivo's base address.
    pub fn specivo_url(&self) -> String {
        format!("{}/specivo", self.base_url())
    }

    /// The base address of ServoAgent's API.
    pub fn servoagent_url(&self) -> String {
        format!("{}/servoagent/v1", self.base_url())
    }

    /// Bivariant's base address.
    pub fn bivariant_url(&self) -> String {
        format!("{}/bivariant", self.base_url())
    }

    /// Every platform that is served, for whoever shows them.
    pub fn addresses(&self) -> [Address; 4] {
        let page = |path: &str| Some(format!("{}{path}", self.base_url()));
        let address = |platform, base_url, page| Address { platform, base_url, page };
        [
            address(PLATFORM, self.base_url(), None),
            address("specivo", self.specivo_url(), page("/specivo/my/api-keys/")),
            address("servoagent", self.servoagent_url(), page("/servoagent/dashboard/api-keys")),
            address("bivariant", self.bivariant_url(), page("/bivariant/settings/api-keys")),
        ]
    }

    /// The port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// A new management key of agent.ceo's organization. Each call makes another.
    pub fn agent_ceo_credential(&self) -> Result<Secret, Error> {
        self.world.agent_ceo.management_key(self.world.clock.now())
    }

    /// The levers.
    pub fn control(&self) -> Control {
        Control::of(Arc::clone(&self.world))
    }

    /// Ends, with a moment's grace for answers under way.
    pub async fn shutdown(self) {
        drop(self.stop);
        // A task that was cancelled with its runtime has ended as well.
        self.serving.await.ok();
    }
}

fn router(world: &Arc<World>, control_http: bool) -> Router {
    let dashboards = Router::new()
        .merge(specivo::router(world))
        .merge(servoagent::router(world))
        .merge(bivariant::router(world))
        .route(page::SCRIPT, get(page::script))
        .layer(from_fn(from_here_only))
        .with_state(Arc::clone(world));
    let platforms = agent_ceo::router(world).merge(dashboards);
    if control_http { platforms.merge(control::http::router(world)) } else { platforms }
}

async fn accept(listener: TcpListener, router: Router, mut stopped: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, router.clone(), stopped.clone()));
                }
                // Out of file descriptors, most likely: wait for some rather than spin.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    // What has not ended by then is held on purpose; dropping the set cuts it.
    tokio::time::timeout(GRACE, async { while connections.join_next().await.is_some() {} })
        .await
        .ok();
}

/// One connection's requests, until either side ends it.
async fn converse(stream: TcpStream, router: Router, mut stopped: watch::Receiver<()>) {
    // A small answer must not wait for a fuller packet.
    stream.set_nodelay(true).ok();
    let Ok(peer) = stream.peer_addr().map(|address| Peer(address.ip())) else { return };
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        answer(router.clone(), request)
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    connection.await.ok();
}

/// An error in place of an answer makes hyper end the connection without a word.
async fn answer(router: Router, request: Request<Incoming>) -> Result<Response, io::Error> {
    let response = match router.oneshot(request.map(Body::new)).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.extensions().get::<Cut>().is_some() {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    Ok(response)
}
