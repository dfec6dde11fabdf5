//! The one writer: a thread with its own connection. Changes that wait together share a transaction,
//! each in a savepoint of its own, so that many small writes cost one flush to disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::changes::Change;
use super::checkpointer::Checkpointer;
use super::commits::Commits;
use super::era::Era;
use super::error::Error;
use super::footing::Footing;
use super::rescue::rescue;
use super::write::{Scratch, Write};

/// How many changes may wait before their callers do.
const QUEUE: usize = 1024;
/// How many changes share a transaction at most.
const BATCH: usize = 128;
/// How long changes wait for another program's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long they wait once the lock has been waited for in vain: what is queued behind them waits too.
const LITTLE_PATIENCE: Duration = Duration::from_millis(200);

/// Where changes are queued. First come, first served.
pub(super) struct Writer {
    /// `None` only while it is being dropped.
    orders: Option<SyncSender<Order>>,
    thread: Option<thread::JoinHandle<()>>,
    footing: Arc<Footing>,
}

/// Waits for the thread, so that whoever closes a site last leaves one whole file behind.
impl Drop for Writer {
    fn drop(&mut self) {
        self.orders = None;
        // An abandoned disk may never answer. And a change may hold the last hand on its own store.
        let waits = |thread: &thread::JoinHandle<()>| {
            !self.footing.is_abandoned() && thread.thread().id() != thread::current().id()
        };
        if let Some(thread) = self.thread.take().filter(waits) {
            // It catches panics of its jobs; one of its own has been reported by then.
            let _ = thread.join();
        }
    }
}

impl Writer {
    /// Starts the thread; it ends when the `Writer` is dropped and the queue is empty.
    pub(super) fn start(
        connection: Connection,
        era: Era,
        after: After,
        footing: Arc<Footing>,
    ) -> std::io::Result<Self> {
        let (orders, queue) = sync_channel(QUEUE);
        let mut writing = Writing { connection, after, scratch: Scratch::of(era), footing: footing.clone() };
        let thread = thread::Builder::new().name("larder-writer".into()).spawn(move || writing.run(&queue))?;
        Ok(Self { orders: Some(orders), thread: Some(thread), footing })
    }

    /// Whether the thread has ended before its time.
    pub(super) fn is_dead(&self) -> bool {
        self.thread.as_ref().is_none_or(thread::JoinHandle::is_finished)
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
        let (done, ended) = sync_channel(1);
        let outcome = Arc::new(Mutex::new(None));
        let job = Queued { change: Some(change), result: None, outcome: outcome.clone(), done };
        self.order(Order::Change(Box::new(job)))?;
        // Without a report the thread broke off, perhaps after the change was on disk.
        let _ = ended.recv();
        let outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
        outcome.unwrap_or_else(|| Err(Error::Unknown(Arc::new(Error::Panicked)).into()))
    }

    /// Waits for its turn like a change, and keeps all later changes waiting until the pause is dropped.
    ///
    /// # Errors
    /// `Closing`.
    pub(super) fn pause(&self) -> Result<Pause, Error> {
        let (begun, reached) = sync_channel(1);
        let (over, ended) = sync_channel(1);
        self.order(Order::Pause { begun, ended })?;
        reached.recv().map_err(|_| Error::Closing)?;
        Ok(Pause { _over: over })
    }

    /// Runs work of its own kind on the writer's connection, in no transaction and after all changes before it.
    ///
    /// # Errors
    /// `Closing`; `Panicked` when the work did.
    pub(super) fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (done, outcome) = sync_channel(1);
        // Who asked waits for it.
        self.order(Order::Alone(Box::new(move |connection: &Connection| drop(done.send(work(connection))))))?;
        outcome.recv().map_err(|_| Error::Panicked)
    }

    fn order(&self, order: Order) -> Result<(), Error> {
        let sent = self.orders.as_ref().is_some_and(|orders| orders.send(order).is_ok());
        if sent { Ok(()) } else { Err(Error::Closing) }
    }
}

/// What stands in the queue.
enum Order {
    Change(Box<dyn Job>),
    /// Nothing is changed until the other end of `ended` is gone.
    Pause {
        begun: SyncSender<()>,
        ended: Receiver<()>,
    },
    Alone(Box<dyn FnOnce(&Connection) + Send>),
}

/// While it lives, this process changes nothing.
pub(super) struct Pause {
    /// Its loss is the sign.
    _over: SyncSender<()>,
}

/// What follows a commit.
pub(super) struct After {
    /// `None` when the log is left to others.
    pub(super) checkpointer: Option<Checkpointer>,
    pub(super) commits: Arc<Commits>,
}

