//! Folders of the library.

use super::name::folder as checked_name;
use crate::authoring::{Authoring, Error, Signature};
use crate::content::media::FolderId;
use crate::store::{MediaFolder, Read};

/// How deep folders may lie in each other.
const DEEPEST: usize = 20;

/// A folder to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewFolder {
    /// In which folder; `None` at the top.
    pub parent: Option<FolderId>,
    /// What people call it; unique among its neighbours.
    pub name: String,
}

impl Authoring {
    /// Makes a folder.
    ///
    /// # Errors
    /// `Invalid` when the name is empty or taken, or there is no such parent.
    pub fn make_media_folder(&self, new: NewFolder, signature: Signature) -> Result<MediaFolder, Error> {
        self.write(&signature, move |write| {
            let name = checked_name(&new.name)?;
            let parent = existing(write, new.parent)?;
            refuse_taken(write, parent, &name, None)?;
            if parent.map_or(Ok(0), |id| depth(write, id))? >= DEEPEST {
                return Err(too_deep());
            }
            let id = write.add_media_folder(parent, &name)?;
            find(write, id)
        })
    }

    /// Calls a folder otherwise.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` when the name is empty or taken.
    pub fn rename_media_folder(&self, id: FolderId, name: &str, signature: Signature) -> Result<MediaFolder, Error> {
        let name = name.to_owned();
        self.write(&signature, move |write| {
            let mut folder = find(write, id)?;
            folder.name = checked_name(&name)?;
            refuse_taken(write, folder.parent, &folder.name, Some(id))?;
            write.put_media_folder(&folder)?;
            Ok(folder)
        })
    }

    /// Moves a folder, with all that lies in it, into another or to the top.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` when there is no such parent, it lies in the folder itself, or has one of this name.
    pub fn move_media_folder(
        &self,
        id: FolderId,
        parent: Option<FolderId>,
        signature: Signature,
    ) -> Result<MediaFolder, Error> {
        self.write(&signature, move |write| {
            let mut folder = find(write, id)?;
            folder.parent = existing(write, parent)?;
            if let Some(parent) = parent {
                let above = write.media_folder_path(parent)?;
                if above.iter().any(|over| over.id == id) {
                    return Err(Error::invalid("parent", "A folder cannot lie in itself: choose another place."));
                }
                if above.len() + height(&write.media_folders()?, id) > DEEPEST {
                    return Err(too_deep());
                }
            }
            refuse_taken(write, folder.parent, &folder.name, Some(id))?;
            write.put_media_folder(&folder)?;
            Ok(folder)
        })
    }

    /// Removes a folder. What lies in it moves to where the folder lay; nothing is deleted.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` when a folder in it is called as one where it would come to lie.
    pub fn remove_media_folder(&self, id: FolderId, signature: Signature) -> Result<(), Error> {
        self.write(&signature, move |write| {
            let folder = find(write, id)?;
            let inner = write.media_folders()?.into_iter().filter(|other| other.parent == Some(id));
            for other in inner {
                refuse_taken(write, folder.parent, &other.name, Some(id))?;
            }
            // A folder in it may bear its own name.
            let aside = MediaFolder { name: format!("/{}", id.0), ..folder.clone() };
            write.put_media_folder(&aside)?;
            write.move_media_folder_content(id, folder.parent)?;
            Ok(write.remove_media_folder(id)?)
        })
    }
}

/// This folder, if there is one; the top is always there.
pub(super) fn existing(read: &Read<'_>, folder: Option<FolderId>) -> Result<Option<FolderId>, Error> {
    match folder {
        Some(id) if read.media_folder(id)?.is_none() => {
            Err(Error::invalid("folder", "There is no such folder any more: choose another."))
        }
        folder => Ok(folder),
    }
}

fn find(read: &Read<'_>, id: FolderId) -> Result<MediaFolder, Error> {
    read.media_folder(id)?.ok_or(Error::NotFound("folder"))
}

fn refuse_taken(read: &Read<'_>, parent: Option<FolderId>, name: &str, but: Option<FolderId>) -> Result<(), Error> {
    match read.media_folder_named(parent, name)? {
        Some(other) if Some(other.id) != but => {
            Err(Error::invalid("name", format!("There is a folder called {name} already: choose another name.")))
        }
        _ => Ok(()),
    }
}

fn depth(read: &Read<'_>, id: FolderId) -> Result<usize, Error> {
    Ok(read.media_folder_path(id)?.len())
}

/// How many levels of folders a folder holds, itself included.
fn height(folders: &[MediaFolder], id: FolderId) -> usize {
    let (mut level, mut height) = (vec![id], 0);
    while !level.is_empty() && height <= DEEPEST {
        height += 1;
        let inner = |folder: &&MediaFolder| folder.parent.is_some_and(|parent| level.contains(&parent));
        level = folders.iter().filter(inner).map(|folder| folder.id).collect();
    }
    height
}

fn too_deep() -> Error {
    Error::invalid("parent", format!("Folders lie at most {DEEPEST} deep in each other: choose a place further up."))
}
