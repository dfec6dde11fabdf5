//! Dropping a draft.

use super::acting::Acted;
use super::happened::Happened;
use super::{Aim, Authoring, Error, Signature};
use crate::content::event::EventKind;

impl Authoring {
    /// Drops the draft of an entry that is live: what is live stays as it is. The draft stays in the history.
    ///
    /// # Errors
    /// `Changed`; `Refused` when there is no draft, or nothing would be left without it.
    pub fn discard(&self, aim: Aim, signature: Signature) -> Result<Acted, Error> {
        self.aimed(aim, signature, |write, entry, variant, signature| {
            let Some(draft) = variant.draft else {
                return Err(Error::Refused("There are no unpublished changes to discard.".into()));
            };
            if variant.live.is_none() {
                return Err(Error::Refused("Nothing would be left: it was never published. Delete it instead.".into()));
            }
            variant.draft = None;
            variant.scheduled = None;
            variant.along = false;
            let asked = write.revision(draft)?.and_then(|revision| revision.slug);
            if entry.draft_slug.is_some() && entry.draft_slug == asked {
                entry.draft_slug = None;
                write.put_entry(entry)?;
            }
            write.put_variant(entry, variant)?;
            write.remove_review(entry.id, variant.locale)?;
            let happened = Happened { previous: variant.live, ..Happened::to(Some(draft), EventKind::Discarded) };
            happened.note(write, variant, signature).map(Some)
        })
    }
}
