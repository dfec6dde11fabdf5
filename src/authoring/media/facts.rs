//! A picture or file as programs are told of it, the same everywhere.

use serde_json::{Value, json};

use crate::authoring::{Authoring, Error};
use crate::store::{MediaRow, Read};

/// All that is known of a picture or file.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaFacts {
    /// Its row.
    pub media: MediaRow,
    /// Its tags, in order.
    pub tags: Vec<String>,
}

impl MediaFacts {
    /// All that is known of a row.
    ///
    /// # Errors
    /// The database's.
    pub fn of(read: &Read<'_>, media: MediaRow) -> Result<Self, Error> {
        let tags = read.media_tags(&media.id)?;
        Ok(Self { media, tags })
    }

    /// As JSON: sizes in pixels and bytes, `focal` in fractions from left and top.
    pub fn to_json(&self) -> Value {
        let media = &self.media;
        json!({
            "id": media.id,
            "url": format!("/media/{}", media.id),
            "name": media.filename,
            "type": media.kind,
            "size": media.size,
            "width": media.width,
            "height": media.height,
            "alt": media.alt,
            "focal": media.focal,
            "colour": media.colour,
            "placeholder": media.placeholder,
            "frames": media.frames,
            "folder": media.folder.map(|folder| folder.0),
            "tags": self.tags,
            "hash": media.hash,
            "created": media.created,
            "updated": media.updated,
            "by": media.by,
            "used": media.uses,
        })
    }
}

impl Authoring {
    /// What is known of a picture or file.
    ///
    /// # Errors
    /// `NotFound`; the database's.
    pub fn media_facts(&self, id: &str) -> Result<MediaFacts, Error> {
        self.store.read(|read| {
            let media = read.media(id)?.ok_or(Error::NotFound("picture or file"))?;
            MediaFacts::of(read, media)
        })
    }
}
