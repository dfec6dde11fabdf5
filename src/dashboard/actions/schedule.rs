//! `POST …/schedule` and `…/unschedule`: going live and being taken off at a set time.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::account::Right;
use crate::authoring::{Authoring, now};
use crate::content::moment::Moment;
use crate::content::settings::Settings;
use crate::content::zone::Zone;
use crate::dashboard::asking::Asking;
use crate::dashboard::error::Refused;
use crate::dashboard::times;
use crate::dashboard::visitors::Visitors;

/// Sets when the draft goes live. A time that is past is refused, unless `now` asks for publishing at once.
pub(super) async fn set(asking: Asking) -> Result<Response, Refused> {
    asking.signed.need(Right::Publish, "schedule")?;
    let reached = asking.reached().await?.writable()?;
    let aim = reached.aim(asking.base()?);
    if asking.flag("now") {
        return asking.done(&reached, move |authoring, signature| authoring.publish_checked(aim, signature)).await;
    }
    match time(&asking).await {
        Ok(Some(at)) => {
            let visitors = Visitors::before(&asking, &reached).await?;
            if let Some(slug) = &reached.entry.draft_slug
                && let Err(moves) = visitors.ask_about(&asking, &reached, slug).await
            {
                return Ok(moves.into_response());
            }
            // The address may still change until then.
            let along = asking.sent.text("redirect") != "0";
            let plan = move |authoring: &Authoring, signature| authoring.plan_publish(aim, Some(at), along, signature);
            asking.done_for(&reached, &visitors, plan).await
        }
        Ok(None) => {
            let refused = wrong("Choose a date and a time.");
            Ok(asking.refused(&reached, refused, &asking.locale_query()))
        }
        Err(refused) => Ok(asking.refused(&reached, refused, &asking.locale_query())),
    }
}

/// Forgets when it goes live, or with `what=unpublish` when it is taken off.
pub(super) async fn forget(asking: Asking) -> Result<Response, Refused> {
    asking.signed.need(Right::Publish, "change when it goes live")?;
    let reached = asking.reached().await?.writable()?;
    let aim = reached.aim(asking.base()?);
    if asking.sent.text("what") == "unpublish" {
        return asking
            .done(&reached, move |authoring, signature| authoring.plan_take_off(aim, None, None, signature))
            .await;
    }
    asking.done(&reached, move |authoring, signature| authoring.plan_publish(aim, None, false, signature)).await
}

/// The moment that was sent: `at` with its own zone, or `date` and `time` in `zone`, else in the site's.
pub(super) async fn time(asking: &Asking) -> Result<Option<Moment>, Refused> {
    let sent = |name: &str| asking.sent.text(name).trim().to_owned();
    let (at, date, time) = (sent("at"), sent("date"), sent("time"));
    if at.is_empty() && date.is_empty() && time.is_empty() {
        return Ok(None);
    }
    let moment = if at.is_empty() {
        let zone = zone(asking).await?;
        zone.moment(&date, &time).ok_or_else(|| wrong("This is no date and time: choose both."))?
    } else {
        Moment::parse(&at).ok_or_else(|| wrong("This is no date and time."))?
    };
    if moment <= now() {
        return Err(wrong("This time is past. Choose a later one, or do it now."));
    }
    Ok(Some(moment))
}

async fn zone(asking: &Asking) -> Result<Zone, Refused> {
    let name = asking.sent.text("zone");
    if !name.is_empty() {
        return Zone::find(name).ok_or_else(|| wrong("There is no time zone of this name."));
    }
    asking.dashboard.read(|read| Ok(times::zone(&Settings::read(&read.settings()?)))).await
}

fn wrong(text: &str) -> Refused {
    let refused = Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", text);
    refused.with("problems", json!({"at": [text]}))
}
