//! What a change did to the kept answers, for the history: known only once the change is on disk.

use super::{Authoring, Error, Signature};
use crate::content::entry::{EntryId, RevisionId};
use crate::content::event::Outcome;

impl Authoring {
    /// Keeps what an event did to the answers.
    ///
    /// # Errors
    /// The database's.
    pub fn note_outcome(&self, event: i64, outcome: Outcome, signature: &Signature) -> Result<(), Error> {
        self.write(signature, move |write| Ok(write.put_outcome(event, &outcome)?))
    }

    /// Gives a revision of an entry a name by which people find it again, or with `None` takes it away.
    ///
    /// # Errors
    /// `NotFound` when the entry has no such revision.
    pub fn name_revision(
        &self,
        entry: EntryId,
        revision: RevisionId,
        name: Option<String>,
        signature: &Signature,
    ) -> Result<(), Error> {
        self.write(signature, move |write| {
            let known = write.revision(revision)?.filter(|revision| revision.entry == entry);
            known.ok_or(Error::NotFound("version"))?;
            Ok(write.name_revision(revision, name.as_deref())?)
        })
    }
}
