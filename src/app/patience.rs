//! How long clients may take to ask, without a timer for each request.
//!
//! With its own limit hyper makes a timer before each request, and looks at the connection once more after each
//! answer: an eighth of all that larder does for a cached one. Here the stream notes that something was written,
//! and whoever looks at it every few seconds sees whether the client is still being waited for.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Read, ReadBufCursor, Write};

use crate::api::UnderWay;

/// How long a client may take to send the head of a request, from when it connected or had its last answer.
pub(super) const HEAD_PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked whether it is over; so much longer it may last.
const LOOK: Duration = Duration::from_secs(5);

/// What is being sent to a client, as far as its stream can tell. Only the stream writes here.
#[derive(Debug, Default)]
struct Sending {
    /// How often something was sent.
    writes: AtomicU32,
    /// Whether the client has yet to take something.
    waits: AtomicBool,
}

/// A stream that notes what is sent.
pub(super) struct Noting<S> {
    stream: S,
    sending: Arc<Sending>,
}

/// How long a client is waited for.
pub(super) struct Patience {
    sending: Arc<Sending>,
    under_way: UnderWay,
    /// How often something had been sent when it was looked at last.
    writes: u32,
    /// Since when the client has been waited for, and how long it is.
    since: Instant,
    limit: Duration,
    /// How often to look.
    pub(super) look: Duration,
}

impl Patience {
    /// With the client on a stream, whose requests are `under_way` while the routes answer them.
    pub(super) fn with<S>(stream: &Noting<S>, under_way: UnderWay) -> Self {
        let sending = stream.sending.clone();
        Self { sending, under_way, writes: 0, since: Instant::now(), limit: HEAD_PATIENCE, look: LOOK }
    }

    /// Whether it has come to an end. To be asked at each look.
    pub(super) fn is_over(&mut self, now: Instant) -> bool {
        let writes = self.sending.writes.load(Ordering::Relaxed);
        let answering = self.under_way.any() || self.sending.waits.load(Ordering::Relaxed);
        if answering || writes != self.writes {
            self.writes = writes;
            self.since = now;
        }
        now.saturating_duration_since(self.since) >= self.limit
    }
}

impl<S> Noting<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, sending: Arc::default() }
    }

    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let sending = &self.sending;
        sending.waits.store(written.is_pending(), Ordering::Relaxed);
        if written.is_ready() {
            sending.writes.store(sending.writes.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
        }
        written
    }
}

impl<S: Read + Unpin> Read for Noting<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: Write + Unpin> Write for Noting<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::future::poll_fn;
    use std::net::TcpListener;
    use std::pin::Pin;
    use std::task::Poll;
    use std::time::{Duration, Instant};

    use hyper::rt::Write as _;
    use hyper_util::rt::TokioIo;
    use tokio::net::TcpStream;

    use super::{HEAD_PATIENCE, Noting, Patience};
    use crate::api::UnderWay;

    impl Patience {
        /// With less of it.
        pub(in crate::app) fn short(self, limit: Duration) -> Self {
            Self { limit, look: limit, ..self }
        }
    }

    /// Both ends of a connection.
    pub(in crate::app) async fn connected() -> (std::net::TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let client = std::net::TcpStream::connect(listener.local_addr().expect("an address")).expect("connected");
        let (server, _) = listener.accept().expect("accepted");
        server.set_nonblocking(true).expect("set");
        (client, TcpStream::from_std(server).expect("taken over"))
    }

    #[tokio::test]
    async fn a_client_is_waited_for_only_between_its_requests() {
        let (client, server) = connected().await;
        let mut stream = Noting::new(TokioIo::new(server));
        let mut patience = Patience::with(&stream, UnderWay::default());
        let mut now = Instant::now();
        let mut over_after = |patience: &mut Patience, time: Duration| {
            now += time;
            patience.is_over(now)
        };
        let (half, little) = (HEAD_PATIENCE / 2, Duration::from_secs(1));
        assert!(!over_after(&mut patience, half));
        assert!(over_after(&mut patience, half + little), "it has never asked");

        poll_fn(|cx| Pin::new(&mut stream).poll_write(cx, b"an answer")).await.expect("written");
        assert!(!over_after(&mut patience, half) && !over_after(&mut patience, half), "it was sent something");
        assert!(over_after(&mut patience, half), "and has not asked since");

        let bytes = vec![0; 1 << 20];
        while poll_fn(|cx| Poll::Ready(Pin::new(&mut stream).poll_write(cx, &bytes).is_ready())).await {}
        assert!(!over_after(&mut patience, 10 * HEAD_PATIENCE), "it has not taken what it was sent");
        drop(client);
    }
}
