//! Who brings the log into the database file. Only one may, and whoever copies the log elsewhere must be the one:
//! what was not copied yet would be overwritten.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::error::Error;
use super::file::beside;

/// Whether a store brings its log into the database file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upkeep {
    /// It does.
    Own,
    /// Somebody else does: our replicator, or Litestream. The log is left as it is, also by who closes last.
    Left,
    /// As `Left`, and the content comes from another process, by [`super::Store::apply`]: nothing of our own is
    /// written, not even a newer format.
    Follows,
}

impl Upkeep {
    /// What is right beside others: when somebody copies this database's log elsewhere, it is left to them.
    pub(super) fn beside(self, path: &Path) -> Self {
        let folder = path.parent().unwrap_or(Path::new("."));
        let others_do = || Role::is_taken(path) || litestream_since(folder, AT_WORK).is_some();
        if self == Self::Own && others_do() { Self::Left } else { self }
    }
}

/// How long ago Litestream must have written something to be taken as at work, or about to be.
const AT_WORK: Duration = Duration::from_secs(60 * 60);

/// The folder where Litestream keeps what it remembers of a site's database, if it has written there lately.
pub fn litestream_since(folder: &Path, lately: Duration) -> Option<PathBuf> {
    let its = folder.join(format!(".{}-litestream", super::FILE));
    // A time to come is one of a clock that was set back: better too careful.
    let age = SystemTime::now().duration_since(newest_below(&its)?).unwrap_or_default();
    (age < lately).then_some(its)
}

fn newest_below(folder: &Path) -> Option<SystemTime> {
    let own = fs::metadata(folder).ok()?.modified().ok();
    let below = fs::read_dir(folder).ok()?.flatten().filter_map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => newest_below(&entry.path()),
        _ => entry.metadata().ok()?.modified().ok(),
    });
    below.chain(own).max()
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

    /// Whether somebody copies the database of a site's folder.
    pub fn is_held(folder: &Path) -> bool {
        Self::is_taken(&folder.join(super::FILE))
    }

    fn is_taken(path: &Path) -> bool {
        let lock = File::open(lock_of(path));
        lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

fn lock_of(path: &Path) -> PathBuf {
    beside(path, ".repl.lock")
}
