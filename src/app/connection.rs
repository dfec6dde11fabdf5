//! One client's connection, from its first byte on.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::http::header::{CONNECTION, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::server::TlsStream;

use super::patience::{HEAD_PATIENCE, Noting, Patience};
use crate::api::{Answering, Door};

/// What HTTP/2 begins with, and no method of HTTP/1.
const HTTP2: &[u8] = b"PRI";
/// How long to wait for the second byte of a client that has sent one.
const SECOND_BYTE: Duration = Duration::from_millis(10);

/// How connections are served. hyper-util can tell the versions of HTTP apart too, but asks itself which
/// one it is whenever a connection is looked at.
#[derive(Clone)]
pub(super) struct Protocols {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

impl Protocols {
    pub(super) fn new() -> Self {
        let mut http1 = http1::Builder::new();
        // Not `pipeline_flush`: it would copy every body. The limit is ours, see `Patience`.
        http1.header_read_timeout(None);
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2.timer(TokioTimer::new());
        Self { http1, http2 }
    }

    /// Serves a connection until the client or the process ends it. A client that breaks off is no fault of
    /// ours and nothing to report.
    pub(super) async fn serve(&self, stream: TcpStream, door: Door, end: &End) {
        let begun = tokio::select! {
            begun = timeout(HEAD_PATIENCE, is_http2(&stream)) => begun,
            () = end.wait() => return,
        };
        let Ok(Some(is_http2)) = begun else { return };
        let io = Noting::new(TokioIo::new(stream));
        let patience = Patience::with(&io, door.under_way());
        if is_http2 {
            drive(self.http2.serve_connection(io, door), None, &end.state.leaving).await;
        } else {
            let parting = Parting { door, end: end.clone() };
            drive(self.http1.serve_connection(io, parting), Some(patience), &end.state.end).await;
        }
    }

    /// The same, through TLS, whose handshake has told which version of HTTP is spoken. `strict` is what every answer
    /// says about HTTPS.
    pub(super) async fn serve_secured(
        &self,
        stream: TlsStream<TcpStream>,
        door: Door,
        strict: Option<HeaderValue>,
        end: &End,
    ) {
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let io = Noting::new(TokioIo::new(stream));
        let patience = Patience::with(&io, door.under_way());
        if is_http2 {
            let service = Strict { service: door, says: strict };
            drive(self.http2.serve_connection(io, service), None, &end.state.leaving).await;
        } else {
            let service = Strict { service: Parting { door, end: end.clone() }, says: strict };
            drive(self.http1.serve_connection(io, service), Some(patience), &end.state.end).await;
        }
    }
}

/// Whether a client speaks HTTP/2; `None` when it is gone.
async fn is_http2(stream: &TcpStream) -> Option<bool> {
    let mut begins = [0; HTTP2.len()];
    loop {
        let length = stream.peek(&mut begins).await.ok()?;
        if length == 0 {
            return None;
        }
        if length == HTTP2.len() || begins[..length] != HTTP2[..length] {
            return Some(begins[..length] == *HTTP2);
        }
        sleep(SECOND_BYTE).await;
    }
}

/// The end of the process, as connections see it. It comes in two steps, because a client that has an idle
/// connection may be sending a request on it just now: what is closed then fails. First the process is leaving: who
/// asks is told not to ask here again. Then it ends, for those who have not asked.
#[derive(Clone, Default)]
pub(super) struct End {
    state: Arc<EndState>,
}

#[derive(Default)]
struct EndState {
    leaving: Step,
    end: Step,
}

/// Something that happens once.
#[derive(Default)]
struct Step {
    has_come: AtomicBool,
    told: Notify,
}

impl Step {
    fn come(&self) {
        self.has_come.store(true, Ordering::SeqCst);
        self.told.notify_waiters();
    }

    fn has_come(&self) -> bool {
        self.has_come.load(Ordering::SeqCst)
    }
}

impl End {
    /// Lets every client ask once more on the connection it has.
    pub(super) fn leave(&self) {
        self.state.leaving.come();
    }

    /// Lets the requests under way end, and no others begin.
    pub(super) fn come(&self) {
        self.leave();
        self.state.end.come();
    }

