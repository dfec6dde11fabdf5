//! `POST /admin/media/{id}/replace`: other bytes under the same address.

use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;

use crate::account::Right;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::upload;

/// The route of replacing.
pub(super) fn routes() -> Router<Dashboard> {
    // What comes in has limits of its own.
    let take = post(replace).layer(DefaultBodyLimit::disable());
    Router::new().route("/admin/media/{id}/replace", take)
}

async fn replace(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Json<Value>, Refused> {
    signed.need(Right::Write, "replace files of the library")?;
    // What is not there is not worth a hundred megabytes.
    let known = id.clone();
    dashboard.change(move |authoring| authoring.media_facts(&known)).await?;
    Ok(Json(upload::replace(&dashboard, &signed, id, form).await?))
}
