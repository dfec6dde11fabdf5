//! Answers that are made while they are sent: archives, earlier versions of files, long tables.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::StatusCode;
use bytes::Bytes;
use http_body::Frame;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::Dashboard;
use super::error::Refused;

/// How much is sent at once.
const PIECE: usize = 64 << 10;
/// How many pieces wait for a slow client.
const WAITING: usize = 4;

/// A body that `write` fills on a thread of its own, as fast as the client takes it.
///
/// # Errors
/// 503 when too much is sent already.
pub(super) fn streamed(
    dashboard: &Dashboard,
    write: impl FnOnce(&mut Pipe) -> io::Result<()> + Send + 'static,
) -> Result<Body, Refused> {
    let busy = || {
        Refused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Too much is downloaded right now. Try again in a moment.",
        )
    };
    let place = dashboard.downloads.clone().try_acquire_owned().map_err(|_| busy().after(5))?;
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        let mut pipe = Pipe { sender, piece: Vec::with_capacity(PIECE) };
        match write(&mut pipe).and_then(|()| pipe.flush()) {
            Ok(()) => drop(pipe.sender.blocking_send(Ok(Bytes::new()))),
            // The client has gone, or is told that the rest does not come.
            Err(error) => drop(pipe.sender.blocking_send(Err(error))),
        }
    });
    Ok(Body::new(Piped(receiver)))
}

/// What a thread writes into.
pub(super) struct Pipe {
    sender: Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.sender.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// What comes out at the other end. An error cuts the answer off, so that nobody takes it for whole.
struct Piped(Receiver<io::Result<Bytes>>);

impl http_body::Body for Piped {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(context).map(|piece| match piece {
            // The empty piece says that all is there.
            Some(Ok(piece)) if piece.is_empty() => None,
            Some(piece) => Some(piece.map(Frame::data)),
            None => Some(Err(io::ErrorKind::UnexpectedEof.into())),
        })
    }
}
