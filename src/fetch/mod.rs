//! Asking other servers: for pictures by address, and for whatever else the server asks of its own accord.
//!
//! An address may come from anybody who can write, so that this module never asks what the machine's own
//! network would answer: names are resolved here, every resolved address is judged, and the connection goes to
//! the very address that was judged. A redirect is a new address and is judged again.
//!
//! A [`Service`] is the exception, and shows as one where it is made: its address comes from whoever runs the server,
//! so that it may lie in a private network. It leads nowhere else.

mod answer;
mod authorities;
mod connect;
mod error;
mod names;
mod network;
mod service;
mod target;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, COOKIE, HOST, LOCATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use names::Names;
use target::Target;

pub use answer::Answer;
pub use authorities::Authorities;
pub use error::Error;
pub use network::{Network, is_public};
pub use service::{Body, Service};

/// What we are called by those we ask.
const AGENT: &str = concat!("larder/", env!("CARGO_PKG_VERSION"));

/// How far asking may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many bytes an answer's body may have.
    pub bytes: u64,
    /// How long all of it may take, from the first name to the last byte.
    pub whole: Duration,
    /// How long the other side may say nothing.
    pub idle: Duration,
    /// How many redirects are followed. With 0 a redirect is an answer like any other.
    pub redirects: usize,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// How. Only `GET` and `HEAD` follow redirects.
    pub method: Method,
    /// Of whom: `http` or `https`, without a name and password.
    pub address: String,
    /// Sent beside what is always sent. Credentials stay behind when a redirect leads to another server.
    pub headers: HeaderMap,
    /// What is sent along.
    pub body: Bytes,
}

impl Request {
    /// Asks for what lies at an address.
    pub fn get(address: impl Into<String>) -> Self {
        Self { method: Method::GET, address: address.into(), headers: HeaderMap::new(), body: Bytes::new() }
    }
}

/// Asks other servers.
#[derive(Clone)]
pub struct Fetch {
    names: Arc<Names>,
    tls: TlsConnector,
    allowed: Arc<[Network]>,
}

impl Fetch {
    /// `allowed` are networks that are asked although they are not public; `name_server` is asked for
    /// addresses instead of those that the machine is set up with.
    pub fn new(allowed: Vec<Network>, name_server: Option<SocketAddr>) -> Self {
        Self {
            names: Arc::new(Names::new(name_server)),
            tls: connect::tls(&Authorities::default()),
            allowed: allowed.into(),
        }
    }

    /// The same, trusting servers for which these vouch, too.
    #[must_use]
    pub fn trusting(self, authorities: &Authorities) -> Self {
        Self { tls: connect::tls(authorities), ..self }
    }

    /// The same, asking these networks too although they are not public.
    #[must_use]
    pub fn allowing(self, networks: Vec<Network>) -> Self {
        Self { allowed: self.allowed.iter().cloned().chain(networks).collect(), ..self }
    }

    /// Sends a request and returns the answer as soon as its head is there.
    ///
    /// # Errors
    /// Why there is no answer; every [`Error`] is a sentence for people.
    pub async fn send(&self, request: Request, limits: Limits) -> Result<Answer, Error> {
        let end = Instant::now() + limits.whole;
        timeout_at(end, self.follow(request, limits, end)).await.unwrap_or(Err(Error::TooSlow(limits.whole)))
    }

    async fn follow(&self, request: Request, limits: Limits, end: Instant) -> Result<Answer, Error> {
        let mut target = Target::parse(&request.address)?;
        let mut headers = request.headers.clone();
        let may_follow = limits.redirects > 0 && matches!(request.method, Method::GET | Method::HEAD);
        for _ in 0..=limits.redirects {
            let answer = self.ask(&target, &request, &headers, limits, end).await?;
            let Some(location) = redirected(&answer).filter(|_| may_follow) else { return Ok(answer) };
            let next = target.redirected(&location)?;
            if !next.is_same_server(&target) {
                headers.remove(AUTHORIZATION);
                headers.remove(COOKIE);
            }
            target = next;
        }
        Err(Error::TooManyRedirects(limits.redirects))
    }

    /// One request to one server.
    async fn ask(
        &self,
        target: &Target,
        request: &Request,
        headers: &HeaderMap,
        limits: Limits,
        end: Instant,
    ) -> Result<Answer, Error> {
        let addresses = self.judged(target).await?;
        let mut sent = http::Request::new(http_body_util::Full::new(request.body.clone()));
        *sent.method_mut() = request.method.clone();
        *sent.uri_mut() = target.line()?;
        *sent.headers_mut() = headers.clone();
        let own = sent.headers_mut();
        own.insert(HOST, target.host_header()?);
        own.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        // What unpacks to more than it says cannot be told from a bomb.
        own.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let stream = connect::open(&self.tls, target, &addresses).await?;
        let (head, connection) = connect::exchange(stream, sent, target, limits.idle).await?;
        Answer::begin(target, head, connection, limits, end, request.method == Method::HEAD)
    }

    /// The addresses behind a target that may be asked.
    async fn judged(&self, target: &Target) -> Result<Vec<SocketAddr>, Error> {
        let found = match target.literal() {
            Some(address) => vec![address],
            None => self.names.addresses(target.host()).await?,
        };
        let may = |address: &std::net::IpAddr| {
            is_public(*address) || self.allowed.iter().any(|network| network.holds(*address))
        };
        let judged: Vec<SocketAddr> =
            found.iter().copied().filter(may).map(|address| SocketAddr::new(address, target.port())).collect();
        if judged.is_empty() { Err(Error::Private(target.host().to_owned())) } else { Ok(judged) }
    }
}

/// Where an answer redirects to.
fn redirected(answer: &Answer) -> Option<String> {
    let redirects = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = answer.headers().get(LOCATION).filter(|_| redirects)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

/// The length that a head announces.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}
