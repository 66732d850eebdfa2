//! The one HTTP client, hardened: it follows nothing, tells nobody where it came
//! from, trusts whom the operating system trusts, and bounds every answer in
//! size and time.
//!
//! Plain http is for this machine only, and a call to this machine never goes
//! through a proxy. Calls to other hosts honour the proxy variables of the
//! environment: they are tunnelled, and encrypted to the platform itself.

use std::{
    error::Error as _,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{
    Client, Method, Response,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect, retry,
};
use rustls::{CertificateError, ClientConfig, RootCertStore, crypto::CryptoProvider};
use rustls_platform_verifier::Verifier;
use tokio::time::{Instant, timeout};
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::{CallError, SetupError, TlsProblem};

/// Bounds of one call. They can be made tighter, never wider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest answer, in bytes.
    pub body: usize,
    /// From the call to the end of the answer, however slowly it drips.
    pub deadline: Duration,
    /// For the connection alone.
    pub connect: Duration,
}

impl Limits {
    /// What no call exceeds: 5 MiB, 30 s, 10 s.
    pub const WIDEST: Self = Self {
        body: 5 * 1_024 * 1_024,
        deadline: Duration::from_secs(30),
        connect: Duration::from_secs(10),
    };

    fn tightened(self) -> Self {
        Self {
            body: self.body.min(Self::WIDEST.body),
            deadline: self.deadline.min(Self::WIDEST.deadline),
            connect: self.connect.min(Self::WIDEST.connect),
        }
    }
}

/// The shared client. Cheap to clone; opens nothing until the first call.
#[derive(Clone)]
pub struct Http(Arc<Inner>);

struct Inner {
    limits: Limits,
    provider: Arc<CryptoProvider>,
    #[cfg(test)]
    root: Option<rustls::pki_types::CertificateDer<'static>>,
    #[cfg(test)]
    canned: Option<Canned>,
    plain: Client,
    loopback: OnceLock<Client>,
    remote: OnceLock<Client>,
}

/// What answers instead of a server.
#[cfg(test)]
type Canned = Box<dyn Fn(&Prepared) -> Result<Answer, CallError> + Send + Sync>;

/// Which client a call takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Plain http to this machine.
    Plain,
    /// https to this machine.
    Loopback,
    /// https to another host.
    Remote,
}

impl Route {
    /// The route to an address; none when it is not to be called.
    pub(crate) fn to(url: &Url) -> Option<Self> {
        match (url.scheme(), is_loopback(url)) {
            ("http", true) => Some(Self::Plain),
            ("https", true) => Some(Self::Loopback),
            ("https", false) => Some(Self::Remote),
            _ => None,
        }
    }
}

/// A call, ready to be sent.
pub(crate) struct Prepared {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<(&'static str, Zeroizing<Vec<u8>>)>,
}

/// An answer, whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Zeroizing<Vec<u8>>,
    pub(crate) took: Duration,
}

impl Http {
    /// A client with the widest bounds.
    pub fn new() -> Result<Self, SetupError> {
        Self::with_limits(Limits::WIDEST)
    }

    /// A client with tighter bounds. Wider ones than [`Limits::WIDEST`] are cut to it.
    pub fn with_limits(limits: Limits) -> Result<Self, SetupError> {
        let limits = limits.tightened();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let nobody = builder(&provider)?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let plain = client(nobody, limits, Route::Plain)?;
        Ok(Self(Arc::new(Inner {
            limits,
            provider,
            #[cfg(test)]
            root: None,
            #[cfg(test)]
            canned: None,
            plain,
            loopback: OnceLock::new(),
            remote: OnceLock::new(),
        })))
    }

    /// The bounds of every call.
    pub fn limits(&self) -> Limits {
        self.0.limits
    }

    /// A client that also trusts one more root. Tests only: there is no such switch elsewhere.
    #[cfg(test)]
    pub(crate) fn trusting(
        root: rustls::pki_types::CertificateDer<'static>,
        limits: Limits,
    ) -> Result<Self, SetupError> {
        let http = Self::with_limits(limits)?;
        let inner = Arc::into_inner(http.0).ok_or(SetupError::NotEncrypted)?;
        Ok(Self(Arc::new(Inner { root: Some(root), ..inner })))
    }

    /// A client that asks a function instead of a server: everything but the
    /// socket is as ever. Tests only.
    #[cfg(test)]
    pub(crate) fn answering(
        canned: impl Fn(&Prepared) -> Result<Answer, CallError> + Send + Sync + 'static,
    ) -> Result<Self, SetupError> {
        let http = Self::new()?;
        let inner = Arc::into_inner(http.0).ok_or(SetupError::NotEncrypted)?;
        Ok(Self(Arc::new(Inner { canned: Some(Box::new(canned)), ..inner })))
    }

    /// Reads the operating system's trust store before it is needed.
    pub(crate) fn prepare(&self, route: Route) -> Result<(), SetupError> {
        self.client(route).map(drop)
    }

