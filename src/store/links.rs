//! Where is this used?

use rusqlite::params;

use super::error::Error;
use super::{Read, Write};
use crate::content::entry::EntryId;
use crate::content::index::{Link, Views};
use crate::content::locale::LocaleId;

/// A place that links to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The entry that links.
    pub source: EntryId,
    /// In which of its locales.
    pub locale: LocaleId,
    /// In which field: ids joined by dots.
    pub path: String,
    /// Whether readers see it; else only a draft links.
    pub live: bool,
}

impl Read<'_> {
    /// Everything that links to an entry, in order of id.
    ///
    /// # Errors
    /// The database's.
    pub fn uses(&self, target: EntryId) -> Result<Vec<Use>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT source, locale, path, views FROM link WHERE target = ? ORDER BY source, locale, path",
        )?;
        let rows = statement.query_map([target.0], |row| {
            Ok(Use {
                source: EntryId(row.get(0)?),
                locale: LocaleId(row.get(1)?),
                path: row.get(2)?,
                live: row.get::<_, u8>(3)? & Views::LIVE.0 != 0,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    pub(super) fn forget_links(&mut self, source: EntryId, locale: LocaleId) -> Result<(), Error> {
        self.connection
            .prepare_cached("DELETE FROM link WHERE source = ? AND locale = ?")?
            .execute([source.0, locale.0])?;
        Ok(())
    }

    pub(super) fn add_links(&mut self, source: EntryId, locale: LocaleId, links: &[Link]) -> Result<(), Error> {
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO link (target, source, locale, path, views) VALUES (?, ?, ?, ?, ?)")?;
        for link in links {
            insert.execute(params![link.to.0, source.0, locale.0, link.path, link.views.0])?;
        }
        Ok(())
    }
}
