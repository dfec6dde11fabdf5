//! Removing what was deleted for good.

use serde_json::json;

use super::{Authoring, Error, Signature};
use crate::account::Deed;
use crate::content::entry::EntryId;
use crate::content::moment::Moment;

/// How long the trash keeps what was deleted, in microseconds: 30 days.
pub const KEPT: i64 = 30 * 24 * 60 * 60 * 1_000_000;
/// How many are removed in one transaction, so that nobody waits long for their own change.
const BATCH: usize = 50;

impl Authoring {
    /// Removes for good what was deleted 30 days ago or earlier; returns how many entries.
    ///
    /// # Errors
    /// The database's.
    pub fn purge_deleted(&self, now: Moment) -> Result<usize, Error> {
        let limit = Moment::from_micros(now.micros() - KEPT);
        let signature = Signature::at("clock", now);
        let mut purged = 0;
        loop {
            let batch = self.write(&signature, move |write| {
                let old = write.deleted_before(limit, BATCH)?;
                for id in &old {
                    if let Some(entry) = write.entry(*id)? {
                        write.purge_entry(&entry)?;
                    }
                }
                Ok(old.len())
            })?;
            purged += batch;
            if batch < BATCH {
                return Ok(purged);
            }
        }
    }

    /// Removes one deleted entry for good.
    ///
    /// # Errors
    /// `NotFound` when it is not in the trash.
    pub fn purge_one(&self, entry: EntryId, signature: Signature) -> Result<(), Error> {
        self.write(&signature, move |write| {
            let entry = write.entry(entry)?.filter(|entry| entry.deleted.is_some());
            let entry = entry.ok_or(Error::NotFound("deleted entry"))?;
            let about = entry.slug.clone().unwrap_or_else(|| format!("entry {}", entry.id.0));
            write.record(Deed::Purged, &about, &json!({"entry": entry.id.0}))?;
            Ok(write.purge_entry(&entry)?)
        })
    }
}
