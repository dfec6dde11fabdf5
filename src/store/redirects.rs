//! Redirects.

use rusqlite::{OptionalExtension as _, Row, params};

use super::error::Error;
use super::{Read, Write};
use crate::content::key::Key;
use crate::content::moment::Moment;
use crate::content::redirect::{Redirect, Rule, Status};

const COLUMNS: &str = "id, source, target, status, by, at";
/// Those whose old or new address holds a text; all without one.
const WITH: &str = "?1 = '' OR instr(lower(source), ?1) OR instr(lower(ifnull(target, '')), ?1)";

impl Read<'_> {
    /// All redirects by their paths.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn redirects(&self) -> Result<Vec<Redirect>, Error> {
        self.some_redirects("", 0, i64::MAX.unsigned_abs())
    }

    /// Some of the redirects, by their paths: those with a text in their old or new address.
    pub fn some_redirects(&self, with: &str, offset: u64, limit: u64) -> Result<Vec<Redirect>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM redirect WHERE {WITH} ORDER BY source LIMIT ?2 OFFSET ?3");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let (limit, offset) = (limit.cast_signed(), offset.cast_signed());
        let rows = statement.query_map(params![with.to_lowercase(), limit, offset], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The redirect with this id.
    pub fn redirect(&self, id: i64) -> Result<Option<Redirect>, Error> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM redirect WHERE id = ?"))?;
        Ok(statement.query_row([id], read).optional()?)
    }

    /// The redirect for a path.
    pub fn redirect_for(&self, path: &str) -> Result<Option<Rule>, Error> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM redirect WHERE source = ?"))?;
        Ok(statement.query_row([path], read).optional()?.map(|redirect| redirect.rule))
    }

    /// How many redirects have a text in their old or new address.
    pub fn count_redirects(&self, with: &str) -> Result<u64, Error> {
        let sql = format!("SELECT count(*) FROM redirect WHERE {WITH}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let count: i64 = statement.query_row([with.to_lowercase()], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}

impl Write<'_> {
    /// Puts a redirect in the place of the one for its path, whose id it keeps.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn put_redirect(&mut self, rule: &Rule, by: &str, at: Moment) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO redirect (source, target, status, by, at) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (source) DO UPDATE SET target = excluded.target, status = excluded.status,
                   by = excluded.by, at = excluded.at",
            )?
            .execute(params![rule.from, rule.to, rule.status.number(), by, at.micros()])?;
        self.touch(Key::Redirects);
        Ok(())
    }

    /// Gives a redirect another path; its id stays.
    pub fn rename_redirect(&mut self, from: &str, to: &str) -> Result<(), Error> {
        self.connection.execute("UPDATE redirect SET source = ? WHERE source = ?", [to, from])?;
        self.touch(Key::Redirects);
        Ok(())
    }

    /// Removes the redirect for a path.
    pub fn remove_redirect(&mut self, from: &str) -> Result<(), Error> {
        self.connection.execute("DELETE FROM redirect WHERE source = ?", [from])?;
        self.touch(Key::Redirects);
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Redirect> {
    Ok(Redirect {
        id: row.get(0)?,
        rule: Rule { from: row.get(1)?, to: row.get(2)?, status: Status::of(row.get(3)?).unwrap_or_default() },
        by: row.get(4)?,
        at: Moment::from_micros(row.get(5)?),
    })
}
