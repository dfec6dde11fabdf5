//! Pictures and files: what is known of them. Their bytes lie in the site's folder.

mod copied;
mod folders;
mod library;
mod tags;
mod uses;
mod versions;
mod wanted;

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::error::Error;
use super::{Read, Write};
use crate::content::field::media::Medium;
use crate::content::key::Key;
use crate::content::media::{Focal, FolderId};
use crate::content::moment::Moment;

pub use copied::media_files_in;
pub use folders::MediaFolder;
pub use library::{MediaCounts, MediaOrder, MediaQuery, Shape};
pub(super) use uses::backfill;
pub use uses::{MediaUse, User as MediaUser};
pub use versions::MediaVersion;
pub use wanted::{MissingMedia, WantedMedia};

const COLUMNS: &str = "id, hash, filename, type, alt, width, height, size, created, folder, focal_x, focal_y, colour, \
     placeholder, frames, served, updated, deleted, deleted_by, by, uses";

/// How many characters of a name are compared when ordering.
const SORTED_BY: usize = 100;

/// A picture or file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediaRow {
    /// Its name in addresses: 20 letters and digits.
    pub id: String,
    /// SHA-256 of its bytes, in hex: its name on disk.
    #[serde(default)]
    pub hash: String,
    /// The name it was uploaded with, or was given since. Only a label: it is never part of a path.
    pub filename: String,
    /// Media type, such as `image/jpeg`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Alternative text used where none is given.
    #[serde(default)]
    pub alt: String,
    /// Pixels, as shown: after orientation.
    pub width: Option<u32>,
    /// Pixels, as shown: after orientation.
    pub height: Option<u32>,
    /// Bytes of the original.
    #[serde(default)]
    pub size: u64,
    /// When it was uploaded.
    pub created: Moment,
    /// Where it lies in the library; `None` at the top.
    #[serde(skip)]
    pub folder: Option<FolderId>,
    /// The point that crops keep in sight; `None` when nobody chose one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal: Option<Focal>,
    /// The dominant colour, `#rrggbb`; `None` for what is no picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// A thumbhash in base64; `None` for what is no picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// How many pictures it holds: 1 unless it moves.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub frames: u32,
    /// SHA-256 of the copy without metadata that is served; `None` when that is the original itself.
    #[serde(skip)]
    pub served: Option<String>,
    /// When anything of it was changed last; as archives of earlier programs have it, never.
    #[serde(default = "never", skip_serializing_if = "is_never")]
    pub updated: Moment,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Moment>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_by: Option<String>,
    /// Who uploaded it; empty when that is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// In how many places it is used. Kept by the store: what is written here is not looked at.
    #[serde(skip)]
    pub uses: u64,
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(frames: &u32) -> bool {
    *frames == 1
}

