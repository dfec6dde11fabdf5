//! What people are told of what they did.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::authoring::{Acted, Signature, now, status};
use crate::content::event::{Event, EventKind, Outcome, Review};
use crate::content::moment::Moment;
use crate::content::settings::Settings;
use crate::content::zone::Zone;
use crate::dashboard::asking::Asking;
use crate::dashboard::error::Refused;
use crate::dashboard::reach::Reached;
use crate::dashboard::{address, cdn, times};
use crate::store::Read;

/// Something that was done.
pub(super) struct Done {
    pub(super) acted: Acted,
    pub(super) signature: Signature,
    /// From taking the request to fresh answers in memory.
    pub(super) ms: f64,
    /// What became of visitors of an address that is new or gone, in sentences.
    pub(super) visitors: String,
}

/// What is read to tell it.
struct Around {
    event: Option<Event>,
    review: Option<Review>,
    zone: Zone,
    query: String,
}

/// Answers with what became of the entry, and keeps for its history what that did to the kept answers.
pub(super) async fn tell(asking: &Asking, reached: &Reached, done: Done) -> Result<Response, Refused> {
    answer(asking, reached, done, None).await
}

/// As [`tell`], for what leaves events in several locales.
pub(super) async fn tell_as(
    asking: &Asking,
    reached: &Reached,
    done: Done,
    kind: EventKind,
) -> Result<Response, Refused> {
    answer(asking, reached, done, Some(kind)).await
}

async fn answer(asking: &Asking, reached: &Reached, done: Done, kind: Option<EventKind>) -> Result<Response, Refused> {
    note(asking, &done).await;
    let (reached_again, event) = (reached.clone(), done.acted.event);
    let around = asking.dashboard.read(move |read| around(read, &reached_again, event)).await?;
    let kind = kind.or(around.event.as_ref().map(|event| event.kind));
    if let Some(event) = kind.and_then(announced) {
        asking.announce(event, reached.entry.id, Some(&done.acted.variant));
    }
    cdn::follow(&asking.dashboard, reached.entry.id, done.acted.refreshed.change);
    let (title, detail) = words(&done, kind, &around);
    let detail = [detail.as_str(), &done.visitors].join(" ").trim().to_owned();
    if !asking.json {
        let to = format!("{}{}", address::entry(&reached.schema, reached.entry.id), around.query);
        return Ok(asking.redirect(&to, &title, &detail, "ok"));
    }
    let Acted { entry, variant, refreshed, .. } = &done.acted;
    let mut told = json!({
        "rev": variant.draft.or(variant.live),
        "status": status(Some(variant)),
        "slug": entry.slug,
        "message": if detail.is_empty() { title.clone() } else { format!("{title} {detail}") },
        "title": title,
        "detail": detail,
        "ms": done.ms,
        "refreshed": refreshed.rebuilt.len(),
        "evicted": refreshed.evicted,
        "urls": refreshed.urls(),
        "published_at": variant.published,
        "published_by": (kind == Some(EventKind::Published)).then_some(&done.signature.by),
        "scheduled_at": variant.scheduled,
        "unpublish_at": variant.unpublish,
        "review": around.review.as_ref().map(|review| json!({"by": review.by, "at": review.at})),
    });
    if let Some(undo) = around.event.as_ref().and_then(|event| undo(&done.acted, event)) {
        told["undo"] = undo;
    }
    Ok(Json(told).into_response())
}

fn around(read: &Read<'_>, reached: &Reached, event: Option<i64>) -> Result<Around, Refused> {
    let events = if event.is_some() { read.events(reached.entry.id, reached.locale())? } else { Vec::new() };
    Ok(Around {
        event: events.into_iter().find(|one| Some(one.id) == event),
        review: read.review(reached.entry.id, reached.locale())?,
        zone: times::zone(&Settings::read(&read.settings()?)),
        query: reached.query(read.model()),
    })
}

/// It is done whether or not this can be written: an error here must not look as if it were not.
async fn note(asking: &Asking, done: &Done) {
    let Some(event) = done.acted.event else { return };
    let refreshed = &done.acted.refreshed;
    let outcome =
        Outcome { ms: done.ms, rebuilt: refreshed.rebuilt.len(), evicted: refreshed.evicted, urls: refreshed.urls() };
    let signature = done.signature.clone();
    let noted = asking.dashboard.change(move |authoring| authoring.note_outcome(event, outcome, &signature)).await;
    if let Err(refused) = noted {
        tracing::warn!(why = refused.message, "what a change did to the answers could not be kept");
    }
}

