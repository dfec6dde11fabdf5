//! `POST /admin/c/{type}/{id}/…`: what people do to an entry beside writing it.
//!
//! Scripts get JSON; plain forms are sent on to a page that says what happened.

mod answer;
mod schedule;

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, http::StatusCode};
use serde_json::{Value, json};

use super::asking::Asking;
use super::error::Refused;
use super::reach::{Reached, reach_any};
use super::visitors::Visitors;
use super::{Dashboard, address, check, links, plan};
use crate::account::Right;
use crate::authoring::{Acted, Authoring, Error, Signature, Wish};
use crate::content::event::EventKind;

use answer::Done;

/// The routes of what is done, and of what is asked before doing it.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/c/{type}/{id}/publish", post(publish))
        .route("/admin/c/{type}/{id}/unpublish", post(unpublish))
        .route("/admin/c/{type}/{id}/schedule", post(schedule::set))
        .route("/admin/c/{type}/{id}/unschedule", post(schedule::forget))
        .route("/admin/c/{type}/{id}/undo", post(undo))
        .route("/admin/c/{type}/{id}/discard", post(discard))
        .route("/admin/c/{type}/{id}/review", post(review))
        .route("/admin/c/{type}/{id}/delete", post(delete))
        .route("/admin/c/{type}/{id}/undelete", post(undelete))
        .route("/admin/c/{type}/{id}/duplicate", post(duplicate))
        .route("/admin/c/{type}/{id}/check", get(check::show))
        .route("/admin/c/{type}/{id}/plan", get(plan::show))
        .route("/admin/c/{type}/{id}/links", get(links::show))
}

impl Asking {
    /// Does something to the entry and answers with what became of it.
    async fn done(
        &self,
        reached: &Reached,
        act: impl FnOnce(&Authoring, Signature) -> Result<Acted, Error> + Send + 'static,
    ) -> Result<Response, Refused> {
        let visitors = Visitors::before(self, reached).await?;
        self.done_for(reached, &visitors, act).await
    }

    /// The same, with what was found out of the entry's visitors.
    async fn done_for(
        &self,
        reached: &Reached,
        visitors: &Visitors,
        act: impl FnOnce(&Authoring, Signature) -> Result<Acted, Error> + Send + 'static,
    ) -> Result<Response, Refused> {
        let signature = self.signature();
        let given = signature.clone();
        match self.dashboard.change(move |authoring| act(authoring, given)).await {
            Ok(acted) => {
                let ms = self.elapsed();
                let visitors = visitors.after(self, reached).await;
                answer::tell(self, reached, Done { acted, signature, ms, visitors }).await
            }
            Err(refused) => Ok(self.refused(reached, refused, &self.locale_query())),
        }
    }

    /// Milliseconds since the server took the request.
    pub(super) fn elapsed(&self) -> f64 {
        self.taken.elapsed().as_secs_f64() * 1000.0
    }

    /// The `?locale=` of the page it came from.
    pub(super) fn locale_query(&self) -> String {
        let locale = &self.wanted.locale;
        if locale.is_empty() { String::new() } else { format!("?locale={locale}") }
    }
}

/// Makes the draft live.
async fn publish(asking: Asking) -> Result<Response, Refused> {
    asking.signed.need(Right::Publish, "publish")?;
    let reached = asking.reached().await?.writable()?;
    let aim = reached.aim(asking.base()?);
    let visitors = Visitors::before(&asking, &reached).await?;
    if let Some(slug) = &reached.entry.draft_slug
        && let Err(moves) = visitors.ask_about(&asking, &reached, slug).await
    {
        return Ok(moves.into_response());
    }
    asking.done_for(&reached, &visitors, move |authoring, signature| authoring.publish_checked(aim, signature)).await
}

/// Takes it off now, or with `at` at a set time.
async fn unpublish(asking: Asking) -> Result<Response, Refused> {
    asking.signed.need(Right::Publish, "unpublish")?;
    let reached = asking.reached().await?.writable()?;
    let aim = reached.aim(asking.base()?);
    match schedule::time(&asking).await? {
        Some(at) => {
            let visitors = Visitors::before(&asking, &reached).await?;
            let send_to = match visitors.wish() {
                Wish::To(to) => Some(to.clone()),
                _ => None,
            };
            let plan =
                move |authoring: &Authoring, signature| authoring.plan_take_off(aim, Some(at), send_to, signature);
            asking.done_for(&reached, &visitors, plan).await
        }
        None => asking.done(&reached, move |authoring, signature| authoring.take_off(aim, signature)).await,
    }
}

