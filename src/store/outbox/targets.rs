//! Whom messages go to.

use rusqlite::{OptionalExtension as _, Row, params};

use crate::content::moment::Moment;
use crate::content::outbox::{Standing, Target, TargetId, TargetKind};
use crate::store::error::Error;
use crate::store::{Read, Write};

const TARGET: &str = "id, kind, name, active, settings, created";

impl Read<'_> {
    /// All targets of a kind, oldest first.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn targets(&self, kind: TargetKind) -> Result<Vec<Target>, Error> {
        let sql = format!("SELECT {TARGET} FROM outbox_target WHERE kind = ? ORDER BY id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([kind.as_str()], read_target)?;
        rows.filter_map(|row| row.map_err(Error::from).and_then(understood).transpose()).collect()
    }

    /// The target with this id; `None` when there is none, or only a newer program knows its kind.
    pub fn target(&self, id: TargetId) -> Result<Option<Target>, Error> {
        let sql = format!("SELECT {TARGET} FROM outbox_target WHERE id = ?");
        let row = self.connection.prepare_cached(&sql)?.query_row([id.0], read_target).optional()?;
        row.map_or(Ok(None), understood)
    }

    /// Whether any target of a kind is told of changes.
    pub fn listens(&self, kind: TargetKind) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox_target WHERE kind = ? AND active)";
        Ok(self.connection.prepare_cached(sql)?.query_row([kind.as_str()], |row| row.get(0))?)
    }

    /// How a target has taken what was sent lately.
    pub fn standing(&self, id: TargetId) -> Result<Standing, Error> {
        let sql = "SELECT failures, since, resumes FROM outbox_target WHERE id = ?";
        let moment = |micros: Option<i64>| micros.map(Moment::from_micros);
        let found = self
            .connection
            .prepare_cached(sql)?
            .query_row([id.0], |row| {
                Ok(Standing { failures: row.get(0)?, since: moment(row.get(1)?), resumes: moment(row.get(2)?) })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }
}

impl Write<'_> {
    /// Adds a target; its id is given by the database.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn add_target(&mut self, target: &Target) -> Result<TargetId, Error> {
        self.connection.execute(
            "INSERT INTO outbox_target (kind, name, active, settings, created) VALUES (?, ?, ?, ?, ?)",
            params![
                target.kind.as_str(),
                target.name,
                target.active,
                target.settings.to_string(),
                target.created.micros()
            ],
        )?;
        Ok(TargetId(self.connection.last_insert_rowid()))
    }

    /// Changes a target. One that was left alone is tried again at once: the change may be what was missing.
    pub fn put_target(&mut self, target: &Target) -> Result<(), Error> {
        self.connection.execute(
            "UPDATE outbox_target SET name = ?2, active = ?3, settings = ?4, resumes = NULL WHERE id = ?1",
            params![target.id.0, target.name, target.active, target.settings.to_string()],
        )?;
        self.posted = true;
        Ok(())
    }

    /// Removes a target with everything that was, or was to be, sent to it. False when there is none.
    pub fn remove_target(&mut self, id: TargetId) -> Result<bool, Error> {
        self.connection.execute(
            "DELETE FROM outbox_attempt_parcel WHERE parcel IN (SELECT id FROM outbox_parcel WHERE target = ?)",
            [id.0],
        )?;
        self.connection.execute("DELETE FROM outbox_parcel WHERE target = ?", [id.0])?;
        self.connection.execute_batch(
            "DELETE FROM outbox_message WHERE NOT EXISTS (
               SELECT 1 FROM outbox_parcel WHERE outbox_parcel.message = outbox_message.id);
             DELETE FROM outbox_attempt WHERE NOT EXISTS (
               SELECT 1 FROM outbox_attempt_parcel AS made WHERE made.attempt = outbox_attempt.id);",
        )?;
        Ok(self.connection.execute("DELETE FROM outbox_target WHERE id = ?", [id.0])? > 0)
    }

    /// Notes how a target has taken what was sent.
    pub(super) fn put_standing(&mut self, id: TargetId, standing: Standing) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE outbox_target SET failures = ?2, since = ?3, resumes = ?4 WHERE id = ?1")?
            .execute(params![
                id.0,
                standing.failures,
                standing.since.map(Moment::micros),
                standing.resumes.map(Moment::micros)
            ])?;
        Ok(())
    }
}

/// A row, with what is read of it later.
struct Stored {
    id: i64,
    kind: String,
    name: String,
    active: bool,
    settings: String,
    created: i64,
}

fn read_target(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        id: row.get(0)?,
        kind: row.get(1)?,
        name: row.get(2)?,
        active: row.get(3)?,
        settings: row.get(4)?,
        created: row.get(5)?,
    })
}

fn understood(row: Stored) -> Result<Option<Target>, Error> {
    let Some(kind) = TargetKind::parse(&row.kind) else { return Ok(None) };
    let unreadable = |error: serde_json::Error| Error::Unreadable {
        what: "the settings of what is told of changes",
        why: format!("{}: {error}", row.name),
    };
    Ok(Some(Target {
        id: TargetId(row.id),
        kind,
        settings: serde_json::from_str(&row.settings).map_err(unreadable)?,
        name: row.name,
        active: row.active,
        created: Moment::from_micros(row.created),
    }))
}
