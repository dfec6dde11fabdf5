//! Asking for a review, by those who may not publish.

use super::acting::Acted;
use super::happened::Happened;
use super::{Aim, Authoring, Error, Signature};
use crate::content::event::{EventKind, Review};

impl Authoring {
    /// Marks a draft as waiting for somebody who may publish it. Asking again changes nothing.
    ///
    /// # Errors
    /// `Changed`; `Refused` without a draft.
    pub fn ask_review(&self, aim: Aim, user: i64, signature: Signature) -> Result<Acted, Error> {
        self.aimed(aim, signature, move |write, entry, variant, signature| {
            let Some(draft) = variant.draft else {
                return Err(Error::Refused("There is nothing to review: everything is live already.".into()));
            };
            if write.review(entry.id, variant.locale)?.is_some() {
                return Ok(None);
            }
            write.put_review(&Review {
                entry: entry.id,
                locale: variant.locale,
                user,
                by: signature.by.clone(),
                at: signature.at,
            })?;
            Happened::to(Some(draft), EventKind::ReviewAsked).note(write, variant, signature).map(Some)
        })
    }

    /// Ends the waiting without publishing.
    ///
    /// # Errors
    /// `Changed`.
    pub fn end_review(&self, aim: Aim, signature: Signature) -> Result<Acted, Error> {
        self.aimed(aim, signature, |write, entry, variant, signature| {
            if !write.remove_review(entry.id, variant.locale)? {
                return Ok(None);
            }
            Happened::to(variant.draft, EventKind::ReviewEnded).note(write, variant, signature).map(Some)
        })
    }
}
