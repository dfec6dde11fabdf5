//! Going back to an earlier revision.

use super::publish::find;
use super::saving::{add, set_draft};
use super::{Authoring, Error, Signature, Written};
use crate::content::entry::{Origin, Revision, RevisionId};

impl Authoring {
    /// Makes a copy of an earlier revision the draft. Nothing that is live changes.
    ///
    /// # Errors
    /// `NotFound` when there is no such revision.
    pub fn restore(&self, revision: RevisionId, signature: Signature) -> Result<Written, Error> {
        self.write(&signature.clone(), move |write| {
            let old = write.revision(revision)?.ok_or(Error::NotFound("revision"))?;
            let (mut entry, mut variant) = find(write, old.entry, old.locale)?;
            let copy = Revision {
                id: RevisionId(0),
                at: signature.at,
                by: signature.by.clone(),
                why: format!("restored from {}", old.id.0),
                // The address stays: an old slug may be another entry's by now.
                slug: entry.slug.clone(),
                kind: Origin::Restored,
                named: None,
                ..old
            };
            let copy = add(write, copy)?;
            set_draft(write, &mut entry, &mut variant, &copy)?;
            Ok(Written { id: entry.id, slug: entry.slug, revision: Some(copy.id) })
        })
    }
}
