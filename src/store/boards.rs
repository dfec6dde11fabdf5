//! The content model as people are changing it, before they save it.

use rusqlite::{OptionalExtension, params};

use super::error::Error;
use super::{Read, Write};
use crate::content::definition::Definition;
use crate::content::moment::Moment;

/// What somebody is making of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The number of the model it began with.
    pub number: i64,
    /// That model's complete document.
    pub base: Definition,
    /// As it shall be.
    pub board: Definition,
    /// When it was changed last.
    pub at: Moment,
}

impl Read<'_> {
    /// What a person is making of the model; `None` when nothing.
    ///
    /// # Errors
    /// `Unreadable` when what is stored makes no sense.
    pub fn board(&self, user: i64) -> Result<Option<Board>, Error> {
        let row = self
            .connection
            .prepare_cached("SELECT number, base, board, at FROM model_draft WHERE user = ?")?
            .query_row([user], |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get(3)?)))
            .optional()?;
        let Some((number, base, board, at)) = row else { return Ok(None) };
        let read = |text: &str| {
            Definition::parse(text).map_err(|why| Error::Unreadable { what: "a changed content model", why })
        };
        Ok(Some(Board { number, base: read(&base)?, board: read(&board)?, at: Moment::from_micros(at) }))
    }

    /// Who changed the model last, and when; `None` when that is not known.
    ///
    /// # Errors
    /// The database's.
    pub fn model_changed(&self) -> Result<Option<(String, Moment)>, Error> {
        let row = self
            .connection
            .prepare_cached("SELECT changed_by, changed FROM model WHERE changed IS NOT NULL")?
            .query_row([], |row| Ok((row.get::<_, Option<String>>(0)?, row.get(1)?)))
            .optional()?;
        Ok(row.map(|(by, at)| (by.unwrap_or_default(), Moment::from_micros(at))))
    }
}

impl Write<'_> {
    /// Keeps what a person is making of the model.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn put_board(&mut self, user: i64, board: &Board) -> Result<(), Error> {
        let text = |document: &Definition| {
            serde_json::to_string(document)
                .map_err(|error| Error::Unreadable { what: "a changed content model", why: error.to_string() })
        };
        self.connection.execute(
            "INSERT OR REPLACE INTO model_draft (user, number, base, board, at) VALUES (?, ?, ?, ?, ?)",
            params![user, board.number, text(&board.base)?, text(&board.board)?, board.at.micros()],
        )?;
        Ok(())
    }

    /// Forgets what a person was making of the model.
    pub fn remove_board(&mut self, user: i64) -> Result<(), Error> {
        self.connection.execute("DELETE FROM model_draft WHERE user = ?", [user])?;
        Ok(())
    }

    /// Notes who has changed the model, and when.
    pub fn sign_model(&mut self, by: &str, at: Moment) -> Result<(), Error> {
        self.connection.execute("UPDATE model SET changed_by = ?, changed = ?", params![by, at.micros()])?;
        Ok(())
    }
}