/// Takes the last publish back.
async fn undo(asking: Asking) -> Result<Response, Refused> {
    asking.signed.need(Right::Publish, "take back what was published")?;
    let reached = asking.reached().await?.writable()?;
    let aim = reached.aim(asking.base()?);
    asking.done(&reached, move |authoring, signature| authoring.undo_publish(aim, signature)).await
}

/// Drops the draft.
async fn discard(asking: Asking) -> Result<Response, Refused> {
    let reached = asking.reached().await?.writable()?;
    let aim = reached.aim(asking.base()?);
    asking.done(&reached, move |authoring, signature| authoring.discard(aim, signature)).await
}

/// Asks for a review, or with `end` ends the waiting.
async fn review(asking: Asking) -> Result<Response, Refused> {
    let reached = asking.reached().await?.writable()?;
    let aim = reached.aim(asking.base()?);
    let user = asking.signed.user.id;
    if asking.flag("end") {
        return asking.done(&reached, move |authoring, signature| authoring.end_review(aim, signature)).await;
    }
    asking.done(&reached, move |authoring, signature| authoring.ask_review(aim, user, signature)).await
}

/// Moves it to the trash; with `anyway` also when others link to it.
async fn delete(asking: Asking) -> Result<Response, Refused> {
    asking.signed.need(Right::Delete, "delete")?;
    let reached = asking.reached().await?.writable()?;
    let visitors = Visitors::before(&asking, &reached).await?;
    let (id, anyway, signature) = (reached.entry.id, asking.flag("anyway"), asking.signature());
    let deleted = asking.dashboard.change(move |authoring| authoring.delete(id, anyway, signature)).await;
    if let Err(refused) = deleted {
        return match refused.status {
            StatusCode::CONFLICT => links::in_use(&asking, &reached, refused).await,
            _ => Err(refused),
        };
    }
    asking.announce("deleted", id, None);
    let visitors = visitors.after(&asking, &reached).await;
    let message = "Moved to the trash. It can be brought back for 30 days.";
    if !asking.json {
        return Ok(asking.redirect(&address::list(&reached.schema), "Moved to the trash.", &visitors, "ok"));
    }
    Ok(Json(json!({
        "status": "deleted",
        "rev": Value::Null,
        "message": message,
        "detail": visitors,
        "ms": asking.elapsed(),
        "location": address::list(&reached.schema),
        "undo": {"action": "undelete", "body": {}},
    }))
    .into_response())
}

/// Brings it back from the trash.
async fn undelete(asking: Asking) -> Result<Response, Refused> {
    asking.signed.need(Right::Delete, "bring back what was deleted")?;
    let (signed, wanted) = (asking.signed.clone(), asking.wanted.clone());
    let reached = asking.dashboard.read(move |read| reach_any(read, &signed, &wanted)).await?.writable()?;
    let visitors = Visitors::before(&asking, &reached).await?;
    let (id, signature) = (reached.entry.id, asking.signature());
    if let Err(refused) = asking.dashboard.change(move |authoring| authoring.undelete(id, signature)).await {
        return Ok(asking.refused(&reached, refused, &asking.locale_query()));
    }
    let reached = asking.reached().await?;
    let acted = Acted {
        entry: reached.entry.clone(),
        variant: reached.variant.clone(),
        refreshed: crate::delivery::Refreshed::default(),
        event: None,
    };
    answer::tell_as(
        &asking,
        &reached,
        Done {
            acted,
            signature: asking.signature(),
            ms: asking.elapsed(),
            visitors: visitors.after(&asking, &reached).await,
        },
        EventKind::Undeleted,
    )
    .await
}

/// Makes a draft called "Copy of …".
async fn duplicate(asking: Asking) -> Result<Response, Refused> {
    asking.signed.need(Right::WriteOwn, "write")?;
    let reached = asking.reached().await?;
    let view = reached.sight.view(reached.entry.creator);
    let (id, creator, signature) = (reached.entry.id, asking.signed.user.id, asking.signature());
    let copied = asking.dashboard.change(move |authoring| authoring.duplicate(id, view, creator, signature)).await;
    let written = match copied {
        Ok(written) => written,
        Err(refused) => return Ok(asking.refused(&reached, refused, &asking.locale_query())),
    };
    let location = address::entry(&reached.schema, written.id);
    if !asking.json {
        asking.dashboard.notes.leave(
            &asking.signed.session.hash,
            super::notes::Note {
                title: "This is the copy.".into(),
                detail: "Only you and your colleagues see it.".into(),
                kind: "ok",
            },
        );
        return Ok(Redirect::to(&location).into_response());
    }
    Ok(Json(json!({
        "id": written.id,
        "location": location,
        "slug": written.slug,
        "rev": written.revision,
        "status": "draft",
        "message": "Copied.",
        "ms": asking.elapsed(),
    }))
    .into_response())
}
