//! `GET /admin/c/{type}/{id}/served`: what the API answers for an entry, to look at while writing it.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Serialize;
use serde_json::Value;

use super::question;
use crate::content::entry::View;
use crate::dashboard::Dashboard;
use crate::dashboard::draft::InLocale;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::reach::{Reached, Wanted, reach};

/// A question and its answer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Served {
    /// Path and parameters, without the token.
    address: String,
    /// The answer, indented.
    json: String,
}

/// Both versions that a site can ask for.
#[derive(Debug, Serialize)]
pub(super) struct Versions {
    /// Where the site's API is: scheme and host.
    site: String,
    /// What readers get; `None` when nothing is live.
    live: Option<Served>,
    /// What a preview gets; `None` for those who do not see drafts.
    draft: Option<Served>,
}

/// What readers get of an entry, and what a preview of it would.
pub(super) async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((kind, id)): Path<(String, i64)>,
    Query(InLocale { locale }): Query<InLocale>,
) -> Result<Json<Versions>, Refused> {
    let wanted = Wanted { kind, id, locale };
    let reached = dashboard.read(move |read| reach(read, &signed, &wanted)).await?;
    // What was put aside has no readers.
    let is_live = reached.variant.live.is_some() && reached.entry.archived.is_none();
    let sees_draft = reached.sight.sees_draft(reached.entry.creator);
    let live = if is_live { Some(of(&dashboard, &reached, View::Live).await?) } else { None };
    let draft = if sees_draft { Some(of(&dashboard, &reached, View::Newest).await?) } else { None };
    Ok(Json(Versions { site: dashboard.delivery.public_url().to_owned(), live, draft }))
}

/// An entry as the API answers it.
///
/// # Errors
/// The database's; 404 when there is no such version.
pub(super) async fn of(dashboard: &Dashboard, reached: &Reached, view: View) -> Result<Served, Refused> {
    let (reached, delivery) = (reached.clone(), dashboard.delivery.clone());
    let question = dashboard.read({
        let reached = reached.clone();
        move |read| question::of(read, &reached, view)
    });
    let question = question.await?;
    let address = question.url();
    let answer = dashboard
        .work
        .run(move || match view {
            View::Live => delivery.answer(&question),
            View::Newest => delivery.preview(&question, reached.entry.id, reached.locale()),
        })
        .await?;
    let answer = answer.map_err(|error| {
        tracing::error!(%error, "an entry could not be answered as the API does");
        Refused::internal()
    })?;
    let value: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let json = serde_json::to_string_pretty(&value).unwrap_or_default();
    Ok(Served { address, json })
}
