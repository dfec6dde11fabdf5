//! A server that whoever runs this one has named: a store for copies, for example. Connections to it are kept.

use std::fs::File;
use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderValue, USER_AGENT};
use http::{Request, Response, Uri};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::AGENT;
use super::authorities::Authorities;
use super::connect::{self, Stream};
use super::error::Error;
use super::names::Names;
use super::target::Target;

/// How long a connection is kept that nothing is asked on. Servers and what lies between keep them for a minute.
const KEPT: Duration = Duration::from_secs(30);
/// How much of a file is read at a time.
const PIECE: usize = 64 << 10;

/// Asks servers that the operator has named, private ones too.
///
/// No redirect is followed: an answer cannot make this machine ask somebody else.
#[derive(Clone)]
pub struct Service {
    client: Client<Opening, Body>,
}

impl Service {
    /// Trusts whom browsers trust, and beside them these. Must be made and used within a tokio runtime.
    pub fn new(authorities: &Authorities) -> Self {
        let opening = Opening { names: Arc::new(Names::new(None)), tls: connect::tls(authorities) };
        let client =
            Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).pool_idle_timeout(KEPT).build(opening);
        Self { client }
    }

    /// Sends a request and returns the answer as soon as its head is there, which may take as long as `patience`,
    /// sending the body included.
    ///
    /// # Errors
    /// Why there is no answer. Nobody knows then whether the server did what was asked.
    pub async fn send(&self, mut request: Request<Body>, patience: Duration) -> Result<Response<Incoming>, Error> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
        match timeout(patience, self.client.request(request)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(explained(host, &error)),
            Err(_) => Err(Error::TooSlow(patience)),
        }
    }
}

/// Our own error when it is one, below what the client wraps around it.
fn explained(host: String, error: &hyper_util::client::legacy::Error) -> Error {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    loop {
        if let Some(ours) = cause.downcast_ref::<Error>() {
            return ours.clone();
        }
        match cause.source() {
            Some(deeper) => cause = deeper,
            None => return Error::Broken { host, why: cause.to_string() },
        }
    }
}

/// Opens connections.
#[derive(Clone)]
struct Opening {
    names: Arc<Names>,
    tls: TlsConnector,
}

impl Opening {
    async fn open(self, server: Uri) -> Result<TokioIo<Wire>, Error> {
        let target = Target::named(&server.to_string())?;
        let addresses = match target.literal() {
            Some(address) => vec![address],
            None => self.names.addresses(target.host()).await?,
        };
        let addresses: Vec<SocketAddr> =
            addresses.into_iter().map(|address| SocketAddr::new(address, target.port())).collect();
        connect::open(&self.tls, &target, &addresses).await.map(|stream| TokioIo::new(Wire(stream)))
    }
}

impl tower::Service<Uri> for Opening {
    type Response = TokioIo<Wire>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        Box::pin(self.clone().open(server))
    }
}

/// A connection as the client wants it.
struct Wire(Stream);

impl Connection for Wire {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_read(cx, into)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.0.as_mut().poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_shutdown(cx)
    }
}

/// What is sent along: bytes, or a file that is read as it is sent.
pub enum Body {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file, and how much of it is still to be sent.
    File(File, u64),
}

impl Body {
    /// No body.
    pub fn none() -> Self {
        Self::Bytes(Bytes::new())
    }

    /// A whole file.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn file(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self::File(file, length))
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    // A file's pieces are read where they are sent: a service has threads of its own.
    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = match &mut *self {
            Self::Bytes(bytes) => std::mem::take(bytes),
            Self::File(file, left) => match next_piece(file, left) {
                Ok(piece) => piece,
                Err(error) => return Poll::Ready(Some(Err(error))),
            },
        };
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.size_hint().exact() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::File(_, left) => SizeHint::with_exact(*left),
        }
    }
}

fn next_piece(file: &mut File, left: &mut u64) -> io::Result<Bytes> {
    let mut piece = vec![0; usize::try_from(*left).unwrap_or(PIECE).min(PIECE)];
    file.read_exact(&mut piece)?;
    *left -= piece.len() as u64;
    Ok(piece.into())
}
