//! The accept loop.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::connection::{End, Protocols};
use crate::api::Door;

/// How long requests may take to end once the process shall.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// How long to wait when the system has no more file descriptors: connections end meanwhile.
const OUT_OF_FILES: Duration = Duration::from_millis(50);

/// Serves connections until `leaving`, which says how long clients may then take to ask once more on those they
/// have; then, or at once when `hurried`, lets the requests under way end.
pub(super) async fn serve(
    listener: TcpListener,
    door: Door,
    leaving: impl Future<Output = Duration>,
    hurried: impl Future<Output = ()>,
) {
    let protocols = Protocols::new();
    let end = End::default();
    // Closed when the last connection has let go of its sender.
    let (open, mut all_closed) = mpsc::channel::<Infallible>(1);
    let mut leaving = pin!(leaving);
    let limit = loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            limit = &mut leaving => break limit,
        };
        match accepted {
            Ok((stream, client)) => {
                let (protocols, door) = (protocols.clone(), door.for_client(client));
                let (end, open) = (end.clone(), open.clone());
                tokio::spawn(async move {
                    serve_one(&protocols, stream, door, &end).await;
                    drop(open);
                });
            }
            Err(error) => refused(&error).await,
        }
    };
    drop((listener, open));
    end.leave();
    tokio::select! {
        _ = all_closed.recv() => return,
        () = tokio::time::sleep(limit) => {}
        () = hurried => {}
    }
    end.come();
    tokio::select! {
        _ = all_closed.recv() => {}
        () = tokio::time::sleep(LAST_REQUESTS) => {}
    }
}

async fn serve_one(protocols: &Protocols, stream: TcpStream, door: Door, end: &End) {
    // Answers are written whole: waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    protocols.serve(stream, door, end).await;
}

async fn refused(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "a connection could not be accepted");
        tokio::time::sleep(OUT_OF_FILES).await;
    }
}