fn never() -> Moment {
    Moment::from_micros(0)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_never(moment: &Moment) -> bool {
    *moment == never()
}

impl MediaRow {
    /// A picture or file of which nothing else is known.
    pub fn new(id: String, created: Moment) -> Self {
        Self {
            id,
            hash: String::new(),
            filename: String::new(),
            kind: String::new(),
            alt: String::new(),
            width: None,
            height: None,
            size: 0,
            created,
            folder: None,
            focal: None,
            colour: None,
            placeholder: None,
            frames: 1,
            served: None,
            updated: created,
            deleted: None,
            deleted_by: None,
            by: String::new(),
            uses: 0,
        }
    }

    /// The SHA-256 of the bytes that are served, in hex.
    pub fn served_hash(&self) -> &str {
        self.served.as_deref().unwrap_or(&self.hash)
    }

    /// Whether it is a picture.
    pub fn is_picture(&self) -> bool {
        self.kind.starts_with("image/")
    }
}

impl Read<'_> {
    /// The picture or file with this id, unless it was deleted.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn media(&self, id: &str) -> Result<Option<MediaRow>, Error> {
        Ok(self.media_or_deleted(id)?.filter(|media| media.deleted.is_none()))
    }

    /// The picture or file with this id, deleted or not.
    pub fn media_or_deleted(&self, id: &str) -> Result<Option<MediaRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM media WHERE id = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([id], read).optional()?)
    }

    /// The oldest picture or file with these bytes that was not deleted.
    pub fn media_by_hash(&self, hash: &str) -> Result<Option<MediaRow>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM media WHERE hash = ? AND deleted IS NULL ORDER BY created, id LIMIT 1");
        Ok(self.connection.prepare_cached(&sql)?.query_row([hash], read).optional()?)
    }

    /// All pictures and files, by id, deleted ones included.
    pub fn all_media(&self) -> Result<Vec<MediaRow>, Error> {
        self.media_where("true ORDER BY id", [])
    }

    /// The deleted pictures and files, latest first, from a place in their order on.
    pub fn discarded_media(&self, before: Option<(Moment, &str)>, limit: usize) -> Result<Vec<MediaRow>, Error> {
        let (at, id) = before.map_or((i64::MAX, ""), |(at, id)| (at.micros(), id));
        let condition = "deleted IS NOT NULL AND (deleted < ?1 OR (deleted = ?1 AND id > ?2))
             ORDER BY deleted DESC, id LIMIT ?3";
        self.media_where(condition, params![at, id, limit as i64])
    }

    /// The pictures and files that were deleted before a moment, oldest first.
    pub fn media_deleted_before(&self, moment: Moment, limit: usize) -> Result<Vec<MediaRow>, Error> {
        let condition = "deleted IS NOT NULL AND deleted < ?1 ORDER BY deleted, id LIMIT ?2";
        self.media_where(condition, params![moment.micros(), limit as i64])
    }

    fn media_where(&self, condition: &str, parameters: impl rusqlite::Params) -> Result<Vec<MediaRow>, Error> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM media WHERE {condition}"))?;
        let rows = statement.query_map(parameters, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Pictures and files whose bytes were not looked at yet, as the program with this number looks; versions apart.
    pub fn media_not_looked_at(&self, look: i64, limit: usize) -> Result<Vec<MediaRow>, Error> {
        self.media_where("looked < ?1 ORDER BY id LIMIT ?2", params![look, limit as i64])
    }

    /// Whether any revision or author names a picture or file.
    pub fn names_media(&self, id: &str) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM revision WHERE instr(fields, ?1))
                OR EXISTS (SELECT 1 FROM author WHERE instr(profile_image, ?1) OR instr(bio, ?1))";
        Ok(self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    }

    /// Whether bytes with this SHA-256 belong to any picture or file, or to what one was before.
    pub fn needs_bytes(&self, hash: &str) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM media WHERE hash = ?1)
                OR EXISTS (SELECT 1 FROM media_version WHERE hash = ?1)";
        Ok(self.connection.prepare_cached(sql)?.query_row([hash], |row| row.get(0))?)
    }

    /// Whether a served copy with this SHA-256 belongs to any picture, or to what one was before.
    pub fn needs_served(&self, hash: &str) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM media WHERE served = ?1 AND served IS NOT NULL)
                OR EXISTS (SELECT 1 FROM media_version WHERE served = ?1 AND served IS NOT NULL)";
        Ok(self.connection.prepare_cached(sql)?.query_row([hash], |row| row.get(0))?)
    }
}

