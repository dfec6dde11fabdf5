//! Links that show a draft to people without an account: `…/share`, and `GET /preview/{code}` behind them.

use axum::extract::{Path, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use serde_json::json;

use super::asking::Asking;
use super::error::Refused;
use super::form::wants_json;
use super::guard::Signed;
use super::preview::{Part, Width, fill, key, listen, page, parts};
use super::reach::{Reached, Wanted, reach};
use super::sight::Sight;
use super::{Dashboard, address, times};
use crate::account::Preview;
use crate::auth;
use crate::authoring::now;
use crate::content::moment::Moment;
use crate::content::settings::Settings;
use crate::content::zone::Zone;
use crate::store::Read;

/// The most days a link lasts.
pub(super) const LONGEST: i64 = 90;
/// How many days it lasts when nobody says.
const USUAL: i64 = 14;
const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// The longest name of a link, in characters.
const LONGEST_NAME: usize = 80;
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// The routes that need no sign-in.
pub(super) fn open_routes() -> Router<Dashboard> {
    Router::new().route("/preview/{code}", get(follow)).route("/preview-events", get(listen))
}

/// A shared link as lists show it. Its code is told once, when it is made.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shown {
    id: i64,
    name: String,
    by: String,
    created: Moment,
    ends: Moment,
    /// Its end in the site's zone.
    until: String,
}

impl Shown {
    /// What is shown of a link.
    pub(super) fn of(preview: &Preview, zone: &Zone) -> Self {
        Self {
            id: preview.id,
            name: preview.name.clone().unwrap_or_default(),
            by: preview.by.clone(),
            created: preview.created,
            ends: preview.ends,
            until: times::in_full(zone, preview.ends),
        }
    }
}

/// `GET …/share`: the links that have not ended.
pub(super) async fn list(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    wanted: Wanted,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (shares, page) = dashboard
        .read(move |read| {
            let reached = reach(read, &signed, &wanted)?.draft_seen()?;
            let zone = times::zone(&Settings::read(&read.settings()?));
            let shares = read.shares(reached.entry.id, reached.locale(), now())?;
            let shares: Vec<Shown> = shares.iter().map(|one| Shown::of(one, &zone)).collect();
            let base = address::entry(&reached.schema, reached.entry.id);
            Ok((shares, format!("{base}/side-by-side{}", reached.query(read.model()))))
        })
        .await?;
    if wants_json(&headers) {
        return Ok(Json(json!({"shares": shares})).into_response());
    }
    // The links stand on the preview's own screen.
    Ok(Redirect::to(&page).into_response())
}

/// `POST …/share`: a new link, called `name`, that lasts `days`.
pub(super) async fn add(asking: Asking) -> Result<Response, Refused> {
    let reached = asking.reached().await?.draft_seen()?.writable()?;
    let days = asking.number("days")?.unwrap_or(USUAL);
    if !(1..=LONGEST).contains(&days) {
        return Err(Refused::bad(format!("A link lasts from 1 to {LONGEST} days.")));
    }
    let name: String = asking.sent.text("name").split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let name = if name.is_empty() { "Shared link".to_owned() } else { name };
    let ends = Moment::from_micros(now().micros() + days * DAY);
    let (code, preview) = key(&reached, &asking.signed, ends, Some(name.clone()))?;
    let signature = asking.signature();
    let id = asking.dashboard.change(move |authoring| authoring.add_preview(preview, &signature)).await?;
    let url = format!("{}/preview/{code}", asking.signed.origin);
    if asking.json {
        return Ok(Json(json!({"id": id, "name": name, "url": url, "ends": ends})).into_response());
    }
    page(&asking.dashboard, &asking.signed, asking.wanted.clone(), Width::default(), Some(url)).await
}

/// `POST …/share/{n}/withdraw`: the link opens nothing any more.
pub(super) async fn withdraw(
    Path((_, _, share)): Path<(String, String, i64)>,
    asking: Asking,
) -> Result<Response, Refused> {
    let reached = asking.reached().await?.draft_seen()?.writable()?;
    let (entry, signature) = (reached.entry.id, asking.signature());
    asking.dashboard.change(move |authoring| authoring.withdraw_share(entry, share, &signature)).await?;
    if asking.json {
        return Ok(Json(json!({"withdrawn": share})).into_response());
    }
    let to = back(&reached, &asking);
    Ok(asking.redirect(&to, "The link is withdrawn.", "Nobody can open it any more.", "ok"))
}

fn back(reached: &Reached, asking: &Asking) -> String {
    format!("{}/side-by-side{}", address::entry(&reached.schema, reached.entry.id), asking.locale_query())
}

/// Where a link leads.
enum Behind {
    /// To the site, which shows the draft.
    Site(String),
    /// To a page of our own.
    Page { title: String, parts: Vec<Part>, until: String },
    /// Nowhere any more.
    Ended,
}

/// `GET /preview/{code}`: the draft on the site, else as a plain page.
async fn follow(State(dashboard): State<Dashboard>, Path(code): Path<String>) -> Result<Response, Refused> {
    let behind = dashboard.read(move |read| behind(read, &code)).await?;
    let mut response = match behind {
        Behind::Site(url) => Redirect::to(&url).into_response(),
        Behind::Page { title, parts, until } => {
            dashboard.view.bare("preview/plain.html", json!({"title": title, "parts": parts, "until": until}))?
        }
        Behind::Ended => {
            let mut response = dashboard.view.bare("preview/ended.html", json!({}))?;
            *response.status_mut() = axum::http::StatusCode::NOT_FOUND;
            response
        }
    };
    response.headers_mut().insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
    Ok(response)
}

fn behind(read: &Read<'_>, code: &str) -> Result<Behind, Refused> {
    let preview = read.preview(&auth::hash(code))?;
    let Some(preview) = preview.filter(|preview| preview.name.is_some() && preview.ends > now()) else {
        return Ok(Behind::Ended);
    };
    let Some(reached) = reached_by(read, &preview)? else { return Ok(Behind::Ended) };
    let settings = Settings::read(&read.settings()?);
    let revision = reached.newest(read)?;
    // Without the token in it the site's address would show what is live.
    if let Some(pattern) = settings.preview_url.as_deref().filter(|pattern| pattern.contains("{token}")) {
        let url = fill(pattern, &reached, revision.slug.as_deref(), read.model(), code);
        return Ok(Behind::Site(url));
    }
    Ok(Behind::Page {
        title: reached.title(&revision),
        parts: parts(read, &reached, &revision)?,
        until: times::in_full(&times::zone(&settings), preview.ends),
    })
}

/// The entry that a key opens; `None` when it is gone.
fn reached_by(read: &Read<'_>, preview: &Preview) -> Result<Option<Reached>, Refused> {
    let entry = read.entry(preview.entry)?.filter(|entry| entry.deleted.is_none());
    let Some(entry) = entry else { return Ok(None) };
    let variant = read.variant(entry.id, preview.locale)?;
    let schema = read.model().schema(entry.schema).cloned();
    let Some((variant, schema)) = variant.zip(schema) else { return Ok(None) };
    Ok(Some(Reached { schema, entry, variant, sight: Sight::of_nobody() }))
}
