//! Who brings the log into the database file. Only one may, and whoever copies the log elsewhere must be the one:
//! what was not copied yet would be overwritten.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::error::Error;
use super::file::beside;

/// Whether a store brings its log into the database file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upkeep {
    /// It does.
    Own,
    /// Somebody else does: our replicator, or Litestream. The log is left as it is, also by who closes last.
    Left,
}

impl Upkeep {
    /// What is right beside others: when somebody copies this database's log elsewhere, it is left to them.
    pub(super) fn beside(self, path: &Path) -> Self {
        if Role::is_taken(path) || litestream_folder(path).is_dir() { Self::Left } else { self }
    }
}

/// Where Litestream keeps what it remembers of a database.
pub(super) fn litestream_folder(path: &Path) -> std::path::PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}-litestream"))
}

/// The role of the one who copies a database's log elsewhere, held until this is dropped or the process ends.
pub struct Role {
    _lock: File,
}

impl Role {
    /// Takes the role for the database of a site's folder; `None` when another process has it.
    ///
    /// # Errors
    /// `Folder` when the lock cannot be made.
    pub fn take(folder: &Path) -> Result<Option<Self>, Error> {
        let path = lock_of(&folder.join(super::FILE));
        let cannot = |error: io::Error| Error::Folder { path: path.clone(), error: Arc::new(error) };
        let lock = File::create(&path).map_err(cannot)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }

    /// Whether somebody has it.
    fn is_taken(path: &Path) -> bool {
        let lock = File::open(lock_of(path));
        lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

fn lock_of(path: &Path) -> std::path::PathBuf {
    beside(path, ".repl.lock")
}
