//! Where pictures and files are used.

use rusqlite::{Connection, params};
use serde_json::Value;

use crate::content::entry::EntryId;
use crate::content::index::Views;
use crate::content::locale::LocaleId;
use crate::content::media::{MediaLink, media_ids, media_links};
use crate::content::post::Author;
use crate::store::error::Error;
use crate::store::{Read, Write};

/// What uses a picture or file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User {
    /// An entry, in one of its locales.
    Entry(EntryId, LocaleId),
    /// An author, by id: as their picture or in the text about them.
    Author(i64),
}

/// A place in which a picture or file is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaUse {
    /// By what.
    pub by: User,
    /// In which field, by its storage key: an id, or a word of posts and authors such as `body`.
    pub path: String,
    /// Whether readers see it; else only a draft uses it.
    pub live: bool,
}

impl Read<'_> {
    /// Where a picture or file is used: authors first, then entries in order of id, from a place on. What lies in the
    /// trash uses nothing.
    ///
    /// # Errors
    /// The database's.
    pub fn media_uses(&self, media: &str, offset: usize, limit: usize) -> Result<Vec<MediaUse>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT entry, author, locale, path, views FROM media_use WHERE media = ?
             ORDER BY entry, author, locale, path LIMIT ? OFFSET ?",
        )?;
        let rows = statement.query_map(params![media, limit as i64, offset as i64], |row| {
            let (entry, author): (i64, i64) = (row.get(0)?, row.get(1)?);
            let locale = LocaleId(row.get(2)?);
            Ok(MediaUse {
                by: if author > 0 { User::Author(author) } else { User::Entry(EntryId(entry), locale) },
                path: row.get(3)?,
                live: row.get::<_, u8>(4)? & Views::LIVE.0 != 0,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Notes what an entry uses in a locale, and forgets what it used before.
    pub(in crate::store) fn put_entry_uses(
        &mut self,
        entry: EntryId,
        locale: LocaleId,
        links: &[MediaLink],
        is_new: bool,
    ) -> Result<(), Error> {
        if !is_new {
            // Most changes leave the pictures as they are.
            if self.noted(entry, locale, links)? {
                return Ok(());
            }
            self.connection
                .prepare_cached("DELETE FROM media_use WHERE entry = ? AND locale = ?")?
                .execute([entry.0, locale.0])?;
        }
        add_entry_uses(self.connection, entry, locale, links)
    }

    /// Whether an entry's uses are noted as just these.
    fn noted(&self, entry: EntryId, locale: LocaleId, links: &[MediaLink]) -> Result<bool, Error> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT path, media, views FROM media_use WHERE entry = ? AND locale = ?")?;
        let rows = statement.query_map([entry.0, locale.0], |row| {
            Ok(MediaLink { path: row.get(0)?, media: row.get(1)?, views: Views(row.get(2)?) })
        })?;
        let noted: Vec<MediaLink> = rows.collect::<Result<_, _>>()?;
        Ok(noted.len() == links.len() && noted.iter().all(|link| links.contains(link)))
    }

    /// Notes what an author uses, and forgets what they used before.
    pub(in crate::store) fn put_author_uses(&mut self, id: i64, author: Option<&Author>) -> Result<(), Error> {
        self.connection.prepare_cached("DELETE FROM media_use WHERE author = ? AND author > 0")?.execute([id])?;
        match author {
            Some(author) => add_author_uses(self.connection, id, &author.profile_image, &author.bio),
            None => Ok(()),
        }
    }
}

const INSERT: &str =
    "INSERT OR IGNORE INTO media_use (media, entry, author, locale, path, views) VALUES (?, ?, ?, ?, ?, ?)";

fn add_entry_uses(connection: &Connection, entry: EntryId, locale: LocaleId, links: &[MediaLink]) -> Result<(), Error> {
    for link in links {
        connection.prepare_cached(INSERT)?.execute(params![
            link.media,
            entry.0,
            0,
            locale.0,
            link.path,
            link.views.0
        ])?;
    }
    Ok(())
}

fn add_author_uses(connection: &Connection, id: i64, picture: &str, bio: &str) -> Result<(), Error> {
    for (path, text) in [("profile_image", picture), ("bio", bio)] {
        for media in media_ids(text) {
            connection.prepare_cached(INSERT)?.execute(params![media, 0, id, 0, path, 3])?;
        }
    }
    Ok(())
}

/// Notes the uses of a site that was written before they were noted.
pub(in crate::store) fn backfill(connection: &Connection) -> Result<(), Error> {
    let mut statement = connection.prepare(
        "SELECT variant.entry, variant.locale, live.fields, draft.fields, variant.draft IS NULL FROM variant
         JOIN entry ON entry.id = variant.entry AND entry.deleted IS NULL
         LEFT JOIN revision AS live ON live.id = variant.live AND instr(live.fields, '/media/')
         LEFT JOIN revision AS draft ON draft.id = variant.draft AND instr(draft.fields, '/media/')
         WHERE live.id IS NOT NULL OR draft.id IS NOT NULL",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (entry, locale) = (EntryId(row.get(0)?), LocaleId(row.get(1)?));
        let used = |index: usize, views: Views| -> Result<Vec<MediaLink>, Error> {
            let fields: Option<String> = row.get(index)?;
            let fields: Value = fields.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            Ok(media_links(&fields, views))
        };
        // Without a draft, previews see what readers see.
        let of_live = if row.get(4)? { Views(3) } else { Views::LIVE };
        let (mut links, draft) = (used(2, of_live)?, used(3, Views::NEWEST)?);
        for link in draft {
            match links.iter_mut().find(|other| other.path == link.path && other.media == link.media) {
                Some(other) => other.views.0 |= link.views.0,
                None => links.push(link),
            }
        }
        add_entry_uses(connection, entry, locale, &links)?;
    }
    let mut statement = connection.prepare("SELECT id, profile_image, bio FROM author")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (picture, bio): (String, String) = (row.get(1)?, row.get(2)?);
        add_author_uses(connection, row.get(0)?, &picture, &bio)?;
    }
    Ok(())
}
