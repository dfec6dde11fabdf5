//! The screen itself: shelves, fields, and settings or the live result.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Deserialize;

use super::board::{around, base_of, board, field_mark, icon};
use super::{CONFLICT, need, result, settings, spot, starters, words};
use crate::authoring::KEPT;
use crate::content::blueprint::{Shelf, Spot, dropped, field_at, uses};
use crate::content::definition::GroupDefinition;
use crate::content::field::Definition as Field;
use crate::content::line::TYPES;
use crate::content::moment::Moment;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::nav::Section;
use crate::dashboard::view::Screen;

const OVERVIEW: Screen = Screen { template: "model/overview.html", section: Section::Model };
const GROUP: Screen = Screen { template: "model/group.html", section: Section::Model };

/// What an address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The path of the chosen field.
    pub(super) field: String,
    /// What has the focus: `up` or `down` after a move, `add` after adding.
    pub(super) at: String,
}

/// `GET /admin/model`
pub(super) async fn overview(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    overview_with(&dashboard, &signed, context! {}).await
}

/// The overview, with what else it shows.
pub(super) async fn overview_with(dashboard: &Dashboard, signed: &Signed, more: Value) -> Result<Response, Refused> {
    need(signed)?;
    let who = signed.clone();
    dashboard
        .screen(signed, OVERVIEW, move |read| {
            let drawn = board(read, &who)?;
            let own = context! { starters => starters::shown(&drawn.board) };
            Ok(context! { ..own, ..more, ..around(read, &drawn, None)? })
        })
        .await
}

/// `GET /admin/model/{type}`
pub(super) async fn group(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let spot = spot::named(&name).ok_or_else(Refused::not_found)?;
    show(&dashboard, &signed, spot, asked).await
}

/// `GET /admin/model/components/{name}`
pub(super) async fn component(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    show(&dashboard, &signed, Spot::new(Shelf::Components, name), asked).await
}

async fn show(dashboard: &Dashboard, signed: &Signed, spot: Spot, asked: Asked) -> Result<Response, Refused> {
    need(signed)?;
    let who = signed.clone();
    let waits = dashboard.read(move |read| Ok(board(read, &who)?.waits())).await?;
    if waits {
        return Ok(Redirect::to(CONFLICT).into_response());
    }
    group_with(dashboard, signed, spot, asked, context! {}).await
}

