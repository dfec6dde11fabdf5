//! Removing deleted pictures and files for good, with the bytes that nothing else needs.

use std::collections::BTreeSet;

use crate::authoring::{Authoring, Error, KEPT, Signature};
use crate::content::moment::Moment;
use crate::store::{MediaRow, Write};

/// How many are removed in one transaction.
const BATCH: usize = 50;

impl Authoring {
    /// Removes for good what was deleted 30 days ago or earlier; returns how many pictures and files.
    ///
    /// # Errors
    /// The database's.
    pub fn purge_deleted_media(&self, now: Moment) -> Result<usize, Error> {
        let limit = Moment::from_micros(now.micros() - KEPT);
        let signature = Signature::at("clock", now);
        let mut purged = 0;
        loop {
            let batch = self.write(&signature, move |write| {
                let old = write.media_deleted_before(limit, BATCH)?;
                let mut bytes = BTreeSet::new();
                for media in &old {
                    bytes.extend(forget(write, media)?);
                }
                Ok((old.len(), bytes))
            })?;
            let (count, bytes) = batch;
            self.remove_bytes(bytes, &signature)?;
            purged += count;
            if count < BATCH {
                return Ok(purged);
            }
        }
    }

    /// Removes one deleted picture or file for good.
    ///
    /// # Errors
    /// `NotFound` when it is not in the trash.
    pub fn purge_one_media(&self, id: &str, signature: Signature) -> Result<(), Error> {
        let id = id.to_owned();
        let bytes = self.write(&signature, move |write| {
            let media = write.media_or_deleted(&id)?.filter(|media| media.deleted.is_some());
            forget(write, &media.ok_or(Error::NotFound("deleted picture or file"))?)
        })?;
        // After the row is gone for certain: what is removed cannot be brought back.
        self.remove_bytes(bytes, &signature)?;
        Ok(())
    }
}

/// Removes a row with its versions; returns the bytes it had.
fn forget(write: &mut Write<'_>, media: &MediaRow) -> Result<BTreeSet<(String, bool)>, Error> {
    let mut bytes = BTreeSet::new();
    let mut had = |hash: &str, served: Option<&String>| {
        bytes.insert((hash.to_owned(), true));
        bytes.extend(served.map(|served| (served.clone(), false)));
    };
    had(&media.hash, media.served.as_ref());
    for version in write.media_versions(&media.id)? {
        had(&version.hash, version.served.as_ref());
    }
    write.remove_media(&media.id)?;
    Ok(bytes)
}
