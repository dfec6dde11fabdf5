//! `GET /admin/media/pick`: the library inside a dialog, to choose one file from.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::shelf::Shelf;
use super::tile::Tile;
use super::wanted::Wanted;
use crate::authoring::MediaFacts;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;

const PICK: &str = "/admin/media/pick";

/// The route of the chooser.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route(PICK, get(show))
}

/// A file that can be chosen.
#[derive(Serialize)]
struct Choice {
    #[serde(flatten)]
    tile: Tile,
    /// What the page that asked is told of it, as JSON.
    facts: String,
}

async fn show(
    State(dashboard): State<Dashboard>,
    _signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    let wanted = Wanted::read(&query.unwrap_or_default());
    let view = dashboard.view.clone();
    dashboard
        .read(move |read| {
            let shelf = Shelf::open(read, wanted, PICK)?;
            let (around, total) = shelf.around()?;
            let choice = |(media, tags): (_, Vec<String>)| Choice {
                tile: Tile::of(&media, &tags, shelf.zone()),
                facts: MediaFacts { media, tags }.to_json().to_string(),
            };
            let tiles: Vec<Choice> = shelf.files(total)?.into_iter().map(choice).collect();
            let shown = context! { tiles => Value::from(Serde(tiles)), pick => PICK, ..around };
            Ok(Html(view.render("library/pick.html", shown)?).into_response())
        })
        .await
}
