//! The first look at a request: one that was answered before is answered at once, without parsing,
//! routing or waiting. Everything else goes on to the routes.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response};
use axum::routing::future::RouteFuture;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::service::Service;
use tower::Service as _;

use super::media::{Whole, takes_webp, wants_whole};
use super::reply::{self, Conditions, Policy, Source};
use super::under_way::{One, Routed, UnderWay};
use super::{Api, tidy};
use crate::account::AddressRange;
use crate::auth::proxies::{Peer, Proxies};
use crate::content::media::MEDIA;
use crate::metrics::Metrics;

/// A request as it was sent, before it was tidied: what it will be recognised by.
#[derive(Clone, Debug, Default)]
pub(super) struct AsSent {
    /// Path and query.
    pub(super) line: String,
    /// The `Authorization` header.
    pub(super) authorization: Vec<u8>,
    /// The methods of its route, once that is found.
    pub(super) allow: Option<&'static HeaderValue>,
    /// Whether a proxy says that it passes it on, believed or not.
    pub(super) passed_on: bool,
}

/// Answers the requests of a connection.
#[derive(Clone)]
pub struct Door {
    api: Api,
    routes: Router,
    proxies: Proxies,
    peer: Option<Peer>,
    /// Where the client is, as far as that is noted of tokens; unknown behind a proxy that is believed.
    range: AddressRange,
    under_way: UnderWay,
}

/// A body that is at hand, or one of the routes'.
pub(super) type AnyBody = Either<Full<Bytes>, Routed>;

impl Door {
    /// In front of these routes.
    pub fn new(api: Api, routes: Router) -> Self {
        let (proxies, range) = (Proxies::default(), AddressRange::UNKNOWN);
        Self { api, routes, proxies, peer: None, range, under_way: UnderWay::default() }
    }

    /// The same door, which believes these proxies.
    #[must_use]
    pub fn behind(self, proxies: Proxies) -> Self {
        Self { proxies, ..self }
    }

    /// The proxies that it believes.
    pub fn proxies(&self) -> &Proxies {
        &self.proxies
    }

    /// The same door, for one connection.
    pub fn for_peer(&self, peer: Peer) -> Self {
        let address = peer.address.ip();
        let range = if self.proxies.are_at(address) { AddressRange::UNKNOWN } else { AddressRange::of(address) };
        Self { peer: Some(peer), range, under_way: UnderWay::default(), ..self.clone() }
    }

    /// The requests that the routes are answering on this connection.
    pub fn under_way(&self) -> UnderWay {
        self.under_way.clone()
    }

    /// The answer to a request that was answered before.
    fn repeated(&self, request: &Request<Incoming>) -> Option<Response<AnyBody>> {
        let head = *request.method() == Method::HEAD;
        if !head && *request.method() != Method::GET {
            return None;
        }
        let line = request.uri().path_and_query()?.as_str();
        if line.starts_with(MEDIA) {
            return self.picture(line, head, request.headers());
        }
        let authorization = request.headers().get(AUTHORIZATION).map_or(&[][..], HeaderValue::as_bytes);
        let (known, answer) = self.api.delivery.repeated(line, authorization)?;
        known.used.note(self.range);
        let policy = if known.by_header { Policy::Private } else { Policy::Shared };
        let conditions = Conditions::of(request.headers());
        if conditions.await_form_of(&answer) {
            return None;
        }
        let source = Source::of_kept(&self.api, &answer);
        let mut sent = reply::answer(&answer, source, &conditions, policy, known.allow);
        let body = if head {
            sent.headers.insert(CONTENT_LENGTH, HeaderValue::from(sent.body.len()));
            Bytes::new()
        } else {
            sent.body
        };
        let mut response = Response::new(Either::Left(Full::new(body)));
        *response.status_mut() = sent.status;
        *response.headers_mut() = sent.headers;
        Some(response)
    }

    /// A whole picture that the same request was answered with before.
    fn picture(&self, line: &str, head: bool, headers: &HeaderMap) -> Option<Response<AnyBody>> {
        if !wants_whole(headers) {
            return None;
        }
        let turn = self.api.delivery.files_turn();
        let Whole { mut headers, bytes } = self.api.pictures.repeated(line, takes_webp(headers), turn)?;
        let body = if head {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            Bytes::new()
        } else {
            bytes
        };
        let mut response = Response::new(Either::Left(Full::new(body)));
        *response.headers_mut() = headers;
        Some(response)
    }
}

impl Service<Request<Incoming>> for Door {
    type Response = Response<AnyBody>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, mut request: Request<Incoming>) -> Answering {
        if let Some(response) = self.repeated(&request) {
            self.api.metrics.answered.count(response.status().as_u16());
            return Answering::Repeated(ready(Ok(response)));
        }
        let line = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        let authorization = request.headers().get(AUTHORIZATION).map(|value| value.as_bytes().to_vec());
        let passed_on = Proxies::pass_on(request.headers());
        let sent = AsSent { line, authorization: authorization.unwrap_or_default(), allow: None, passed_on };
        request.extensions_mut().insert(sent);
        if let Some(peer) = self.peer {
            let uri = request.uri().clone();
            let client = self.proxies.settle(peer, &uri, request.headers_mut());
            request.extensions_mut().insert(ConnectInfo(client));
        }
        let answering = self.routes.clone().call(tidy(request.map(Body::new)));
        Answering::Routed(answering, Some(self.under_way.one_more()), self.api.metrics.clone())
    }
}

/// An answer that is there or under way.
pub enum Answering {
    /// There.
    Repeated(Ready<Result<Response<AnyBody>, Infallible>>),
    /// Under way; the answer's body takes over that it is.
    Routed(RouteFuture<Infallible>, Option<One>, Arc<Metrics>),
}

impl Future for Answering {
    type Output = Result<Response<AnyBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Repeated(ready) => Pin::new(ready).poll(cx),
            Self::Routed(routed, one, metrics) => Pin::new(routed).poll(cx).map_ok(|response| {
                metrics.answered.count(response.status().as_u16());
                let request = one.take();
                response.map(|body| Either::Right(Routed { body, request }))
            }),
        }
    }
}
