//! `/admin/settings/webhooks`: programs that are told of changes, and what came of it.

mod form;
mod log;

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use minijinja::{Value, context};

use super::Dashboard;
use super::address::{self, WEBHOOKS};
use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::list::row::When;
use super::nav::Section;
use super::notes::Note;
use super::times;
use super::view::Screen;
use crate::account::Right;
use crate::authoring::{NewWebhook, ROTATION, now};
use crate::content::outbox::{ParcelState, Target, TargetId, TargetKind};
use crate::content::settings::Settings;
use crate::content::webhook::{Subscription, Webhook};
use crate::content::zone::Zone;
use crate::store::Read;

const LIST: Screen = Screen { template: "webhooks/list.html", section: Section::Settings };
const ONE: Screen = Screen { template: "webhooks/one.html", section: Section::Settings };
/// Completes "does not allow you to".
const WHAT: &str = "see or change webhooks";

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(WEBHOOKS, get(list).post(add))
        .route("/admin/settings/webhooks/{id}", get(one).post(change))
        .route("/admin/settings/webhooks/{id}/rotate", post(rotate))
        .route("/admin/settings/webhooks/{id}/remove", post(remove))
        .merge(log::routes())
}

async fn list(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    page(&dashboard, &signed, context! { form => form::blank() }).await
}

/// The list, with what else it shows.
async fn page(dashboard: &Dashboard, signed: &Signed, more: Value) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    dashboard
        .screen(signed, LIST, move |read| {
            let zone = times::zone(&Settings::read(&read.settings()?));
            let targets = read.targets(TargetKind::Webhook)?;
            let webhooks = targets.iter().map(|target| shown(read, target, &zone)).collect::<Result<Vec<_>, _>>()?;
            Ok(context! { webhooks, ..more })
        })
        .await
}

/// A webhook as lists show it.
fn shown(read: &Read<'_>, target: &Target, zone: &Zone) -> Result<Value, Refused> {
    let standing = read.standing(target.id)?;
    let count = |state| read.count_parcels(target.id, state);
    let settings = Webhook::of(target).ok();
    let moment = |moment| Value::from(minijinja::value::Serde(When::of(moment, zone)));
    Ok(context! {
        id => target.id.0,
        href => address::webhook(target.id),
        name => target.name.clone(),
        address => settings.as_ref().map(|settings| settings.address.clone()),
        events => settings.as_ref().map(|settings| names(&settings.events)),
        active => target.active,
        plain => settings.as_ref().is_some_and(|settings| settings.plain),
        // Once is none: the next try follows within seconds.
        failing => standing.since.filter(|_| standing.resumes.is_some()).map(moment),
        resumes => standing.resumes.map(moment),
        waiting => count(ParcelState::Waiting)? + count(ParcelState::Behind)?,
        dead => count(ParcelState::Dead)?,
    })
}

fn names(events: &[Subscription]) -> Vec<&'static str> {
    events.iter().map(|event| event.as_str()).collect()
}

async fn add(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let made = match form::read(&sent, &[]) {
        Ok(filled) => {
            let new = NewWebhook {
                name: filled.name,
                address: filled.address,
                events: filled.events,
                headers: filled.headers,
                secret: None,
                plain: filled.plain,
            };
            let signature = signed.signature();
            dashboard.change(move |authoring| authoring.add_webhook(new, signature)).await
        }
        Err(refused) => Err(refused),
    };
    match made {
        Ok(id) => {
            let note = Note {
                detail: "Give its secret to the receiver, then send a test.".into(),
                ..Note::ok("The webhook is added.")
            };
            Ok(dashboard.go_on(&signed, &address::webhook(id), note))
        }
        Err(refused) => {
            let again = |problems| page(&dashboard, &signed, context! { form => form::again(&sent), problems });
            refused.form_again(again).await
        }
    }
}

async fn one(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    Query(asked): Query<log::Asked>,
) -> Result<Response, Refused> {
    editor(&dashboard, &signed, TargetId(id), asked, context! {}).await
}

/// A webhook that must be there, with its settings.
fn find(read: &Read<'_>, id: TargetId) -> Result<(Target, Webhook), Refused> {
    let target = read.target(id)?.filter(|target| target.kind == TargetKind::Webhook).ok_or_else(Refused::not_found)?;
    let settings = Webhook::of(&target).map_err(|error| {
        tracing::error!(%error, webhook = target.name, "the settings of a webhook cannot be read");
        Refused::internal()
    })?;
    Ok((target, settings))
}

/// The page of one webhook, with what else it shows.
async fn editor(
    dashboard: &Dashboard,
    signed: &Signed,
    id: TargetId,
    asked: log::Asked,
    more: Value,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    dashboard
        .screen(signed, ONE, move |read| {
            let (target, settings) = find(read, id)?;
            let zone = times::zone(&Settings::read(&read.settings()?));
            let now = now();
            let old = settings.old_secret.as_ref().filter(|(_, until)| *until > now);
            let is = context! {
                webhook => shown(read, &target, &zone)?,
                form => form::filled(&target, &settings),
                secret => settings.secret.as_str(),
                old_until => old.map(|(_, until)| Value::from(minijinja::value::Serde(When::of(*until, &zone)))),
                hours => ROTATION.as_secs() / 3600,
            };
            // What was typed stands in the place of what is set.
            Ok(context! { ..more, ..is, ..log::shown(read, &target, asked, &zone)? })
        })
        .await
}

async fn change(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let id = TargetId(id);
    let (_, settings) = dashboard.read(move |read| find(read, id)).await?;
    let changed = match form::read(&sent, &settings.headers) {
        Ok(filled) => {
            let signature = signed.signature();
            let edit = move |target: &mut Target, webhook: &mut Webhook| {
                target.name = filled.name;
                target.active = filled.active;
                webhook.address = filled.address;
                webhook.events = filled.events;
                webhook.headers = filled.headers;
                webhook.plain = filled.plain;
            };
            dashboard.change(move |authoring| authoring.change_webhook(id, edit, signature)).await
        }
        Err(refused) => Err(refused),
    };
    match changed {
        Ok(_) => Ok(dashboard.go_on(&signed, &address::webhook(id), Note::ok("The webhook is saved."))),
        Err(refused) => {
            let again = |problems| {
                editor(
                    &dashboard,
                    &signed,
                    id,
                    log::Asked::default(),
                    context! { form => form::again(&sent), problems },
                )
            };
            refused.form_again(again).await
        }
    }
}

async fn rotate(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let id = TargetId(id);
    let keep = if sent.text("keep") == "0" { Duration::ZERO } else { ROTATION };
    let signature = signed.signature();
    dashboard.change(move |authoring| authoring.rotate_webhook(id, None, keep, signature)).await?;
    let detail = if keep.is_zero() {
        "The old one signs no more."
    } else {
        "The old one signs too for a day: give the receiver the new one until then."
    };
    let note = Note { detail: detail.into(), ..Note::ok("The webhook has a new secret.") };
    Ok(dashboard.go_on(&signed, &address::webhook(id), note))
}

async fn remove(State(dashboard): State<Dashboard>, signed: Signed, Path(id): Path<i64>) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let signature = signed.signature();
    let removed = dashboard.change(move |authoring| authoring.remove_webhook(TargetId(id), signature)).await?;
    Ok(dashboard.go_on(&signed, WEBHOOKS, Note::ok(format!("{} is removed.", removed.name))))
}
