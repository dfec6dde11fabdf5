//! The one writer: a thread with its own connection. Changes that wait together share a transaction,
//! each in a savepoint of its own, so that many small writes cost one flush to disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rusqlite::Connection;

use super::changes::Change;
use super::error::Error;
use super::write::{Scratch, Write};

/// How many changes may wait before their callers do.
const QUEUE: usize = 1024;
/// How many changes share a transaction at most.
const BATCH: usize = 128;

/// Where changes are queued. First come, first served.
pub(super) struct Writer {
    /// `None` only while it is being dropped.
    jobs: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// Waits for the thread, so that whoever closes a site last leaves one whole file behind.
impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // It catches panics of its jobs; one of its own has been reported by then.
            let _ = thread.join();
        }
    }
}

impl Writer {
    /// Starts the thread; it ends when the `Writer` is dropped and the queue is empty.
    pub(super) fn start(connection: Connection) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel(QUEUE);
        let thread = thread::Builder::new().name("larder-writer".into()).spawn(move || run(&connection, &queue))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs a change and waits until it is on disk. Returns with its result what it made old, if anything.
    ///
    /// # Errors
    /// The change's own error, and the database's. After an error from the commit itself the change may
    /// or may not have happened: look before trying again.
    pub(super) fn write<T, E>(
        &self,
        change: impl FnOnce(&mut Write<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<(T, Option<Change>), E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (done, outcome) = sync_channel(1);
        let job = Queued { change: Some(change), result: None, done };
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(Box::new(job)).is_ok());
        if !sent {
            return Err(Error::Closing.into());
        }
        outcome.recv().unwrap_or_else(|_| Err(Error::Closing.into()))
    }
}

/// A queued change, whatever it returns.
trait Job: Send {
    /// Makes the change; false when it must be undone.
    fn run(&mut self, write: &mut Write<'_>) -> bool;

    /// Tells the caller, once the transaction has ended so.
    fn report(self: Box<Self>, end: Result<(), Error>);
}

type Outcome<T, E> = Result<(T, Option<Change>), E>;

struct Queued<F, T, E> {
    change: Option<F>,
    result: Option<Outcome<T, E>>,
    done: SyncSender<Outcome<T, E>>,
}

impl<F, T, E> Job for Queued<F, T, E>
where
    F: FnOnce(&mut Write<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, write: &mut Write<'_>) -> bool {
        let Some(change) = self.change.take() else { return false };
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let value = change(write)?;
            Ok((value, write.finish()?))
        }));
        let result = outcome.unwrap_or_else(|_| Err(Error::Panicked.into()));
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn report(self: Box<Self>, end: Result<(), Error>) {
        let result = match (self.result, end) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (Some(result), Ok(())) => result,
            (None, Ok(())) => Err(Error::Closing.into()),
        };
        // A caller that was cancelled no longer listens; its change stands all the same.
        let _ = self.done.send(result);
    }
}

fn run(connection: &Connection, queue: &Receiver<Box<dyn Job>>) {
    let mut scratch = Scratch::default();
    while let Ok(first) = queue.recv() {
        let jobs = std::iter::once(first).chain(queue.try_iter()).take(BATCH).collect();
        transact(connection, jobs, &mut scratch);
    }
}

/// Runs jobs in one transaction and reports to all of them after it.
fn transact(connection: &Connection, mut jobs: Vec<Box<dyn Job>>, scratch: &mut Scratch) {
    let end = (|| {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        scratch.begin(connection)?;
        for job in &mut jobs {
            savepoint(connection, job.as_mut(), scratch)?;
        }
        connection.execute_batch("COMMIT")?;
        Ok(())
    })();
    if end.is_err() {
        scratch.forget();
        if !connection.is_autocommit() {
            // Fails only when SQLite has rolled back by itself, which is what is wanted.
            let _ = connection.execute_batch("ROLLBACK");
        }
    }
    for job in jobs {
        job.report(end.clone());
    }
}

fn savepoint(connection: &Connection, job: &mut dyn Job, scratch: &mut Scratch) -> Result<(), Error> {
    connection.execute_batch("SAVEPOINT job")?;
    let keep = job.run(&mut Write::new(connection, scratch));
    if keep {
        connection.execute_batch("RELEASE job")?;
    } else {
        scratch.forget();
        connection.execute_batch("ROLLBACK TO job; RELEASE job")?;
        scratch.begin(connection)?;
    }
    Ok(())
}
