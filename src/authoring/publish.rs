//! Making a draft live.

use super::checking::check;
use super::{Authoring, Error, Published, Signature, Written};
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, Origin, Revision, Variant};
use crate::content::locale::LocaleId;
use crate::store::Write;

/// Why what is archived does not go live.
pub(super) const ARCHIVED: &str = "It is archived. Bring it back from the archive first.";

impl Authoring {
    /// Makes the newest revision of an entry live in a locale. What is live already stays as it is.
    ///
    /// # Errors
    /// `Invalid` names each field that keeps it from going live; `NotFound` when there is nothing to
    /// publish.
    pub fn publish(&self, entry: EntryId, locale: LocaleId, signature: Signature) -> Result<Published, Error> {
        let (written, refreshed) = self.report(&signature.clone(), move |write| {
            let (mut entry, mut variant) = find(write, entry, locale)?;
            publish(write, &mut entry, &mut variant, &signature)?;
            Ok(Written { id: entry.id, slug: entry.slug, revision: variant.live })
        })?;
        Ok(Published { written, refreshed })
    }
}

/// The entry and its variant; deleted ones are not found.
pub(super) fn find(write: &Write<'_>, entry: EntryId, locale: LocaleId) -> Result<(Entry, Variant), Error> {
    let entry = find_entry(write, entry)?;
    let variant = write.variant(entry.id, locale)?.ok_or(Error::NotFound("translation of this entry"))?;
    Ok((entry, variant))
}

/// The entry; deleted ones are not found.
pub(super) fn find_entry(write: &Write<'_>, entry: EntryId) -> Result<Entry, Error> {
    write.entry(entry)?.filter(|entry| entry.deleted.is_none()).ok_or(Error::NotFound("entry"))
}

/// Makes the variant's draft live, within a change.
pub(super) fn publish(
    write: &mut Write<'_>,
    entry: &mut Entry,
    variant: &mut Variant,
    signature: &Signature,
) -> Result<(), Error> {
    if entry.archived.is_some() {
        return Err(Error::Refused(ARCHIVED.into()));
    }
    let Some(draft) = variant.draft else {
        return if variant.live.is_some() { Ok(()) } else { Err(Error::NotFound("draft to publish")) };
    };
    let revision = write.revision(draft)?.ok_or(Error::NotFound("draft to publish"))?;
    check_live(write, entry, &revision)?;
    variant.live = Some(draft);
    variant.draft = None;
    variant.scheduled = None;
    variant.published = variant.published.or(Some(signature.at));
    variant.updated = signature.at;
    if matches!(revision.kind, Origin::Autosave | Origin::Edit) {
        // What was live once is no autosave that a later one may take the place of.
        write.mark_revision(draft, Origin::Published)?;
    }
    go_live(write, entry, variant, &revision)
}

/// Writes a variant whose live revision is `revision`, and brings that revision's slug into force.
pub(super) fn go_live(
    write: &mut Write<'_>,
    entry: &mut Entry,
    variant: &Variant,
    revision: &Revision,
) -> Result<(), Error> {
    let renamed = revision.slug != entry.slug;
    if renamed || entry.draft_slug.is_some() {
        entry.slug = revision.slug.clone();
        entry.draft_slug = None;
        write.put_entry(entry)?;
    }
    write.put_variant(entry, variant)?;
    if renamed {
        // The other locales are listed under the slug too.
        write.reindex_entry(entry)?;
    }
    Ok(())
}

/// Reports what keeps a revision from being live.
pub(super) fn check_live(write: &Write<'_>, entry: &Entry, revision: &Revision) -> Result<(), Error> {
    let model = write.model().clone();
    let schema = model.schema(entry.schema).ok_or(Error::NotFound("content type"))?;
    if schema.id == BLOG {
        return if revision.name.trim().is_empty() {
            Err(Error::invalid("title", "This field is required."))
        } else {
            Ok(())
        };
    }
    check(write, schema, entry, revision)
}
