//! `GET /admin/c/{type}/{id}/links`: who links to an entry and what answers 404 without it.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::json;

use super::asking::Asking;
use super::error::Refused;
use super::form::wants_json;
use super::guard::Signed;
use super::nav::Section;
use super::reach::{Reached, Wanted, reach, title};
use super::sight::Sight;
use super::view::Screen;
use super::visitors::lost_without;
use super::{Dashboard, address};
use crate::account::Right;
use crate::authoring::{Among, Foresight};
use crate::content::entry::EntryId;
use crate::content::field::FieldId;
use crate::content::schema::{Model, Schema};
use crate::store::Read;

/// An entry that links.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Linking {
    title: String,
    /// The fields that link, by name.
    path: String,
    href: String,
    /// Whether readers see the link; else only a draft has it.
    live: bool,
}

/// Who links here, and which addresses need it.
pub(super) async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    wanted: Wanted,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let asker = signed.clone();
    let (reached, title, linked_from, lost, query) = dashboard
        .read(move |read| {
            let reached = reach(read, &asker, &wanted)?;
            // What it is called in the version that this person sees.
            let version = read.version(&reached.entry, reached.locale(), reached.sight.view(reached.entry.creator))?;
            let title = version.map(|version| reached.title(&version.revision)).ok_or_else(Refused::not_found)?;
            let linked_from = linking(read, reached.sight, reached.entry.id)?;
            let lost = lost_without(read, &reached, Some(reached.locale()))?;
            let query = reached.query(read.model());
            Ok((reached, title, linked_from, lost, query))
        })
        .await?;
    let addresses = addresses(&dashboard, &reached).await?;
    if wants_json(&headers) {
        return Ok(Json(json!({"addresses": addresses, "linked_from": linked_from, "visited": lost})).into_response());
    }
    let screen = Screen { template: "links/page.html", section: Section::Schema(reached.schema.id) };
    let (may_publish, may_delete) = (signed.user.may(Right::Publish), signed.user.may(Right::Delete));
    dashboard
        .screen(&signed, screen, move |_| {
            Ok(context! {
                title,
                addresses,
                visited => lost,
                linked_from => minijinja::Value::from(Serde(linked_from)),
                live => reached.variant.live.is_some(),
                may_publish,
                may_delete,
                editor => format!("{}{query}", address::entry(&reached.schema, reached.entry.id)),
                base => address::entry(&reached.schema, reached.entry.id),
                locale => query.trim_start_matches("?locale="),
            })
        })
        .await
}

/// The addresses of the API that answer 404 without the entry.
async fn addresses(dashboard: &Dashboard, reached: &Reached) -> Result<Vec<String>, Refused> {
    if reached.variant.live.is_none() {
        return Ok(Vec::new());
    }
    let (entry, locale) = (reached.entry.id, reached.locale());
    let foresight = Foresight { among: Among::Kept, differences: false };
    let radius = dashboard.change(move |authoring| authoring.foresee_unpublish(entry, locale, foresight)).await?;
    Ok(radius.answers.into_iter().filter(|answer| answer.after.status == 404).map(|answer| answer.url).collect())
}

/// The entries that link to one, as far as this person sees them.
fn linking(read: &Read<'_>, sight: Sight, to: EntryId) -> Result<Vec<Linking>, Refused> {
    let model = read.model().clone();
    let mut found: Vec<(EntryId, Linking)> = Vec::new();
    for used in read.uses(to)? {
        let Some(entry) = read.entry(used.source)?.filter(|entry| entry.deleted.is_none()) else { continue };
        let Some(schema) = model.schema(entry.schema) else { continue };
        if !used.live && !sight.sees_draft(entry.creator) {
            continue;
        }
        let Some(version) = read.version(&entry, used.locale, sight.view(entry.creator))? else { continue };
        let field = field_name(&model, schema, &used.path);
        if let Some((_, known)) = found.iter_mut().find(|(id, _)| *id == entry.id) {
            known.live |= used.live;
            if !known.path.contains(&field) {
                known.path = format!("{}, {field}", known.path);
            }
            continue;
        }
        let linking = Linking {
            title: title(schema, &version.revision),
            path: field,
            href: address::entry(schema, entry.id),
            live: used.live,
        };
        found.push((entry.id, linking));
    }
    Ok(found.into_iter().map(|(_, linking)| linking).collect())
}

/// The name of the field that a path of ids ends at.
fn field_name(model: &Model, schema: &Schema, path: &str) -> String {
    let last = path.rsplit('.').next().and_then(|id| id.parse().ok()).map(FieldId);
    let mut open: Vec<&[crate::content::field::Field]> = vec![&schema.fields];
    open.extend(model.components.iter().map(|component| component.fields.as_slice()));
    while let Some(fields) = open.pop() {
        for field in fields {
            if Some(field.id) == last {
                return field.name.clone();
            }
            if let crate::content::field::FieldType::Repeater(repeater) = &field.kind {
                open.push(&repeater.fields);
            }
        }
    }
    String::new()
}

/// Refuses to delete what others link to, and tells who does.
pub(super) async fn in_use(asking: &Asking, reached: &Reached, refused: Refused) -> Result<Response, Refused> {
    let (sight, id) = (reached.sight, reached.entry.id);
    let linked_from = asking.dashboard.read(move |read| linking(read, sight, id)).await?;
    if asking.json {
        let linked_from = serde_json::to_value(linked_from).unwrap_or_default();
        return Err(refused.with("linked_from", linked_from));
    }
    let to = format!("{}/links{}", address::entry(&reached.schema, id), asking.locale_query());
    Ok(asking.redirect(&to, "Others link to it.", "Remove those links first, or delete it anyway.", "warn"))
}
