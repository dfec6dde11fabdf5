//! Serving pictures and files: as they were uploaded, or as their address asks for them.

mod allowed;
mod asked;
mod body;
pub(super) mod library;
mod pictures;
mod range;
mod ready;
pub(super) mod sign;
pub(super) mod upload;
pub(super) mod uploads;

use std::fs::File as Handle;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, IF_NONE_MATCH, IF_RANGE, RANGE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::Api;
use super::door::AsSent;
use super::error::Refusal;
use super::reply::{self, Facts};
use crate::delivery::File;
use crate::media::decode::can_open;
use crate::media::made;
use crate::media::rendition::{Kept, Name};

use allowed::{Allowed, allowed};
use asked::Asked;
use body::FileBody;
pub use pictures::Pictures;
use pictures::Wish;
pub(super) use range::Range;
use range::Wanted;
use ready::Answered;
pub(super) use ready::Whole;

/// How many digits of the hash `?v=` has at least.
const VERSION: usize = 10;

/// `GET /media/{id}`, perhaps in the short form.
pub(super) async fn show(State(api): State<Api>, Path(id): Path<String>, request: Parts) -> Response {
    answer(&api, &[], &id, &request).await.unwrap_or_else(Refusal::into_response)
}

/// `GET /media/{task}/{task}/{id}`
pub(super) async fn transformed(
    State(api): State<Api>,
    Path((first, rest)): Path<(String, String)>,
    request: Parts,
) -> Response {
    let mut segments: Vec<&str> = [first.as_str()].into_iter().chain(rest.split('/')).collect();
    let id = segments.pop().unwrap_or_default();
    answer(&api, &segments, id, &request).await.unwrap_or_else(Refusal::into_response)
}

/// A method that files do not have.
pub(super) async fn wrong_method(method: axum::http::Method) -> Refusal {
    Refusal::method_not_allowed(&method)
}

async fn answer(api: &Api, segments: &[&str], id: &str, request: &Parts) -> Result<Response, Refusal> {
    let turn = api.delivery.files_turn();
    let Asked { tasks, version, signature } = Asked::read(segments, request.uri.query())?;
    let headers = &request.headers;
    let file = located(api, id).await?;
    let mut facts = Facts::of(&file, api.delivery.edge());
    facts.forever = version.as_deref().is_some_and(|v| v.len() >= VERSION && file.version.starts_with(v));
    if !can_open(&file.kind) || file.moves {
        // Drawings and animations are what they are; of other files it is said that nothing was done.
        if !file.moves && file.kind != "image/svg+xml" {
            facts.skipped = tasks.names();
        }
        return original(api, facts, headers).await;
    }
    facts.skipped = tasks.skipped.clone();
    facts.by_client = tasks.depends_on_client();
    let takes_webp = takes_webp(headers);
    let Some(format) = made(&tasks, &file.kind, takes_webp) else { return original(api, facts, headers).await };
    let allowed = allowed(api, &file, &tasks, signature.as_deref(), headers).await?;
    facts.personal = allowed == Allowed::Asker;
    facts.kind = format.kind().to_owned();
    facts.made = true;
    let name = Name::of(&file.version, &tasks, file.focal, format);
    name.tag().clone_into(&mut facts.tag);
    if is_known(headers, &facts.tag) {
        return Ok(reply::file_unchanged(&facts));
    }
    let kept = rendition(api, Wish { name: name.clone(), file, tasks, format }).await?;
    let response = send(&facts, &kept, headers);
    if let (Some(sent), Kept::Bytes(_), StatusCode::OK, Allowed::Everybody) =
        (request.extensions.get::<AsSent>(), &kept, response.status(), allowed)
    {
        let answered = Answered { turn, name, headers: response.headers().clone() };
        api.pictures.remember(&sent.line, takes_webp, answered);
    }
    Ok(response)
}

/// The file with this id.
async fn located(api: &Api, id: &str) -> Result<Arc<File>, Refusal> {
    if let Some(file) = api.delivery.remembered_file(id) {
        return Ok(file);
    }
    let (delivery, id) = (api.delivery.clone(), id.to_owned());
    api.blocking(move || delivery.file(&id)?.ok_or_else(Refusal::not_found)).await
}

async fn original(api: &Api, facts: Facts, headers: &HeaderMap) -> Result<Response, Refusal> {
    if is_known(headers, &facts.tag) {
        return Ok(reply::file_unchanged(&facts));
    }
    let path = facts.file.path.clone();
    let opened = api.blocking(move || {
        Handle::open(&path).and_then(|handle| Ok((handle.metadata()?.size(), handle))).map_err(|error| {
            tracing::error!(path = %path.display(), %error, "a file of the media library cannot be read");
            if error.kind() == std::io::ErrorKind::NotFound { Refusal::not_found() } else { Refusal::busy() }
        })
    });
    let (length, handle) = opened.await?;
    Ok(send(&facts, &Kept::File(Arc::new(handle), length), headers))
}

/// What is wished for: kept, or made now.
async fn rendition(api: &Api, wish: Wish) -> Result<Kept, Refusal> {
    if let Some(kept) = api.pictures.at_hand(&wish.name) {
        return Ok(kept);
    }
    let (pictures, wanted) = (api.pictures.clone(), wish.name.clone());
    match api.blocking(move || Ok(pictures.find(&wanted))).await? {
        Some(kept) => Ok(kept),
        None => api.pictures.make(wish).await,
    }
}

/// Whether a request can be answered with a whole picture, and nothing but that.
pub(super) fn wants_whole(headers: &HeaderMap) -> bool {
    [RANGE, IF_RANGE, IF_NONE_MATCH].iter().all(|name| !headers.contains_key(name))
}

/// Whether the client says that it can show WebP. A client that takes everything may not know it.
pub(super) fn takes_webp(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let refused = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse::<f32>() == Ok(0.0)));
        kind.eq_ignore_ascii_case("image/webp") && !refused
    })
}

fn value(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether the client has what this tag stands for.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let is = |known: &str| {
        let known = known.trim();
        known == "*" || known.trim_start_matches("W/").trim_matches('"') == tag
    };
    value(headers, IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(is))
}

fn send(facts: &Facts, kept: &Kept, headers: &HeaderMap) -> Response {
    let length = match kept {
        Kept::Bytes(bytes) => bytes.len() as u64,
        Kept::File(_, length) => *length,
    };
    // A part of another version of the file is of no use.
    let same = value(headers, IF_RANGE).is_none_or(|tag| tag.trim_matches('"') == facts.tag);
    match range::wanted(value(headers, RANGE).filter(|_| same), length) {
        Wanted::All => reply::file(facts, None, body(kept, 0, length)),
        Wanted::Part(part) => reply::file(facts, Some((part, length)), body(kept, part.start, part.length())),
        Wanted::Outside => reply::outside_of_file(Refusal::no_such_range().into_response(), length),
    }
}

fn body(kept: &Kept, start: u64, length: u64) -> Body {
    match kept {
        Kept::File(handle, _) => Body::new(FileBody::new(handle.clone(), start, length)),
        Kept::Bytes(bytes) => {
            let (start, end) = (start as usize, (start + length) as usize);
            bytes.slice(start..end).into()
        }
    }
}