/// The word for what happened by which open editors learn of it.
fn announced(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::Published => Some("published"),
        EventKind::Unpublished | EventKind::PublishUndone => Some("unpublished"),
        EventKind::Scheduled
        | EventKind::Unscheduled
        | EventKind::UnpublishScheduled
        | EventKind::UnpublishUnscheduled => Some("scheduled"),
        EventKind::Discarded => Some("discarded"),
        EventKind::Undeleted => Some("undeleted"),
        _ => None,
    }
}

/// What happened, in a bold fact and more.
fn words(done: &Done, kind: Option<EventKind>, around: &Around) -> (String, String) {
    let ms = times::millis(done.ms);
    let answers = refreshed(done);
    let variant = &done.acted.variant;
    let at = |moment: Option<Moment>| match moment {
        Some(moment) => {
            format!("on {}, in {}", times::in_full(&around.zone, moment), times::until(now(), moment))
        }
        None => String::new(),
    };
    let plain = |text: &str| (text.to_owned(), String::new());
    let Some(kind) = kind else { return plain(unchanged(done)) };
    match kind {
        EventKind::Published => {
            (format!("Live in {ms}."), format!("{answers}{}", renamed(done, around.event.as_ref())))
        }
        EventKind::Unpublished => (format!("Taken off in {ms}."), format!("{answers} Its address answers 404 now.")),
        EventKind::PublishUndone if variant.live.is_some() => {
            (format!("The earlier version is live again, in {ms}."), answers)
        }
        EventKind::PublishUndone => (format!("It is off again, in {ms}."), answers),
        EventKind::Scheduled => {
            let moves = variant.along && variant.live.is_some() && done.acted.entry.draft_slug.is_some();
            let along = if moves { " Visitors of its old address are sent to the new one then." } else { "" };
            ("Scheduled.".into(), format!("It goes live {}.{along}", at(variant.scheduled)))
        }
        EventKind::Unscheduled => plain("It does not go live by itself any more."),
        EventKind::UnpublishScheduled => {
            let send = variant.send_to.as_ref().map(|to| format!(" Its visitors are sent to {to} then."));
            ("Scheduled.".into(), format!("It is taken off {}.{}", at(variant.unpublish), send.unwrap_or_default()))
        }
        EventKind::UnpublishUnscheduled => plain("It stays live."),
        EventKind::Discarded => ("Changes discarded.".into(), "They stay in the history.".into()),
        EventKind::ReviewAsked => ("Asked for review.".into(), "Everybody who may publish sees that it waits.".into()),
        EventKind::ReviewEnded => plain("It does not wait for a review any more."),
        EventKind::Undeleted => plain("Back from the trash."),
        EventKind::Deleted | EventKind::Failed => plain("Done."),
    }
}

/// What to say when there was nothing to do.
fn unchanged(done: &Done) -> &'static str {
    let variant = &done.acted.variant;
    match (variant.live, variant.draft) {
        (Some(_), None) => "Everything is live already.",
        _ => "Saved.",
    }
}

fn refreshed(done: &Done) -> String {
    let count = done.acted.refreshed.rebuilt.len();
    let noun = if count == 1 { "response" } else { "responses" };
    match done.acted.refreshed.evicted {
        0 => format!("{count} {noun} refreshed."),
        evicted => format!("{count} {noun} refreshed, {evicted} dropped."),
    }
}

/// Says so when publishing changed the address.
fn renamed(done: &Done, event: Option<&Event>) -> String {
    let before = event.and_then(|event| event.detail["slug"].as_str());
    match (before, done.acted.entry.slug.as_deref()) {
        (Some(before), Some(after)) if before != after => {
            format!(" Its address is “{after}” now: “{before}” answers 404.")
        }
        _ => String::new(),
    }
}

/// What takes it back.
fn undo(acted: &Acted, event: &Event) -> Option<Value> {
    let rev = acted.variant.draft.or(acted.variant.live);
    let plain = |action: &str| Some(json!({"action": action, "body": {"base": rev}}));
    match event.kind {
        EventKind::Published => plain("undo"),
        // Publishing again brings back what was live only while no other draft stands in its place.
        EventKind::Unpublished if acted.variant.draft == event.revision => plain("publish"),
        EventKind::Scheduled => plain("unschedule"),
        EventKind::UnpublishScheduled => {
            Some(json!({"action": "unschedule", "body": {"base": rev, "what": "unpublish"}}))
        }
        EventKind::Discarded => Some(json!({"action": "restore", "body": {"base": rev, "from": event.revision}})),
        EventKind::ReviewAsked => Some(json!({"action": "review", "body": {"base": rev, "end": true}})),
        _ => None,
    }
}
