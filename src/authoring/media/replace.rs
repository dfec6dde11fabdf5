//! Other bytes under the same address, and going back to earlier ones.

use super::MediaFacts;
use super::take_in::Incoming;
use crate::authoring::{Authoring, Error, Signature};
use crate::store::{MediaRow, MediaVersion, Write};

impl Authoring {
    /// Puts another file in the place of a picture or file. Its address, alternative text, folder and tags stay; what it
    /// was is kept as a version. Of `incoming` only the file and its name are used.
    ///
    /// # Errors
    /// `NotFound`; as [`Authoring::take_in`].
    pub fn replace_media(&self, id: &str, incoming: Incoming, signature: Signature) -> Result<MediaFacts, Error> {
        let prepared = self.prepare(incoming.file, &incoming.name)?;
        let id = id.to_owned();
        self.write(&signature.clone(), move |write| {
            let old = write.media(&id)?.ok_or(Error::NotFound("picture or file"))?;
            if old.hash == prepared.hash {
                return MediaFacts::of(write, old);
            }
            let fresh = prepared.row(id, &signature);
            let media = MediaRow {
                alt: old.alt.clone(),
                created: old.created,
                folder: old.folder,
                by: old.by.clone(),
                uses: old.uses,
                ..fresh
            };
            exchange(write, &old, media, &signature)
        })
    }

    /// Goes back to an earlier version of a picture or file; what it was until now becomes a version.
    ///
    /// # Errors
    /// `NotFound` when there is no such picture, file or version.
    pub fn restore_media_version(&self, id: &str, version: i64, signature: Signature) -> Result<MediaFacts, Error> {
        let id = id.to_owned();
        self.write(&signature.clone(), move |write| {
            let old = write.media(&id)?.ok_or(Error::NotFound("picture or file"))?;
            let version = write.media_version(&id, version)?.ok_or(Error::NotFound("version"))?;
            let mut media = MediaRow { updated: signature.at, ..old.clone() };
            version.put_into(&mut media);
            exchange(write, &old, media, &signature)
        })
    }
}

fn exchange(write: &mut Write<'_>, old: &MediaRow, new: MediaRow, signature: &Signature) -> Result<MediaFacts, Error> {
    write.add_media_version(&old.id, &MediaVersion::of(old, signature.at, signature.by.clone()))?;
    write.put_media(&new)?;
    MediaFacts::of(write, new)
}
