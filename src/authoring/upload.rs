//! Taking files into the media library.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use super::{Authoring, Error, Signature};
use crate::content::entry::EntryId;
use crate::delivery::MEDIA_FOLDER;
use crate::store::{Asked, MediaRow, Reply};

impl Authoring {
    /// The folder in which a file is written before it is taken in.
    ///
    /// # Errors
    /// `Refused` when it cannot be made.
    pub fn media_folder(&self) -> Result<std::path::PathBuf, Error> {
        let folder = self.store.path().with_file_name(MEDIA_FOLDER);
        std::fs::create_dir_all(&folder).map_err(|error| cannot_write(&error))?;
        Ok(folder)
    }

    /// Takes in a file that was written into [`Authoring::media_folder`]. The same upload again gets the first
    /// answer. The file is on disk under its hash before its row is, so that no row is without its file.
    ///
    /// # Errors
    /// `Refused` when the file cannot be stored; the database's.
    pub fn upload(
        &self,
        file: NamedTempFile,
        media: MediaRow,
        asked: Asked,
        signature: Signature,
    ) -> Result<MediaRow, Error> {
        keep(file, &self.media_folder()?, &media.hash).map_err(|error| cannot_write(&error))?;
        self.write(&signature.clone(), move |write| {
            if let Some(given) = write.reply(&asked)?
                && let Some(known) = write.media(&given.answer)?
            {
                return Ok(known);
            }
            write.put_media(&media)?;
            let reply = Reply { entry: EntryId(0), conflict: false, answer: media.id.clone() };
            write.put_reply(&asked, &reply, signature.at)?;
            Ok(media)
        })
    }
}

fn keep(file: NamedTempFile, folder: &Path, hash: &str) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(folder.join(hash))?;
    File::open(folder)?.sync_all()
}

fn cannot_write(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::StorageFull {
        return Error::Refused("the disk is full: free some space and try again; nothing was stored".into());
    }
    Error::Refused(format!("the file cannot be stored ({error}); try again, and tell who runs the server if it stays"))
}
