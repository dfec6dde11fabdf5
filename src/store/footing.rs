//! What the open connections stand on, and whether it holds.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use rusqlite::Connection;

use super::checkpointer::length_of_log;
use super::error::Error;
use super::file::{DatabaseFile, Face, Identity, Written, log_of};
use super::opened::State;
use super::rescue::Lost;

/// After how long a file that seems to be another one is looked at again before that is believed.
const AGAIN: Duration = Duration::from_millis(20);

/// How a file looked.
#[derive(Clone, Copy)]
struct Seen {
    written: Option<Written>,
    face: Option<Face>,
}

/// What the open connections stand on, and whether it holds.
pub(super) struct Footing {
    pub(super) file: Arc<DatabaseFile>,
    /// Which database is open.
    identity: i64,
    /// How many transactions it had when that was seen last.
    counted: AtomicI64,
    /// The write-ahead log that is open.
    pub(super) log: Option<Identity>,
    /// How long the log was when a change was last made.
    log_length: AtomicU64,
    /// How the file looked when it was last well, and when it was written to last then.
    face: Mutex<Seen>,
    /// Why everything must be closed and opened again.
    doubt: ArcSwapOption<Error>,
    /// Why no changes are taken.
    refusing: ArcSwapOption<Error>,
    /// Why the last change could not be saved.
    failing: ArcSwapOption<Error>,
    /// Nobody may finish what these connections began: what lies at their path may be another's.
    abandoned: AtomicBool,
    /// What was deleted and only these connections still have: it is to be saved at the end.
    lost: OnceLock<Lost>,
    /// The log is being brought into the file by this process.
    saving: AtomicBool,
}

impl Footing {
    /// Stands on a file whose connections have just been opened, and which is in this state for them.
    pub(super) fn new(file: Arc<DatabaseFile>, state: State) -> Self {
        let log = Identity::at(&log_of(file.path())).ok();
        // An older state may have been written into the log: it is what the file will say.
        let face = file.face().map(|face| face.at_most(state.transactions));
        Self {
            face: Mutex::new(Seen { written: file.written(), face }),
            file,
            identity: state.identity,
            counted: AtomicI64::new(state.transactions),
            log,
            log_length: AtomicU64::new(0),
            doubt: ArcSwapOption::empty(),
            refusing: ArcSwapOption::empty(),
            failing: ArcSwapOption::empty(),
            abandoned: AtomicBool::new(false),
            lost: OnceLock::new(),
            saving: AtomicBool::new(false),
        }
    }

    /// Whether database and log still lie where they were opened. Two microseconds.
    ///
    /// # Errors
    /// `Gone` or `Replaced`: what is written now is lost, what is read is of the past.
    pub(super) fn holds(&self) -> Result<(), Error> {
        self.file.in_place()?;
        let log = log_of(self.file.path());
        match (self.log, Identity::at(&log)) {
            (None, _) => Ok(()),
            (Some(open), Ok(there)) if open == there => Ok(()),
            (Some(_), Ok(_)) => Err(Error::Replaced(log)),
            (Some(_), Err(error)) => Err(Error::gone(&log, error)),
        }
    }

