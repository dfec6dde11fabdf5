//! Describing a picture or file.

use super::MediaFacts;
use super::folders::existing;
use super::name::{LONGEST, label, tags, visible};
use crate::authoring::{Authoring, Error, Signature};
use crate::content::media::{Focal, FolderId};
use crate::store::{MediaRow, Write};

/// What shall be different; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MediaEdit {
    /// Alternative text used where none is given.
    pub alt: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// The point that crops keep in sight; `Some(None)` forgets it.
    pub focal: Option<Option<Focal>>,
    /// The folder it lies in; `Some(None)` is the top.
    pub folder: Option<Option<FolderId>>,
    /// Its tags, all of them.
    pub tags: Option<Vec<String>>,
    /// Tags to be added.
    pub add_tags: Vec<String>,
    /// Tags to be taken off, whatever their case.
    pub remove_tags: Vec<String>,
}

impl Authoring {
    /// Describes a picture or file otherwise. Only answers that show what changes are built again.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` when there is no such folder or there are too many tags.
    pub fn edit_media(&self, id: &str, edit: MediaEdit, signature: Signature) -> Result<MediaFacts, Error> {
        let mut edited = self.edit_many_media(vec![id.to_owned()], edit, signature)?;
        edited.pop().ok_or(Error::NotFound("picture or file"))
    }

    /// Describes several in one go, or none when one of them cannot be.
    ///
    /// # Errors
    /// As [`Authoring::edit_media`].
    pub fn edit_many_media(
        &self,
        ids: Vec<String>,
        edit: MediaEdit,
        signature: Signature,
    ) -> Result<Vec<MediaFacts>, Error> {
        self.write(&signature.clone(), move |write| ids.iter().map(|id| apply(write, id, &edit, &signature)).collect())
    }
}

fn apply(write: &mut Write<'_>, id: &str, edit: &MediaEdit, signature: &Signature) -> Result<MediaFacts, Error> {
    let old = write.media(id)?.ok_or(Error::NotFound("picture or file"))?;
    let mut media = MediaRow { updated: signature.at, ..old.clone() };
    if let Some(alt) = &edit.alt {
        media.alt = visible(alt, LONGEST);
    }
    if let Some(name) = &edit.name {
        media.filename = label(name);
    }
    if let Some(focal) = edit.focal {
        media.focal = focal;
    }
    if let Some(folder) = edit.folder {
        media.folder = existing(write, folder)?;
    }
    let known = write.media_tags(id)?;
    let wanted = wanted_tags(&known, edit)?;
    if wanted != known || media != (MediaRow { updated: signature.at, ..old }) {
        write.put_media(&media)?;
        write.put_media_tags(id, &wanted)?;
    }
    let media = write.media(id)?.ok_or(Error::NotFound("picture or file"))?;
    MediaFacts::of(write, media)
}

fn wanted_tags(known: &[String], edit: &MediaEdit) -> Result<Vec<String>, Error> {
    let mut wanted = edit.tags.clone().unwrap_or_else(|| known.to_vec());
    let removed = |tag: &String| edit.remove_tags.iter().any(|gone| gone.to_lowercase() == tag.to_lowercase());
    wanted.retain(|tag| !removed(tag));
    wanted.extend(edit.add_tags.iter().cloned());
    tags(&wanted)
}
