//! Keys to drafts, and links that share them.

use super::{Authoring, Error, Signature};
use crate::account::Preview;
use crate::content::entry::EntryId;

impl Authoring {
    /// Adds a preview and returns its number. Those that have ended are removed.
    ///
    /// # Errors
    /// The database's.
    pub fn add_preview(&self, preview: Preview, signature: &Signature) -> Result<i64, Error> {
        self.write(signature, move |write| Ok(write.add_preview(&preview)?))
    }

    /// Withdraws a shared link.
    ///
    /// # Errors
    /// `NotFound` when the entry has no such link.
    pub fn withdraw_share(&self, entry: EntryId, share: i64, signature: &Signature) -> Result<(), Error> {
        self.write(signature, move |write| {
            if write.remove_share(entry, share)? { Ok(()) } else { Err(Error::NotFound("shared link")) }
        })
    }
}
