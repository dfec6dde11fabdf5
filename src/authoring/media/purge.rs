//! Removing deleted pictures and files for good, with the bytes that nothing else needs.

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
        let signature = Signature { by: "clock".into(), at: now };
        let mut purged = 0;
        loop {
            let batch = self.write(&signature, move |write| {
                let old = write.media_deleted_before(limit, BATCH)?;
                for media in &old {
                    forget(write, media)?;
                }
                Ok(old.len())
            })?;
            purged += batch;
            if batch < BATCH {
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
        self.write(&signature, move |write| {
            let media = write.media_or_deleted(&id)?.filter(|media| media.deleted.is_some());
            forget(write, &media.ok_or(Error::NotFound("deleted picture or file"))?)
        })
    }
}

fn forget(write: &mut Write<'_>, media: &MediaRow) -> Result<(), Error> {
    write.remove_media(&media.id)?;
    Ok(())
}
