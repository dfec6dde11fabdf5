//! Which statements an answer takes, and for how long: for whoever wonders why it is slow.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::error::Error;
use super::{Read, Store};

/// A statement that ran, as often as it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traced {
    /// Its text, without values.
    pub sql: String,
    /// How often it ran.
    pub count: u64,
    /// How long all of that took, from the first step to the last.
    pub took: Duration,
}

/// What has run on this thread since tracing began.
#[derive(Default)]
struct Notes {
    /// Statements that have begun and not ended: one may run inside another.
    open: Vec<(String, Instant)>,
    ended: Vec<Traced>,
}

thread_local! {
    // SQLite calls a bare function, which knows neither connection nor caller. It calls it on the thread
    // that runs the statement, so the notes are kept there for as long as somebody reads.
    static NOTES: RefCell<Option<Notes>> = const { RefCell::new(None) };
}

impl Store {
    /// As [`Store::read`], and tells which statements ran, in the order in which they first ended.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_traced<T, E: From<Error>>(
        &self,
        question: impl FnOnce(&Read<'_>) -> Result<T, E>,
    ) -> Result<(T, Vec<Traced>), E> {
        self.read(|read| {
            let tracing = Tracing::begin(read.connection);
            let value = question(read)?;
            Ok((value, tracing.end()))
        })
    }
}

/// A connection that is listened to. However it ends, the connection goes back as it was.
struct Tracing<'a>(&'a Connection);

impl<'a> Tracing<'a> {
    fn begin(connection: &'a Connection) -> Self {
        NOTES.set(Some(Notes::default()));
        let both = TraceEventCodes::SQLITE_TRACE_STMT | TraceEventCodes::SQLITE_TRACE_PROFILE;
        connection.trace_v2(both, Some(note));
        Self(connection)
    }

    fn end(self) -> Vec<Traced> {
        NOTES.take().map(|notes| notes.ended).unwrap_or_default()
    }
}

impl Drop for Tracing<'_> {
    fn drop(&mut self) {
        self.0.trace_v2(TraceEventCodes::empty(), None);
        NOTES.set(None);
    }
}

fn note(event: TraceEvent<'_>) {
    NOTES.with_borrow_mut(|notes| {
        let Some(notes) = notes else { return };
        match event {
            TraceEvent::Stmt(statement, _) => notes.begun(statement.sql().into_owned()),
            // SQLite's own time comes in whole milliseconds: most statements would take none.
            TraceEvent::Profile(statement, _) => notes.ended(&statement.sql()),
            _ => {}
        }
    });
}

impl Notes {
    fn begun(&mut self, sql: String) {
        self.open.push((sql, Instant::now()));
    }

    fn ended(&mut self, sql: &str) {
        let Some(place) = self.open.iter().rposition(|(open, _)| open == sql) else { return };
        let (sql, began) = self.open.remove(place);
        let took = began.elapsed();
        match self.ended.iter_mut().find(|known| known.sql == sql) {
            Some(known) => {
                known.count += 1;
                known.took += took;
            }
            None => self.ended.push(Traced { sql, count: 1, took }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::content::entry::EntryId;
    use crate::store::{Error, Store};

    #[test]
    fn statements_are_counted_while_somebody_asks() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::create(folder.path()).expect("a site");
        let ask = || {
            store.read_traced(|read| {
                read.entry(EntryId(1))?;
                read.entry(EntryId(2))?;
                read.newest_change().map_err(|error: Error| error)
            })
        };
        let (_, traced) = ask().expect("read");
        let counts: Vec<u64> = traced.iter().map(|one| one.count).collect();
        assert_eq!(counts, [2, 1], "{traced:?}");
        store.read(|read| read.entry(EntryId(3))).map_err(|error: Error| error).expect("read");
        assert_eq!(ask().expect("read").1.iter().map(|one| one.count).sum::<u64>(), 3);
    }
}
