//! `GET /admin/c/{type}/{id}/plan`: which answers publishing or taking off would change, before it is done.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::Dashboard;
use super::error::Refused;
use super::form::wants_json;
use super::guard::Signed;
use super::reach::{Wanted, reach};
use crate::authoring::{Among, Foresight, Signature};
use crate::delivery::Radius;

/// What is asked.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// `unpublish`, else publishing.
    #[serde(default)]
    action: String,
    /// Whether to tell what differs in each answer.
    #[serde(default)]
    diff: String,
}

/// Tells which of the answers that are kept would change. Nothing is changed.
pub(super) async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    wanted: Wanted,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let by = signed.user.name.clone();
    let reached = dashboard.read(move |read| reach(read, &signed, &wanted)?.draft_seen()).await?;
    let (entry, locale) = (reached.entry.id, reached.locale());
    let foresight = Foresight { among: Among::Kept, differences: asked.diff == "1" };
    let off = asked.action == "unpublish";
    let radius: Radius = dashboard
        .change(move |authoring| {
            if off {
                authoring.foresee_unpublish(entry, locale, foresight)
            } else {
                authoring.foresee_publish(entry, locale, Signature::now(by), foresight)
            }
        })
        .await?;
    let text = radius.to_string();
    let urls: Vec<&str> = radius.answers.iter().map(|answer| answer.url.as_str()).collect();
    let told = json!({"text": text, "count": radius.answers.len(), "urls": urls, "plan": radius});
    if wants_json(&headers) {
        return Ok(Json(told).into_response());
    }
    dashboard.view.bare("plan/answers.html", told)
}
