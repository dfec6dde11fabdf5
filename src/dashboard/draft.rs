//! The save queue's door: drafts as JSON, for the editor's script.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::{Json, http};
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::Refused;
use super::guard::Signed;
use super::sight::Sight;
use super::{Dashboard, LARGEST, address, reach};
use crate::account::Right;
use crate::authoring::{self, Authoring, DraftSave, Editor, Opened, called, now, status};
use crate::content::entry::EntryId;
use crate::content::schema::Model;
use crate::store::Reply;

/// `?locale=de`
#[derive(Debug, Deserialize)]
pub(super) struct InLocale {
    #[serde(default)]
    pub(super) locale: String,
}

/// Who leaves.
#[derive(Debug, Deserialize)]
pub(super) struct Leaving {
    client: String,
}

/// `POST /admin/c/{type}/draft`: the first changes to an entry that is not there yet.
pub(super) async fn begin(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(kind): Path<String>,
    body: Body,
) -> Result<Response, Refused> {
    signed.need(Right::WriteOwn, "write here")?;
    let (save, editor) = (read(body).await?, editor(&signed));
    let reply = dashboard.change(move |authoring| {
        let model = authoring.model()?;
        let schema = address::schema_named(&model, &kind).ok_or_else(gone_type)?;
        Ok::<_, Refused>(authoring.begin_entry(schema.id, save, editor, now())?)
    });
    Ok(answer(reply.await?))
}

/// `PATCH /admin/c/{type}/{id}/draft`. The entry is known by its id alone: its type may have another name by now.
pub(super) async fn save(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((_, id)): Path<(String, i64)>,
    body: Body,
) -> Result<Response, Refused> {
    let save = read(body).await?;
    let client = save.client.clone();
    let reply = dashboard.change(change(&signed, EntryId(id), save)).await?;
    let stored: Value = serde_json::from_str(&reply.answer).unwrap_or_default();
    let told = json!({"rev": stored["rev"], "by": signed.user.name, "client": client});
    dashboard.presence.tell(reply.entry, "saved", &told);
    Ok(answer(reply))
}

/// What saves changes to an entry, if this person may make them.
pub(super) fn change(
    signed: &Signed,
    id: EntryId,
    save: DraftSave,
) -> impl FnOnce(&Authoring) -> Result<Reply, Refused> + Send + 'static {
    let (sight, editor) = (Sight::of(&signed.user), editor(signed));
    move |authoring| {
        authoring.store().read(|read| reach::find_to_change(read, sight, id))?;
        Ok(authoring.save_draft(id, save, editor, now())?)
    }
}

/// `GET /admin/c/{type}/{id}/draft`: what is saved, for a form that may be behind.
pub(super) async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((_, id)): Path<(String, i64)>,
    Query(asked): Query<InLocale>,
) -> Result<Json<Value>, Refused> {
    let sight = Sight::of(&signed.user);
    let shown = dashboard.read(move |read| {
        let entry = reach::find(read, sight, EntryId(id))?;
        if let Some(at) = entry.deleted {
            return Err(authoring::Error::Deleted { by: entry.deleted_by, at }.into());
        }
        let model = read.model().clone();
        let locale = locale(&model, &asked.locale)?;
        let opened = Opened::read(read, &entry, locale, sight.view(entry.creator))?;
        let revision = opened.revision.as_ref();
        let variant = opened.variant.as_ref();
        Ok(json!({
            "rev": revision.map(|revision| revision.id),
            "id": entry.id,
            "values": opened.filled.values,
            "lists": opened.filled.lists,
            "problems": opened.problems,
            "slug": opened.filled.values.get("@slug"),
            "title": revision.map(|revision| called(&model, &entry, revision)),
            "status": status(variant),
            "published_at": variant.and_then(|variant| variant.published),
            "scheduled_at": variant.and_then(|variant| variant.scheduled),
            "by": revision.map(|revision| revision.by.clone()),
            "at": revision.map(|revision| revision.at),
        }))
    });
    shown.await.map(Json)
}

/// `POST /admin/c/{type}/{id}/leave`: an entry that was begun and left empty goes again.
pub(super) async fn leave(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((_, id)): Path<(String, i64)>,
    Json(leaving): Json<Leaving>,
) -> Result<Json<Value>, Refused> {
    let editor = editor(&signed);
    let removed =
        dashboard.change(move |authoring| authoring.leave_draft(EntryId(id), &leaving.client, editor, now())).await?;
    Ok(Json(json!({"removed": removed})))
}

/// The locale with this slug; the default one when none is named.
pub(super) fn locale(model: &Model, slug: &str) -> Result<crate::content::locale::LocaleId, Refused> {
    if slug.is_empty() {
        return Ok(model.default_locale());
    }
    model.locale(slug).ok_or_else(|| {
        Refused::new(
            StatusCode::NOT_FOUND,
            "no_locale",
            format!("The site is not written in `{slug}` any more. Choose another language."),
        )
    })
}

/// Said when a content type is not there under its name.
pub(super) fn gone_type() -> Refused {
    Refused::new(
        StatusCode::NOT_FOUND,
        "no_type",
        "This kind of content was renamed or removed. Look for it in the navigation; what you typed is kept on this device.",
    )
}

/// The person who edits.
pub(super) fn editor(signed: &Signed) -> Editor {
    let user = &signed.user;
    Editor { id: user.id, name: user.name.clone(), role: user.role, may_embed: user.may(Right::EditHtml) }
}

/// Reads a request to its end, also one that is too large: a browser that is cut off while it sends never sees
/// the answer, and would send the same again and again.
async fn read(body: Body) -> Result<DraftSave, Refused> {
    let mut body = body;
    let (mut bytes, mut size) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let broken = |_| Refused::bad("The save did not arrive whole. Send it again.");
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        size += data.len();
        if size <= LARGEST {
            bytes.extend_from_slice(&data);
        } else if size > LARGEST * 4 {
            break;
        } else {
            bytes = Vec::new();
        }
    }
    if size > LARGEST {
        let message = format!("This is more than {} MB and cannot be saved. Make it shorter.", LARGEST >> 20);
        return Err(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message));
    }
    DraftSave::read(&bytes).map_err(Refused::bad)
}

fn answer(reply: Reply) -> Response {
    let status = if reply.conflict { StatusCode::CONFLICT } else { StatusCode::OK };
    let json = http::HeaderValue::from_static("application/json");
    (status, [(CONTENT_TYPE, json)], reply.answer).into_response()
}
