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
use serde_json::{Map, Value};

use super::Api;
use crate::content::moment::Moment;
use crate::delivery::{Answer, Bygone, Edge, Encoding, Explained};

pub(super) use conditions::Conditions;
pub(super) use files::{Facts, file, file_unchanged, outside_of_file};

/// Methods of the routes that only read.
pub(super) static READ: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
/// Methods of the routes of lists that can grow.
pub(super) static LIST: HeaderValue = HeaderValue::from_static("GET, POST, HEAD, OPTIONS");
/// Methods of the routes of single things that can be changed.
pub(super) static ONE: HeaderValue = HeaderValue::from_static("GET, PUT, PATCH, DELETE, HEAD, OPTIONS");

/// Methods of the routes of uploads in pieces.
pub(super) static UPLOADS: HeaderValue = HeaderValue::from_static("GET, POST, PATCH, DELETE, HEAD, OPTIONS");

/// Methods of the route that signs addresses.
pub(super) static SIGN: HeaderValue = HeaderValue::from_static("POST, OPTIONS");

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const SURROGATE_CONTROL: HeaderName = HeaderName::from_static("surrogate-control");
const CDN_CACHE_CONTROL: HeaderName = HeaderName::from_static("cdn-cache-control");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// The moment whose answer this is, and whether that is on record or told from the history.
const LARDER_AS_OF: HeaderName = HeaderName::from_static("larder-as-of");
const LARDER_HISTORY: HeaderName = HeaderName::from_static("larder-history");
const X_CACHE: HeaderName = HeaderName::from_static("x-cache");

/// Of an answer that was at hand.
const HIT: HeaderValue = HeaderValue::from_static("HIT");

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

impl Policy {
    const ALL: [Self; 3] = [Self::Shared, Self::Private, Self::NoStore];

    fn for_clients(self) -> HeaderValue {
        match self {
            Self::Shared => const { HeaderValue::from_static("no-cache") },
            Self::Private => const { HeaderValue::from_static("private, no-cache") },
            Self::NoStore => const { HeaderValue::from_static("no-store") },
        }
    }
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
    /// Of an answer that was at hand and is sent, which is counted.
    pub(super) fn of_kept(api: &Api, answer: &Answer) -> Self {
        let stale = api.delivery.is_stale(answer);
        api.delivery.counts().count_kept(stale);
        if stale { Self::Stale } else { Self::Kept }
    }

