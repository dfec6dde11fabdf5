//! In which sizes the site's pictures may be asked for. Always at hand: pictures are answered without the database.

use std::collections::BTreeSet;
use std::sync::Arc;

use arc_swap::Guard;

use super::{Delivery, Error};
use crate::content::key::Key;
use crate::content::picture_sizes::PictureSizes;
use crate::content::settings::Settings;
use crate::store::{self, Read};

/// What the settings and the model say now.
pub(super) fn read_from(read: &Read<'_>) -> Result<PictureSizes, store::Error> {
    Ok(PictureSizes::of(&Settings::read(&read.settings()?), read.model(), read.picture_key()?))
}

impl Delivery {
    /// In which sizes pictures may be asked for.
    pub fn picture_sizes(&self) -> Guard<Arc<PictureSizes>> {
        self.picture_sizes.load()
    }

    /// What addresses in content ask to be done to a picture: see `store`'s `media_asked`. Blocks.
    ///
    /// # Errors
    /// The database's.
    pub fn asked_in_content(&self, media: &str) -> Result<Vec<String>, Error> {
        self.store.read(|read| Ok(read.media_asked(media)?))
    }

    /// Follows a change of these keys.
    pub(super) fn follow_picture_sizes(&self, keys: &BTreeSet<Key>) -> Result<(), Error> {
        if !keys.contains(&Key::Settings) && !keys.contains(&Key::Model) {
            return Ok(());
        }
        let sizes = self.store.read(|read| Ok::<_, Error>(read_from(read)?))?;
        if **self.picture_sizes.load() != sizes {
            self.picture_sizes.store(Arc::new(sizes));
            self.files.forget_all();
        }
        Ok(())
    }
}
