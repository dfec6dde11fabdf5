//! What the sample site brought, so that exactly that can be removed again.

use rusqlite::params;

use super::error::Error;
use super::{Read, Write};

/// Something the sample site brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// `entry`, `media`, `author`, `category`, `tag`, `group` or `locale`.
    pub kind: &'static str,
    /// Its number or name, as text.
    pub name: String,
    /// What it was like, to recognise that it has been edited.
    pub mark: String,
}

/// The kinds there are.
const KINDS: [&str; 7] = ["entry", "media", "author", "category", "tag", "group", "locale"];

impl Read<'_> {
    /// Everything the sample site brought that was not removed again.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn brought(&self) -> Result<Vec<Brought>, Error> {
        let mut statement =
            self.connection.prepare_cached("SELECT kind, name, mark FROM sample ORDER BY kind, name")?;
        let rows = statement.query_map([], |row| {
            let kind: String = row.get(0)?;
            let known = KINDS.into_iter().find(|known| *known == kind);
            Ok(known.map(|kind| (kind, row.get(1), row.get(2))))
        })?;
        let mut brought = Vec::new();
        for row in rows {
            if let Some((kind, name, mark)) = row? {
                brought.push(Brought { kind, name: name?, mark: mark? });
            }
        }
        Ok(brought)
    }

    /// Whether there is anything of the sample site.
    pub fn has_sample(&self) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sample WHERE kind = 'entry')";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// Whether somebody has published anything: what the sample site brought does not count.
    pub fn has_published(&self) -> Result<bool, Error> {
        let newest = self.fact("sample")?.unwrap_or(0);
        let sql = "SELECT EXISTS (SELECT 1 FROM variant WHERE live > ?)";
        Ok(self.connection.prepare_cached(sql)?.query_row([newest], |row| row.get(0))?)
    }
}

impl Write<'_> {
    /// Notes what the sample site brought, after it was brought.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn put_brought(&mut self, brought: &[Brought]) -> Result<(), Error> {
        let (_, newest) = self.last_ids()?;
        self.put_fact("sample", newest.0)?;
        for one in brought {
            self.connection
                .prepare_cached("INSERT OR REPLACE INTO sample (kind, name, mark) VALUES (?, ?, ?)")?
                .execute(params![one.kind, one.name, one.mark])?;
        }
        Ok(())
    }

    /// Forgets what the sample site brought: what is left of it is the site's own.
    pub fn forget_brought(&mut self) -> Result<(), Error> {
        self.connection.execute("DELETE FROM sample", [])?;
        Ok(())
    }
}
