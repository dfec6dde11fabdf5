//! Showing drafts on the site: `POST …/preview` makes an address with a key to one entry, `…/side-by-side`
//! shows it in a frame beside the links that were shared.

mod address;
mod events;
mod plain;
mod question;
mod served;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use minijinja::context;
use minijinja::value::Serde;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::asking::Asking;
use super::error::Refused;
use super::guard::{Frames, Signed};
use super::nav::Section;
use super::reach::{Reached, Wanted, reach};
use super::view::Screen;
use super::{Dashboard, share, times};
use crate::account::Preview;
use crate::auth::session::new_secret;
use crate::authoring::now;
use crate::content::entry::View;
use crate::content::moment::Moment;
use crate::content::settings::{Settings, origin};
use crate::store::Read;

pub(super) use address::fill;
pub(super) use events::listen;
pub(super) use plain::{Part, parts};

/// How long a person's own preview lasts, in microseconds.
const HOUR: i64 = 60 * 60 * 1_000_000;

/// The routes of people who are signed in.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/c/{type}/{id}/preview", post(open))
        .route("/admin/c/{type}/{id}/side-by-side", get(side_by_side))
        .route("/admin/c/{type}/{id}/served", get(served::show))
        .route("/admin/c/{type}/{id}/share", get(share::list).post(share::add))
        .route("/admin/c/{type}/{id}/share/{n}/withdraw", post(share::withdraw))
}

/// A key to the entry, for `name` when it is shared.
pub(super) fn key(
    reached: &Reached,
    signed: &Signed,
    ends: Moment,
    name: Option<String>,
) -> Result<(String, Preview), Refused> {
    let (secret, hash) = new_secret().map_err(|error| {
        tracing::error!(%error, "the system has no randomness to give");
        Refused::internal()
    })?;
    let preview = Preview {
        id: 0,
        hash,
        entry: reached.entry.id,
        locale: reached.locale(),
        user: signed.user.id,
        by: signed.user.name.clone(),
        created: now(),
        ends,
        name,
    };
    Ok((secret, preview))
}

/// `POST …/preview`: the address at which the site shows the draft, with a key that lasts an hour.
async fn open(asking: Asking) -> Result<Response, Refused> {
    let reached = asking.reached().await?.draft_seen()?;
    let url = address_for(&asking.dashboard, &asking.signed, &reached).await?;
    let shown = match &url {
        Some(url) => url.clone(),
        None => {
            let reached = reached.clone();
            asking.dashboard.read(move |read| Ok(side_by_side_address(read, &reached))).await?
        }
    };
    if !asking.json {
        return Ok(Redirect::to(&shown).into_response());
    }
    Ok(Json(json!({"url": shown, "configured": url.is_some()})).into_response())
}

fn side_by_side_address(read: &Read<'_>, reached: &Reached) -> String {
    let base = super::address::entry(&reached.schema, reached.entry.id);
    format!("{base}/side-by-side{}", reached.query(read.model()))
}

/// The site's address of the draft with a new key; `None` when the site's address is not set.
async fn address_for(dashboard: &Dashboard, signed: &Signed, reached: &Reached) -> Result<Option<String>, Refused> {
    let ends = Moment::from_micros(now().micros() + HOUR);
    let (token, preview) = key(reached, signed, ends, None)?;
    let (found, given) = (reached.clone(), token);
    let url = dashboard.read(move |read| filled(read, &found, &given)).await?;
    if url.is_some() {
        let signature = signed.signature();
        dashboard.change(move |authoring| authoring.add_preview(preview, &signature)).await?;
    }
    Ok(url)
}

/// The address of the site's preview of an entry, with this key.
pub(super) fn filled(read: &Read<'_>, reached: &Reached, token: &str) -> Result<Option<String>, Refused> {
    let settings = Settings::read(&read.settings()?);
    let Some(pattern) = settings.preview_url else { return Ok(None) };
    let slug = reached.newest(read)?.slug;
    Ok(Some(fill(&pattern, reached, slug.as_deref(), read.model(), token)))
}

/// How wide the frame is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Width {
    Phone,
    Tablet,
    #[default]
    Desktop,
}

/// What is asked of the screen.
#[derive(Debug, Deserialize)]
pub(super) struct Look {
    #[serde(default)]
    width: Width,
}

/// The draft as the site shows it, in a frame; without an address of the site, how to set one and the JSON
/// that it would get.
async fn side_by_side(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    wanted: Wanted,
    Query(look): Query<Look>,
) -> Result<Response, Refused> {
    page(&dashboard, &signed, wanted, look.width, None).await
}

/// The screen, with a link that was just made: it is shown once.
pub(super) async fn page(
    dashboard: &Dashboard,
    signed: &Signed,
    wanted: Wanted,
    width: Width,
    link: Option<String>,
) -> Result<Response, Refused> {
    let asker = signed.clone();
    let reached = dashboard.read(move |read| reach(read, &asker, &wanted)?.draft_seen()).await?;
    let url = address_for(dashboard, signed, &reached).await?;
    let served = if url.is_none() { Some(served::of(dashboard, &reached, View::Newest).await?) } else { None };
    let framed = url.as_deref().and_then(origin).map(str::to_owned);
    let screen = Screen { template: "preview/side_by_side.html", section: Section::Schema(reached.schema.id) };
    let may_build = signed.user.may(crate::account::Right::Build);
    let mut response = dashboard
        .screen(signed, screen, move |read| {
            let query = reached.query(read.model());
            let base = super::address::entry(&reached.schema, reached.entry.id);
            let zone = times::zone(&Settings::read(&read.settings()?));
            let shares = read.shares(reached.entry.id, reached.locale(), now())?;
            let shares: Vec<share::Shown> = shares.iter().map(|one| share::Shown::of(one, &zone)).collect();
            Ok(context! {
                title => reached.title(&reached.newest(read)?),
                url,
                link,
                served => minijinja::Value::from(Serde(served)),
                width => minijinja::Value::from(Serde(width)),
                shares => minijinja::Value::from(Serde(shares)),
                longest => share::LONGEST,
                may_write => reached.sight.may_write(reached.entry.creator),
                may_build,
                joint => if query.is_empty() { "?" } else { "&" },
                editor => format!("{base}{query}"),
                here => format!("{base}/side-by-side{query}"),
                base,
                locale => query.trim_start_matches("?locale=").to_owned(),
            })
        })
        .await?;
    if let Some(origin) = framed {
        response.extensions_mut().insert(Frames(origin));
    }
    Ok(response)
}
