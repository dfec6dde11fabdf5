//! Publishing and taking off at a set time.

use serde_json::json;

use super::happened::Happened;
use super::publish::{ARCHIVED, check_live, find, make_live};
use super::unpublish::unpublish;
use super::visitors::{Wish, follow, visited};
use super::{Authoring, Error, Signature};
use crate::content::entry::{Entry, EntryId, RevisionId, Variant};
use crate::content::event::EventKind;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::store::{Due, Write};

/// What the revision history calls a change made by the clock.
pub(super) const CLOCK: &str = "schedule";

impl Authoring {
    /// Sets when the draft goes live, or with `None` that it does not by itself. A time that is past
    /// publishes at the scheduler's next look.
    ///
    /// # Errors
    /// `Invalid` names each field that keeps it from going live; `NotFound` without a draft.
    pub fn schedule_publish(
        &self,
        entry: EntryId,
        locale: LocaleId,
        at: Option<Moment>,
        signature: Signature,
    ) -> Result<(), Error> {
        self.write(&signature.clone(), move |write| {
            let (entry, mut variant) = find(write, entry, locale)?;
            // Where visitors go was said elsewhere, and stays.
            let along = variant.along;
            set_publish(write, &entry, &mut variant, at, along, &signature).map(|_| ())
        })
    }

    /// Sets when what is live is taken off, or with `None` that it is not.
    ///
    /// # Errors
    /// `NotFound` when there is no such entry; `Refused` when it is neither live nor going to be.
    pub fn schedule_unpublish(
        &self,
        entry: EntryId,
        locale: LocaleId,
        at: Option<Moment>,
        signature: Signature,
    ) -> Result<(), Error> {
        self.write(&signature.clone(), move |write| {
            let (entry, mut variant) = find(write, entry, locale)?;
            let send_to = variant.send_to.clone();
            set_unpublish(write, &entry, &mut variant, at, send_to, &signature).map(|_| ())
        })
    }

    /// Does everything whose time has come and returns the next time that was set.
    ///
    /// What can no longer go live (its rules or what it links to have changed) stays a draft, without a
    /// time, and is reported in the log.
    ///
    /// # Errors
    /// The database's.
    pub fn run_schedule(&self, now: Moment) -> Result<Option<Moment>, Error> {
        let due = self.store.read(|read| read.due(now))?;
        for due in due {
            let signature = Signature::at(CLOCK, due.at);
            let outcome = self.write(&signature.clone(), move |write| perform(write, due, now, &signature));
            if let Err(error) = outcome {
                if let Error::Store(_) = error {
                    return Err(error);
                }
                tracing::warn!(entry = due.entry.0, %error, "could not be published at its time; it stays a draft");
                let signature = Signature::at(CLOCK, now);
                let why = error.to_string();
                self.write(&signature.clone(), move |write| {
                    give_up(write, due, &why, &signature)?;
                    Ok(write.put_missed(due.entry, due.locale, due.at, &why)?)
                })?;
            }
        }
        Ok(self.store.read(|read| read.next_due())?)
    }
}

/// Publishes or takes off, unless somebody has changed the time since it was read.
fn perform(write: &mut Write<'_>, due: Due, now: Moment, signature: &Signature) -> Result<(), Error> {
    let Ok((mut entry, mut variant)) = find(write, due.entry, due.locale) else { return forget(write, due) };
    let set = if due.publish { variant.scheduled } else { variant.unpublish };
    if set != Some(due.at) {
        return Ok(());
    }
    // A server that was off does it when it starts.
    let planned = json!({"planned": due.at, "done": now});
    let (before, along, send_to) = (visited(write, &entry)?, variant.along, variant.send_to.clone());
    let wish = if due.publish {
        make_live(write, &mut entry, &mut variant, signature, planned)?;
        if along { Wish::Along } else { Wish::Nowhere }
    } else {
        unpublish(write, &entry, &mut variant, signature, planned)?;
        send_to.map_or(Wish::Nowhere, Wish::To)
    };
    for said in follow(write, &before, entry.id, &wish, signature)?.said {
        tracing::info!(entry = entry.id.0, "{said}");
    }
    Ok(())
}

/// Forgets a time at which nothing could be done, and tells why in the history.
fn give_up(write: &mut Write<'_>, due: Due, why: &str, signature: &Signature) -> Result<(), Error> {
    if let Some(variant) = write.variant(due.entry, due.locale)? {
        let detail = json!({"planned": due.at, "why": why});
        let happened = Happened { kind: EventKind::Failed, revision: variant.draft, previous: variant.live, detail };
        happened.note(write, &variant, signature)?;
    }
    forget(write, due)
}

/// Sets or forgets when the draft goes live, and whether visitors of an address that changes with it are sent along.
/// Returns the event; none when there was nothing to forget.
pub(super) fn set_publish(
    write: &mut Write<'_>,
    entry: &Entry,
    variant: &mut Variant,
    at: Option<Moment>,
    along: bool,
    signature: &Signature,
) -> Result<Option<i64>, Error> {
    let draft = variant.draft.ok_or(Error::NotFound("draft to publish"))?;
    if at.is_some() {
        if entry.archived.is_some() {
            return Err(Error::Refused(ARCHIVED.into()));
        }
        let revision = write.revision(draft)?.ok_or(Error::NotFound("draft to publish"))?;
        check_live(write, entry, &revision)?;
    }
    let old = std::mem::replace(&mut variant.scheduled, at);
    variant.along = along && at.is_some();
    write.put_variant(entry, variant)?;
    let kind = if at.is_some() { EventKind::Scheduled } else { EventKind::Unscheduled };
    note_time(write, variant, kind, Some(draft), old, at, signature)
}

/// Sets or forgets when what is live is taken off, and where its visitors are sent then. Returns the event; none when
/// there was nothing to forget.
pub(super) fn set_unpublish(
    write: &mut Write<'_>,
    entry: &Entry,
    variant: &mut Variant,
    at: Option<Moment>,
    send_to: Option<String>,
    signature: &Signature,
) -> Result<Option<i64>, Error> {
    if at.is_some() && variant.live.is_none() && variant.scheduled.is_none() {
        return Err(Error::Refused("it is not live: publish or schedule it first".into()));
    }
    let old = std::mem::replace(&mut variant.unpublish, at);
    variant.send_to = send_to.filter(|_| at.is_some());
    write.put_variant(entry, variant)?;
    let kind = if at.is_some() { EventKind::UnpublishScheduled } else { EventKind::UnpublishUnscheduled };
    note_time(write, variant, kind, variant.live, old, at, signature)
}

fn note_time(
    write: &mut Write<'_>,
    variant: &Variant,
    kind: EventKind,
    revision: Option<RevisionId>,
    old: Option<Moment>,
    at: Option<Moment>,
    signature: &Signature,
) -> Result<Option<i64>, Error> {
    if old == at {
        return Ok(None);
    }
    let detail = at.map_or_else(|| json!({}), |at| json!({"at": at}));
    Happened { detail, ..Happened::to(revision, kind) }.note(write, variant, signature).map(Some)
}

/// Removes a time that means nothing any more.
fn forget(write: &mut Write<'_>, due: Due) -> Result<(), Error> {
    let (Some(entry), Some(mut variant)) = (write.entry(due.entry)?, write.variant(due.entry, due.locale)?) else {
        return Ok(());
    };
    if due.publish {
        variant.scheduled = None;
        variant.along = false;
    } else {
        variant.unpublish = None;
        variant.send_to = None;
    }
    write.put_variant(&entry, &variant)?;
    Ok(())
}
