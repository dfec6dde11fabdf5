//! `GET /admin/media/trash`: files that were deleted in the last 30 days.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::tile::sign;
use super::words::{kind, weight};
use super::{LIBRARY, address, rights};
use crate::account::Right;
use crate::authoring::{KEPT, now};
use crate::content::moment::Moment;
use crate::content::settings::Settings;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::list::row::When;
use crate::dashboard::nav::Section;
use crate::dashboard::times::{self, until};
use crate::dashboard::view::Screen;
use crate::store::Read;

const TRASH: &str = "/admin/media/trash";
const SCREEN: Screen = Screen { template: "library/trash.html", section: Section::Media };
/// How many lines a page has.
const PAGE: usize = 50;

/// The route of the library's trash.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route(TRASH, get(show))
}

#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    what: String,
    sign: &'static str,
    by: String,
    deleted: When,
    left: String,
}

async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    signed.need(Right::WriteOwn, "see what was deleted")?;
    let before = place(&query.unwrap_or_default());
    let may = rights(&signed);
    let ask = move |read: &Read<'_>| {
        let zone = times::zone(&Settings::read(&read.settings()?));
        let found = read.discarded_media(before.as_ref().map(|(at, id)| (*at, id.as_str())), PAGE)?;
        let next = found
            .last()
            .filter(|_| found.len() == PAGE)
            .and_then(|last| last.deleted.map(|at| format!("{TRASH}?before={}-{}", at.micros(), last.id)));
        let row = |media: &crate::store::MediaRow| {
            let at = media.deleted?;
            Some(Row {
                href: address(&media.id),
                name: media.filename.clone(),
                what: format!("{} · {}", kind(&media.kind, &media.filename), weight(media.size)),
                sign: sign(&media.kind),
                by: media.deleted_by.clone().unwrap_or_else(|| "unknown".into()),
                deleted: When::of(at, &zone),
                left: until(now(), Moment::from_micros(at.micros() + KEPT)),
            })
        };
        let rows: Vec<Row> = found.iter().filter_map(row).collect();
        Ok(context! {
            page => context! { title => "Deleted files", section => "media" },
            base => LIBRARY,
            may,
            rows => Value::from(Serde(rows)),
            next,
        })
    };
    dashboard.screen(&signed, SCREEN, ask).await
}

/// `before=<micros>-<id>`
fn place(query: &str) -> Option<(Moment, String)> {
    let (_, value) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "before")?;
    let (at, id) = value.split_once('-')?;
    Some((Moment::from_micros(at.parse().ok()?), id.to_owned()))
}
