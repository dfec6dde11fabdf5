//! The accept loop.

use std::io;
use std::pin::pin;
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;

use super::patience::{Patience, drive};
use crate::api::Door;

/// How long a client may take to send the head of a request.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);
/// How long requests may take to end once the process shall.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// How long to wait when the system has no more file descriptors: connections end meanwhile.
const OUT_OF_FILES: Duration = Duration::from_millis(50);

/// Serves connections until `ended`, then lets the requests under way end.
pub(super) async fn serve(listener: TcpListener, door: Door, ended: impl Future<Output = ()>) {
    let mut builder = Builder::new(TokioExecutor::new());
    // Not `pipeline_flush`: it would copy every body.
    builder.http1().timer(Patience).header_read_timeout(HEAD_PATIENCE);
    builder.http2().timer(TokioTimer::new());
    let connections = GracefulShutdown::new();
    let mut ended = pin!(ended);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ended => break,
        };
        let (stream, client) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                refused(&error).await;
                continue;
            }
        };
        // Answers are written whole: waiting for more to send only delays them.
        let _ = stream.set_nodelay(true);
        let connection = builder.serve_connection(TokioIo::new(stream), door.for_client(client)).into_owned();
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off is no fault of ours and nothing to report.
            let _ = drive(connection).await;
        });
    }
    drop(listener);
    tokio::select! {
        () = connections.shutdown() => {}
        () = tokio::time::sleep(LAST_REQUESTS) => {}
    }
}

async fn refused(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "a connection could not be accepted");
        tokio::time::sleep(OUT_OF_FILES).await;
    }
}
