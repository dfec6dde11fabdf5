//! The site's settings, and small facts about the site.

use rusqlite::{OptionalExtension, params};
use serde_json::{Map, Value};

use super::error::Error;
use super::{Read, Write};
use crate::content::key::Key;
use crate::content::moment::Moment;
use crate::content::setup::Setup;

impl Read<'_> {
    /// All settings that were set.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn settings(&self) -> Result<Map<String, Value>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT name, value FROM setting ORDER BY name")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (name, text) = row?;
            let value = serde_json::from_str(&text)
                .map_err(|error| Error::Unreadable { what: "a setting", why: format!("{name}: {error}") })?;
            Ok((name, value))
        })
        .collect()
    }

    /// When the site was made.
    pub fn site_created(&self) -> Result<Moment, Error> {
        Ok(Moment::from_micros(self.fact("created")?.unwrap_or(0)))
    }

    /// How far the site is set up.
    pub fn setup(&self) -> Result<Setup, Error> {
        Ok(Setup::from_number(self.fact("setup")?.unwrap_or(0)))
    }

    /// When an archive of the site was last made.
    pub fn exported(&self) -> Result<Option<Moment>, Error> {
        Ok(self.fact("exported")?.map(Moment::from_micros))
    }

    /// A number that belongs to the whole site.
    pub(super) fn fact(&self, name: &str) -> Result<Option<i64>, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT value FROM meta WHERE name = ?")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }
}

impl Write<'_> {
    /// Sets a setting; `None` removes it.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn put_setting(&mut self, name: &str, value: Option<&Value>) -> Result<(), Error> {
        match value {
            Some(value) => self.connection.execute(
                "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
                params![name, value.to_string()],
            )?,
            None => self.connection.execute("DELETE FROM setting WHERE name = ?", [name])?,
        };
        self.touch(Key::Settings);
        Ok(())
    }

    /// Notes when the site was made.
    pub fn put_site_created(&mut self, now: Moment) -> Result<(), Error> {
        self.put_fact("created", now.micros())
    }

    /// Notes how far the site is set up.
    pub fn put_setup(&mut self, setup: Setup) -> Result<(), Error> {
        self.put_fact("setup", setup.number())
    }

    /// Notes that an archive of the site was made.
    pub fn put_exported(&mut self, at: Moment) -> Result<(), Error> {
        self.put_fact("exported", at.micros())
    }

    pub(super) fn put_fact(&mut self, name: &str, value: i64) -> Result<(), Error> {
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)")?
            .execute(params![name, value])?;
        Ok(())
    }
}
