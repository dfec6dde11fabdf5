//! Two people have changed the model: what each made of it, to be chosen from. Nothing of either is lost.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use minijinja::{Value, context};
use serde_json::Value as Json;

use super::board::board;
use super::{MODEL, need, words};
use crate::authoring::Signature;
use crate::content::line::write;
use crate::content::rebase::{Clash, Side};
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;
use crate::dashboard::guard::Signed;
use crate::dashboard::nav::Section;
use crate::dashboard::notes::Note;
use crate::dashboard::view::Screen;

const SCREEN: Screen = Screen { template: "model/conflict.html", section: Section::Model };

/// `GET /admin/model/conflict`
pub(super) async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    need(&signed)?;
    page(&dashboard, &signed, context! {}).await
}

async fn page(dashboard: &Dashboard, signed: &Signed, more: Value) -> Result<Response, Refused> {
    let who = signed.clone();
    let waits = dashboard.read(move |read| Ok(board(read, &who)?.waits())).await?;
    if !waits {
        return Ok(Redirect::to(MODEL).into_response());
    }
    let who = signed.clone();
    dashboard
        .screen(signed, SCREEN, move |read| {
            let drawn = board(read, &who)?;
            let by = read.model_changed()?;
            let clashes: Vec<Value> = drawn.clashes.iter().map(shown).collect();
            Ok(context! {
                ..more,
                ..context! {
                    clashes, wrong => drawn.wrong.as_deref().map(words::sentence),
                    by => by.as_ref().map(|(name, _)| name.clone()), at => by.map(|(_, at)| at.to_string()),
                }
            })
        })
        .await
}

/// A clash in words.
fn shown(clash: &Clash) -> Value {
    context! {
        path => clash.path.clone(), place => place(&clash.path), mine => said(&clash.mine), theirs => said(&clash.theirs), base => said(&clash.base),
    }
}

/// `page_types.landing.fields.teaser.max_length` as people say it.
fn place(path: &str) -> String {
    let steps = path.split('.').filter(|step| *step != "fields");
    let words: Vec<String> = steps.map(|step| step.replace('_', " ")).collect();
    words.join(" › ")
}

/// A value in words: a field as its line, what was taken away as that.
fn said(value: &Json) -> String {
    match value {
        Json::Null => "removed".into(),
        Json::String(text) if text.is_empty() => "nothing".into(),
        Json::String(text) => text.clone(),
        Json::Object(members) if members.contains_key("type") => {
            serde_json::from_value(value.clone()).map_or_else(|_| value.to_string(), |field| write(&field))
        }
        other => other.to_string(),
    }
}

/// `POST /admin/model/conflict`
pub(super) async fn choose(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    sent: Sent,
) -> Result<Response, Refused> {
    need(&signed)?;
    let who = signed.clone();
    let drawn = dashboard.read(move |read| board(read, &who)).await?;
    let mut chosen = BTreeMap::new();
    for clash in &drawn.clashes {
        let side = match sent.text(&clash.path) {
            "mine" => Side::Mine,
            "theirs" => Side::Theirs,
            _ => continue,
        };
        chosen.insert(clash.path.clone(), side);
    }
    let signature = Signature::of(&signed.user);
    let done = dashboard.change(move |authoring| authoring.choose_drawn(chosen, signature)).await;
    match done {
        Ok(()) => {
            let detail = "Look at the plan before you save.".to_owned();
            Ok(dashboard.go_on(&signed, MODEL, Note { detail, ..Note::ok("Both changes are in your model now.") }))
        }
        Err(refused) if refused.is_about_content() => {
            page(&dashboard, &signed, context! { refused => words::sentence(&refused.message), sent => sent.again() })
                .await
        }
        Err(refused) => Err(refused),
    }
}
