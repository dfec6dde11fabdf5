//! A connection to an address that was judged, and one exchange on it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::authorities::Authorities;
use super::error::Error;
use super::target::Target;

/// How long one address may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many of a server's addresses are tried.
const TRIED: usize = 4;
/// How long an answer's head may be, in bytes.
const HEAD: usize = 64 << 10;

/// A connection, encrypted or not.
pub(super) type Stream = Pin<Box<dyn Wire>>;

/// What bytes go in and out of.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Wire for T {}

/// What ends with the answer it belongs to.
#[derive(Debug)]
pub(super) struct Connection(JoinHandle<()>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Trusts whom browsers trust, whose list is part of this program, and these.
pub(super) fn tls(authorities: &Authorities) -> TlsConnector {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    authorities.add_to(&mut roots);
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()).into()
}

/// Connects to the first address that answers.
///
/// # Errors
/// When none does, or the server cannot prove who it is.
pub(super) async fn open(tls: &TlsConnector, target: &Target, addresses: &[SocketAddr]) -> Result<Stream, Error> {
    let mut why = String::from("it has no address");
    for address in addresses.iter().take(TRIED) {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return secured(tls, target, stream).await,
            Ok(Err(error)) => why = error.to_string(),
            Err(_) => why = format!("no answer for {} seconds", PATIENCE.as_secs()),
        }
    }
    Err(Error::Unreachable { host: target.host().to_owned(), why })
}

async fn secured(tls: &TlsConnector, target: &Target, stream: TcpStream) -> Result<Stream, Error> {
    // Requests are written whole.
    let _ = stream.set_nodelay(true);
    if !target.is_safe() {
        return Ok(Box::pin(stream));
    }
    let untrusted = |why: String| Error::Untrusted { host: target.host().to_owned(), why };
    let name = match target.literal() {
        Some(address) => ServerName::from(address),
        None => ServerName::try_from(target.host().to_owned()).map_err(|error| untrusted(error.to_string()))?,
    };
    let secured = timeout(PATIENCE, tls.connect(name, stream)).await;
    let secured = secured.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    Ok(Box::pin(secured.map_err(|error| untrusted(error.to_string()))?))
}

/// Sends a request and waits for the answer's head. The connection carries the body as long as it is held.
///
/// # Errors
/// When the other side breaks off, speaks no HTTP or says nothing.
pub(super) async fn exchange(
    stream: Stream,
    request: Request<Full<Bytes>>,
    target: &Target,
    idle: Duration,
) -> Result<(Response<Incoming>, Connection), Error> {
    let host = || target.host().to_owned();
    let broken = |error: hyper::Error| Error::Broken { host: host(), why: error.to_string() };
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEAD);
    let (mut sender, driver) = builder.handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let connection = Connection(tokio::spawn(async move {
        // Whoever waits for the answer hears of an error there.
        let _ = driver.await;
    }));
    let answer = timeout(idle, sender.send_request(request)).await.map_err(|_| Error::Idle { host: host(), idle })?;
    Ok((answer.map_err(broken)?, connection))
}
