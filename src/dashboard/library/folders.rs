//! Folders of the library: making, renaming, moving and removing them.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{patch, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::bulk::folder as chosen;
use super::{HX_REQUEST, LIBRARY};
use crate::account::Right;
use crate::authoring::{Authoring, Error, NewFolder, Signature};
use crate::content::media::FolderId;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::form::{Sent, wants_json};
use crate::dashboard::guard::Signed;
use crate::dashboard::notes::Note;
use crate::store::MediaFolder;

/// The routes of folders.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/media/folders", post(make))
        .route("/admin/media/folders/{id}", patch(edit).post(edit).delete(remove))
        .route("/admin/media/folders/{id}/delete", post(remove))
}

async fn make(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Refused> {
    signed.need(Right::Write, "keep folders")?;
    let new = NewFolder { parent: chosen(sent.text("parent"))?, name: sent.text("name").to_owned() };
    let signature = signed.signature();
    let made = dashboard.change(move |authoring| authoring.make_media_folder(new, signature)).await;
    settled(&dashboard, &signed, &headers, made, LIBRARY)
}

/// Renames it, moves it, or both: what was not sent stays.
async fn edit(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Refused> {
    signed.need(Right::Write, "keep folders")?;
    let name = sent.find("name").map(str::to_owned);
    let parent = sent.find("parent").map(chosen).transpose()?;
    if name.is_none() && parent.is_none() {
        return Err(Refused::bad("It is not said what shall be different about the folder."));
    }
    let signature = signed.signature();
    let edited = dashboard.change(move |authoring| edited(authoring, FolderId(id), name, parent, &signature)).await;
    settled(&dashboard, &signed, &headers, edited, &format!("{LIBRARY}?folder={id}"))
}

fn edited(
    authoring: &Authoring,
    id: FolderId,
    name: Option<String>,
    parent: Option<Option<FolderId>>,
    signature: &Signature,
) -> Result<MediaFolder, Error> {
    let renamed = name.map(|name| authoring.rename_media_folder(id, &name, signature.clone())).transpose()?;
    let moved = parent.map(|parent| authoring.move_media_folder(id, parent, signature.clone())).transpose()?;
    moved.or(renamed).ok_or(Error::NotFound("folder"))
}

/// What lies in it moves up.
async fn remove(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    signed.need(Right::Delete, "delete folders")?;
    signed.need(Right::Write, "keep folders")?;
    let folder = dashboard.read(move |read| Ok(read.media_folder(FolderId(id))?)).await?;
    let folder = folder.ok_or_else(Refused::not_found)?;
    let signature = signed.signature();
    let removed = dashboard.change(move |authoring| authoring.remove_media_folder(FolderId(id), signature)).await;
    if speaks_json(&headers) {
        return removed
            .map(|()| Json(json!({"id": id, "parent": folder.parent.map(|parent| parent.0)})).into_response());
    }
    let here = format!("{LIBRARY}?folder={id}");
    if let Err(refused) = removed {
        return said(&dashboard, &signed, &here, refused);
    }
    let above = folder.parent.map_or_else(|| LIBRARY.to_owned(), |parent| format!("{LIBRARY}?folder={}", parent.0));
    let detail = "Its files are still in the library, one folder further up.".to_owned();
    let note = Note { title: format!("The folder “{}” is deleted", folder.name), detail, kind: "ok" };
    dashboard.notes.leave(&signed.session.hash, note);
    Ok(Redirect::to(&above).into_response())
}

/// The folder for scripts; for people its screen, or the one they were on with what is wrong.
fn settled(
    dashboard: &Dashboard,
    signed: &Signed,
    headers: &HeaderMap,
    folder: Result<MediaFolder, Refused>,
    here: &str,
) -> Result<Response, Refused> {
    if speaks_json(headers) {
        return folder.map(|folder| Json(to_json(&folder)).into_response());
    }
    match folder {
        Ok(folder) => Ok(Redirect::to(&format!("{LIBRARY}?folder={}", folder.id.0)).into_response()),
        Err(refused) => said(dashboard, signed, here, refused),
    }
}

/// What is wrong with what was typed is said on the page it was typed on.
fn said(dashboard: &Dashboard, signed: &Signed, here: &str, refused: Refused) -> Result<Response, Refused> {
    if !refused.is_about_input() {
        return Err(refused);
    }
    let note = Note { title: "The folder was not changed".into(), detail: refused.message, kind: "error" };
    dashboard.notes.leave(&signed.session.hash, note);
    Ok(Redirect::to(here).into_response())
}

fn speaks_json(headers: &HeaderMap) -> bool {
    wants_json(headers) || headers.contains_key(HX_REQUEST)
}

fn to_json(folder: &MediaFolder) -> Value {
    let parent = folder.parent.map(|parent| parent.0);
    json!({"id": folder.id.0, "parent": parent, "name": folder.name, "files": folder.files})
}
