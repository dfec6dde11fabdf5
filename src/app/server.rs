//! The accept loop.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::connection::{End, Protocols};
use super::patience::HEAD_PATIENCE;
use super::ports::Ports;
use super::proxied;
use super::secured::{Begun, Secured};
use crate::api::Door;
use crate::auth::proxies::Peer;

/// How long requests may take to end once the process shall.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// How long to wait when the system has no more file descriptors: connections end meanwhile.
const OUT_OF_FILES: Duration = Duration::from_millis(50);

/// What clients meet.
pub(super) struct Front {
    pub(super) door: Door,
    /// How TLS is spoken, if it is.
    pub(super) secured: Option<Arc<Secured>>,
    /// Whether proxies say first for whom they connect.
    pub(super) proxy_protocol: bool,
}

/// Serves connections until `leaving`, which says how long clients may then take to ask once more on those they
/// have; then, or at once when `hurried`, lets the requests under way end.
///
/// # Errors
/// When the system does not take the sockets.
pub(super) async fn serve(
    ports: Ports,
    front: Arc<Front>,
    leaving: impl Future<Output = Duration>,
    hurried: impl Future<Output = ()>,
) -> io::Result<()> {
    let (listener, plain) = (listening(ports.main)?, ports.plain.map(listening).transpose()?);
    let protocols = Protocols::new();
    let end = End::default();
    // Closed when the last connection has let go of its sender.
    let (open, mut all_closed) = mpsc::channel::<Infallible>(1);
    let mut leaving = pin!(leaving);
    let limit = loop {
        let (accepted, to_plain) = tokio::select! {
            accepted = listener.accept() => (accepted, false),
            accepted = accept(plain.as_ref()) => (accepted, true),
            limit = &mut leaving => break limit,
        };
        match accepted {
            Ok((stream, address)) => {
                let (end, open) = (end.clone(), open.clone());
                let connection = Connection { stream, address, front: front.clone(), end };
                let protocols = protocols.clone();
                // Each kind is a task of its own size: those of plain connections stay small.
                match (&front.secured, to_plain) {
                    (None, _) => drop(tokio::spawn(held(open, connection.serve(protocols)))),
                    (Some(secured), false) => {
                        let secured = secured.clone();
                        drop(tokio::spawn(held(open, connection.serve_secured(protocols, secured))));
                    }
                    (Some(secured), true) => drop(tokio::spawn(held(open, connection.send_on(secured.clone())))),
                }
            }
            Err(error) => refused(&error).await,
        }
    };
    drop((listener, plain, open));
    end.leave();
    tokio::select! {
        _ = all_closed.recv() => return Ok(()),
        () = tokio::time::sleep(limit) => {}
        () = hurried => {}
    }
    end.come();
    tokio::select! {
        _ = all_closed.recv() => {}
        () = tokio::time::sleep(LAST_REQUESTS) => {}
    }
    Ok(())
}

fn listening(socket: std::net::TcpListener) -> io::Result<TcpListener> {
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

/// The next connection on a socket that need not be there.
async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// Holds on to something until a connection has ended.
async fn held<T>(held: T, connection: impl Future<Output = ()>) {
    connection.await;
    drop(held);
}

/// A connection that was accepted.
struct Connection {
    stream: TcpStream,
    address: SocketAddr,
    front: Arc<Front>,
    end: End,
}

impl Connection {
    async fn serve(mut self, protocols: Protocols) {
        let Some(peer) = self.begin().await else { return };
        protocols.serve(self.stream, self.front.door.for_peer(peer), &self.end).await;
    }

    async fn serve_secured(mut self, protocols: Protocols, secured: Arc<Secured>) {
        let Some(peer) = self.begin().await else { return };
        let begun = tokio::select! {
            begun = timeout(HEAD_PATIENCE, secured.begin(self.stream)) => begun.ok().flatten(),
            () = self.end.wait() => None,
        };
        match begun {
            Some(Begun::Client(stream)) => {
                let door = self.front.door.for_peer(Peer { secure: true, ..peer });
                protocols.serve_secured(*stream, door, secured.strict.clone(), &self.end).await;
            }
            Some(Begun::Plain(stream)) => secured.moved.serve(stream, &self.end).await,
            None => {}
        }
    }

    /// Sends a client of plain HTTP on to HTTPS.
    async fn send_on(mut self, secured: Arc<Secured>) {
        if self.begin().await.is_some() {
            secured.moved.serve(self.stream, &self.end).await;
        }
    }

    /// What comes before HTTP and TLS: who it is. `None` when a proxy that shall say it does not.
    async fn begin(&mut self) -> Option<Peer> {
        // Answers are written whole: waiting for more to send only delays them.
        let _ = self.stream.set_nodelay(true);
        let (address, front) = (self.address, &self.front);
        if !(front.proxy_protocol && front.door.proxies().are_at(address.ip())) {
            return Some(Peer { address, secure: false });
        }
        let said = tokio::select! {
            said = timeout(HEAD_PATIENCE, proxied::read(&mut self.stream)) => said.ok()?,
            () = self.end.wait() => return None,
        };
        match said {
            Ok(said) => Some(Peer { address: said.client.unwrap_or(address), secure: said.secure }),
            // It has only looked whether somebody is there.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
            Err(error) => {
                tracing::warn!(%address, %error, "a proxy's connection was closed");
                None
            }
        }
    }
}

async fn refused(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "a connection could not be accepted");
        tokio::time::sleep(OUT_OF_FILES).await;
    }
}
