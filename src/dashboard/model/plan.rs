//! What saving would do, and saving.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::board::{around, board};
use super::{CONFLICT, MODEL, PLAN, need, running};
use crate::authoring::{Action, Plan, Signature, Step};
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;
use crate::dashboard::guard::Signed;
use crate::dashboard::nav::Section;
use crate::dashboard::notes::Note;
use crate::dashboard::view::Screen;

const SCREEN: Screen = Screen { template: "model/plan.html", section: Section::Model };

/// `GET /admin/model/plan`
pub(super) async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    page(&dashboard, &signed, context! {}).await
}

async fn page(dashboard: &Dashboard, signed: &Signed, more: Value) -> Result<Response, Refused> {
    need(signed)?;
    let signature = Signature::of(&signed.user);
    let planned = dashboard.change(move |authoring| authoring.plan_drawn(&signature)).await;
    let plan = match planned {
        Ok(plan) => plan,
        Err(refused) if refused.error == "changed" => return Ok(Redirect::to(CONFLICT).into_response()),
        Err(refused) => return Err(refused),
    };
    let who = signed.clone();
    dashboard
        .screen(signed, SCREEN, move |read| {
            let drawn = board(read, &who)?;
            Ok(context! { ..context! { plan => shown(&plan) }, ..more, ..around(read, &drawn, None)? })
        })
        .await
}

/// A plan as screens show it.
pub(super) fn shown(plan: &Plan) -> Value {
    let step = |step: &Step| {
        context! {
            icon => icon(step.action), kind => if step.loses { "loses" } else { "" }, says => marked(&step.says), examples => Value::from(Serde(&step.examples)),
        }
    };
    let steps: Vec<Value> = plan.steps.iter().map(step).collect();
    context! { word => plan.word(), steps, loses => plan.loses(), changes => plan.changes, keys => typed_keys(plan), order => plan.steps.is_empty() && plan.changes }
}

/// What has to be typed before something is lost: the keys of the groups it happens in.
pub(super) fn typed_keys(plan: &Plan) -> Vec<String> {
    let keys: BTreeSet<&String> = plan.steps.iter().filter(|step| step.loses).map(|step| &step.group).collect();
    keys.into_iter().map(|key| if key.is_empty() { "locales".to_owned() } else { key.clone() }).collect()
}

fn icon(action: Action) -> &'static str {
    match action {
        Action::Add => "plus",
        Action::Rename => "pencil",
        Action::Change => "sliders-horizontal",
        Action::Revive => "rotate-ccw",
        Action::Convert => "refresh-cw",
        Action::Remove => "trash-2",
    }
}

/// A sentence in pieces: what stands in backticks is a key.
fn marked(says: &str) -> Vec<Value> {
    says.split('`').enumerate().map(|(at, text)| context! { text, key => at % 2 == 1 }).collect()
}

/// Whether what was typed names every key.
pub(super) fn agrees(plan_keys: &[String], typed: &str) -> bool {
    let typed: BTreeSet<&str> = typed.split([' ', ',']).map(str::trim).filter(|word| !word.is_empty()).collect();
    plan_keys.iter().all(|key| typed.contains(key.as_str()))
}

/// `POST /admin/model/plan`: puts what was planned in force.
pub(super) async fn save(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    need(&signed)?;
    let signature = Signature::of(&signed.user);
    let planned = dashboard.change({
        let signature = signature.clone();
        move |authoring| authoring.plan_drawn(&signature)
    });
    let plan = match planned.await {
        Ok(plan) => plan,
        Err(refused) if refused.error == "changed" => return Ok(Redirect::to(CONFLICT).into_response()),
        Err(refused) => return Err(refused),
    };
    if !plan.changes {
        return Ok(dashboard.go_on(&signed, MODEL, Note::ok("There is nothing to save.")));
    }
    let seen = plan.word();
    if sent.text("seen") != seen {
        return Ok(dashboard.go_on(&signed, PLAN, Note::ok("Something has changed meanwhile. This is the new plan.")));
    }
    let keys = typed_keys(&plan);
    if plan.loses() && !agrees(&keys, sent.text("typed")) {
        let wrong = format!("Type {} to agree to what is lost.", keys.join(" "));
        let mut page = page(&dashboard, &signed, context! { wrong, typed => sent.text("typed") }).await?;
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    }
    running::begin(&dashboard, &signed, move |authoring, progress| authoring.save_drawn(seen, signature, progress))
        .await
}
