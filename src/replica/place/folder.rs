//! A folder as a place: objects are files, whole or not there at all.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use super::condition::{Condition, Outcome, Tag};
use super::content::Content;
use super::error::Error;
use super::{Listed, Object};
use crate::content::moment::Moment;

/// What files are called while they are written.
const UNFINISHED: &str = ".tmp-";
/// Held by whoever replaces a file under a condition.
const LOCK: &str = ".lock";

/// A folder, opened.
#[derive(Clone)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Makes the folder when it is not there, and removes from it what an interrupted writer has left.
    pub(super) fn open(root: &Path) -> Result<Self, Error> {
        let folder = Self { root: root.into() };
        let failed = |error| Error::failed(root.display().to_string(), error);
        fs::create_dir_all(root).map_err(failed)?;
        sweep(root).map_err(failed)?;
        Ok(folder)
    }

    pub(super) fn below(&self, name: &str) -> Result<Self, Error> {
        Self::open(&self.root.join(name))
    }

    pub(super) fn list(&self, below: &str) -> Result<Vec<Listed>, Error> {
        let mut found = Vec::new();
        collect(&self.root.join(below), below, &mut found).map_err(|error| self.failed(below, error))?;
        Ok(found)
    }

    pub(super) fn read(&self, key: &str) -> Result<File, Error> {
        File::open(self.root.join(key)).map_err(|error| self.failed(key, error))
    }

    pub(super) fn find(&self, key: &str, most: u64) -> Result<Option<Object>, Error> {
        let file = match self.read(key) {
            Ok(file) => file,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(most + 1).read_to_end(&mut bytes).map_err(|error| self.failed(key, error))?;
        if bytes.len() as u64 > most {
            return Err(Error::TooLarge(self.root.join(key).display().to_string()));
        }
        Ok(Some(Object { tag: tag(&bytes), bytes }))
    }

    /// Stores a file. It is flushed, and so is its name.
    pub(super) fn put(
        &self,
        key: &str,
        content: &Content<'_>,
        condition: Condition<'_>,
        time: Option<Moment>,
    ) -> Result<Outcome, Error> {
        let failed = |error| self.failed(key, error);
        let path = self.root.join(key);
        let folder = path.parent().unwrap_or(&self.root);
        make_folder(&self.root, folder).map_err(failed)?;
        let unfinished = write_unfinished(folder, content, time).map_err(failed)?;
        match condition {
            Condition::Absent => match unfinished.persist_noclobber(&path) {
                Ok(_) => {}
                Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => return Ok(Outcome::Refused),
                Err(refused) => return Err(failed(refused.error)),
            },
            Condition::Always => drop(unfinished.persist(&path).map_err(|refused| failed(refused.error))?),
            Condition::Matches(expected) => {
                // Between looking and renaming nobody else may do the same.
                let lock = File::create(self.root.join(LOCK)).map_err(failed)?;
                lock.lock().map_err(failed)?;
                let matches = self.find(key, super::SMALL)?.is_some_and(|there| there.tag == *expected);
                if !matches {
                    return Ok(Outcome::Refused);
                }
                drop(unfinished.persist(&path).map_err(|refused| failed(refused.error))?);
            }
        }
        flush_folder(folder).map_err(failed)?;
        match content {
            Content::Bytes(bytes) => Ok(Outcome::Done(tag(bytes))),
            // Nobody replaces a large object.
            Content::File(_) => Ok(Outcome::Done(Tag(String::new()))),
        }
    }

    pub(super) fn remove(&self, key: &str) -> Result<(), Error> {
        match fs::remove_file(self.root.join(key)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(key, error)),
            _ => Ok(()),
        }
    }

    fn failed(&self, key: &str, error: io::Error) -> Error {
        let what = self.root.join(key).display().to_string();
        if error.kind() == io::ErrorKind::NotFound { Error::Missing(what) } else { Error::failed(what, error) }
    }
}

/// A file beside where it will lie, written and flushed. It is locked until it has its name, which tells the sweep
/// that somebody is at work on it.
fn write_unfinished(folder: &Path, content: &Content<'_>, time: Option<Moment>) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    // A system without such locks only loses the sweep's care.
    let _ = file.as_file().try_lock();
    io::copy(&mut content.open()?, &mut file)?;
    if let Some(time) = time {
        file.as_file().set_modified(system_time(time))?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Makes a folder and those above it, down from the root, each flushed into the one above it.
fn make_folder(root: &Path, folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent().filter(|_| folder != root) {
        make_folder(root, above)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    folder.parent().map_or(Ok(()), flush_folder)
}

fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Removes what was being written when a process ended.
fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            sweep(&path)?;
        } else if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            // Another process may have given it its name meanwhile.
            let left = File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
            if left {
                let _ = fs::remove_file(&path);
            }
        }
    }
    Ok(())
}

fn collect(folder: &Path, key: &str, found: &mut Vec<Listed>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let key = if key.is_empty() { name } else { format!("{key}/{name}") };
        let metadata = match entry.metadata() {
            // Removed since.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            metadata => metadata?,
        };
        if metadata.is_dir() {
            collect(&entry.path(), &key, found)?;
        } else {
            let time = Moment::from_micros(metadata.mtime() * 1_000_000 + metadata.mtime_nsec() / 1_000);
            found.push(Listed { key, size: metadata.len(), time });
        }
    }
    Ok(())
}

fn tag(bytes: &[u8]) -> Tag {
    use sha2::{Digest as _, Sha256};
    Tag(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn system_time(moment: Moment) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(moment.micros()).unwrap_or(0))
}
