//! Categories and tags made while writing.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Dashboard;
use super::error::Refused;
use super::guard::Signed;
use crate::account::Right;
use crate::content::post::Filing;

/// What to make.
#[derive(Debug, Deserialize)]
pub(super) struct NewTerm {
    kind: Kind,
    name: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Category,
    Tag,
}

/// `POST /admin/terms`. One that exists is found, not made twice.
pub(super) async fn make(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Json(wanted): Json<NewTerm>,
) -> Result<Json<Value>, Refused> {
    signed.need(Right::WriteOwn, "make categories and tags")?;
    let filing = match wanted.kind {
        Kind::Category => Filing::Category,
        Kind::Tag => Filing::Tag,
    };
    let signature = signed.signature();
    let term = dashboard.change(move |authoring| authoring.make_term(filing, &wanted.name, signature)).await?;
    Ok(Json(json!({"id": term.id, "name": term.name, "slug": term.slug})))
}
