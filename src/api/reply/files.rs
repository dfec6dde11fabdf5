//! The headers of pictures and files.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{for_cdn, insert};
use crate::api::media::Range;
use crate::content::key::Key;
use crate::delivery::{Edge, File};

/// What browsers may do with a file that could hold scripts.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox");
const X_LARDER_SKIPPED: HeaderName = HeaderName::from_static("x-larder-skipped");

/// The address names the version: the bytes behind it never change.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// The file may be replaced. Browsers ask again soon, and CDNs are told.
const SOON: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// What others are refused.
const PRIVATELY: HeaderValue = HeaderValue::from_static("private, max-age=300");

/// What the headers say of a file.
pub(in crate::api) struct Facts {
    /// The file of the library.
    pub(in crate::api) file: Arc<File>,
    /// What its `ETag` says.
    pub(in crate::api) tag: String,
    /// The media type of what is sent.
    pub(in crate::api) kind: String,
    /// Whether what is sent was made of the file.
    pub(in crate::api) made: bool,
    /// Whether the address names the version.
    pub(in crate::api) forever: bool,
    /// Whether other clients are sent something else.
    pub(in crate::api) by_client: bool,
    /// Whether only the one who asks may have it.
    pub(in crate::api) personal: bool,
    /// Tasks that were asked for and left out.
    pub(in crate::api) skipped: Vec<&'static str>,
    /// What CDNs are told.
    pub(in crate::api) edge: Arc<Edge>,
}

impl Facts {
    /// Of a file that is sent as it is.
    pub(in crate::api) fn of(file: &Arc<File>, edge: Arc<Edge>) -> Self {
        Self {
            file: file.clone(),
            edge,
            tag: file.hash.clone(),
            kind: file.kind.clone(),
            made: false,
            forever: false,
            by_client: false,
            personal: false,
            skipped: Vec::new(),
        }
    }

    /// What it is called when it is saved.
    fn name(&self) -> String {
        let name = &self.file.name;
        let ending = self.kind.rsplit('/').next().unwrap_or_default();
        match name.rsplit_once('.') {
            Some((stem, _)) if self.made => format!("{stem}.{ending}"),
            None if self.made => format!("{name}.{ending}"),
            _ => name.clone(),
        }
    }
}

/// A file, or with a range and the file's length a part of it.
pub(in crate::api) fn file(facts: &Facts, part: Option<(Range, u64)>, body: Body) -> Response {
    let mut headers = file_headers(facts);
    let kind = HeaderValue::from_str(&facts.kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_TYPE, kind);
    let name = facts.name();
    let name = utf8_percent_encode(&name, NON_ALPHANUMERIC);
    insert(&mut headers, CONTENT_DISPOSITION, &format!("inline; filename*=UTF-8''{name}").into());
    if may_hold_scripts(&facts.kind) {
        headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    }
    let status = match part {
        Some((part, length)) => {
            insert(&mut headers, CONTENT_RANGE, &format!("bytes {}-{}/{length}", part.start, part.end).into());
            StatusCode::PARTIAL_CONTENT
        }
        None => StatusCode::OK,
    };
    (status, headers, body).into_response()
}

/// The client has the file already.
pub(in crate::api) fn file_unchanged(facts: &Facts) -> Response {
    (StatusCode::NOT_MODIFIED, file_headers(facts)).into_response()
}

/// The range lies outside of a file of this length.
pub(in crate::api) fn outside_of_file(mut refusal: Response, length: u64) -> Response {
    insert(refusal.headers_mut(), CONTENT_RANGE, &format!("bytes */{length}").into());
    refusal
}

/// What files of all kinds are sent with.
fn file_headers(facts: &Facts) -> HeaderMap {
    let mut headers = HeaderMap::new();
    insert(&mut headers, ETAG, &format!("\"{}\"", facts.tag).into());
    if facts.personal {
        headers.insert(CACHE_CONTROL, PRIVATELY);
    } else {
        headers.insert(CACHE_CONTROL, if facts.forever { FOREVER } else { SOON });
        for_cdn(&mut headers, &facts.edge.until_purged);
    }
    // An import, and what nobody remembers singly, touches the model's key alone.
    headers.insert(&facts.edge.keys, facts.edge.line(&[Key::Media(facts.file.id.clone()), Key::Model]));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if facts.by_client {
        headers.insert(VARY, HeaderValue::from_static("Accept"));
    }
    if !facts.skipped.is_empty() {
        insert(&mut headers, X_LARDER_SKIPPED, &facts.skipped.join(", ").into());
    }
    headers
}

/// Whether browsers run what is in a file of this type when it is opened by itself.
fn may_hold_scripts(kind: &str) -> bool {
    kind.contains("svg") || kind.contains("html") || kind.contains("xml")
}
