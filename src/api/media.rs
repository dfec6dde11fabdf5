//! Serving pictures and files as they were uploaded.

mod body;
pub(super) mod library;
mod range;
pub(super) mod upload;
pub(super) mod uploads;

use std::fs::File as Handle;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{IF_NONE_MATCH, IF_RANGE, RANGE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse as _, Response};

use super::error::Refusal;
use super::{Api, reply};
use crate::delivery::File;

pub(super) use body::FileBody;
pub(super) use range::Range;
use range::Wanted;

/// `GET /media/{id}`
pub(super) async fn show(State(api): State<Api>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let delivery = api.delivery.clone();
    let found = api.blocking(move || match delivery.file(&id)? {
        Some(file) => open(file),
        None => Err(Refusal::not_found()),
    });
    match found.await {
        Ok(opened) => send(opened, &headers),
        Err(refusal) => refusal.into_response(),
    }
}

/// A method that files do not have.
pub(super) async fn wrong_method(method: axum::http::Method) -> Refusal {
    Refusal::method_not_allowed(&method)
}

struct Opened {
    file: File,
    handle: Arc<Handle>,
    length: u64,
}

fn open(file: File) -> Result<Opened, Refusal> {
    let opened = Handle::open(&file.path).and_then(|handle| Ok((handle.metadata()?.size(), handle)));
    match opened {
        Ok((length, handle)) => Ok(Opened { file, handle: Arc::new(handle), length }),
        Err(error) => {
            tracing::error!(path = %file.path.display(), %error, "a file of the media library cannot be read");
            Err(if error.kind() == std::io::ErrorKind::NotFound { Refusal::not_found() } else { Refusal::busy() })
        }
    }
}

fn send(opened: Opened, headers: &HeaderMap) -> Response {
    let Opened { file, handle, length } = opened;
    let value = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if value(IF_NONE_MATCH).is_some_and(|tags| tags.contains(&file.hash) || tags.trim() == "*") {
        return reply::file_unchanged(&file);
    }
    // A part of another version of the file is of no use.
    let same = value(IF_RANGE).is_none_or(|tag| tag.trim_matches('"') == file.hash);
    match range::wanted(value(RANGE).filter(|_| same), length) {
        Wanted::All => reply::file(&file, None, FileBody::new(handle, 0, length)),
        Wanted::Part(part) => {
            reply::file(&file, Some((part, length)), FileBody::new(handle, part.start, part.length()))
        }
        Wanted::Outside => reply::outside_of_file(Refusal::no_such_range().into_response(), length),
    }
}
