//! `GET /admin/c/{type}/{id}/check`: what keeps an entry from going live, and what readers would trip over.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::error::Refused;
use super::form::wants_json;
use super::guard::Signed;
use super::reach::{Wanted, reach};
use super::{Dashboard, address};
use crate::authoring::{Line, Severity, checklist};

/// The checklist of the newest version.
pub(super) async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    wanted: Wanted,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (lines, editor) = dashboard
        .read(move |read| {
            let reached = reach(read, &signed, &wanted)?.draft_seen()?;
            let lines = checklist(read, &reached.entry, &reached.newest(read)?)?;
            Ok((lines, address::entry(&reached.schema, reached.entry.id) + &reached.query(read.model())))
        })
        .await?;
    let count = |severity| lines.iter().filter(|line: &&Line| line.severity == severity).count();
    let (blocks, warns) = (count(Severity::Blocks), count(Severity::Warns));
    if wants_json(&headers) {
        return Ok(Json(json!({"lines": lines, "blocks": blocks, "warns": warns})).into_response());
    }
    dashboard.view.bare(
        "check/lines.html",
        serde_json::json!({"lines": lines, "blocks": blocks, "warns": warns, "editor": editor}),
    )
}
