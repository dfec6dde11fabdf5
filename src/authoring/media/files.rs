//! The files of the library in the site's folder: originals, called by the hash of their bytes, and beside them the
//! copies without metadata that are served in their place.
//!
//! A file gets its name, and loses it, while the one writer of the database holds the lock: so no row is ever without
//! its file, whoever else works on the folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use crate::authoring::{Authoring, Error, Signature};
use crate::delivery::MEDIA_FOLDER;
use crate::media::kind::Kind;
use crate::media::{hash, strip};

/// The folder of clean copies within that of originals.
const SERVED: &str = "served";
/// How names of files begin that are not whole yet.
const UNFINISHED: &str = ".tmp";
/// How long a file that no row names stays: whoever brought it may be about to write the row.
const ORPHANED: Duration = Duration::from_secs(24 * 60 * 60);
/// How many files are looked at while others wait to write.
const BATCH: usize = 100;

impl Authoring {
    /// The folder in which a file is written before it is taken in.
    ///
    /// # Errors
    /// `Storage` when it cannot be made.
    pub fn media_folder(&self) -> Result<PathBuf, Error> {
        let folder = self.store.path().with_file_name(MEDIA_FOLDER);
        fs::create_dir_all(&folder).map_err(|error| cannot_write(&error))?;
        Ok(folder)
    }

    /// A file to be written and then taken in. What is left of it when the process is killed is removed at the next
    /// start.
    ///
    /// # Errors
    /// `Storage` when it cannot be made.
    pub fn new_media_file(&self) -> Result<NamedTempFile, Error> {
        unfinished(&self.media_folder()?).map_err(|error| cannot_write(&error))
    }

    /// Removes what killed processes left unfinished; returns how many files. What a process still writes is locked,
    /// and stays.
    ///
    /// # Errors
    /// `Storage` when the folder cannot be read.
    pub fn sweep_media(&self) -> Result<usize, Error> {
        let originals = self.media_folder()?;
        let mut swept = 0;
        for folder in [originals.join(SERVED), originals] {
            for name in names(&folder)?.iter().filter(|name| name.starts_with(UNFINISHED)) {
                let path = folder.join(name);
                let left = File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
                if left && fs::remove_file(&path).is_ok() {
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }

    /// Removes files that no picture, file or version needs, and that came more than a day ago; returns how many.
    ///
    /// # Errors
    /// `Storage` when the folder cannot be read; the database's.
    pub fn remove_orphans(&self, signature: &Signature) -> Result<usize, Error> {
        let originals = self.media_folder()?;
        let old = |folder: &Path, name: &str| {
            let changed = fs::metadata(folder.join(name)).and_then(|about| about.modified());
            changed.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > ORPHANED))
        };
        let mut removed = 0;
        for (folder, is_original) in [(originals.clone(), true), (originals.join(SERVED), false)] {
            let known = names(&folder)?;
            let candidates: Vec<String> =
                known.into_iter().filter(|name| is_hash(name) && old(&folder, name)).collect();
            for batch in candidates.chunks(BATCH) {
                let bytes = batch.iter().cloned().map(|hash| (hash, is_original));
                removed += self.remove_bytes(bytes.collect(), signature)?;
            }
        }
        Ok(removed)
    }

    /// Removes bytes by hash, originals or served copies, unless a row needs them. Returns how many files.
    pub(in crate::authoring) fn remove_bytes(
        &self,
        bytes: BTreeSet<(String, bool)>,
        signature: &Signature,
    ) -> Result<usize, Error> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let originals = self.media_folder()?;
        self.write(signature, move |write| {
            let mut removed = 0;
            for (hash, is_original) in bytes {
                let needed = if is_original { write.needs_bytes(&hash)? } else { write.needs_served(&hash)? };
                let path = if is_original { originals.join(&hash) } else { originals.join(SERVED).join(&hash) };
                // A file that stays takes room and does no other harm: it is tried again another day.
                if !needed && is_hash(&hash) && fs::remove_file(path).is_ok() {
                    removed += 1;
                }
            }
            Ok(removed)
        })
    }
}

/// A file that is not whole yet, locked for as long as it is written.
pub(in crate::authoring) fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    let file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    // Where files cannot be locked, they are left alone too: nobody else gets the lock.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// A clean copy that waits for its name: with its hash. `None` when the original itself may be served.
pub(in crate::authoring) fn clean_copy(
    original: &Path,
    kind: Kind,
    originals: &Path,
) -> io::Result<Option<(NamedTempFile, String)>> {
    let folder = originals.join(SERVED);
    fs::create_dir_all(&folder)?;
    let mut copy = unfinished(&folder)?;
    if !strip::clean(original, kind, copy.as_file_mut())? {
        return Ok(None);
    }
    copy.as_file().sync_all()?;
    let hash = hash::of_file(copy.path())?;
    Ok(Some((copy, hash)))
}

/// Gives a clean copy its name.
pub(in crate::authoring) fn keep_copy(copy: NamedTempFile, originals: &Path, hash: &str) -> io::Result<()> {
    keep(copy, &originals.join(SERVED), hash)
}

/// Gives a file that was flushed its name.
pub(super) fn keep(file: NamedTempFile, folder: &Path, hash: &str) -> io::Result<()> {
    file.persist(folder.join(hash))?;
    File::open(folder)?.sync_all()
}

pub(super) fn cannot_write(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::StorageFull {
        return Error::Storage("the disk is full, so the file was not stored: free some space and try again".into());
    }
    // Its path is nobody else's business.
    tracing::error!(%error, "a file cannot be stored");
    Error::Storage("the file cannot be stored: try again, and tell who runs the server if it stays".into())
}

fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The names of the files in a folder; none when there is no such folder.
fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(|error| cannot_write(&error))?,
    };
    Ok(listed.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect())
}
