//! Taking what is live off.

use super::publish::find;
use super::{Authoring, Error, Published, Signature, Written};
use crate::content::entry::{Entry, EntryId, Variant};
use crate::content::locale::LocaleId;
use crate::store::Write;

impl Authoring {
    /// Takes an entry off in a locale; what was live becomes the draft unless a newer one exists.
    ///
    /// # Errors
    /// `NotFound` when there is no such entry.
    pub fn unpublish(&self, entry: EntryId, locale: LocaleId, signature: Signature) -> Result<Published, Error> {
        let (written, refreshed) = self.report(&signature, move |write| {
            let (entry, mut variant) = find(write, entry, locale)?;
            unpublish(write, &entry, &mut variant)?;
            Ok(Written { id: entry.id, slug: entry.slug, revision: variant.draft })
        })?;
        Ok(Published { written, refreshed })
    }
}

/// Takes the variant off, within a change.
pub(super) fn unpublish(write: &mut Write<'_>, entry: &Entry, variant: &mut Variant) -> Result<(), Error> {
    variant.draft = variant.draft.or(variant.live);
    variant.live = None;
    variant.published = None;
    variant.unpublish = None;
    write.put_variant(entry, variant)?;
    Ok(())
}
