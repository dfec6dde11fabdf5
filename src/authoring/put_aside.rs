//! Putting entries aside, where neither readers nor previews see them, and taking them out again.

use serde_json::json;

use super::publish::find_entry;
use super::unpublish::unpublish;
use super::{Authoring, Error, Signature, Written};
use crate::content::entry::{Entry, EntryId};
use crate::content::schema::Kind;
use crate::store::Write;

impl Authoring {
    /// Takes an entry off in all its locales and puts it aside: only the list of what is archived shows it.
    /// Its slug stays its own.
    ///
    /// # Errors
    /// `NotFound` when there is no such entry; `Refused` for a single page, which the site cannot do without.
    pub fn archive(&self, entry: EntryId, signature: Signature) -> Result<Written, Error> {
        self.write(&signature.clone(), move |write| {
            let mut entry = find_entry(write, entry)?;
            archive(write, &mut entry, &signature)?;
            Ok(Written { id: entry.id, slug: entry.slug, revision: None })
        })
    }

    /// Brings an archived entry back as a draft.
    ///
    /// # Errors
    /// `NotFound` when it is not archived.
    pub fn unarchive(&self, entry: EntryId, signature: Signature) -> Result<Written, Error> {
        self.write(&signature, move |write| {
            let mut entry = write
                .entry(entry)?
                .filter(|entry| entry.archived.is_some() && entry.deleted.is_none())
                .ok_or(Error::NotFound("archived entry"))?;
            entry.archived = None;
            write.put_entry(&entry)?;
            write.reindex_entry(&entry)?;
            Ok(Written { id: entry.id, slug: entry.slug, revision: None })
        })
    }
}

/// Archives an entry within a change; one that is archived already stays as it is.
pub(super) fn archive(write: &mut Write<'_>, entry: &mut Entry, signature: &Signature) -> Result<(), Error> {
    let model = write.model().clone();
    let single = model.schema(entry.schema).is_some_and(|schema| schema.kind == Kind::SinglePage);
    if single {
        return Err(Error::Refused("A single page cannot be archived. Unpublish it instead.".into()));
    }
    if entry.archived.is_some() {
        return Ok(());
    }
    for mut variant in write.variants(entry.id)? {
        variant.scheduled = None;
        variant.along = false;
        unpublish(write, entry, &mut variant, signature, json!({"archived": true}))?;
    }
    entry.archived = Some(signature.at);
    write.put_entry(entry)?;
    write.reindex_entry(entry)?;
    Ok(())
}
