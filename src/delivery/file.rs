//! Pictures and files as they were uploaded.

use std::path::PathBuf;

use super::{Delivery, Error};

/// The folder of originals in a site's folder; each file's name is its hash.
pub const FOLDER: &str = "media";

/// A file to serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it lies.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in hex.
    pub hash: String,
    /// The name it was uploaded with.
    pub name: String,
    /// Media type, such as `image/jpeg`.
    pub kind: String,
}

impl Delivery {
    /// Where the site's pictures and files lie.
    pub fn media_folder(&self) -> PathBuf {
        self.folder.join(FOLDER)
    }

    /// The picture or file with this id; `None` when there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn file(&self, id: &str) -> Result<Option<File>, Error> {
        let Some(media) = self.store.read(|read| Ok::<_, Error>(read.media(id)?))? else { return Ok(None) };
        // The hash becomes part of a path; whatever wrote the database, it must not lead elsewhere.
        if media.hash.is_empty() || !media.hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let path = self.media_folder().join(&media.hash);
        Ok(Some(File { path, hash: media.hash, name: media.filename, kind: media.kind }))
    }
}
