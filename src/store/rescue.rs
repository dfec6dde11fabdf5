//! Saving what was deleted while it was open: the connections to it still have it, until they are closed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::Connection;

use super::file::beside;

/// What was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// The write-ahead log, but not the database.
    Log,
    /// The database.
    Database,
}

/// Saves what a connection still has of the database at a path, and says so.
pub(super) fn rescue(connection: &Connection, path: &Path, lost: Lost) {
    match lost {
        Lost::Log => bring_in(connection),
        Lost::Database => match copy(connection, path) {
            Ok(file) => tracing::warn!(
                file = %file.display(),
                "the database was deleted; all it held was saved into this file: to go on with it, rename it to {}",
                path.display()
            ),
            Err(error) => tracing::error!(%error, "the database was deleted; what it held could not be saved"),
        },
    }
}

/// Brings into the database what stands in its log.
fn bring_in(connection: &Connection) {
    match connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(0)) {
        Ok(0) => tracing::warn!("the database's -wal file was deleted; what it held was saved into the database"),
        Ok(_) => tracing::error!("the database's -wal file was deleted; not all it held could be saved"),
        Err(error) => tracing::error!(%error, "the database's -wal file was deleted; what it held is lost"),
    }
}

/// Writes everything into a new file beside the path: never in the database's place, which is for whoever
/// deleted it to fill.
fn copy(connection: &Connection, path: &Path) -> io::Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let whole = beside(path, &format!(".rescued-{now}"));
    // A copy that is broken off must not be taken for a whole one.
    let partial = beside(&whole, ".partial");
    let copied = connection.execute("VACUUM INTO ?", [partial.to_string_lossy()]);
    let saved = copied.map_err(io::Error::other).and_then(|_| {
        // SQLite leaves it to the system when the copy reaches the disk.
        File::open(&partial)?.sync_all()?;
        fs::rename(&partial, &whole)
    });
    saved.inspect_err(|_| drop(fs::remove_file(&partial)))?;
    Ok(whole)
}
