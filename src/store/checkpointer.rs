//! Bringing the log into the database file, beside the writer: no change waits for it.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use super::footing::Footing;

/// How many pages of the log are brought into the file at least, as SQLite does it by itself.
const LONG: i64 = 1000;
/// With how many pages it is brought in although changes keep coming: 32 MB.
const TOO_LONG: i64 = 8 * LONG;
/// After how much time without a change nobody is likely to be kept waiting: both flush the same disk.
const QUIET: Duration = Duration::from_millis(500);

/// A thread that brings the log into the file when it has grown long and nobody changes anything.
pub(super) struct Checkpointer {
    /// `None` once it shall end.
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    footing: Arc<Footing>,
}

impl Checkpointer {
    /// Starts it, with a connection of its own.
    pub(super) fn start(connection: Connection, footing: Arc<Footing>) -> io::Result<Self> {
        let (wake, woken) = sync_channel(1);
        let watched = footing.clone();
        let run = move || {
            for () in &woken {
                // What cannot be saved now is tried again after the next change; the log keeps it.
                if is_time(&connection, &woken) {
                    watched.save(|| drop(checkpoint(&connection, "PASSIVE")));
                }
            }
        };
        let thread = thread::Builder::new().name("larder-checkpoints".into()).spawn(run)?;
        Ok(Self { wake: Some(wake), thread: Some(thread), footing })
    }

    /// Tells it that the log has grown.
    pub(super) fn wake(&self) {
        if let Some(wake) = &self.wake {
            // When it is at work already, it is told of by the next change.
            let _ = wake.try_send(());
        }
    }

    /// Ends it, after what it is doing: the last connection to close brings the rest of the log into the file.
    pub(super) fn end(&mut self) {
        self.wake = None;
        // An abandoned disk may never answer.
        if let Some(thread) = self.thread.take().filter(|_| !self.footing.is_abandoned()) {
            // A panic has reported itself.
            let _ = thread.join();
        }
    }
}

/// Whether the log shall be brought into the file now: waits while it is long and changes keep coming.
fn is_time(connection: &Connection, woken: &Receiver<()>) -> bool {
    loop {
        match waiting(connection) {
            ..LONG => return false,
            TOO_LONG.. => return true,
            LONG.. => match woken.recv_timeout(QUIET) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => return false,
            },
        }
    }
}

/// Brings the log into the file, when it has grown long, on a connection that is in no transaction. The file may
/// become a state that does not follow from the one before.
pub(super) fn bring_in_if_long(connection: &Connection, footing: &Footing) {
    // What cannot be saved now is tried again the next time; the log keeps it.
    if waiting(connection) >= LONG {
        footing.save_anew(|| drop(checkpoint(connection, "PASSIVE")));
    }
}

/// How many pages of the log are not in the file yet; none when that cannot be told.
fn waiting(connection: &Connection) -> i64 {
    checkpoint(connection, "NOOP").map_or(0, |(log, saved)| log - saved)
}

/// How long the log must be at least for what stands in it, in bytes; asked on a connection that is in no transaction.
pub(super) fn length_of_log(connection: &Connection) -> rusqlite::Result<u64> {
    // https://sqlite.org/fileformat2.html#walformat
    const HEADER: u64 = 32;
    const HEADER_OF_PAGE: u64 = 24;
    let (pages, _) = checkpoint(connection, "NOOP")?;
    let size: u32 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let pages = u64::try_from(pages).unwrap_or_default();
    Ok(if pages == 0 { 0 } else { HEADER + pages * (HEADER_OF_PAGE + u64::from(size)) })
}

/// How many pages the log has, and how many of them are in the file.
fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<(i64, i64)> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| Ok((row.get(1)?, row.get(2)?)))
}
