//! The library for programs: what is in it, and describing and deleting it. All of it needs a write token.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::api::asked::Reply;
use crate::api::caller::Caller;
use crate::api::error::Refusal;
use crate::api::params::Params;
use crate::api::{Api, reply};
use crate::authoring::MediaEdit;
use crate::content::field::Problem;
use crate::content::field::media::Medium;
use crate::content::media::{Focal, FolderId};
use crate::delivery::Paging;

/// `GET /media`: the latest first, narrowed by `q` and `type`.
pub(in crate::api) async fn list(State(api): State<Api>, caller: Caller, params: Params) -> Reply {
    if !caller.may_write() {
        return Err(Refusal::no_credentials());
    }
    let paging = params.pages()?;
    let Paging::Pages { page, size } = paging else { return Err(Refusal::parameter("page")) };
    let medium = match params.last("type") {
        None | Some("") => None,
        Some(word) => Some(medium(word).ok_or_else(|| Refusal::parameter("type"))?),
    };
    let text = params.text("q").unwrap_or_default();
    let authoring = api.authoring.clone();
    let found = api.blocking(move || Ok(authoring.list_media(&text, medium, paging.offset(), size)?)).await?;
    let (files, count) = found;
    let list = json!({
        "meta": {
            "next_page": (page.saturating_mul(size) < count).then(|| page + 1),
            "previous_page": (page > 1).then(|| page - 1),
            "count": count,
        },
        "data": files.iter().map(|facts| facts.to_json()).collect::<Vec<_>>(),
    });
    Ok(reply::facts(StatusCode::OK, &list))
}

/// `GET /media/{id}/facts`
pub(in crate::api) async fn show(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Reply {
    if !caller.may_write() {
        return Err(Refusal::no_credentials());
    }
    let authoring = api.authoring.clone();
    let facts = api.blocking(move || Ok(authoring.media_facts(&id)?)).await?;
    Ok(reply::facts(StatusCode::OK, &facts.to_json()))
}

/// `PATCH /media/{id}`: changes what is sent of `alt`, `name`, `focal`, `folder` and `tags`.
pub(in crate::api) async fn change(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Reply {
    let sent: Map<String, Value> = serde_json::from_slice(&body).map_err(|_| Refusal::malformed())?;
    let edit = edit(&sent)?;
    let authoring = api.authoring.clone();
    let signature = caller.signature();
    let facts = api.blocking(move || Ok(authoring.edit_media(&id, edit, signature)?)).await?;
    Ok(reply::facts(StatusCode::OK, &facts.to_json()))
}

/// `DELETE /media/{id}`: refused while something uses it, unless `anyway=1`.
pub(in crate::api) async fn delete(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    params: Params,
) -> Reply {
    let authoring = api.authoring.clone();
    let (anyway, signature) = (params.flag("anyway"), caller.signature());
    api.blocking(move || Ok(authoring.delete_media(&id, anyway, signature)?)).await?;
    Ok(reply::deleted())
}

fn medium(word: &str) -> Option<Medium> {
    serde_json::from_value(word.into()).ok()
}

/// What is sent, with every mistake named.
fn edit(sent: &Map<String, Value>) -> Result<MediaEdit, Refusal> {
    let mut problems = Vec::new();
    let mut wrong = |key: &str, text: &str| problems.push(Problem { path: key.into(), text: text.into() });
    let mut edit = MediaEdit::default();
    for (key, value) in sent {
        match (key.as_str(), value) {
            ("alt", Value::String(text)) => edit.alt = Some(text.clone()),
            ("name", Value::String(text)) => edit.name = Some(text.clone()),
            ("alt" | "name", _) => wrong(key, "Not a valid string."),
            ("focal", value) => match focal(value) {
                Some(focal) => edit.focal = Some(focal),
                None => wrong(key, "Expected two fractions from 0 to 1, from the left and from the top, or null."),
            },
            ("folder", Value::Null) => edit.folder = Some(None),
            ("folder", Value::Number(id)) if id.is_i64() => edit.folder = Some(id.as_i64().map(FolderId)),
            ("folder", _) => wrong(key, "Expected a folder's id, or null."),
            ("tags", value) => match serde_json::from_value(value.clone()) {
                Ok(tags) => edit.tags = Some(tags),
                Err(_) => wrong(key, "Expected a list of texts."),
            },
            _ => {}
        }
    }
    if problems.is_empty() { Ok(edit) } else { Err(Refusal::invalid(&problems)) }
}

/// A point or none; `None` when it is neither.
fn focal(value: &Value) -> Option<Option<Focal>> {
    if value.is_null() {
        return Some(None);
    }
    let [x, y]: [f64; 2] = serde_json::from_value(value.clone()).ok()?;
    Focal::new(x, y).map(Some)
}