    /// Says so in headers that take the answer for one that was at hand.
    fn note(self, headers: &mut HeaderMap) {
        match self {
            Self::Kept => {}
            Self::Stale => {
                headers.insert(X_CACHE, HeaderValue::from_static("STALE"));
                headers.insert(WARNING, HeaderValue::from_static("110 - \"Response is Stale\""));
            }
            Self::Made => {
                headers.insert(X_CACHE, HeaderValue::from_static("MISS"));
            }
        }
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

/// Sends an answer to whoever asked at a route with the methods `allow`, or says that the client has it already.
pub(super) fn answer(
    answer: &Answer,
    source: Source,
    conditions: &Conditions,
    policy: Policy,
    allow: &HeaderValue,
) -> Sent {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let plain = || answer.encoded(Encoding::Identity).unwrap_or_default();
    if status != StatusCode::OK {
        let mut headers = no_content(answer, status, policy, allow);
        source.note(&mut headers);
        return Sent { status, headers, body: plain() };
    }
    let (encoding, body) = match answer.encoded(conditions.encoding) {
        Some(body) => (conditions.encoding, body),
        None => (Encoding::Identity, plain()),
    };
    let mut headers = usual(&answer.edge)[policy as usize][encoding as usize].clone();
    source.note(&mut headers);
    headers.insert(ALLOW, allow.clone());
    headers.insert(ETAG, answer.tag(encoding));
    if policy == Policy::Shared {
        headers.insert(&answer.edge.keys, answer.surrogates.clone());
        // A body that is still being compressed is sent plain, which a CDN shall not go on doing.
        if encoding != conditions.encoding && answer.is_being_compressed() {
            for_cdn(&mut headers, &answer.edge.briefly);
        }
    }
    if conditions.holds(|| answer.etag()) {
        headers.remove(CONTENT_TYPE);
        headers.remove(CONTENT_ENCODING);
        return Sent { status: StatusCode::NOT_MODIFIED, headers, body: Bytes::new() };
    }
    Sent { status, headers, body }
}

/// What answers with content carry, by policy and encoding, as if they were one that was at hand. Filled in once for
/// all answers that tell a CDN the same: to copy a map of headers costs half of filling it. Methods, tag and keys make
/// room for each answer's own.
fn usual(edge: &Edge) -> &[[HeaderMap; 3]; 3] {
    edge.prepared
        .get_or_init(|| Policy::ALL.map(|policy| Encoding::ALL.map(|encoding| usual_of(edge, policy, encoding))))
}

fn usual_of(edge: &Edge, policy: Policy, encoding: Encoding) -> HeaderMap {
    const ITS_OWN: HeaderValue = HeaderValue::from_static("");
    let mut headers = HeaderMap::new();
    headers.insert(X_CACHE, HIT);
    common(&mut headers, &ITS_OWN, false);
    headers.insert(CACHE_CONTROL, policy.for_clients());
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(ETAG, ITS_OWN);
    if policy == Policy::Shared {
        headers.insert(&edge.keys, ITS_OWN);
        for_cdn(&mut headers, &edge.until_purged);
    }
    if encoding != Encoding::Identity {
        headers.insert(CONTENT_ENCODING, name_of(encoding));
    }
    headers
}

/// What an answer carries that says there is no content.
fn no_content(answer: &Answer, status: StatusCode, policy: Policy, allow: &HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(X_CACHE, HIT);
    common(&mut headers, allow, false);
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::NOT_FOUND && policy == Policy::Shared {
        headers.insert(&answer.edge.keys, answer.surrogates.clone());
        for_cdn(&mut headers, &answer.edge.briefly);
    }
    headers
}

/// Sends the text that is an answer's `data` as it is, not compressed.
pub(super) fn text(
    answer: &Answer,
    source: Source,
    conditions: &Conditions,
    policy: Policy,
    kind: &'static str,
) -> Response {
    let mut sent = self::answer(answer, source, &conditions.plain(), policy, &READ);
    if sent.status == StatusCode::OK {
        let json: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        sent.body = json["data"].as_str().unwrap_or_default().to_owned().into();
        sent.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    sent.into_response()
}

/// Its name in `Content-Encoding`.
fn name_of(encoding: Encoding) -> HeaderValue {
    match encoding {
        Encoding::Identity => const { HeaderValue::from_static(Encoding::Identity.name()) },
        Encoding::Gzip => const { HeaderValue::from_static(Encoding::Gzip.name()) },
        Encoding::Brotli => const { HeaderValue::from_static(Encoding::Brotli.name()) },
    }
}

fn for_cdn(headers: &mut HeaderMap, control: &HeaderValue) {
    headers.insert(SURROGATE_CONTROL, control.clone());
    headers.insert(CDN_CACHE_CONTROL, control.clone());
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

/// Of a response that is for one person: pages of other sites may not read it.
#[derive(Clone)]
struct Personal;

/// An answer with how it came about, which nobody may keep. A `personal` one was asked for with a cookie,
/// which browsers send along whatever page asks.
pub(super) fn explained(explained: &Explained, personal: bool) -> Response {
    let status = StatusCode::from_u16(explained.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json(status, &explained.json);
    if personal {
        make_personal(&mut response);
    }
    response
}

/// An answer as it was at a moment, which nobody may keep; `personal` as for [`explained`], `kind` as for [`text`].
pub(super) fn bygone(
    bygone: &Bygone,
    at: Moment,
    conditions: &Conditions,
    personal: bool,
    kind: Option<&'static str>,
) -> Response {
    let (past, policy) = (&bygone.answer, Policy::NoStore);
    let mut response = match kind {
        Some(kind) => text(past, Source::Made, conditions, policy, kind),
        None => answer(past, Source::Made, conditions, policy, &READ).into_response(),
    };
    let headers = response.headers_mut();
    insert(headers, LARDER_AS_OF, &at.to_string().into());
    let known = if bygone.exact { "recorded" } else { "reconstructed" };
    headers.insert(LARDER_HISTORY, HeaderValue::from_static(known));
    if personal {
        make_personal(&mut response);
    }
    response
}

/// Marks a response as being for one person.
fn make_personal(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    response.extensions_mut().insert(Personal);
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

/// How the process does, and what there is to say of its `parts`.
pub(super) fn health(well: bool, status: &str, parts: Map<String, Value>) -> Response {
    let mut body = Map::from_iter([("status".to_owned(), Value::from(status))]);
    body.extend(parts);
    json(if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &Value::Object(body))
}

/// Numbers as Prometheus reads them.
pub(super) fn metrics(text: String) -> Response {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, HeaderValue::from_static("no-store"))], text).into_response()
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
pub(super) fn finish(response: &mut Response, allow: &HeaderValue) {
    let anonymous = response.status() == StatusCode::UNAUTHORIZED;
    common(response.headers_mut(), allow, anonymous);
    if response.extensions().get::<Personal>().is_some() {
        response.headers_mut().remove(ACCESS_CONTROL_ALLOW_ORIGIN);
    }
}

/// See [`finish`]. The values are checked when this is compiled, not for each answer.
fn common(headers: &mut HeaderMap, allow: &HeaderValue, anonymous: bool) {
    const VARIES: HeaderValue = HeaderValue::from_static("Origin, Accept-Encoding");
    const VARIES_LITTLE: HeaderValue = HeaderValue::from_static("Origin");
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, const { HeaderValue::from_static("*") });
    headers.insert(ALLOW, allow.clone());
    headers.insert(VARY, if anonymous { VARIES_LITTLE } else { VARIES });
    headers.insert(X_CONTENT_TYPE_OPTIONS, const { HeaderValue::from_static("nosniff") });
    headers.insert(X_FRAME_OPTIONS, const { HeaderValue::from_static("DENY") });
    headers.insert(REFERRER_POLICY, const { HeaderValue::from_static("same-origin") });
}

/// Whether a response is one that axum itself made of a request it could not read.
pub(super) fn is_of_framework(response: &Response) -> bool {
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    is_error && response.headers().get(CONTENT_TYPE) != Some(&JSON)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG};
    use axum::http::{HeaderMap, HeaderValue};
    use serde_json::json;

    use super::{Conditions, Policy, READ, SURROGATE_CONTROL, Source, answer};
    use crate::delivery::{Answer, Edge};

    fn sent(of: &Answer, accepted: &'static str) -> [Option<HeaderValue>; 3] {
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
        let mut sent = answer(of, Source::Kept, &Conditions::of(&headers), Policy::Shared, &READ);
        [CONTENT_ENCODING, ETAG, SURROGATE_CONTROL].map(|name| sent.headers.remove(name))
    }

    #[test]
    fn what_is_still_being_compressed_is_sent_plain_and_not_kept_so_by_cdns() {
        let edge = Arc::new(Edge::default());
        let (until_purged, briefly) = (Some(edge.until_purged.clone()), Some(edge.briefly.clone()));
        let answer = Answer::new(200, &json!({"data": "pie ".repeat(500)}), &BTreeSet::new(), &edge);
        let tag = |suffix: &str| HeaderValue::try_from(format!("\"{}{suffix}\"", answer.etag())).ok();
        assert_eq!(sent(&answer, "gzip"), [None, tag(""), briefly]);
        assert_eq!(sent(&answer, "identity"), [None, tag(""), until_purged.clone()]);
        answer.compress();
        let gzip = Some(HeaderValue::from_static("gzip"));
        assert_eq!(sent(&answer, "gzip"), [gzip, tag("-gzip"), until_purged.clone()]);
        let short = Answer::new(200, &json!({"data": "pie"}), &BTreeSet::new(), &edge);
        assert_eq!(sent(&short, "gzip")[2], until_purged, "it stays as it is");
    }
}