    /// Waits until no other requests shall begin.
    pub(super) async fn wait(&self) {
        let mut told = pin!(self.state.end.told.notified());
        // Before the look, so that an end between the two is not missed.
        told.as_mut().enable();
        if !self.state.end.has_come() {
            told.await;
        }
    }
}

/// The door, for clients of HTTP/1: once the process is leaving, each answer says that it is the connection's last.
struct Parting {
    door: Door,
    end: End,
}

impl Service<Request<Incoming>> for Parting {
    type Response = <Door as Service<Request<Incoming>>>::Response;
    type Error = Infallible;
    type Future = Last;

    fn call(&self, request: Request<Incoming>) -> Last {
        Last { answering: self.door.call(request), end: self.end.clone() }
    }
}

/// An answer that may be the last one.
struct Last {
    answering: Answering,
    end: End,
}

impl Future for Last {
    type Output = <Answering as Future>::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let answered = ready!(Pin::new(&mut self.answering).poll(cx));
        Poll::Ready(answered.map(|mut response| {
            // Asked now and not when the request came: the answer may have taken long.
            if self.end.state.leaving.has_come() {
                response.headers_mut().insert(CONNECTION, const { HeaderValue::from_static("close") });
            }
            response
        }))
    }
}

/// What is asked through TLS, and how it is answered: with the advice not to ask any other way (RFC 6797), if that is
/// wanted. Never given over plain HTTP, where anybody could have written it.
struct Strict<S> {
    service: S,
    says: Option<HeaderValue>,
}

impl<S, B> Service<Request<Incoming>> for Strict<S>
where
    S: Service<Request<Incoming>, Response = Response<B>>,
    S::Future: Unpin,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Saying<S::Future>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        Saying { answering: self.service.call(request), says: self.says.clone() }
    }
}

/// An answer that says so.
struct Saying<F> {
    answering: F,
    says: Option<HeaderValue>,
}

impl<F, B, E> Future for Saying<F>
where
    F: Future<Output = Result<Response<B>, E>> + Unpin,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let answered = ready!(Pin::new(&mut self.answering).poll(cx));
        Poll::Ready(answered.map(|mut response| {
            if let Some(says) = self.says.take() {
                response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, says);
            }
            response
        }))
    }
}

/// Drives a connection to its end, or to the end of patience, if there is one. What `closes` it lets it do what is under way; for
/// HTTP/2, whose clients are told which requests were taken, that is the process's leaving already.
///
/// Waiting for that and for the next look is begun once: to look at them with the connection would cost more than to
/// look up the answer.
async fn drive(connection: impl GracefulConnection, mut patience: Option<Patience>, closes: &Step) {
    let mut connection = pin!(connection);
    let mut told = pin!(closes.told.notified());
    let pause = patience.as_ref().map_or(Duration::MAX, |patience| patience.look);
    let mut look = pin!(sleep(pause));
    told.as_mut().enable();
    let (mut waits, mut closing) = (false, false);
    poll_fn(|cx| {
        if !waits {
            waits = true;
            // They wake this task; that they did is seen below.
            let _ = told.as_mut().poll(cx);
            let _ = look.as_mut().poll(cx);
        }
        if look.is_elapsed() {
            let now = Instant::now();
            if patience.as_mut().is_some_and(|patience| patience.is_over(now.into_std())) {
                return Poll::Ready(());
            }
            look.as_mut().reset(now + pause);
            let _ = look.as_mut().poll(cx);
        }
        if !closing && closes.has_come() {
            closing = true;
            connection.as_mut().graceful_shutdown();
        }
        connection.as_mut().poll(cx).map(|_| ())
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::io::{Read as _, Write as _};
    use std::time::Duration;

    use http_body_util::Full;
    use hyper::body::Bytes;
    use hyper::service::service_fn;
    use hyper::{Request, Response};
    use hyper_util::rt::TokioIo;

    use super::{Protocols, Step, drive};
    use crate::api::UnderWay;
    use crate::app::patience::tests::connected;
    use crate::app::patience::{Noting, Patience};

    #[tokio::test]
    async fn half_a_request_is_not_waited_for_for_ever() {
        let (mut client, server) = connected().await;
        client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTT").expect("sent");
        let io = Noting::new(TokioIo::new(server));
        let patience = Patience::with(&io, UnderWay::default()).short(Duration::from_millis(10));
        let answer = |_: Request<_>| async { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from("pie")))) };
        // Ends, though neither the client nor the process does.
        drive(Protocols::new().http1.serve_connection(io, service_fn(answer)), Some(patience), &Step::default()).await;
        let mut got = String::new();
        let _ = client.read_to_string(&mut got);
        assert!(got.ends_with("pie"), "{got}");
    }
}