impl Write<'_> {
    /// Adds or changes a picture or file. Answers that show its alternative text, and its bytes, are old where
    /// those change.
    ///
    /// # Errors
    /// The database's.
    pub fn put_media(&mut self, media: &MediaRow) -> Result<(), Error> {
        let old = self.media(&media.id)?;
        self.connection
            .prepare_cached(&format!(
                "INSERT INTO media ({COLUMNS}, family, shape, bare, folded) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
                   ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                   (SELECT count(*) FROM media_use WHERE media = ?1), ?21, ?22, ?23, ?24)
                 ON CONFLICT (id) DO UPDATE SET hash = ?2, filename = ?3, type = ?4, alt = ?5, width = ?6, height = ?7,
                   size = ?8, created = ?9, folder = ?10, focal_x = ?11, focal_y = ?12, colour = ?13,
                   placeholder = ?14, frames = ?15, served = ?16, updated = ?17, deleted = ?18, deleted_by = ?19,
                   by = ?20, family = ?21, shape = ?22, bare = ?23, folded = ?24"
            ))?
            .execute(params![
                media.id,
                media.hash,
                media.filename,
                media.kind,
                media.alt,
                media.width,
                media.height,
                media.size as i64,
                media.created.micros(),
                media.folder.map(|folder| folder.0),
                media.focal.map(|focal| focal.x),
                media.focal.map(|focal| focal.y),
                media.colour,
                media.placeholder,
                media.frames,
                media.served,
                media.updated.micros(),
                media.deleted.map(Moment::micros),
                media.deleted_by,
                media.by,
                library::family(Medium::of(&media.kind)),
                Shape::of(media.width, media.height).map_or(0, library::number),
                media.is_picture() && media.alt.trim().is_empty(),
                media.filename.chars().take(SORTED_BY).flat_map(char::to_lowercase).collect::<String>(),
            ])?;
        let new = Some(media).filter(|media| media.deleted.is_none());
        self.touch_media(&media.id, old.as_ref(), new);
        Ok(())
    }

    /// Removes what is known of a picture or file. Its bytes stay in the site's folder.
    ///
    /// # Errors
    /// The database's.
    pub fn remove_media(&mut self, id: &str) -> Result<(), Error> {
        let old = self.media(id)?;
        self.connection.prepare_cached("DELETE FROM media WHERE id = ?")?.execute([id])?;
        self.touch_media(id, old.as_ref(), None);
        Ok(())
    }

    /// Notes by which program the bytes of a picture or file were looked at; 0 for none.
    ///
    /// # Errors
    /// The database's.
    pub fn mark_looked_at(&mut self, id: &str, look: i64) -> Result<(), Error> {
        self.connection.prepare_cached("UPDATE media SET looked = ?2 WHERE id = ?1")?.execute(params![id, look])?;
        Ok(())
    }

    /// Touches what readers get otherwise: the alternative text in answers, the file itself, or both.
    fn touch_media(&mut self, id: &str, old: Option<&MediaRow>, new: Option<&MediaRow>) {
        let alt = |media: Option<&MediaRow>| media.map_or(String::new(), |media| media.alt.clone());
        if alt(old) != alt(new) {
            self.touch(Key::Alt(id.to_owned()));
        }
        let file = |media: &MediaRow| {
            (media.hash.clone(), media.served.clone(), media.kind.clone(), media.filename.clone(), media.focal)
        };
        if old.map(file) != new.map(file) {
            self.touch(Key::Media(id.to_owned()));
        }
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<MediaRow> {
    let moment = |index| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(index)?.map(Moment::from_micros));
    let (x, y): (Option<f64>, Option<f64>) = (row.get(10)?, row.get(11)?);
    Ok(MediaRow {
        id: row.get(0)?,
        hash: row.get(1)?,
        filename: row.get(2)?,
        kind: row.get(3)?,
        alt: row.get(4)?,
        width: row.get(5)?,
        height: row.get(6)?,
        size: row.get::<_, i64>(7)?.unsigned_abs(),
        created: Moment::from_micros(row.get(8)?),
        folder: row.get::<_, Option<i64>>(9)?.map(FolderId),
        focal: x.zip(y).and_then(|(x, y)| Focal::new(x, y)),
        colour: row.get(12)?,
        placeholder: row.get(13)?,
        frames: row.get(14)?,
        served: row.get(15)?,
        updated: Moment::from_micros(row.get(16)?),
        deleted: moment(17)?,
        deleted_by: row.get(18)?,
        by: row.get(19)?,
        uses: row.get::<_, i64>(20)?.unsigned_abs(),
    })
}

#[cfg(test)]
mod tests;
