//! What a picture or file was before it was replaced.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::MediaRow;
use crate::content::media::Focal;
use crate::content::moment::Moment;
use crate::store::error::Error;
use crate::store::{Read, Write};

const VERSION: &str = "id, at, by, hash, served, filename, type, width, height, size, colour, placeholder, frames, \
     focal_x, focal_y";

/// An earlier state of a picture or file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediaVersion {
    /// Given by the database.
    #[serde(skip)]
    pub id: i64,
    /// When its bytes came.
    pub at: Moment,
    /// Who brought them; empty when that is not known.
    #[serde(default)]
    pub by: String,
    /// SHA-256 of the bytes, in hex.
    pub hash: String,
    /// SHA-256 of the copy without metadata; `None` when there is none.
    #[serde(skip)]
    pub served: Option<String>,
    /// What it was called.
    pub filename: String,
    /// Media type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Pixels, as shown.
    pub width: Option<u32>,
    /// Pixels, as shown.
    pub height: Option<u32>,
    /// Bytes.
    #[serde(default)]
    pub size: u64,
    /// `#rrggbb`.
    #[serde(default)]
    pub colour: Option<String>,
    /// A thumbhash in base64.
    #[serde(default)]
    pub placeholder: Option<String>,
    /// How many pictures it held.
    pub frames: u32,
    /// The point that crops kept in sight.
    #[serde(default)]
    pub focal: Option<Focal>,
}

impl MediaVersion {
    /// What a picture or file is now, to be kept before other bytes take its place.
    pub fn of(media: &MediaRow, at: Moment, by: String) -> Self {
        Self {
            id: 0,
            at,
            by,
            hash: media.hash.clone(),
            served: media.served.clone(),
            filename: media.filename.clone(),
            kind: media.kind.clone(),
            width: media.width,
            height: media.height,
            size: media.size,
            colour: media.colour.clone(),
            placeholder: media.placeholder.clone(),
            frames: media.frames,
            focal: media.focal,
        }
    }

    /// Puts this version's bytes in the place of those of a picture or file.
    pub fn put_into(self, media: &mut MediaRow) {
        media.hash = self.hash;
        media.served = self.served;
        media.filename = self.filename;
        media.kind = self.kind;
        media.width = self.width;
        media.height = self.height;
        media.size = self.size;
        media.colour = self.colour;
        media.placeholder = self.placeholder;
        media.frames = self.frames;
        media.focal = self.focal;
    }
}

impl Read<'_> {
    /// What a picture or file was before, latest first.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn media_versions(&self, media: &str) -> Result<Vec<MediaVersion>, Error> {
        let sql = format!("SELECT {VERSION} FROM media_version WHERE media = ? ORDER BY id DESC");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([media], read_version)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One of them.
    pub fn media_version(&self, media: &str, id: i64) -> Result<Option<MediaVersion>, Error> {
        let sql = format!("SELECT {VERSION} FROM media_version WHERE media = ? AND id = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row(params![media, id], read_version).optional()?)
    }
}

impl Write<'_> {
    /// Keeps what a picture or file was.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn add_media_version(&mut self, media: &str, version: &MediaVersion) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO media_version (media, at, by, hash, served, filename, type, width, height, size, colour,
                   placeholder, frames, focal_x, focal_y) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                media,
                version.at.micros(),
                version.by,
                version.hash,
                version.served,
                version.filename,
                version.kind,
                version.width,
                version.height,
                version.size as i64,
                version.colour,
                version.placeholder,
                version.frames,
                version.focal.map(|focal| focal.x),
                version.focal.map(|focal| focal.y),
            ])?;
        Ok(())
    }
}

fn read_version(row: &Row<'_>) -> rusqlite::Result<MediaVersion> {
    let (x, y): (Option<f64>, Option<f64>) = (row.get(13)?, row.get(14)?);
    Ok(MediaVersion {
        id: row.get(0)?,
        at: Moment::from_micros(row.get(1)?),
        by: row.get(2)?,
        hash: row.get(3)?,
        served: row.get(4)?,
        filename: row.get(5)?,
        kind: row.get(6)?,
        width: row.get(7)?,
        height: row.get(8)?,
        size: row.get::<_, i64>(9)?.unsigned_abs(),
        colour: row.get(10)?,
        placeholder: row.get(11)?,
        frames: row.get(12)?,
        focal: x.zip(y).and_then(|(x, y)| Focal::new(x, y)),
    })
}
