//! Pictures and files: what is known of them. Their bytes lie in the site's folder.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::error::Error;
use super::{Read, Write};
use crate::content::key::Key;
use crate::content::moment::Moment;

const COLUMNS: &str = "id, hash, filename, type, alt, width, height, size, created";

/// A picture or file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediaRow {
    /// Its name in addresses: 20 letters and digits.
    pub id: String,
    /// SHA-256 of its bytes, in hex: its name on disk.
    #[serde(default)]
    pub hash: String,
    /// The name it was uploaded with.
    pub filename: String,
    /// Media type, such as `image/jpeg`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Alternative text used where none is given.
    #[serde(default)]
    pub alt: String,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// Bytes.
    #[serde(default)]
    pub size: u64,
    /// When it was uploaded.
    pub created: Moment,
}

impl Read<'_> {
    /// The picture or file with this id.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn media(&self, id: &str) -> Result<Option<MediaRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM media WHERE id = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([id], read).optional()?)
    }

    /// All pictures and files, by id.
    pub fn all_media(&self) -> Result<Vec<MediaRow>, Error> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM media ORDER BY id"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether any revision or author names a picture or file.
    pub fn names_media(&self, id: &str) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM revision WHERE instr(fields, ?1))
                OR EXISTS (SELECT 1 FROM author WHERE instr(profile_image, ?1) OR instr(bio, ?1))";
        Ok(self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    }

    /// Whether bytes with this SHA-256 belong to any picture or file.
    pub fn needs_bytes(&self, hash: &str) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM media WHERE hash = ?)";
        Ok(self.connection.prepare_cached(sql)?.query_row([hash], |row| row.get(0))?)
    }
}

impl Write<'_> {
    /// Adds or changes a picture or file.
    ///
    /// # Errors
    /// The database's.
    pub fn put_media(&mut self, media: &MediaRow) -> Result<(), Error> {
        self.connection.execute(
            &format!("INSERT OR REPLACE INTO media ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
            params![
                media.id,
                media.hash,
                media.filename,
                media.kind,
                media.alt,
                media.width,
                media.height,
                media.size as i64,
                media.created.micros(),
            ],
        )?;
        self.touch(Key::Media(media.id.clone()));
        Ok(())
    }

    /// Removes what is known of a picture or file. Its bytes stay in the site's folder.
    ///
    /// # Errors
    /// The database's.
    pub fn remove_media(&mut self, id: &str) -> Result<(), Error> {
        self.connection.execute("DELETE FROM media WHERE id = ?", [id])?;
        self.touch(Key::Media(id.to_owned()));
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<MediaRow> {
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
    })
}
