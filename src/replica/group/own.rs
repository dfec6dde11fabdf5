//! What a server remembers of its part in a group, in its site's folder.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::local::FOLDER;
use super::super::place::{Address, Place};
use super::super::restore::flush_folder;
use super::epoch;
use super::error::Error;
use crate::replica::Error as ReplicaError;
use crate::store;

/// The lock's name.
const LOCK: &str = "group.lock";

/// Whether a site's folder follows a primary, so that nothing of its own may be written into its database.
///
/// # Errors
/// When what stands in the folder cannot be read.
pub fn follows(folder: &Path) -> Result<bool, Error> {
    Ok(Own::read(folder)?.is_some_and(|own| own.follows.is_some()))
}

/// As [`follows`], for a server that shall copy to a replica, or to none.
///
/// # Errors
/// `FollowsAnother` when the folder follows a primary at another replica.
pub fn follows_at(folder: &Path, root: Option<&Address>) -> Result<bool, Error> {
    let Some(own) = Own::read(folder)?.filter(|own| own.follows.is_some()) else { return Ok(false) };
    if root.is_some_and(|root| root.to_string() == own.place) {
        return Ok(true);
    }
    Err(Error::FollowsAnother { folder: folder.into(), place: own.place })
}

/// Where a site that leads, or is alone, copies to: the path of the epoch that its database belongs to.
///
/// # Errors
/// `Follows` for a standby's folder; when the place cannot be asked.
pub fn copies_to(folder: &Path, root: &Address) -> Result<Address, Error> {
    let place = Place::open(root)?;
    let epoch = match Own::read(folder)?.filter(|own| own.place == root.to_string()) {
        Some(own) if own.follows.is_some() => return Err(store::Error::Follows(None).into()),
        Some(own) => own.epoch,
        None => epoch::current(&place)?.0.epoch,
    };
    Ok(epoch::at(&place, epoch)?.address().clone())
}

/// Held by the one process that plays a folder's part, until it ends.
pub(super) struct Held {
    _lock: File,
}

impl Held {
    /// Takes it; `None` while another process has it.
    pub(super) fn take(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(FOLDER).join(LOCK);
        let open = || {
            fs::create_dir_all(folder.join(FOLDER))?;
            File::create(&path)
        };
        let lock = open().map_err(|error| Error::disk(&path, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Error::disk(&path, error)),
        }
    }

    /// Whether somebody has it.
    pub(super) fn is_taken(folder: &Path) -> bool {
        let lock = File::open(folder.join(FOLDER).join(LOCK));
        lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

/// What it remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Own {
    /// The replica's address: at another one, none of the rest holds.
    pub(super) place: String,
    /// What it is called among the others: 16 hex digits by chance.
    pub(super) node: String,
    /// The epoch that its database belongs to.
    pub(super) epoch: u32,
    /// The transaction that its database is at, when it follows; `None` for one that leads, or led.
    pub(super) follows: Option<u64>,
}

impl Own {
    /// A new one.
    pub(super) fn new(root: &Address, epoch: u32, follows: Option<u64>) -> Result<Self, Error> {
        Ok(Self { place: root.to_string(), node: by_chance()?, epoch, follows })
    }

    /// What stands in a site's folder.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let path = path_in(folder);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| Error::from(ReplicaError::unreadable(&path.display().to_string(), &error))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::disk(&path, error)),
        }
    }

    /// Writes it, flushed: a file that was applied must not be applied again once later ones were.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Error> {
        put(&path_in(folder), self)
    }
}

/// 16 hex digits.
pub(super) fn by_chance() -> Result<String, Error> {
    let mut chance = [0; 8];
    getrandom::fill(&mut chance)
        .map_err(|error| Error::disk(Path::new("/dev/urandom"), io::Error::other(error.to_string())))?;
    Ok(format!("{:016x}", u64::from_be_bytes(chance)))
}

fn path_in(folder: &Path) -> PathBuf {
    folder.join(FOLDER).join("own.json")
}

/// Writes a small file in place of the one before, flushed.
pub(super) fn put(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".tmp-").tempfile_in(folder)?;
        // What is not locked is taken for what a process that was killed has left, and removed.
        let _ = file.as_file().try_lock();
        file.write_all(&serde_json::to_vec(value)?)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| Error::disk(path, error))?;
    Ok(flush_folder(folder)?)
}
