//! The model as one file: out, and in after its plan was shown.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use minijinja::{Value, context};
use serde::Deserialize;

use super::plan::{agrees, shown, typed_keys};
use super::{board::board, need, running, words};
use crate::authoring::Signature;
use crate::content::blueprint::as_file;
use crate::content::definition::Definition;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;
use crate::dashboard::guard::Signed;
use crate::dashboard::nav::Section;
use crate::dashboard::view::Screen;

const SCREEN: Screen = Screen { template: "model/import.html", section: Section::Model };

/// Which model is wanted.
#[derive(Deserialize)]
pub(super) struct Wanted {
    /// `mine` for what is not saved yet.
    #[serde(default)]
    of: String,
}

/// `GET /admin/model/export`
pub(super) async fn export(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refused> {
    need(&signed)?;
    let who = signed.clone();
    let definition = dashboard
        .read(move |read| {
            if wanted.of == "mine" {
                // As it was left, whatever others have done since.
                let own = read.board(who.user.id)?.ok_or_else(Refused::not_found)?;
                return Ok(as_file(&own.base, &own.board));
            }
            Ok(Definition::of(read.model(), false))
        })
        .await?;
    let text = serde_json::to_string_pretty(&definition).map_err(|_| Refused::internal())? + "\n";
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, "attachment; filename=\"model.json\"".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// `GET /admin/model/import`
pub(super) async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    need(&signed)?;
    page(&dashboard, &signed, context! {}).await
}

async fn page(dashboard: &Dashboard, signed: &Signed, more: Value) -> Result<Response, Refused> {
    let who = signed.clone();
    dashboard.screen(signed, SCREEN, move |read| Ok(context! { unsaved => board(read, &who)?.changed, ..more })).await
}

async fn refused(dashboard: &Dashboard, signed: &Signed, text: &str, why: &str) -> Result<Response, Refused> {
    let mut page = page(dashboard, signed, context! { text, wrong => words::sentence(why) }).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// `POST /admin/model/import`: shows what a file does, and with `go` does it.
pub(super) async fn take(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    need(&signed)?;
    let text = sent.text("text").to_owned();
    let definition = match Definition::parse(&text) {
        Ok(definition) => definition,
        Err(why) => return refused(&dashboard, &signed, &text, &why).await,
    };
    let planned = dashboard
        .change({
            let definition = definition.clone();
            move |authoring| authoring.plan_schema(&definition)
        })
        .await;
    let plan = match planned {
        Ok(plan) => plan,
        Err(why) if why.is_about_content() => return refused(&dashboard, &signed, &text, &why.message).await,
        Err(why) => return Err(why),
    };
    let keys = typed_keys(&plan);
    let seen = sent.text("seen") == plan.word();
    let agreed = !plan.loses() || agrees(&keys, sent.text("typed"));
    if sent.text("go") != "1" || !seen || !agreed || !plan.changes {
        let wrong = (sent.text("go") == "1" && seen && !agreed)
            .then(|| format!("Type {} to agree to what is lost.", keys.join(" ")));
        let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let more = context! { text, plan => shown(&plan), not_agreed => wrong, typed => sent.text("typed") };
        let mut page = page(&dashboard, &signed, more).await?;
        *page.status_mut() = status;
        return Ok(page);
    }
    let (signature, number) = (Signature::of(&signed.user), plan.model);
    running::begin(&dashboard, &signed, move |authoring, progress| {
        authoring.change_schema(definition, number, true, signature, progress)
    })
    .await
}
