//! `GET /admin/find`: entries by a few letters, for pickers of links and references.

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::error::Refused;
use super::guard::Signed;
use super::list::row::Shower;
use super::sight::Sight;
use super::{Dashboard, address};
use crate::content::schema::{Kind, Model, SchemaId};
use crate::store::{Line, Read};

/// How many are offered.
const OFFERED: usize = 20;
/// The longest question that is looked at.
const LONGEST: usize = 100;

/// The routes of searching.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/find", get(find))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    /// `link` for what has an address on the site, else `reference`.
    #[serde(default)]
    r#for: String,
    /// Names of schemas with commas between them, as addresses spell them; all without.
    #[serde(default)]
    schema: String,
    /// A locale's slug: its titles rather than others.
    #[serde(default)]
    locale: String,
}

/// Something to choose.
#[derive(Serialize)]
struct Found {
    id: i64,
    title: String,
    /// Where readers find it; empty for items.
    path: String,
    /// The schema's name in addresses.
    r#type: String,
    /// What people call the schema.
    kind: String,
    status: &'static str,
    picture: Option<String>,
    href: String,
}

async fn find(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let found = dashboard.read(move |read| offered(read, &signed, &asked)).await?;
    Ok(Json(found).into_response())
}

fn offered(read: &Read<'_>, signed: &Signed, asked: &Asked) -> Result<Vec<Found>, Refused> {
    let (model, sight) = (read.model(), Sight::of(&signed.user));
    let schemas = schemas(model, asked);
    let locale = model.locale(&asked.locale).filter(|_| !asked.locale.is_empty()).unwrap_or(model.default_locale());
    let words: String = asked.q.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let shower = Shower::new(read, sight)?;
    let lines = read.pick(words.trim(), &schemas, sight.eyes(), locale, OFFERED)?;
    Ok(lines.iter().filter_map(|line| one(model, &shower, line)).collect())
}

fn one(model: &Model, shower: &Shower<'_>, line: &Line) -> Option<Found> {
    let schema = model.schema(line.schema)?;
    Some(Found {
        id: line.entry.0,
        title: shower.name(line),
        path: shower.path(line, schema),
        r#type: address::schema_name(schema),
        kind: schema.name.clone(),
        status: line.standing.as_str(),
        picture: line.picture.clone().filter(|url| url.starts_with("/media/")),
        href: address::entry_in(schema, line.entry, model, line.locale),
    })
}

/// Where is searched: what was asked for, as far as it can be linked to or referred to.
fn schemas(model: &Model, asked: &Asked) -> Vec<SchemaId> {
    let fits = |kind: Kind| match asked.r#for.as_str() {
        "link" => kind != Kind::Collection,
        "reference" => kind != Kind::Post,
        _ => true,
    };
    if asked.schema.is_empty() {
        return model.schemas.iter().filter(|schema| fits(schema.kind)).map(|schema| schema.id).collect();
    }
    let named = asked.schema.split(',').filter_map(|name| address::schema_named(model, name.trim()));
    named.map(|schema| schema.id).collect()
}
