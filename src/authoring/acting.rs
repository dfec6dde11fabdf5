//! What people do to an entry they are looking at: publishing, taking off, scheduling. Nothing is done when
//! somebody else has changed it since they looked.

use serde_json::json;

use super::checklist::blocking;
use super::publish::{find, make_live};
use super::schedule::{set_publish, set_unpublish};
use super::unpublish::unpublish;
use super::{Authoring, Error, Signature};
use crate::content::entry::{Entry, EntryId, RevisionId, Variant};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::delivery::Refreshed;
use crate::store::{Read, Write};

/// What a person acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aim {
    /// The entry.
    pub entry: EntryId,
    /// In which locale.
    pub locale: LocaleId,
    /// The newest revision they know; `None` acts on whatever is there.
    pub base: Option<RevisionId>,
}

/// An entry after somebody did something to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Acted {
    /// The entry.
    pub entry: Entry,
    /// Its variant in the locale.
    pub variant: Variant,
    /// What became of the answers that were kept.
    pub refreshed: Refreshed,
    /// The event in its history; none when there was nothing to do.
    pub event: Option<i64>,
}

impl Authoring {
    /// Publishes as people do: what the checklist says blocks, too.
    ///
    /// # Errors
    /// `Changed`; `Invalid` with paths as the editor spells them; `NotFound` when there is nothing to publish.
    pub fn publish_checked(&self, aim: Aim, signature: Signature) -> Result<Acted, Error> {
        self.aimed(aim, signature, |write, entry, variant, signature| {
            check_draft(write, entry, variant)?;
            make_live(write, entry, variant, signature, json!({}))
        })
    }

    /// Takes an entry off.
    ///
    /// # Errors
    /// `Changed`; `Refused` when it is not live.
    pub fn take_off(&self, aim: Aim, signature: Signature) -> Result<Acted, Error> {
        self.aimed(aim, signature, |write, entry, variant, signature| {
            if variant.live.is_none() {
                return Err(Error::Refused("It is not live, so there is nothing to take off.".into()));
            }
            unpublish(write, entry, variant, signature, json!({}))
        })
    }

    /// Sets when the draft goes live, or with `None` that it does not by itself; and whether visitors of an
    /// address that changes with it are sent along.
    ///
    /// # Errors
    /// As [`Authoring::publish_checked`].
    pub fn plan_publish(
        &self,
        aim: Aim,
        at: Option<Moment>,
        along: bool,
        signature: Signature,
    ) -> Result<Acted, Error> {
        self.aimed(aim, signature, move |write, entry, variant, signature| {
            if at.is_some() {
                check_draft(write, entry, variant)?;
            }
            set_publish(write, entry, variant, at, along, signature)
        })
    }

    /// Sets when what is live is taken off, or with `None` that it is not; and where its visitors are sent then.
    ///
    /// # Errors
    /// `Changed`; `Refused` when it is neither live nor going to be.
    pub fn plan_take_off(
        &self,
        aim: Aim,
        at: Option<Moment>,
        send_to: Option<String>,
        signature: Signature,
    ) -> Result<Acted, Error> {
        self.aimed(aim, signature, move |write, entry, variant, signature| {
            set_unpublish(write, entry, variant, at, send_to, signature)
        })
    }

    /// Runs what somebody does to an entry, if it is still as they saw it.
    pub(super) fn aimed(
        &self,
        aim: Aim,
        signature: Signature,
        verb: impl FnOnce(&mut Write<'_>, &mut Entry, &mut Variant, &Signature) -> Result<Option<i64>, Error>
        + Send
        + 'static,
    ) -> Result<Acted, Error> {
        let (mut acted, refreshed) = self.report(&signature.clone(), move |write| {
            let (mut entry, mut variant) = find(write, aim.entry, aim.locale)?;
            unchanged(write, &variant, aim.base)?;
            let event = verb(write, &mut entry, &mut variant, &signature)?;
            Ok(Acted { entry, variant, refreshed: Refreshed::default(), event })
        })?;
        acted.refreshed = refreshed;
        Ok(acted)
    }
}

/// Refuses when the newest revision is another than the one that was seen.
pub(super) fn unchanged(read: &Read<'_>, variant: &Variant, seen: Option<RevisionId>) -> Result<(), Error> {
    let newest = variant.draft.or(variant.live);
    if seen.is_none() || seen == newest {
        return Ok(());
    }
    let revision = newest.map_or(Ok(None), |id| read.revision(id))?;
    let (by, at) = revision.map_or(("Somebody".into(), variant.updated), |revision| (revision.by, revision.at));
    Err(Error::Changed { by, at, rev: newest })
}

/// Refuses a draft that the checklist keeps from going live.
pub(super) fn check_draft(read: &Read<'_>, entry: &Entry, variant: &Variant) -> Result<(), Error> {
    let Some(draft) = variant.draft else { return Ok(()) };
    let revision = read.revision(draft)?.ok_or(Error::NotFound("draft to publish"))?;
    let problems = blocking(read, entry, &revision)?;
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}
