//! Taking what is live off.

use serde_json::{Value, json};

use super::happened::Happened;
use super::publish::find;
use super::{Authoring, Error, Published, Signature, Written};
use crate::content::entry::{Entry, EntryId, Variant};
use crate::content::event::EventKind;
use crate::content::locale::LocaleId;
use crate::store::Write;

impl Authoring {
    /// Takes an entry off in a locale; what was live becomes the draft unless a newer one exists.
    ///
    /// # Errors
    /// `NotFound` when there is no such entry.
    pub fn unpublish(&self, entry: EntryId, locale: LocaleId, signature: Signature) -> Result<Published, Error> {
        let (written, refreshed) = self.report(&signature.clone(), move |write| {
            let (entry, mut variant) = find(write, entry, locale)?;
            unpublish(write, &entry, &mut variant, &signature, json!({}))?;
            Ok(Written { id: entry.id, slug: entry.slug, revision: variant.draft })
        })?;
        Ok(Published { written, refreshed })
    }
}

/// Takes the variant off, within a change. `detail` is what its event tells. Returns the event; none when
/// it was not live.
pub(super) fn unpublish(
    write: &mut Write<'_>,
    entry: &Entry,
    variant: &mut Variant,
    signature: &Signature,
    detail: Value,
) -> Result<Option<i64>, Error> {
    let live = variant.live;
    variant.draft = variant.draft.or(live);
    variant.live = None;
    variant.published = None;
    variant.unpublish = None;
    variant.send_to = None;
    write.put_variant(entry, variant)?;
    let Some(live) = live else { return Ok(None) };
    let happened = Happened { kind: EventKind::Unpublished, revision: Some(live), previous: Some(live), detail };
    happened.note(write, variant, signature).map(Some)
}
