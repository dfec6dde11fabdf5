//! What a file was before it was replaced: looking at it, and going back to it.

use std::fs::File;
use std::io;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use super::address;
use crate::account::Right;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::notes::Note;
use crate::dashboard::streamed::streamed;

/// The routes of versions.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/media/{id}/versions/{version}/file", get(file))
        .route("/admin/media/{id}/versions/{version}/restore", post(restore))
}

/// The bytes of a version. Only people who work on the site get them.
async fn file(
    State(dashboard): State<Dashboard>,
    _signed: Signed,
    Path((id, version)): Path<(String, i64)>,
) -> Result<Response, Refused> {
    let version = dashboard.read(move |read| Ok(read.media_version(&id, version)?)).await?;
    let version = version.filter(|version| version.hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let version = version.ok_or_else(Refused::not_found)?;
    let path = dashboard.delivery.media_folder().join(&version.hash);
    let opened = dashboard.work.run(move || File::open(path)).await?;
    let mut opened = opened.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Refused::not_found(),
        _ => Refused::internal(),
    })?;
    let body = streamed(&dashboard, move |out| io::copy(&mut opened, out).map(drop))?;
    // Its bytes never change.
    let keep = "private, max-age=31536000, immutable";
    Ok(([(CONTENT_TYPE, version.kind), (CACHE_CONTROL, keep.to_owned())], body).into_response())
}

async fn restore(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((id, version)): Path<(String, i64)>,
) -> Result<Response, Refused> {
    signed.need(Right::Write, "replace files of the library")?;
    let (there, signature) = (address(&id), signed.signature());
    dashboard.change(move |authoring| authoring.restore_media_version(&id, version, signature)).await?;
    let detail = "It is shown everywhere again. What it replaced is in History.".into();
    let note = Note { title: "The earlier version is back".into(), detail, kind: "ok" };
    dashboard.notes.leave(&signed.session.hash, note);
    Ok(Redirect::to(&there).into_response())
}