/// A form that was refused, with what was typed in it and why.
pub(super) async fn again(
    dashboard: &Dashboard,
    signed: &Signed,
    spot: Spot,
    asked: Asked,
    more: Value,
) -> Result<Response, Refused> {
    let mut page = group_with(dashboard, signed, spot, asked, more).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

async fn group_with(
    dashboard: &Dashboard,
    signed: &Signed,
    spot: Spot,
    asked: Asked,
    more: Value,
) -> Result<Response, Refused> {
    let (who, view, url) = (signed.clone(), dashboard.view.clone(), dashboard.delivery.public_url().to_owned());
    dashboard
        .screen(signed, GROUP, move |read| {
            let drawn = board(read, &who)?;
            let group = drawn.board.group(&spot).ok_or_else(Refused::not_found)?;
            let base = base_of(&drawn.base, spot.shelf, group);
            let chosen = field_at(&group.fields, &asked.field);
            let made = drawn.board.made().map_err(|why| Refused::bad(words::sentence(&why)))?;
            let result = result::shown(&view, read, &who, &made, &spot, &url)?;
            let settings = match &chosen {
                Some(field) => settings::of_field(&drawn.board, group, &asked.field, field),
                None => settings::of_group(&spot, group),
            };
            let used: Vec<Value> = uses(&drawn.board, &spot)
                .into_iter()
                .map(|used| context! { name => used.name, field => used.field.clone(), href => spot::field_address(&used.spot, &used.field) })
                .collect();
            Ok(context! {
                ..more,
                ..context! {
                    group => context! {
                        name => group.name.clone(), key => group.key.clone(), help => group.help.clone(), at => spot::name(&spot),
                        href => spot::address(&spot), noun => spot.shelf.noun(), icon => icon(spot.shelf),
                        collection => spot.shelf == Shelf::Collections, new => base.is_none(),
                    },
                    rows => rows(&spot, group, base, &asked),
                    removed => removed(group, base),
                    chosen => chosen.as_ref().map(|field| context! { path => asked.field.clone(), key => field.key.clone(), name => field.name.clone(), repeater => field.kind == "repeater" }),
                    settings,
                    used,
                    result,
                    types => types(),
                    focus => asked.at.clone(),
                },
                ..around(read, &drawn, Some(&spot))?
            })
        })
        .await
}

/// The words for types, for completion.
fn types() -> Value {
    let all: Vec<serde_json::Value> = TYPES
        .iter()
        .map(|known| serde_json::json!({"word": known.word, "about": known.about, "example": known.example, "icon": words::icon(known.kind)}))
        .collect();
    Value::from(Serde(all))
}

/// The fields in order, those of repeaters below them.
fn rows(spot: &Spot, group: &GroupDefinition, base: Option<&GroupDefinition>, asked: &Asked) -> Vec<Value> {
    let mut rows = Vec::new();
    add_rows(&mut rows, spot, &group.fields, base.map_or(&[][..], |base| &base.fields), "", asked);
    rows
}

fn add_rows(rows: &mut Vec<Value>, spot: &Spot, fields: &[Field], base: &[Field], above: &str, asked: &Asked) {
    let shown: Vec<&Field> = fields.iter().filter(|field| field.dropped.is_none()).collect();
    for (at, field) in shown.iter().enumerate() {
        let path = if above.is_empty() { field.key.clone() } else { format!("{above}.{}", field.key) };
        let before = base.iter().find(|before| before.id.is_some() && before.id == field.id);
        let chosen = asked.field == path;
        rows.push(context! {
            path => path.clone(), key => field.key.clone(), name => field.name.clone(), icon => words::icon(&field.kind),
            word => words::word(field), rules => words::rules(field), href => spot::field_address(spot, &path),
            inside => !above.is_empty(), first => at == 0, last => at + 1 == shown.len(), chosen,
            focus => if chosen { asked.at.clone() } else { String::new() },
            mark => field_mark(field, before),
        });
        if field.kind == "repeater" {
            let inner = |field: &Field| dropped_and_not(field);
            add_rows(rows, spot, &inner(field), &before.map(inner).unwrap_or_default(), &path, asked);
        }
    }
}

/// The fields inside a repeater.
fn dropped_and_not(field: &Field) -> Vec<Field> {
    field.options.get("fields").and_then(|fields| serde_json::from_value(fields.clone()).ok()).unwrap_or_default()
}

/// The fields whose values are kept for a while.
fn removed(group: &GroupDefinition, base: Option<&GroupDefinition>) -> Vec<Value> {
    let before = base.map(|base| dropped(&base.fields)).unwrap_or_default();
    let line = |(above, field): (String, Field)| {
        let saved = before.iter().any(|(_, gone)| gone.id == field.id);
        let until = field.dropped.map(|at| Moment::from_micros(at.micros() + KEPT).to_string());
        context! {
            above, id => field.id, key => field.key.clone(), name => field.name.clone(), icon => words::icon(&field.kind), word => words::word(&field),
            saved, until,
        }
    };
    dropped(&group.fields).into_iter().map(line).collect()
}

/// Where somebody goes on after a change.
pub(super) fn after(drawn_at: &Spot, path: &str, at: &str) -> Response {
    let mut address = spot::field_address(drawn_at, path);
    if !at.is_empty() {
        address += if path.is_empty() { "?at=" } else { "&at=" };
        address += at;
    }
    Redirect::to(&address).into_response()
}
