//! Going back to an earlier revision.

use super::acting::Acted;
use super::publish::find;
use super::saving::{add, set_draft};
use super::{Aim, Authoring, Error, Signature, Written};
use crate::content::entry::{Entry, Origin, Revision, RevisionId, Variant};
use crate::store::{Read, Write};

impl Authoring {
    /// Makes a copy of an earlier revision the draft. Nothing that is live changes.
    ///
    /// # Errors
    /// `NotFound` when there is no such revision.
    pub fn restore(&self, revision: RevisionId, signature: Signature) -> Result<Written, Error> {
        self.write(&signature.clone(), move |write| {
            let old = write.revision(revision)?.ok_or(Error::NotFound("revision"))?;
            let (mut entry, mut variant) = find(write, old.entry, old.locale)?;
            let copy = restore(write, &mut entry, &mut variant, old, &signature)?;
            Ok(Written { id: entry.id, slug: entry.slug, revision: Some(copy) })
        })
    }

    /// As [`Authoring::restore`], for somebody who looks at the entry.
    ///
    /// # Errors
    /// `Changed`; `NotFound` when the entry has no such revision.
    pub fn restore_version(&self, aim: Aim, revision: RevisionId, signature: Signature) -> Result<Acted, Error> {
        self.aimed(aim, signature, move |write, entry, variant, signature| {
            let old = own_revision(write, variant, revision)?;
            restore(write, entry, variant, old, signature)?;
            Ok(None)
        })
    }
}

/// A revision of this variant.
pub(super) fn own_revision(read: &Read<'_>, variant: &Variant, id: RevisionId) -> Result<Revision, Error> {
    let found = read.revision(id)?;
    let own = found.filter(|revision| revision.entry == variant.entry && revision.locale == variant.locale);
    own.ok_or(Error::NotFound("version"))
}

fn restore(
    write: &mut Write<'_>,
    entry: &mut Entry,
    variant: &mut Variant,
    old: Revision,
    signature: &Signature,
) -> Result<RevisionId, Error> {
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
    set_draft(write, entry, variant, &copy)?;
    Ok(copy.id)
}
