//! A file as the body of a response, read in pieces as fast as the client takes them.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

/// How much is read at once.
const PIECE: u64 = 256 * 1024;

/// Part of a file. Between two pieces it holds no thread, however slow the client is.
pub(in crate::api) struct FileBody {
    file: Arc<File>,
    position: u64,
    left: u64,
    reading: Option<JoinHandle<io::Result<Vec<u8>>>>,
}

impl FileBody {
    /// `length` bytes from `position` on.
    pub(super) fn new(file: Arc<File>, position: u64, length: u64) -> Self {
        Self { file, position, left: length, reading: None }
    }

    fn start(&self) -> JoinHandle<io::Result<Vec<u8>>> {
        let (file, position) = (self.file.clone(), self.position);
        let length = usize::try_from(self.left.min(PIECE)).unwrap_or(usize::MAX);
        spawn_blocking(move || {
            let mut piece = vec![0; length];
            file.read_exact_at(&mut piece, position)?;
            Ok(piece)
        })
    }
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut reading = self.reading.take().unwrap_or_else(|| self.start());
        let Poll::Ready(read) = Pin::new(&mut reading).poll(cx) else {
            self.reading = Some(reading);
            return Poll::Pending;
        };
        let piece = read.map_err(io::Error::other).flatten();
        Poll::Ready(Some(piece.map(|piece| {
            self.position += piece.len() as u64;
            self.left -= piece.len() as u64;
            Frame::data(piece.into())
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
