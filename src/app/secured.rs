//! The beginning of a connection through TLS.

use std::sync::Arc;

use axum::http::HeaderValue;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::StartHandshake;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::server::TlsStream;

use super::moved::Moved;
use crate::tls::Answers;

/// What a connection through TLS begins with: a record that belongs to a handshake (RFC 8446, 5.1).
const HANDSHAKE: u8 = 22;

/// How TLS is spoken.
pub(super) struct Secured {
    pub(super) config: Arc<ServerConfig>,
    /// What authorities are answered that ask through TLS, when the certificate is one of theirs.
    pub(super) answers: Option<Answers>,
    /// What every answer says about HTTPS.
    pub(super) strict: Option<HeaderValue>,
    /// For those who speak plain HTTP where HTTPS is spoken.
    pub(super) moved: Moved,
}

/// Who is at the other end.
pub(super) enum Begun {
    /// A client, which has seen the certificate.
    Client(Box<TlsStream<TcpStream>>),
    /// One that does not know that TLS is spoken here.
    Plain(TcpStream),
}

impl Secured {
    /// Begins a connection. `None` when nobody is there who wants an answer: they have gone, cannot agree on how to speak
    /// TLS, or were an authority.
    pub(super) async fn begin(&self, stream: TcpStream) -> Option<Begun> {
        let mut first = [0];
        if stream.peek(&mut first).await.ok()? == 0 {
            return None;
        }
        if first != [HANDSHAKE] {
            return Some(Begun::Plain(stream));
        }
        let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await.ok()?;
        if let Some(answers) = self.answers.as_ref().filter(|_| Answers::is_asked_by(&start.client_hello())) {
            prove(answers.clone(), start).await;
            return None;
        }
        start.into_stream(self.config.clone()).await.ok().map(|stream| Begun::Client(Box::new(stream)))
    }
}

/// Shows an authority what it wants to see; it asks for nothing more.
async fn prove(answers: Answers, start: StartHandshake<TcpStream>) {
    let Some(name) = start.client_hello().server_name().map(str::to_owned) else { return };
    let answer = tokio::task::spawn_blocking(move || answers.to_name(&name)).await;
    if let Ok(Some(config)) = answer
        && let Ok(mut stream) = start.into_stream(config).await
    {
        let _ = stream.shutdown().await;
    }
}