/// A queued change, whatever it returns.
pub(super) trait Job: Send {
    /// Makes the change; false when it must be undone.
    fn run(&mut self, write: &mut Write<'_>) -> bool;

    /// Tells the caller, once the transaction has ended so.
    fn report(self: Box<Self>, end: Result<(), Error>);
}

type Outcome<T, E> = Result<(T, Option<Change>), E>;

struct Queued<F, T, E> {
    change: Option<F>,
    result: Option<Outcome<T, E>>,
    /// Where who waits looks when `done` is sent to. Not sent itself: the channel's code is compiled for one type.
    outcome: Arc<Mutex<Option<Outcome<T, E>>>>,
    done: SyncSender<()>,
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
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        // A caller that was cancelled no longer listens; its change stands all the same.
        let _ = self.done.send(());
    }
}

/// The thread's own.
struct Writing {
    connection: Connection,
    after: After,
    scratch: Scratch,
    footing: Arc<Footing>,
}

impl Writing {
    fn run(&mut self, queue: &Receiver<Order>) {
        while let Ok(first) = queue.recv() {
            let mut jobs = Vec::new();
            let mut last = None;
            for order in std::iter::once(first).chain(queue.try_iter()) {
                match order {
                    Order::Change(job) => jobs.push(job),
                    other => last = Some(other),
                }
                if last.is_some() || jobs.len() == BATCH {
                    break;
                }
            }
            if !jobs.is_empty() {
                // Whoever waits for a job that goes down with a panic is told by its loss.
                let broken = catch_unwind(AssertUnwindSafe(|| self.transact(jobs))).is_err();
                if broken {
                    self.undo();
                }
            }
            match last {
                Some(Order::Pause { begun, ended }) => {
                    if begun.send(()).is_ok() {
                        // It ends with the loss of its other end.
                        let _ = ended.recv();
                    }
                }
                Some(Order::Alone(work)) => {
                    let connection = &self.connection;
                    // Whoever waits for it is told by its loss.
                    let _ = catch_unwind(AssertUnwindSafe(|| work(connection)));
                    self.undo();
                }
                Some(Order::Change(_)) | None => {}
            }
        }
    }

    /// Runs jobs in one transaction and reports to all of them after it.
    fn transact(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        let may = self.after.commits.mandate().holds().and_then(|()| self.footing.takes_changes());
        let end = may.and_then(|()| {
            let end = self.footing.has_log(&self.connection).and_then(|()| self.commit(&mut jobs));
            self.footing.note_change(&end);
            end
        });
        if end.is_err() {
            self.undo();
        }
        self.after.commits.report(jobs, end);
        if let Some(checkpointer) = &self.after.checkpointer {
            checkpointer.wake();
        }
    }

    fn commit(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), Error> {
        let connection = &self.connection;
        connection.busy_timeout(if self.footing.was_busy() { LITTLE_PATIENCE } else { PATIENCE })?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        self.scratch.begin(connection)?;
        let mut kept = false;
        for job in jobs {
            kept |= savepoint(connection, job.as_mut(), &mut self.scratch)?;
        }
        if !kept {
            // What was undone altogether leaves no trace in the file.
            return Ok(connection.execute_batch("ROLLBACK")?);
        }
        let before = self.footing.counted();
        let counted = count_transaction(connection)?;
        self.footing.follows(before + 1, counted)?;
        connection.execute_batch("COMMIT").map_err(Error::of_commit)?;
        self.footing.count(counted);
        // A change in a file that was deleted meanwhile must not be taken for saved.
        self.footing.is_itself().map_err(|error| Error::Unknown(Arc::new(error)))
    }

    fn undo(&mut self) {
        self.scratch.forget();
        if !self.connection.is_autocommit() {
            // Fails only when SQLite has rolled back by itself, which is what is wanted.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some(checkpointer) = &mut self.after.checkpointer {
            checkpointer.end();
        }
        if let Some(lost) = self.footing.lost() {
            rescue(&self.connection, self.footing.file.path(), lost);
        }
        if self.footing.is_abandoned() {
            // Closing the last connection would end with deleting the log at its path.
            let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        }
    }
}

/// Counts a transaction, by which an older copy of the database is told from a later state of it; how many there
/// are with it.
pub(super) fn count_transaction(connection: &Connection) -> Result<i64, Error> {
    let count = "INSERT INTO meta (name, value) VALUES ('transactions', 1)
        ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value";
    Ok(connection.prepare_cached(count)?.query_row([], |row| row.get(0))?)
}

/// Runs a job; false when it was undone.
fn savepoint(connection: &Connection, job: &mut dyn Job, scratch: &mut Scratch) -> Result<bool, Error> {
    connection.execute_batch("SAVEPOINT job")?;
    let keep = job.run(&mut Write::new(connection, scratch));
    if keep {
        connection.execute_batch("RELEASE job")?;
    } else {
        scratch.forget();
        connection.execute_batch("ROLLBACK TO job; RELEASE job")?;
        scratch.begin(connection)?;
    }
    Ok(keep)
}
