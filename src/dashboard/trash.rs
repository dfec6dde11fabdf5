//! `GET /admin/trash`: what was deleted in the last 30 days, and bringing it back.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::address::TRASH;
use super::error::Refused;
use super::guard::Signed;
use super::list::noun;
use super::list::row::{Shower, When};
use super::nav::Section;
use super::sight::Sight;
use super::view::Screen;
use super::{Dashboard, address};
use crate::account::{Right, Role};
use crate::authoring::{KEPT, now};
use crate::content::entry::EntryId;
use crate::content::moment::Moment;
use crate::store::{Discarded, Read};

const SCREEN: Screen = Screen { template: "trash.html", section: Section::Trash };
/// How many lines a page has.
const PAGE: usize = 50;
/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// The routes of the trash.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(TRASH, get(show))
        .route("/admin/trash/{id}/restore", post(restore))
        .route("/admin/trash/{id}/remove", post(remove))
}

#[derive(Serialize)]
struct Row {
    id: i64,
    title: String,
    kind: String,
    noun: &'static str,
    path: String,
    by: String,
    deleted: When,
    /// Until it is removed for good.
    days: i64,
    restores: bool,
}

async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    let before = place(&query.unwrap_or_default());
    let asked = signed.clone();
    let ask = move |read: &Read<'_>| {
        let sight = Sight::of(&asked.user);
        let shower = Shower::new(read, sight)?;
        let (mut rows, mut place, mut more) = (Vec::new(), before, true);
        // Those who do not see everything may have to look further for a page full.
        while more && rows.len() < PAGE {
            let found = read.discarded(place, PAGE)?;
            more = found.len() == PAGE;
            place = found.last().map(|last| (last.deleted, last.line.entry)).or(place);
            let seen = found.iter().filter(|found| sight.sees_draft(found.line.creator));
            rows.extend(seen.map(|found| row(read, &shower, sight, &asked, found)));
        }
        let next = place.filter(|_| more).map(|(at, id)| format!("{TRASH}?before={}-{}", at.micros(), id.0));
        Ok(context! {
            page => context! { title => "Trash", section => "trash" },
            rows => Value::from(Serde(rows)),
            next,
            first => before.is_none(),
            removes => asked.user.role == Role::Owner,
        })
    };
    dashboard.screen(&signed, SCREEN, ask).await
}

/// `before=<micros>-<id>`
fn place(query: &str) -> Option<(Moment, EntryId)> {
    let (_, value) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "before")?;
    let (at, id) = value.split_once('-')?;
    Some((Moment::from_micros(at.parse().ok()?), EntryId(id.parse().ok()?)))
}

fn row(read: &Read<'_>, shower: &Shower<'_>, sight: Sight, signed: &Signed, found: &Discarded) -> Row {
    let schema = read.model().schema(found.line.schema);
    let left = found.deleted.micros() + KEPT - now().micros();
    Row {
        id: found.line.entry.0,
        title: shower.name(&found.line),
        kind: schema.map_or_else(|| "Removed from the content model".into(), |schema| schema.name.clone()),
        noun: schema.map_or("entry", noun),
        path: schema.map(|schema| shower.path(&found.line, schema)).unwrap_or_default(),
        by: found.by.clone().unwrap_or_else(|| "unknown".into()),
        deleted: When::of(found.deleted, shower.zone()),
        days: (left / DAY).max(0),
        restores: schema.is_some() && signed.user.may(Right::Delete) && sight.may_write(found.line.creator),
    }
}

async fn restore(State(dashboard): State<Dashboard>, signed: Signed, Path(id): Path<i64>) -> Result<Response, Refused> {
    signed.need(Right::Delete, "bring back what was deleted")?;
    let signature = signed.signature();
    dashboard.change(move |authoring| authoring.undelete(EntryId(id), signature)).await?;
    let there = dashboard
        .read(move |read| {
            let entry = read.entry(EntryId(id))?.ok_or_else(Refused::not_found)?;
            let schema = read.model().schema(entry.schema).ok_or_else(Refused::not_found)?;
            Ok(address::entry(schema, entry.id))
        })
        .await?;
    Ok(Redirect::to(&there).into_response())
}

async fn remove(State(dashboard): State<Dashboard>, signed: Signed, Path(id): Path<i64>) -> Result<Response, Refused> {
    if signed.user.role != Role::Owner {
        return Err(Refused::no_right("remove things for good"));
    }
    let signature = signed.signature();
    dashboard.change(move |authoring| authoring.purge_one(EntryId(id), signature)).await?;
    Ok(Redirect::to(TRASH).into_response())
}
