//! The content model: one document, and the ids not yet given away.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

use super::error::Error;
use super::{Read, Write, faces};
use crate::content::definition::{Definition, Ids};
use crate::content::field::FieldIds;
use crate::content::key::Key;
use crate::content::schema::Model;

/// The model with the ids that are free.
#[derive(Debug)]
pub struct StoredModel {
    /// The model.
    pub model: Model,
    /// Ids for what is new.
    pub ids: Ids,
}

/// How often the model has changed.
pub(super) fn number(connection: &Connection) -> Result<i64, Error> {
    let number = connection
        .prepare_cached("SELECT value FROM meta WHERE name = 'model'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(number.unwrap_or(0))
}

pub(super) fn load(connection: &Connection) -> Result<StoredModel, Error> {
    let row = connection
        .query_row("SELECT definition, next_group, next_locale, next_field FROM model", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let (definition, mut ids) = match row {
        Some((text, next_group, next_locale, next_field)) => {
            let definition = Definition::parse(&text).map_err(unreadable)?;
            (definition, Ids { next_group, next_locale, fields: FieldIds::starting_at(next_field) })
        }
        None => (Definition::empty(), Ids::default()),
    };
    let mut model = definition.to_model(&mut ids).map_err(unreadable)?;
    model.number = number(connection)?;
    Ok(StoredModel { model, ids })
}

fn unreadable(why: String) -> Error {
    Error::Unreadable { what: "the content model", why }
}

impl Read<'_> {
    /// The model of this snapshot with the ids that are free.
    ///
    /// # Errors
    /// `Unreadable` when the stored document makes no sense.
    pub fn stored_model(&self) -> Result<StoredModel, Error> {
        load(self.connection)
    }
}

impl Write<'_> {
    /// Puts another model in force. Reindexing what it changes is up to the caller.
    ///
    /// # Errors
    /// The database's.
    pub fn put_model(&mut self, mut model: Model, ids: &Ids) -> Result<(), Error> {
        model.number = number(self.connection)? + 1;
        let text =
            serde_json::to_string(&Definition::of(&model, true)).map_err(|error| unreadable(error.to_string()))?;
        self.connection.execute(
            "INSERT OR REPLACE INTO model (id, definition, next_group, next_locale, next_field) VALUES (1, ?, ?, ?, ?)",
            params![text, ids.next_group, ids.next_locale, ids.fields.next()],
        )?;
        self.connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('model', ?)", [model.number])?;
        faces::put(self.connection, &model)?;
        self.adopt(Arc::new(model));
        self.touch(Key::Model);
        Ok(())
    }
}
