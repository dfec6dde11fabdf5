//! Every public header.

mod conditions;
mod files;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, REFERRER_POLICY, RETRY_AFTER, VARY, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::content::key::Key;
use crate::delivery::{Answer, Encoding};

pub(super) use conditions::Conditions;
pub(super) use files::{file, file_unchanged, outside_of_file};

/// Methods of the routes that only read.
pub(super) const READ: &str = "GET, HEAD, OPTIONS";
/// Methods of the routes of lists that can grow.
pub(super) const LIST: &str = "GET, POST, HEAD, OPTIONS";
/// Methods of the routes of single things that can be changed.
pub(super) const ONE: &str = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const SURROGATE_CONTROL: HeaderName = HeaderName::from_static("surrogate-control");
const CDN_CACHE_CONTROL: HeaderName = HeaderName::from_static("cdn-cache-control");
const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");

/// What a CDN may do with an answer until it is purged.
const UNTIL_PURGED: HeaderValue = HeaderValue::from_static("max-age=31536000, stale-if-error=604800");
/// What a CDN may do with a "not found" that is purged when it ends, but may be one of very many.
const BRIEFLY: HeaderValue = HeaderValue::from_static("max-age=60");
/// The longest list of keys that CDNs take.
const MAX_KEYS: usize = 8 * 1024;

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

/// Sends an answer, or says that the client has it already.
pub(super) fn answer(answer: &Answer, conditions: &Conditions, policy: Policy) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, JSON);
    if status != StatusCode::OK {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::NOT_FOUND && policy == Policy::Shared {
            for_cdn(&mut headers, BRIEFLY, &answer.keys);
        }
        return (status, headers, answer.body.clone()).into_response();
    }
    keep(&mut headers, policy, &answer.keys);
    // A body that is still being compressed is sent plain.
    let (encoding, body) = match answer.encoded(conditions.encoding) {
        Some(body) => (conditions.encoding, body),
        None => (Encoding::Identity, &answer.body),
    };
    insert(&mut headers, ETAG, &format!("\"{}{}\"", answer.etag, conditions::suffix(encoding)));
    if conditions.holds(&answer.etag) {
        headers.remove(CONTENT_TYPE);
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    match encoding {
        Encoding::Identity => {}
        Encoding::Gzip => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        Encoding::Brotli => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
    }
    (status, headers, body.clone()).into_response()
}

fn keep(headers: &mut HeaderMap, policy: Policy, keys: &BTreeSet<Key>) {
    let for_clients = match policy {
        Policy::Shared => "no-cache",
        Policy::Private => "private, no-cache",
        Policy::NoStore => "no-store",
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(for_clients));
    if policy == Policy::Shared {
        for_cdn(headers, UNTIL_PURGED, keys);
    }
}

fn for_cdn(headers: &mut HeaderMap, control: HeaderValue, keys: &BTreeSet<Key>) {
    insert(headers, SURROGATE_KEY, &surrogate_keys(keys));
    headers.insert(SURROGATE_CONTROL, control.clone());
    headers.insert(CDN_CACHE_CONTROL, control);
}

/// The keys as a header's value; of an answer with too many, coarse ones that every change touches too.
fn surrogate_keys(keys: &BTreeSet<Key>) -> String {
    let coarse = |key: &&Key| matches!(key, Key::Schema(_));
    let all = spelled(keys.iter().filter(|key| !coarse(key)));
    if all.len() <= MAX_KEYS { all } else { spelled(keys.iter().filter(|key| coarse(key) || !is_of_schema(key))) }
}

fn spelled<'k>(keys: impl Iterator<Item = &'k Key>) -> String {
    keys.map(Key::to_string).collect::<Vec<_>>().join(" ")
}

/// Whether a change that touches this key touches the key of a schema too.
fn is_of_schema(key: &Key) -> bool {
    matches!(key, Key::Entry(_) | Key::List { .. } | Key::Search(..) | Key::Beside(_) | Key::Slug(_))
}

/// A header made of text; one that no header can hold is left out.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
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

/// What a change that was made is answered with; `says` follows the status.
pub(super) fn accepted(says: Map<String, Value>) -> Response {
    let mut body = Map::from_iter([("status".to_owned(), Value::from("pending"))]);
    body.extend(says);
    json(StatusCode::ACCEPTED, &Value::Object(body))
}

/// What a deletion that was made is answered with.
pub(super) fn deleted() -> Response {
    (StatusCode::NO_CONTENT, [(CACHE_CONTROL, "no-store")]).into_response()
}

/// How the process does.
pub(super) fn health(status: StatusCode, text: &str) -> Response {
    json(status, &json!({"status": text}))
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
    let headers = response.headers_mut();
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::surrogate_keys;
    use crate::content::definition::BLOG;
    use crate::content::entry::EntryId;
    use crate::content::key::Key;

    #[test]
    fn too_many_keys_fall_back_to_those_of_lists() {
        let mut keys: BTreeSet<Key> = (0..2000).map(|id| Key::Entry(EntryId(id))).collect();
        keys.insert(Key::Schema(BLOG));
        keys.insert(Key::Model);
        assert_eq!(surrogate_keys(&keys), "schema-1 model");
    }
}
