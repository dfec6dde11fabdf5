//! `GET /admin/c/{type}/{id}/history`: what became of an entry, by day, and going back.

mod brief;
mod days;
mod lines;
mod restore;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use minijinja::context;
use minijinja::value::Serde;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::Refused;
use super::form::wants_json;
use super::guard::Signed;
use super::nav::Section;
use super::reach::{Reached, Wanted, reach};
use super::view::Screen;
use super::{Dashboard, address, compare, times};
use crate::authoring::now;
use crate::content::entry::{EntryId, RevisionId};
use crate::content::event::EventKind;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::settings::Settings;
use crate::store::Read;

use days::Day;

/// How many revisions a page shows.
const PAGE: usize = 60;

/// The routes of history, comparing and going back.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/c/{type}/{id}/history", get(show))
        .route("/admin/c/{type}/{id}/history/brief", get(brief::show))
        .route("/admin/c/{type}/{id}/history/{revision}/name", post(restore::name))
        .route("/admin/c/{type}/{id}/compare", get(compare::show))
        .route("/admin/c/{type}/{id}/restore", post(restore::restore))
}

/// Which part of the history is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Only what is older than this revision.
    before: Option<i64>,
}

/// A page of history.
#[derive(Clone, Debug, Serialize)]
struct Shown {
    title: String,
    days: Vec<Day>,
    /// Where older history is, if there is more.
    older: Option<String>,
    /// What the last publish or unpublish did to the kept answers.
    last: Option<LastResult>,
    /// The version that is compared with the newest one unless another is chosen.
    against: Option<RevisionId>,
    /// The newest revision: what changes are based on.
    rev: Option<RevisionId>,
    editor: String,
    base: String,
    locale: String,
}

/// What the last publish or unpublish did, for the editor's side column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct LastResult {
    kind: &'static str,
    at: Moment,
    by: String,
    ms: f64,
    refreshed: usize,
    evicted: usize,
    urls: Vec<String>,
}

/// The history of an entry in a locale, newest first.
async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    wanted: Wanted,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (asker, before) = (signed.clone(), asked.before.map(RevisionId));
    let (shown, may_write, schema) = dashboard
        .read(move |read| {
            let reached = reach(read, &asker, &wanted)?.draft_seen()?;
            let may_write = reached.sight.may_write(reached.entry.creator);
            Ok((gather(read, &reached, before)?, may_write, reached.schema.id))
        })
        .await?;
    if wants_json(&headers) {
        return Ok(Json(json!(shown)).into_response());
    }
    let screen = Screen { template: "history/page.html", section: Section::Schema(schema) };
    dashboard
        .screen(&signed, screen, move |_| {
            let shown = minijinja::Value::from(Serde(shown));
            Ok(context! { history => shown, may_write })
        })
        .await
}

fn gather(read: &Read<'_>, reached: &Reached, before: Option<RevisionId>) -> Result<Shown, Refused> {
    let zone = times::zone(&Settings::read(&read.settings()?));
    let (lines, older) = lines::of(read, reached, before, PAGE, &zone)?;
    let base = address::entry(&reached.schema, reached.entry.id);
    let query = reached.query(read.model());
    let newest = reached.variant.draft.or(reached.variant.live);
    let live = reached.variant.live.filter(|live| Some(*live) != newest);
    let against = live.or_else(|| lines.iter().filter_map(|line| line.rev).find(|rev| Some(*rev) != newest));
    let joint = if query.is_empty() { '?' } else { '&' };
    Ok(Shown {
        title: reached.title(&reached.newest(read)?),
        days: days::of(lines, &zone, now()),
        older: older.map(|older| format!("{base}/history{query}{joint}before={}", older.0)),
        last: last_result(read, reached.entry.id, reached.locale())?,
        against,
        rev: newest,
        editor: format!("{base}{query}"),
        base,
        locale: query.trim_start_matches("?locale=").to_owned(),
    })
}

/// What the last publish or unpublish of an entry in a locale did, if that was kept.
///
/// # Errors
/// The database's.
pub(super) fn last_result(read: &Read<'_>, entry: EntryId, locale: LocaleId) -> Result<Option<LastResult>, Refused> {
    let kinds = [EventKind::Published, EventKind::Unpublished, EventKind::PublishUndone];
    let Some(event) = read.newest_event(entry, locale, &kinds)? else { return Ok(None) };
    Ok(read.outcome(event.id)?.map(|outcome| LastResult {
        kind: event.kind.as_str(),
        at: event.at,
        by: event.by,
        ms: outcome.ms,
        refreshed: outcome.rebuilt,
        evicted: outcome.evicted,
        urls: outcome.urls,
    }))
}
