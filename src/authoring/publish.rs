//! Making a draft live.

use serde_json::{Value, json};

use super::checking::check;
use super::happened::Happened;
use super::{Authoring, Error, Published, Signature, Written};
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, Origin, Revision, Variant};
use crate::content::event::EventKind;
use crate::content::field::Problem;
use crate::content::locale::LocaleId;
use crate::content::schema::Schema;
use crate::store::{Read, Write};

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
    make_live(write, entry, variant, signature, json!({})).map(|_| ())
}

/// As [`publish`], with what its event tells beside what was live before. Returns the event; none when what
/// is live stays as it is.
pub(super) fn make_live(
    write: &mut Write<'_>,
    entry: &mut Entry,
    variant: &mut Variant,
    signature: &Signature,
    mut detail: Value,
) -> Result<Option<i64>, Error> {
    if entry.archived.is_some() {
        return Err(Error::Refused(ARCHIVED.into()));
    }
    let Some(draft) = variant.draft else {
        return if variant.live.is_some() { Ok(None) } else { Err(Error::NotFound("draft to publish")) };
    };
    let revision = write.revision(draft)?.ok_or(Error::NotFound("draft to publish"))?;
    check_live(write, entry, &revision)?;
    let previous = variant.live;
    if previous.is_some() {
        // What taking it back needs to know.
        detail["slug"] = json!(entry.slug);
        detail["published"] = json!(variant.published);
    }
    variant.live = Some(draft);
    variant.draft = None;
    variant.scheduled = None;
    variant.along = false;
    variant.published = variant.published.or(Some(signature.at));
    variant.updated = signature.at;
    if matches!(revision.kind, Origin::Autosave | Origin::Edit) {
        // What was live once is no autosave that a later one may take the place of.
        write.mark_revision(draft, Origin::Published)?;
    }
    go_live(write, entry, variant, &revision)?;
    write.remove_review(entry.id, variant.locale)?;
    let happened = Happened { kind: EventKind::Published, revision: Some(draft), previous, detail };
    happened.note(write, variant, signature).map(Some)
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
pub(super) fn check_live(read: &Read<'_>, entry: &Entry, revision: &Revision) -> Result<(), Error> {
    let model = read.model().clone();
    let schema = model.schema(entry.schema).ok_or(Error::NotFound("content type"))?;
    let problems = check_problems(read, schema, entry, revision)?;
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// What keeps a revision from being live, for every door.
pub(super) fn check_problems(
    read: &Read<'_>,
    schema: &Schema,
    entry: &Entry,
    revision: &Revision,
) -> Result<Vec<Problem>, Error> {
    if schema.id == BLOG {
        let untitled = revision.name.trim().is_empty();
        let problem = || Problem { path: "title".into(), text: "This field is required.".into() };
        return Ok(untitled.then(problem).into_iter().collect());
    }
    match check(read, schema, entry, revision) {
        Ok(()) => Ok(Vec::new()),
        Err(Error::Invalid(problems)) => Ok(problems),
        Err(error) => Err(error),
    }
}
