//! Where pictures and files are used.

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::content::entry::EntryId;
use crate::content::index::Views;
use crate::content::locale::LocaleId;
use crate::content::media::{MediaLink, add_link, media_links};
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

pub(super) const ASKED: &str = "SELECT DISTINCT asked FROM media_use WHERE media = ? AND asked <> ''";

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

    /// What addresses in content ask to be done to a picture, each as it is written there: the tasks before the id
    /// and the query with its `?`. Not in order, and some perhaps several times.
    ///
    /// # Errors
    /// The database's.
    pub fn media_asked(&self, media: &str) -> Result<Vec<String>, Error> {
        let mut statement = self.connection.prepare_cached(ASKED)?;
        let rows = statement.query_map([media], |row| row.get::<_, String>(0))?;
        let lines: Vec<String> = rows.collect::<Result<_, _>>()?;
        Ok(lines.iter().flat_map(|line| split(line)).collect())
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
            .prepare_cached("SELECT path, media, views, asked FROM media_use WHERE entry = ? AND locale = ?")?;
        let rows = statement.query_map([entry.0, locale.0], |row| {
            let asked = split(&row.get::<_, String>(3)?);
            Ok(MediaLink { path: row.get(0)?, media: row.get(1)?, views: Views(row.get(2)?), asked })
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
    "INSERT OR IGNORE INTO media_use (media, entry, author, locale, path, views, asked) VALUES (?, ?, ?, ?, ?, ?, ?)";

/// What one field's addresses of a picture ask for, as it is kept: in no address there is white space.
fn split(kept: &str) -> Vec<String> {
    kept.split_whitespace().map(str::to_owned).collect()
}

fn add_entry_uses(connection: &Connection, entry: EntryId, locale: LocaleId, links: &[MediaLink]) -> Result<(), Error> {
    for link in links {
        connection.prepare_cached(INSERT)?.execute(params![
            link.media,
            entry.0,
            0,
            locale.0,
            link.path,
            link.views.0,
            link.asked.join(" "),
        ])?;
    }
    Ok(())
}

fn add_author_uses(connection: &Connection, id: i64, picture: &str, bio: &str) -> Result<(), Error> {
    for link in media_links(&json!({"profile_image": picture, "bio": bio}), Views(3)) {
        let asked = link.asked.join(" ");
        connection.prepare_cached(INSERT)?.execute(params![link.media, 0, id, 0, link.path, link.views.0, asked])?;
    }
    Ok(())
}

/// Notes the uses of a site that was written before they were noted as they are now.
pub(in crate::store) fn backfill(connection: &Connection) -> Result<(), Error> {
    connection.execute("DELETE FROM media_use", [])?;
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
        let mut links = used(2, of_live)?;
        for link in used(3, Views::NEWEST)? {
            add_link(&mut links, link);
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
