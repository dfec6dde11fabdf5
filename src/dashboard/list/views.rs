//! What a person keeps of a list for themselves: columns, and views under names.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::columns::{self, Column};
use super::schema_named;
use super::wanted::Wanted;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::{Dashboard, address};
use crate::store::SavedView;

/// The longest name of a view.
const LONGEST: usize = 60;

/// A view as the menu shows it.
#[derive(Serialize)]
pub(super) struct Shown {
    id: i64,
    name: String,
    href: String,
    current: bool,
}

/// A saved view in the list at hand.
pub(super) fn shown(base: &str, wanted: &Wanted, view: SavedView) -> Shown {
    let saved = Wanted::read(&view.query);
    Shown { id: view.id, name: view.name, href: saved.address(base), current: saved.query() == wanted.query() }
}

/// The form of a new view.
#[derive(Deserialize)]
pub(super) struct NewView {
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
}

/// `POST /admin/c/{type}/views`
pub(super) async fn save(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(name): Path<String>,
    Form(form): Form<NewView>,
) -> Result<Response, Refused> {
    let schema = dashboard.read(move |read| schema_named(read, &name)).await?;
    let title: String = form.name.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if title.is_empty() {
        return Err(Refused::bad("A view needs a name. Go back and type one."));
    }
    // Read and written again, so that only what is understood is kept.
    let wanted = Wanted::read(&form.query).with(|_| ());
    let (id, user, query) = (schema.id, signed.user.id, wanted.query());
    dashboard.change(move |authoring| authoring.save_view(user, id, &title, &query)).await?;
    Ok(Redirect::to(&wanted.address(&address::list(&schema))).into_response())
}

/// `POST /admin/c/{type}/views/{view}/remove`
pub(super) async fn remove(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((name, view)): Path<(String, i64)>,
) -> Result<Response, Refused> {
    let schema = dashboard.read(move |read| schema_named(read, &name)).await?;
    dashboard.change(move |authoring| authoring.remove_view(signed.user.id, view)).await?;
    Ok(Redirect::to(&address::list(&schema)).into_response())
}

/// `POST /admin/c/{type}/columns`: a field `column` per column, and `query`, the view one was looking at.
pub(super) async fn choose_columns(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(name): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let (schema, model) = dashboard.read(move |read| Ok((schema_named(read, &name)?, read.model().clone()))).await?;
    let ticked = |column: &Column| fields.iter().any(|(name, value)| name == "column" && value == column.key());
    let chosen: Vec<&str> =
        Column::possible(&model, &schema).iter().filter(|column| ticked(column)).map(|column| column.key()).collect();
    let (preference, value) = (columns::preference(&schema), chosen.join(","));
    dashboard.change(move |authoring| authoring.choose(signed.user.id, &preference, &value)).await?;
    let query = fields.iter().find(|(name, _)| name == "query").map_or("", |(_, value)| value);
    Ok(Redirect::to(&Wanted::read(query).address(&address::list(&schema))).into_response())
}