    /// Whether changes are taken: asked before one is begun, so that nobody waits in vain.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn takes_changes(&self) -> Result<(), Error> {
        for reason in [&self.doubt, &self.refusing] {
            if let Some(error) = reason.load_full() {
                return Err(Error::Refusing(error));
            }
        }
        self.is_itself()
    }

    /// Whether the file is where it was, and what it was.
    ///
    /// # Errors
    /// `Gone`, `Replaced` or `Damaged`.
    pub(super) fn is_itself(&self) -> Result<(), Error> {
        self.holds()?;
        self.file.whole(self.face())?;
        self.look()
    }

    /// Whether the log is as long as what stands in it, asked on a connection that is in no transaction. While it does not
    /// get shorter, SQLite is not asked.
    ///
    /// # Errors
    /// `Overwritten` when somebody has cut it off. SQLite would go on behind its old end, and nobody finds what lies
    /// behind a gap.
    pub(super) fn has_log(&self, connection: &Connection) -> Result<(), Error> {
        let is_whole = || Ok::<_, Error>(self.length_of_log() >= length_of_log(connection)?);
        // Another program may have brought it into the file and emptied it, between the two numbers too.
        if self.length_of_log() >= self.log_length.load(Ordering::Acquire) || is_whole()? || is_whole()? {
            return Ok(());
        }
        let log = log_of(self.file.path());
        tracing::error!(log = %log.display(), "the log was cut off: changes that only it had are lost here; see the replica");
        Err(Error::Overwritten(self.file.path().into()))
    }

    fn length_of_log(&self) -> u64 {
        fs::metadata(log_of(self.file.path())).map_or(0, |metadata| metadata.len())
    }

    /// Whether everything may stay open: a thorough look.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn is_well(&self) -> Result<(), Error> {
        self.is_itself().inspect_err(|_| self.note_loss())?;
        self.doubt.load_full().map_or(Ok(()), |error| Err(Error::clone(&error)))
    }

    /// How many transactions the database had when that was seen last: it never has fewer.
    pub(super) fn counted(&self) -> i64 {
        self.counted.load(Ordering::Acquire)
    }

    /// Notes how many there are.
    pub(super) fn count(&self, transactions: i64) {
        self.counted.fetch_max(transactions, Ordering::AcqRel);
    }

    /// Whether the database has as many transactions as it must have at least.
    ///
    /// # Errors
    /// `Overwritten` when somebody wrote an older state into the file through SQLite, which is no damage and looks
    /// like any other change.
    pub(super) fn follows(&self, least: i64, transactions: i64) -> Result<(), Error> {
        if transactions < least { Err(Error::Overwritten(self.file.path().into())) } else { Ok(()) }
    }

    /// Whether this state, read by a connection after [`Footing::counted`] was, follows from what was seen before.
    ///
    /// # Errors
    /// `Overwritten`, also when it is another database's.
    pub(super) fn goes_on(&self, counted: i64, state: State) -> Result<(), Error> {
        self.follows(counted, state.transactions)?;
        if state.identity != self.identity {
            return Err(Error::Overwritten(self.file.path().into()));
        }
        self.count(state.transactions);
        Ok(())
    }

    /// Notes an error that may mean that the connections can no longer be trusted.
    pub(super) fn note(&self, error: &Error) {
        let overwritten = matches!(error, Error::Overwritten(_));
        if overwritten || error.breaks_trust() && !(error.tells_of_damage() && self.refuses()) {
            self.doubt.store(Some(Arc::new(error.clone())));
        }
    }

    /// Notes how the last change ended.
    pub(super) fn note_change(&self, end: &Result<(), Error>) {
        match end {
            Ok(()) => {
                self.log_length.store(self.length_of_log(), Ordering::Release);
                self.failing.store(None);
                // What is wrong is said when the next one is begun.
                let _ = self.is_itself();
            }
            Err(error) => {
                self.failing.store(Some(Arc::new(error.clone())));
                self.note(error);
            }
        }
    }

    /// Takes no changes until [`Footing::trust`].
    pub(super) fn refuse(&self, error: Error) {
        self.refusing.store(Some(Arc::new(error)));
    }

    /// Takes changes again.
    pub(super) fn trust(&self) {
        self.refusing.store(None);
    }

    fn refuses(&self) -> bool {
        self.refusing.load().is_some()
    }

    /// Why changes are refused, or the last one failed.
    pub(super) fn trouble(&self) -> Option<Error> {
        let reasons = [&self.doubt, &self.refusing, &self.failing];
        reasons.into_iter().find_map(|reason| reason.load_full()).map(|error| Error::clone(&error))
    }

    /// Whether the last change failed because another program held the lock.
    pub(super) fn was_busy(&self) -> bool {
        self.failing.load().as_deref().is_some_and(|error| matches!(error, Error::Busy))
    }

    /// How the file looked when it was last well.
    pub(super) fn face(&self) -> Option<Face> {
        self.seen().face
    }

    fn seen(&self) -> Seen {
        *self.face.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at a file that is whole again if it was written to: by a checkpoint, or by somebody else.
    fn look(&self) -> Result<(), Error> {
        let before = self.seen();
        let written = self.file.written();
        // While this process brings the log into the file, it is looked at afterwards.
        if written == before.written || self.saving.load(Ordering::Acquire) {
            return Ok(());
        }
        let Some(face) = self.face_now(before.face) else { return Ok(()) };
        if self.file.is_of(self.identity, before.face, face).is_err() {
            // What is read while it is written may be neither the old nor the new.
            thread::sleep(AGAIN);
            let Some(face) = self.face_now(before.face) else { return Ok(()) };
            self.file.is_of(self.identity, before.face, face)?;
        }
        *self.face.lock().unwrap_or_else(PoisonError::into_inner) = Seen { written, face: Some(face) };
        Ok(())
    }

    /// How the file looks now; `None` when it no longer says what it said before: it is looked at again next
    /// time.
    fn face_now(&self, before: Option<Face>) -> Option<Face> {
        let spoke = before.is_some_and(|face| !face.is_mute());
        self.file.face().filter(|face| !(spoke && face.is_mute()))
    }

    /// Lets `bring` bring the log into the file, if that is still the one that was opened, and looks at it
    /// afterwards.
    pub(super) fn save(&self, bring: impl FnOnce()) {
        // What is in doubt is looked at before it is mixed with anything.
        if self.is_abandoned() || self.doubt.load().is_some() || self.is_itself().is_err() {
            return;
        }
        self.saving.store(true, Ordering::Release);
        bring();
        self.saving.store(false, Ordering::Release);
        // What is wrong is said when the next change is begun.
        let _ = self.look();
    }

    /// As [`Footing::save`], where the file may become another state of the same database, an older one too.
    pub(super) fn save_anew(&self, bring: impl FnOnce()) {
        self.save(|| {
            bring();
            *self.face.lock().unwrap_or_else(PoisonError::into_inner) = Seen { written: None, face: None };
        });
    }

    /// Notes what nobody but these connections has any more.
    fn note_loss(&self) {
        let log = log_of(self.file.path());
        if self.file.is_deleted() {
            let _ = self.lost.set(Lost::Database);
        } else if self.file.in_place().is_ok() && !log.exists() {
            let _ = self.lost.set(Lost::Log);
        }
    }

    /// See [`Footing::lost`].
    pub(super) fn lost(&self) -> Option<Lost> {
        self.lost.get().copied()
    }

    /// From here on its connections only close.
    pub(super) fn abandon(&self) {
        self.abandoned.store(true, Ordering::Release);
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Acquire)
    }
}
