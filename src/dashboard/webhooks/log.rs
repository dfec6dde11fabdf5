//! What was sent to a webhook: the list, one message with its attempts, sending again, tests.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Deserialize;

use super::{WHAT, find};
use crate::account::Right;
use crate::authoring::Signature;
use crate::content::outbox::{Attempt, Exchange, Parcel, ParcelId, ParcelState, Target, TargetId};
use crate::content::settings::Settings;
use crate::content::zone::Zone;
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;
use crate::dashboard::guard::Signed;
use crate::dashboard::list::row::When;
use crate::dashboard::nav::Section;
use crate::dashboard::notes::Note;
use crate::dashboard::view::Screen;
use crate::dashboard::{Dashboard, address, times};
use crate::store::{ParcelQuery, Read};

const MESSAGE: Screen = Screen { template: "webhooks/message.html", section: Section::Settings };
/// How many lines the log has on a page.
const PAGE: usize = 25;

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/settings/webhooks/{id}/log", get(list))
        .route("/admin/settings/webhooks/{id}/log/{parcel}", get(message))
        .route("/admin/settings/webhooks/{id}/test", post(test))
        .route("/admin/settings/webhooks/{id}/resend", post(resend))
}

/// Which part of the log is looked at.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Older than this one.
    before: Option<i64>,
    /// `dead`: only what was given up.
    #[serde(default)]
    only: Only,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Only {
    Dead,
    #[default]
    #[serde(other)]
    All,
}

/// The log of a webhook, for templates.
pub(super) fn shown(read: &Read<'_>, target: &Target, asked: Asked, zone: &Zone) -> Result<Value, Refused> {
    let state = (asked.only == Only::Dead).then_some(ParcelState::Dead);
    let before = asked.before.map(ParcelId);
    let mut parcels = read.parcels(&ParcelQuery { target: target.id, state, before, limit: PAGE + 1 })?;
    let more = parcels.len() > PAGE;
    parcels.truncate(PAGE);
    let only = if state.is_some() { "&only=dead" } else { "" };
    let last = parcels.last().filter(|_| more).map(|last| last.id.0);
    let base = address::webhook(target.id);
    let waits = parcels.iter().any(|parcel| matches!(parcel.state, ParcelState::Waiting | ParcelState::Behind));
    Ok(context! {
        log => parcels.iter().map(|parcel| line(parcel, zone)).collect::<Vec<_>>(),
        only_dead => state.is_some(),
        older => last.map(|last| format!("{base}?before={last}{only}#log")),
        newest => before.map(|_| format!("{base}?{}#log", only.trim_start_matches('&'))),
        // The newest lines are kept fresh while something of them is still to happen.
        fresh => (waits && before.is_none()).then(|| format!("{base}/log?{}", only.trim_start_matches('&'))),
    })
}

fn line(parcel: &Parcel, zone: &Zone) -> Value {
    let (said, ms) = parcel.last.clone().map_or((None, None), |(said, ms)| (Some(said), Some(times::millis(ms))));
    let when = |moment| Value::from(Serde(When::of(moment, zone)));
    context! {
        id => parcel.id.0,
        href => address::sent_to_webhook(parcel.target, parcel.id),
        name => parcel.message.name.clone(),
        topic => parcel.message.topic.clone(),
        test => parcel.subject.as_deref() == Some(crate::content::webhook::TEST),
        at => when(parcel.message.at),
        state => parcel.state.as_str(),
        tries => parcel.tries,
        // What was sent by hand has no time.
        due => parcel.due.filter(|due| due.micros() > 0).map(when),
        said,
        ms,
    }
}

/// The log alone, for the page that shows it already.
async fn list(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let shown = dashboard
        .read(move |read| {
            let (target, _) = find(read, TargetId(id))?;
            let zone = times::zone(&Settings::read(&read.settings()?));
            let webhook = super::shown(read, &target, &zone)?;
            Ok(context! { webhook, ..shown(read, &target, asked, &zone)? })
        })
        .await?;
    dashboard.view.bare("webhooks/_log.html", context! { csrf => signed.csrf, ..shown })
}

/// One message with all its attempts.
async fn message(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((id, parcel)): Path<(i64, i64)>,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    dashboard
        .screen(&signed, MESSAGE, move |read| {
            let (target, _) = find(read, TargetId(id))?;
            let parcel = read.parcel(ParcelId(parcel))?.filter(|parcel| parcel.target == target.id);
            let parcel = parcel.ok_or_else(Refused::not_found)?;
            let zone = times::zone(&Settings::read(&read.settings()?));
            let attempts = read.attempts(parcel.id)?;
            let body = serde_json::to_string_pretty(&parcel.message.body).unwrap_or_default();
            Ok(context! {
                webhook => super::shown(read, &target, &zone)?,
                message => line(&parcel, &zone),
                body,
                attempts => attempts.iter().map(|attempt| tried(attempt, &zone)).collect::<Vec<_>>(),
            })
        })
        .await
}

fn tried(attempt: &Attempt, zone: &Zone) -> Value {
    context! {
        at => Value::from(Serde(When::of(attempt.at, zone))),
        in_full => times::in_full(zone, attempt.at),
        said => attempt.said.clone(),
        ms => times::millis(attempt.ms),
        taken => attempt.taken,
        exchanges => attempt.exchanges.iter().map(exchanged).collect::<Vec<_>>(),
    }
}

/// A request and its answer as texts.
fn exchanged(exchange: &Exchange) -> Value {
    let text = |first: String, headers: &[(String, String)], body: &str| {
        let headers = headers.iter().map(|(name, value)| format!("{name}: {value}"));
        let head: Vec<String> = std::iter::once(first).chain(headers).collect();
        format!("{}\n\n{body}", head.join("\n")).trim_end().to_owned()
    };
    let asked = &exchange.request;
    let request = text(format!("{} {}", asked.method, asked.address), &asked.headers, &asked.body);
    let answered = exchange.response.as_ref();
    let response = answered.map(|answer| text(format!("HTTP {}", answer.status), &answer.headers, &answer.body));
    context! { request, response, cut => answered.is_some_and(|answer| answer.cut), error => exchange.error.clone() }
}

async fn test(State(dashboard): State<Dashboard>, signed: Signed, Path(id): Path<i64>) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let (id, signature) = (TargetId(id), Signature::now(&signed.user.name));
    let parcel = dashboard.change(move |authoring| authoring.test_webhook(id, None, signature)).await?;
    Ok(dashboard.go_on(&signed, &address::sent_to_webhook(id, parcel), Note::ok("The test is on its way.")))
}

/// Sends one message again, or everything that was given up.
async fn resend(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let (id, signature) = (TargetId(id), Signature::now(&signed.user.name));
    match sent.text("parcel").parse().ok().map(ParcelId) {
        Some(parcel) => {
            let found = dashboard.read(move |read| Ok(read.parcel(parcel)?)).await?;
            found.filter(|parcel| parcel.target == id).ok_or_else(Refused::not_found)?;
            dashboard.change(move |authoring| authoring.resend(parcel, signature)).await?;
            Ok(dashboard.go_on(&signed, &address::sent_to_webhook(id, parcel), Note::ok("It is on its way again.")))
        }
        None => {
            let count = dashboard.change(move |authoring| authoring.resend_dead(id, signature)).await?;
            let title = if count == 1 {
                "1 message is on its way again.".to_owned()
            } else {
                format!("{count} messages are on their way again.")
            };
            Ok(dashboard.go_on(&signed, &address::webhook(id), Note::ok(title)))
        }
    }
}
