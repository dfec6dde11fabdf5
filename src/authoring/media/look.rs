//! Looking at files that came before larder looked at them as it does now, or from an archive.

use super::files::{clean_copy, keep_copy};
use crate::authoring::{Authoring, Error, Signature};
use crate::media::facts::Facts;
use crate::media::kind::Kind;
use crate::store::MediaRow;

/// What is looked for: a larger number has every file looked at again.
pub(super) const LOOK: i64 = 2;
/// How many rows are read at a time.
const BATCH: usize = 100;

impl Authoring {
    /// Measures pictures that were never measured, and makes their clean copies; returns how many. A file that is
    /// missing or damaged is passed over. May take long on a site that was made by an earlier program.
    ///
    /// # Errors
    /// The database's; `Storage` when copies cannot be written.
    pub fn look_at_media(&self) -> Result<usize, Error> {
        let mut looked = 0;
        loop {
            let rows = self.store.read(|read| read.media_not_looked_at(LOOK, BATCH))?;
            if rows.is_empty() {
                return Ok(looked);
            }
            for media in rows {
                looked += usize::from(self.look_at(media)?);
            }
        }
    }

    fn look_at(&self, mut media: MediaRow) -> Result<bool, Error> {
        let (id, hash, folder) = (media.id.clone(), media.hash.clone(), self.media_folder()?);
        let path = folder.join(&hash);
        let mut copy = None;
        if let Some(kind) = Kind::parse(&media.kind).filter(|kind| kind.is_picture()) {
            if media.colour.is_none()
                && let Ok(facts) = Facts::of(&path, kind, self.budget())
                && facts != Facts::NONE
            {
                media.width = facts.width;
                media.height = facts.height;
                media.frames = facts.frames;
                media.colour = facts.colour;
                media.placeholder = facts.placeholder;
            }
            match clean_copy(&path, kind, &folder) {
                Ok(made) => copy = made,
                Err(error) => tracing::warn!(%error, media = media.id, "a picture could not be looked at"),
            }
        }
        media.served = copy.as_ref().map(|(_, hash)| hash.clone());
        let signature = Signature::now("larder");
        self.write(&signature, move |write| {
            // Meanwhile it may have been replaced, described or removed.
            let Some(current) = write.media_or_deleted(&id)?.filter(|current| current.hash == hash) else {
                return Ok(false);
            };
            if let Some((copy, hash)) = copy {
                keep_copy(copy, &folder, &hash).map_err(|error| super::files::cannot_write(&error))?;
            }
            let MediaRow { width, height, frames, colour, placeholder, served, .. } = media;
            write.put_media(&MediaRow { width, height, frames, colour, placeholder, served, ..current })?;
            write.mark_looked_at(&id, LOOK)?;
            Ok(true)
        })
    }
}
