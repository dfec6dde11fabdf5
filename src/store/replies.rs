//! The answers to saves: a save that is repeated, because its answer was lost on the way, gets the first one.

use rusqlite::{OptionalExtension, params};

use super::error::Error;
use super::{Read, Write};
use crate::content::entry::EntryId;
use crate::content::moment::Moment;

/// A save as a tab of a browser asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose tab.
    pub user: i64,
    /// The tab's own name, chosen at random.
    pub client: String,
    /// Counts the tab's saves.
    pub seq: i64,
    /// SHA-256 of what was sent, in hex: a copied tab goes on with its original's name and count, but not
    /// with its words.
    pub digest: String,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The entry that was saved.
    pub entry: EntryId,
    /// Whether some of it was not saved because another person had changed the same.
    pub conflict: bool,
    /// JSON.
    pub answer: String,
}

impl Read<'_> {
    /// The answer that was given to this very save.
    ///
    /// # Errors
    /// The database's.
    pub fn reply(&self, asked: &Asked) -> Result<Option<Reply>, Error> {
        let sql = "SELECT entry, conflict, answer FROM reply
                   WHERE user = ? AND client = ? AND seq = ? AND digest = ?";
        let given = self
            .connection
            .prepare_cached(sql)?
            .query_row(params![asked.user, asked.client, asked.seq, asked.digest], |row| {
                Ok(Reply { entry: EntryId(row.get(0)?), conflict: row.get(1)?, answer: row.get(2)? })
            })
            .optional()?;
        Ok(given)
    }

    /// Whether a tab other than `client` has lately saved an entry.
    ///
    /// # Errors
    /// The database's.
    pub fn saved_by_others(&self, entry: EntryId, client: &str) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM reply WHERE entry = ? AND client <> ?)";
        Ok(self.connection.prepare_cached(sql)?.query_row(params![entry.0, client], |row| row.get(0))?)
    }
}

impl Write<'_> {
    /// Keeps the answer to a save.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn put_reply(&mut self, asked: &Asked, reply: &Reply, at: Moment) -> Result<(), Error> {
        let sql = "INSERT INTO reply (user, client, seq, digest, entry, conflict, answer, at)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        self.connection.prepare_cached(sql)?.execute(params![
            asked.user,
            asked.client,
            asked.seq,
            asked.digest,
            reply.entry.0,
            reply.conflict,
            reply.answer,
            at.micros(),
        ])?;
        Ok(())
    }

    /// Forgets the answers given before `limit`, and what was kept of autosaves that gave way before it.
    pub fn forget_saves_before(&mut self, limit: Moment) -> Result<(), Error> {
        for sql in ["DELETE FROM reply WHERE at < ?", "DELETE FROM folded WHERE at < ?"] {
            self.connection.prepare_cached(sql)?.execute([limit.micros()])?;
        }
        Ok(())
    }
}
