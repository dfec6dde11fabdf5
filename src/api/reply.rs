//! Every public header.

mod conditions;
mod files;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, REFERRER_POLICY, RETRY_AFTER, VARY, WARNING,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::Api;
use crate::delivery::{Answer, Encoding, Explained};

pub(super) use conditions::Conditions;
pub(super) use files::{file, file_unchanged, outside_of_file};

/// Methods of the routes that only read.
pub(super) const READ: &str = "GET, HEAD, OPTIONS";
/// Methods of the routes of lists that can grow.
pub(super) const LIST: &str = "GET, POST, HEAD, OPTIONS";
/// Methods of the routes of single things that can be changed.
pub(super) const ONE: &str = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";

/// Methods of the routes of uploads in pieces.
pub(super) const UPLOADS: &str = "GET, POST, PATCH, DELETE, HEAD, OPTIONS";

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const SURROGATE_CONTROL: HeaderName = HeaderName::from_static("surrogate-control");
const CDN_CACHE_CONTROL: HeaderName = HeaderName::from_static("cdn-cache-control");
const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
const X_CACHE: HeaderName = HeaderName::from_static("x-cache");

/// What a CDN may do with an answer until it is purged.
const UNTIL_PURGED: HeaderValue = HeaderValue::from_static("max-age=31536000, stale-if-error=604800");
/// What a CDN may do with a "not found" that is purged when it ends, but may be one of very many.
const BRIEFLY: HeaderValue = HeaderValue::from_static("max-age=60");

/// Who may keep an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    /// Everybody, until it is purged.
    Shared,
    /// The client.
    Private,
    /// Nobody.
    NoStore,
}

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// It was at hand.
    Kept,
    /// It was at hand, and is known to be old.
    Stale,
    /// It was made for this request, or for one that asked the same at the same time.
    Made,
}

impl Source {
    /// Of an answer that was at hand.
    pub(super) fn of_kept(api: &Api, answer: &Answer) -> Self {
        if api.delivery.is_stale(answer) { Self::Stale } else { Self::Kept }
    }

    fn name(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Kept => "HIT",
            Self::Stale => "STALE",
            Self::Made => "MISS",
        })
    }
}

/// An answer as it goes out: everything but the headers that every answer carries.
pub(super) struct Sent {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// Empty when the client has the body already.
    pub(super) body: Bytes,
}

impl IntoResponse for Sent {
    fn into_response(self) -> Response {
        (self.status, self.headers, self.body).into_response()
    }
}

/// Sends an answer, or says that the client has it already. The headers are put into `room`, an empty map.
pub(super) fn answer(
    answer: &Answer,
    source: Source,
    conditions: &Conditions,
    policy: Policy,
    room: HeaderMap,
) -> Sent {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut headers = room;
    headers.insert(X_CACHE, source.name());
    if source == Source::Stale {
        headers.insert(WARNING, HeaderValue::from_static("110 - \"Response is Stale\""));
    }
    let plain = || answer.encoded(Encoding::Identity).unwrap_or_default();
    if status != StatusCode::OK {
        headers.insert(CONTENT_TYPE, JSON);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::NOT_FOUND && policy == Policy::Shared {
            for_cdn(&mut headers, BRIEFLY, &answer.surrogates);
        }
        return Sent { status, headers, body: plain() };
    }
    headers.insert(CACHE_CONTROL, policy.for_clients());
    if policy == Policy::Shared {
        for_cdn(&mut headers, UNTIL_PURGED, &answer.surrogates);
    }
    // A body that is still being compressed is sent plain.
    let (encoding, body) = match answer.encoded(conditions.encoding) {
        Some(body) => (conditions.encoding, body),
        None => (Encoding::Identity, plain()),
    };
    headers.insert(ETAG, answer.tag(encoding));
    if conditions.holds(answer.etag()) {
        return Sent { status: StatusCode::NOT_MODIFIED, headers, body: Bytes::new() };
    }
    headers.insert(CONTENT_TYPE, JSON);
    if encoding != Encoding::Identity {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    Sent { status, headers, body }
}

impl Policy {
    fn for_clients(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Shared => "no-cache",
            Self::Private => "private, no-cache",
            Self::NoStore => "no-store",
        })
    }
}

fn for_cdn(headers: &mut HeaderMap, control: HeaderValue, surrogates: &HeaderValue) {
    headers.insert(SURROGATE_KEY, surrogates.clone());
    headers.insert(SURROGATE_CONTROL, control.clone());
    headers.insert(CDN_CACHE_CONTROL, control);
}

/// A header made of text; one that no header can hold is left out.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &Bytes) {
    if let Ok(value) = HeaderValue::from_maybe_shared(value.clone()) {
        headers.insert(name, value);
    }
}

/// An error.
pub(super) fn refusal(status: StatusCode, body: &Value, retry_after: Option<u32>) -> Response {
    let mut response = json(status, body);
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Token"));
    }
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// An answer with how it came about, which nobody may keep.
pub(super) fn explained(explained: &Explained) -> Response {
    json(StatusCode::from_u16(explained.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &explained.json)
}

/// What a change that was made is answered with; `says` follows the status.
pub(super) fn accepted(says: Map<String, Value>) -> Response {
    let mut body = Map::from_iter([("status".to_owned(), Value::from("pending"))]);
    body.extend(says);
    json(StatusCode::ACCEPTED, &Value::Object(body))
}

/// What is known of a file, or of several.
pub(super) fn facts(status: StatusCode, facts: &Value) -> Response {
    json(status, facts)
}

/// What a deletion that was made is answered with.
pub(super) fn deleted() -> Response {
    (StatusCode::NO_CONTENT, [(CACHE_CONTROL, "no-store")]).into_response()
}

/// How the process does.
pub(super) fn health(status: StatusCode, text: &str) -> Response {
    json(status, &json!({"status": text}))
}

/// That reads are answered, and how writes do.
pub(super) fn ready(writes: &str) -> Response {
    json(StatusCode::OK, &json!({"status": "ready", "writes": writes}))
}

fn json(status: StatusCode, body: &Value) -> Response {
    let headers = [(CONTENT_TYPE, JSON), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, headers, Body::from(body.to_string())).into_response()
}

/// What browsers ask before a request of another site's page.
pub(super) fn preflight() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, content-type, x-butter-client, accept, accept-encoding, if-none-match",
        ),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::OK, headers, ()).into_response()
}

/// Adds what every answer below `/v2` carries.
pub(super) fn finish(response: &mut Response, allow: &'static str) {
    let anonymous = response.status() == StatusCode::UNAUTHORIZED;
    common(response.headers_mut(), allow, anonymous);
}

/// See [`finish`].
pub(super) fn common(headers: &mut HeaderMap, allow: &'static str, anonymous: bool) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ALLOW, HeaderValue::from_static(allow));
    headers.insert(VARY, HeaderValue::from_static(if anonymous { "Origin" } else { "Origin, Accept-Encoding" }));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
}

/// Whether a response is one that axum itself made of a request it could not read.
pub(super) fn is_of_framework(response: &Response) -> bool {
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    is_error && response.headers().get(CONTENT_TYPE) != Some(&JSON)
}
