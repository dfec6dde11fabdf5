//! Every public header.

use std::collections::BTreeSet;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION,
    CONTENT_ENCODING, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
    RETRY_AFTER, VARY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::media::{FileBody, Range};
use crate::content::key::Key;
use crate::delivery::{Answer, File};

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
/// What browsers may do with a file that could hold scripts.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox");
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

/// The headers of a request that decide how an answer is sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Conditions {
    if_none_match: Option<String>,
    gzip: bool,
}

impl Conditions {
    /// Reads them.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self { if_none_match: joined(headers, &IF_NONE_MATCH), gzip: accepts_gzip(headers) }
    }

    fn holds(&self, etag: &str) -> bool {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').trim_end_matches("-gzip").to_owned();
        self.if_none_match.as_deref().is_some_and(|tags| tags.split(',').any(|tag| bare(tag) == etag || tag.trim() == "*"))
    }
}

/// All values of a header as one list.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// Whether gzip is welcome at least as much as no encoding at all.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let Some(accepted) = joined(headers, &ACCEPT_ENCODING) else { return false };
    let (mut gzip, mut any, mut identity) = (None, None, 0.0);
    for one in accepted.split(',') {
        let (coding, parameters) = one.split_once(';').unwrap_or((one, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
        match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => gzip = Some(weight),
            "*" => any = Some(weight),
            "identity" => identity = weight,
            _ => {}
        }
    }
    let weight = gzip.or(any).unwrap_or(0.0);
    weight > 0.0 && weight >= identity
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
    let compressed = answer.gzip.clone().filter(|_| conditions.gzip);
    let suffix = if compressed.is_some() { "-gzip" } else { "" };
    insert(&mut headers, ETAG, &format!("\"{}{suffix}\"", answer.etag));
    if conditions.holds(&answer.etag) {
        headers.remove(CONTENT_TYPE);
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let body: Bytes = match compressed {
        Some(compressed) => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            compressed
        }
        None => answer.body.clone(),
    };
    (status, headers, body).into_response()
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

/// The keys as a header's value; of an answer with too many, those of lists, which every change to a
/// member touches too.
fn surrogate_keys(keys: &BTreeSet<Key>) -> String {
    let all = spelled(keys.iter());
    if all.len() <= MAX_KEYS { all } else { spelled(keys.iter().filter(|key| !is_of_one(key))) }
}

fn spelled<'k>(keys: impl Iterator<Item = &'k Key>) -> String {
    keys.map(Key::to_string).collect::<Vec<_>>().join(" ")
}

fn is_of_one(key: &Key) -> bool {
    matches!(
        key,
        Key::Entry(_) | Key::Author(_) | Key::Category(_) | Key::Tag(_) | Key::Slug(_) | Key::Media(_)
    )
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

/// A file, or with a range and the file's length a part of it.
pub(super) fn file(file: &File, part: Option<(Range, u64)>, body: FileBody) -> Response {
    let mut headers = file_headers(file);
    let kind = HeaderValue::from_str(&file.kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_TYPE, kind);
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    insert(&mut headers, CONTENT_DISPOSITION, &format!("inline; filename*=UTF-8''{name}"));
    if may_hold_scripts(&file.kind) {
        headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    }
    let status = match part {
        Some((part, length)) => {
            insert(&mut headers, CONTENT_RANGE, &format!("bytes {}-{}/{length}", part.start, part.end));
            StatusCode::PARTIAL_CONTENT
        }
        None => StatusCode::OK,
    };
    (status, headers, Body::new(body)).into_response()
}

/// The client has the file already.
pub(super) fn file_unchanged(file: &File) -> Response {
    (StatusCode::NOT_MODIFIED, file_headers(file)).into_response()
}

/// The range lies outside of a file of this length.
pub(super) fn outside_of_file(mut refusal: Response, length: u64) -> Response {
    insert(refusal.headers_mut(), CONTENT_RANGE, &format!("bytes */{length}"));
    refusal
}

/// What files of all kinds are sent with. The bytes behind an address never change.
fn file_headers(file: &File) -> HeaderMap {
    let mut headers = HeaderMap::new();
    insert(&mut headers, ETAG, &format!("\"{}\"", file.hash));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
}

/// Whether browsers run what is in a file of this type when it is opened by itself.
fn may_hold_scripts(kind: &str) -> bool {
    kind.contains("svg") || kind.contains("html") || kind.contains("xml")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::http::HeaderMap;
    use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};

    use super::{Conditions, surrogate_keys};
    use crate::content::entry::EntryId;
    use crate::content::key::Key;

    #[test]
    fn gzip_is_weighed() {
        let gzip = |accepted: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, accepted.parse().expect("a value"));
            Conditions::of(&headers).gzip
        };
        for yes in ["gzip", "br, GZIP;q=0.5", "*", "gzip, deflate, br", "identity;q=0.5, gzip"] {
            assert!(gzip(yes), "{yes}");
        }
        for no in ["", "identity", "gzip;q=0", "br", "*;q=0", "gzip;q=0, *", "gzip;q=0.5, identity"] {
            assert!(!gzip(no), "{no}");
        }
    }

    #[test]
    fn a_condition_holds_for_either_encoding() {
        let holds = |condition: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, condition.parse().expect("a value"));
            Conditions::of(&headers).holds("ab12")
        };
        for yes in ["\"ab12\"", "W/\"ab12\"", "\"ab12-gzip\"", "\"x\", \"ab12\"", "*"] {
            assert!(holds(yes), "{yes}");
        }
        assert!(!holds("\"ab\"") && !holds("\"ab123\""));
    }

    #[test]
    fn too_many_keys_fall_back_to_those_of_lists() {
        let mut keys: BTreeSet<Key> = (0..2000).map(|id| Key::Entry(EntryId(id))).collect();
        keys.insert(Key::Posts);
        keys.insert(Key::Model);
        assert_eq!(surrogate_keys(&keys), "posts model");
    }
}
