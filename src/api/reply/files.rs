//! The headers of pictures and files.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::insert;
use crate::api::media::{FileBody, Range};
use crate::delivery::File;

/// What browsers may do with a file that could hold scripts.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox");

/// A file, or with a range and the file's length a part of it.
pub(in crate::api) fn file(file: &File, part: Option<(Range, u64)>, body: FileBody) -> Response {
    let mut headers = file_headers(file);
    let kind = HeaderValue::from_str(&file.kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_TYPE, kind);
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    insert(&mut headers, CONTENT_DISPOSITION, &format!("inline; filename*=UTF-8''{name}").into());
    if may_hold_scripts(&file.kind) {
        headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    }
    let status = match part {
        Some((part, length)) => {
            insert(&mut headers, CONTENT_RANGE, &format!("bytes {}-{}/{length}", part.start, part.end).into());
            StatusCode::PARTIAL_CONTENT
        }
        None => StatusCode::OK,
    };
    (status, headers, Body::new(body)).into_response()
}

/// The client has the file already.
pub(in crate::api) fn file_unchanged(file: &File) -> Response {
    (StatusCode::NOT_MODIFIED, file_headers(file)).into_response()
}

/// The range lies outside of a file of this length.
pub(in crate::api) fn outside_of_file(mut refusal: Response, length: u64) -> Response {
    insert(refusal.headers_mut(), CONTENT_RANGE, &format!("bytes */{length}").into());
    refusal
}

/// What files of all kinds are sent with. The bytes behind an address never change.
fn file_headers(file: &File) -> HeaderMap {
    let mut headers = HeaderMap::new();
    insert(&mut headers, ETAG, &format!("\"{}\"", file.hash).into());
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
