//! Deleting, which can be undone, and undoing it.

use super::happened::Happened;
use super::saving::check_slug;
use super::{Authoring, Error, Signature, Written};
use crate::content::entry::{Entry, EntryId};
use crate::content::event::EventKind;
use crate::store::Write;

impl Authoring {
    /// Hides an entry everywhere and frees its slug.
    ///
    /// # Errors
    /// `NotFound`; `InUse`, unless `anyway`, when other entries link to it.
    pub fn delete(&self, entry: EntryId, anyway: bool, signature: Signature) -> Result<(), Error> {
        self.write(&signature.clone(), move |write| {
            let mut entry =
                write.entry(entry)?.filter(|entry| entry.deleted.is_none()).ok_or(Error::NotFound("entry"))?;
            let uses = write.uses(entry.id)?;
            if !anyway && !uses.is_empty() {
                return Err(Error::InUse(uses));
            }
            entry.deleted = Some(signature.at);
            entry.deleted_by = Some(signature.by.clone());
            write.put_entry(&entry)?;
            write.reindex_entry(&entry)?;
            note_everywhere(write, &entry, EventKind::Deleted, &signature)
        })
    }

    /// Brings a deleted entry back as it was.
    ///
    /// # Errors
    /// `NotFound` when it is not deleted; `Invalid` when another entry has taken its slug.
    pub fn undelete(&self, entry: EntryId, signature: Signature) -> Result<Written, Error> {
        self.write(&signature.clone(), move |write| {
            let mut entry =
                write.entry(entry)?.filter(|entry| entry.deleted.is_some()).ok_or(Error::NotFound("deleted entry"))?;
            let model = write.model().clone();
            let schema = model.schema(entry.schema).ok_or(Error::NotFound("content type"))?;
            if let Some(slug) = &entry.slug {
                check_slug(write, schema, Some(&entry), slug).map_err(|problem| Error::Invalid(vec![problem]))?;
            }
            entry.deleted = None;
            entry.deleted_by = None;
            write.put_entry(&entry)?;
            write.reindex_entry(&entry)?;
            note_everywhere(write, &entry, EventKind::Undeleted, &signature)?;
            Ok(Written { id: entry.id, slug: entry.slug, revision: None })
        })
    }
}

/// Notes it in the history of every locale.
pub(super) fn note_everywhere(
    write: &mut Write<'_>,
    entry: &Entry,
    kind: EventKind,
    signature: &Signature,
) -> Result<(), Error> {
    for variant in write.variants(entry.id)? {
        Happened { previous: variant.live, ..Happened::to(variant.draft.or(variant.live), kind) }
            .note(write, &variant, signature)?;
        if kind == EventKind::Deleted {
            write.remove_review(entry.id, variant.locale)?;
        }
    }
    Ok(())
}
