//! The screens on which entries are written.
//!
//! The form works by itself: sent without scripts, it saves. With them, `<ld-editor>` sends each change as it is
//! made ([`super::draft`]).

mod chosen;
mod control;
mod screen;
mod sent;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::draft::{change, editor, gone_type, locale};
use super::error::Refused;
use super::guard::Signed;
use super::nav::Section;
use super::sight::Sight;
use super::view::Screen;
use super::{Dashboard, address, reach};
use crate::account::Right;
use crate::authoring::{DraftSave, Opened, Problems, now};
use crate::content::definition::BLOG;
use crate::content::entry::EntryId;
use crate::content::schema::{Kind, Schema};
use screen::Sheet;
use sent::Sent;

pub(super) use control::Controls;

/// What an address of an editor may say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    locale: String,
    /// Only the form, to be shown in a sheet over another.
    sheet: String,
    /// What has just been saved without scripts.
    saved: String,
}

/// In which language to make a translation.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Translation {
    locale: String,
}

/// Which template an editor has.
fn screen(schema: &Schema) -> Screen {
    let template = if schema.id == BLOG { "edit/post.html" } else { "edit/page.html" };
    Screen { template, section: Section::Schema(schema.id) }
}

/// The schema of this name.
async fn schema(dashboard: &Dashboard, name: String) -> Result<Schema, Refused> {
    dashboard.read(move |read| address::schema_named(read.model(), &name).cloned().ok_or_else(gone_type)).await
}

/// `GET /admin/c/{type}/new`
pub(super) async fn new(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    signed.need(Right::WriteOwn, "write here")?;
    let schema = schema(&dashboard, kind).await?;
    if schema.kind == Kind::SinglePage {
        return to_single_page(&dashboard, schema).await;
    }
    let (view, user) = (dashboard.view.clone(), signed.user.clone());
    let shown = screen(&schema);
    let site = dashboard.delivery.public_url().to_owned();
    dashboard
        .screen(&signed, shown, move |read| {
            let model = read.model().clone();
            let locale = locale(&model, &asked.locale)?;
            let opened = Opened::blank(read, &schema)?;
            let sheet = Sheet { view: &view, read, user: &user, schema: &schema, entry: None, locale, site: &site };
            sheet.context(&opened, &Problems::new(), &asked.sheet, "")
        })
        .await
}

async fn to_single_page(dashboard: &Dashboard, schema: Schema) -> Result<Response, Refused> {
    let place = dashboard.read(move |read| {
        let id = read.entry_ids(schema.id, EntryId(0), 1)?.into_iter().next().ok_or_else(Refused::not_found)?;
        Ok(address::entry(&schema, id))
    });
    Ok(Redirect::to(&place.await?).into_response())
}

/// `GET /admin/c/{type}/{id}`
pub(super) async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((_, id)): Path<(String, i64)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    open(&dashboard, &signed, EntryId(id), asked, Problems::new()).await
}

/// The editor of an entry, with what a form that was sent without scripts met.
async fn open(
    dashboard: &Dashboard,
    signed: &Signed,
    id: EntryId,
    asked: Asked,
    met: Problems,
) -> Result<Response, Refused> {
    let sight = Sight::of(&signed.user);
    let found = dashboard.read(move |read| {
        let entry = reach::find(read, sight, id)?;
        if let Some(at) = entry.deleted {
            return Err(crate::authoring::Error::Deleted { by: entry.deleted_by, at }.into());
        }
        let schema = read.model().schema(entry.schema).cloned().ok_or_else(gone_type)?;
        Ok((entry, schema))
    });
    let (entry, schema) = found.await?;
    let (view, user, shown) = (dashboard.view.clone(), signed.user.clone(), screen(&schema));
    let site = dashboard.delivery.public_url().to_owned();
    dashboard
        .screen(signed, shown, move |read| {
            let model = read.model().clone();
            let own = read.variants(entry.id)?.first().map(|variant| variant.locale);
            // A post is written in one language.
            let locale = match own.filter(|_| schema.id == BLOG) {
                Some(own) => own,
                None => locale(&model, &asked.locale)?,
            };
            let opened = Opened::read(read, &entry, locale, sight.view(entry.creator))?;
            let sheet =
                Sheet { view: &view, read, user: &user, schema: &schema, entry: Some(&entry), locale, site: &site };
            sheet.context(&opened, &met, &asked.sheet, &asked.saved)
        })
        .await
}

/// `POST /admin/c/{type}/new/save`: a form sent without scripts.
pub(super) async fn begin(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(kind): Path<String>,
    body: Bytes,
) -> Result<Response, Refused> {
    signed.need(Right::WriteOwn, "write here")?;
    let schema = schema(&dashboard, kind).await?;
    let opened_with = schema.clone();
    let blank = dashboard.read(move |read| Ok(Opened::blank(read, &opened_with)?.filled)).await?;
    let save = Sent::read(&body).into_save(&blank);
    let (editor, id) = (editor(&signed), schema.id);
    let reply = dashboard.change(move |authoring| authoring.begin_entry(id, save, editor, now())).await?;
    Ok(Redirect::to(&format!("{}?saved=1", address::entry(&schema, reply.entry))).into_response())
}

/// `POST /admin/c/{type}/{id}/save`: a form sent without scripts.
pub(super) async fn save(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((_, id)): Path<(String, i64)>,
    body: Bytes,
) -> Result<Response, Refused> {
    let id = EntryId(id);
    let sent = Sent::read(&body);
    let (sight, wanted) = (Sight::of(&signed.user), sent.locale.clone());
    let before = dashboard.read(move |read| {
        let entry = reach::find_to_change(read, sight, id)?;
        let locale = locale(read.model(), &wanted)?;
        let schema = read.model().schema(entry.schema).cloned().ok_or_else(gone_type)?;
        Ok((Opened::read(read, &entry, locale, sight.view(entry.creator))?.filled, schema))
    });
    let (before, schema) = before.await?;
    let asked = Asked { locale: sent.locale.clone(), ..Asked::default() };
    let reply = dashboard.change(change(&signed, id, sent.into_save(&before))).await?;
    let met = sent::met(&reply);
    if met.is_empty() {
        let place = format!("{}?saved=1&locale={}", address::entry(&schema, id), asked.locale);
        return Ok(Redirect::to(&place).into_response());
    }
    open(&dashboard, &signed, id, asked, met).await
}

/// `POST /admin/c/{type}/{id}/translate`: begins the translation of a post.
pub(super) async fn translate(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((_, id)): Path<(String, i64)>,
    axum::Form(wanted): axum::Form<Translation>,
) -> Result<Response, Refused> {
    signed.need(Right::WriteOwn, "write here")?;
    let (sight, editor) = (Sight::of(&signed.user), editor(&signed));
    let reply = dashboard.change(move |authoring| {
        let original = authoring.store().read(|read| reach::find(read, sight, EntryId(id)))?;
        let save = DraftSave::translating(original.id, &wanted.locale, now());
        Ok::<_, Refused>(authoring.begin_entry(original.schema, save, editor, now())?)
    });
    let made = reply.await?.entry;
    let place = dashboard.read(move |read| {
        let entry = read.entry(made)?.ok_or_else(Refused::not_found)?;
        let schema = read.model().schema(entry.schema).ok_or_else(gone_type)?;
        Ok(address::entry(schema, made))
    });
    Ok(Redirect::to(&place.await?).into_response())
}
