//! `POST /admin/c/{type}/order`: moving an item within its collection.

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use serde::Deserialize;

use super::error::Refused;
use super::guard::Signed;
use super::list::schema_named;
use super::list::wanted::Wanted;
use super::{Dashboard, address};
use crate::account::Right;
use crate::authoring::Beside;
use crate::content::entry::EntryId;
use crate::content::schema::Kind;

/// The routes of the manual order.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/c/{type}/order", post(move_item))
}

/// `up=17` or `down=17` by one place; else `id` behind `after`, or to the beginning when that is empty.
#[derive(Deserialize)]
struct Moved {
    id: Option<i64>,
    after: Option<String>,
    up: Option<i64>,
    down: Option<i64>,
    /// The view one was looking at.
    #[serde(default)]
    query: String,
}

async fn move_item(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(name): Path<String>,
    headers: HeaderMap,
    Form(moved): Form<Moved>,
) -> Result<Response, Refused> {
    signed.need(Right::Write, "change the order")?;
    let (id, to) = moved.reading().ok_or_else(|| Refused::bad("It is not said what to move where."))?;
    let schema = dashboard
        .read(move |read| {
            let schema = schema_named(read, &name)?;
            if schema.kind != Kind::Collection {
                return Err(Refused::bad("Only collections have an order of their own."));
            }
            // An item of another collection is not moved from here.
            let item = read.entry(id)?.filter(|entry| entry.schema == schema.id && entry.deleted.is_none());
            item.map(|_| schema).ok_or_else(Refused::not_found)
        })
        .await?;
    let signature = signed.signature();
    dashboard.change(move |authoring| authoring.move_item(id, to, signature)).await?;
    if headers.contains_key("x-csrf-token") {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    // Whoever moves by keyboard goes on at the row.
    let list = Wanted::read(&moved.query).address(&address::list(&schema));
    Ok(Redirect::to(&format!("{list}#row-{}", id.0)).into_response())
}

impl Moved {
    fn reading(&self) -> Option<(EntryId, Beside)> {
        if let Some(id) = self.up {
            return Some((EntryId(id), Beside::Up));
        }
        if let Some(id) = self.down {
            return Some((EntryId(id), Beside::Down));
        }
        let to = match self.after.as_deref()? {
            "" => Beside::First,
            after => Beside::After(EntryId(after.parse().ok()?)),
        };
        Some((EntryId(self.id?), to))
    }
}
