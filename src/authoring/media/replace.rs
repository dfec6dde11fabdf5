//! Other bytes under the same address, and going back to earlier ones.

use serde_json::json;

use super::MediaFacts;
use super::look::LOOK;
use super::take_in::Incoming;
use crate::account::Deed;
use crate::authoring::{Authoring, Error, Signature};
use crate::store::{MediaRow, MediaVersion, Write};

impl Authoring {
    /// Puts another file in the place of a picture or file. Its address, alternative text, folder and tags stay; what it
    /// was is kept as a version. Of `incoming` only the file and its name are used.
    ///
    /// # Errors
    /// `NotFound`; as [`Authoring::take_in`].
    pub fn replace_media(&self, id: &str, incoming: Incoming, signature: Signature) -> Result<MediaFacts, Error> {
        let (prepared, files) = (self.prepare(incoming.file, &incoming.name)?, self.media_folder()?);
        let id = id.to_owned();
        self.write(&signature.clone(), move |write| {
            let old = write.media(&id)?.ok_or(Error::NotFound("picture or file"))?;
            if old.hash == prepared.hash {
                return MediaFacts::of(write, old);
            }
            let media = MediaRow {
                alt: old.alt.clone(),
                created: old.created,
                folder: old.folder,
                uses: old.uses,
                ..prepared.row(id, &signature)
            };
            prepared.keep(write, &files)?;
            write.record(Deed::FileReplaced, &old.filename, &json!({"id": old.id, "with": media.filename}))?;
            let facts = exchange(write, &old, media)?;
            write.mark_looked_at(&old.id, LOOK)?;
            Ok(facts)
        })
    }

    /// Goes back to an earlier version of a picture or file; what it was until now becomes a version.
    ///
    /// # Errors
    /// `NotFound` when there is no such picture, file or version.
    pub fn restore_media_version(&self, id: &str, version: i64, signature: Signature) -> Result<MediaFacts, Error> {
        let name = id.to_owned();
        self.write(&signature.clone(), move |write| {
            let old = write.media(&name)?.ok_or(Error::NotFound("picture or file"))?;
            let version = write.media_version(&name, version)?.ok_or(Error::NotFound("version"))?;
            let mut media = MediaRow { updated: signature.at, by: signature.by, ..old.clone() };
            version.put_into(&mut media);
            write.record(Deed::FileReplaced, &old.filename, &json!({"id": old.id, "with": "an earlier version"}))?;
            let facts = exchange(write, &old, media)?;
            // An archive brings versions without their clean copies.
            write.mark_looked_at(&name, 0)?;
            Ok(facts)
        })?;
        self.look_at_media()?;
        self.media_facts(id)
    }
}

fn exchange(write: &mut Write<'_>, old: &MediaRow, new: MediaRow) -> Result<MediaFacts, Error> {
    write.add_media_version(&old.id, &MediaVersion::of(old))?;
    write.put_media(&new)?;
    MediaFacts::of(write, new)
}