    fn client(&self, route: Route) -> Result<Client, SetupError> {
        let cell = match route {
            Route::Plain => return Ok(self.0.plain.clone()),
            Route::Loopback => &self.0.loopback,
            Route::Remote => &self.0.remote,
        };
        if let Some(ready) = cell.get() {
            return Ok(ready.clone());
        }
        let config = builder(&self.0.provider)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(self.verifier()?))
            .with_no_client_auth();
        let made = client(config, self.0.limits, route)?;
        Ok(cell.get_or_init(|| made).clone())
    }

    #[cfg(not(test))]
    fn verifier(&self) -> Result<Verifier, SetupError> {
        Verifier::new(Arc::clone(&self.0.provider)).map_err(SetupError::Tls)
    }

    #[cfg(test)]
    fn verifier(&self) -> Result<Verifier, SetupError> {
        let roots = self.0.root.clone().into_iter();
        Verifier::new_with_extra_roots(roots, Arc::clone(&self.0.provider)).map_err(SetupError::Tls)
    }

    /// Sends one call and reads its answer to the end.
    pub(crate) async fn send(&self, route: Route, call: Prepared) -> Result<Answer, CallError> {
        #[cfg(test)]
        if let Some(canned) = &self.0.canned {
            return canned(&call);
        }
        let client =
            self.client(route).map_err(|_| CallError::Tls { problem: TlsProblem::Handshake })?;
        let mut headers = call.headers;
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        let mut request = client.request(call.method, call.url).headers(headers);
        if let Some((content_type, bytes)) = call.body {
            request = request
                .header(CONTENT_TYPE, HeaderValue::from_static(content_type))
                .body(bytes.to_vec());
        }
        let limits = self.0.limits;
        let started = Instant::now();
        let whole = async {
            let response = request.send().await.map_err(|error| cause(&error))?;
            read(response, limits.body).await
        };
        let answer = timeout(limits.deadline, whole).await.map_err(|_| CallError::Timeout)??;
        Ok(Answer { took: started.elapsed(), ..answer })
    }
}

async fn read(mut response: Response, most: usize) -> Result<Answer, CallError> {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let told = response.content_length().and_then(|length| usize::try_from(length).ok());
    if told.is_some_and(|length| length > most) {
        return Err(CallError::TooLarge);
    }
    let mut body = Zeroizing::new(Vec::with_capacity(told.unwrap_or(4_096)));
    while let Some(chunk) = response.chunk().await.map_err(|error| cause(&error))? {
        if body.len() + chunk.len() > most {
            return Err(CallError::TooLarge);
        }
        grow(&mut body, chunk.len());
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body, took: Duration::ZERO })
}

/// Makes room without leaving an unwiped copy behind, as a plain push would.
fn grow(body: &mut Zeroizing<Vec<u8>>, more: usize) {
    let needed = body.len() + more;
    if needed > body.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(body.capacity() * 2)));
        larger.extend_from_slice(body);
        *body = larger;
    }
}

fn builder(
    provider: &Arc<CryptoProvider>,
) -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, SetupError> {
    ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(SetupError::Tls)
}

fn client(tls: ClientConfig, limits: Limits, route: Route) -> Result<Client, SetupError> {
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .https_only(route != Route::Plain)
        .user_agent(concat!("Keywright/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .timeout(limits.deadline)
        // Shorter than common servers keep a connection: a change must not be
        // written to one that is just being closed, as its outcome would be unknown.
        .pool_idle_timeout(Duration::from_secs(4));
    if route != Route::Remote {
        let here: [SocketAddr; 2] =
            [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]
                .map(|address| SocketAddr::new(address, 0));
        builder = builder.no_proxy().resolve_to_addrs("localhost", &here);
    }
    builder.build().map_err(SetupError::Client)
}

/// Whether an address is this machine by its very writing.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether an address may be opened or called at all.
pub(crate) fn is_safe(url: &Url) -> bool {
    Route::to(url).is_some()
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none()
}

/// Whether an address can be the root of an API.
pub(crate) fn is_base(url: &Url) -> bool {
    is_safe(url) && url.query().is_none() && url.fragment().is_none()
}

/// The cause of a failure, without the address that reqwest writes into its errors.
fn cause(error: &reqwest::Error) -> CallError {
    if let Some(problem) = error.source().and_then(tls_within) {
        return CallError::Tls { problem };
    }
    if error.is_connect() {
        CallError::Offline
    } else if error.is_timeout() {
        CallError::Timeout
    } else if error.is_builder() {
        CallError::Unsendable { what: "the address or a header is not well formed".into() }
    } else {
        CallError::Cut
    }
}

/// Looks for the cause that rustls gave, also inside of I/O errors, which hide it.
fn tls_within(error: &(dyn std::error::Error + 'static)) -> Option<TlsProblem> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(tls_problem(tls));
    }
    let hidden = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    hidden.and_then(|inner| tls_within(inner)).or_else(|| error.source().and_then(tls_within))
}

fn tls_problem(error: &rustls::Error) -> TlsProblem {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return TlsProblem::Handshake;
    };
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsProblem::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            TlsProblem::NotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            TlsProblem::WrongHost
        }
        CertificateError::Revoked => TlsProblem::Revoked,
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            TlsProblem::UnknownIssuer
        }
        CertificateError::Other(_) => TlsProblem::UnknownIssuer,
        _ => TlsProblem::Handshake,
    }
}
