//! Looking after the database: what is open is closed when it can no longer be trusted, and opened again
//! when that is possible.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::{Arc, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Store;
use super::era::Era;
use super::error::Error;
use super::file::{DatabaseFile, Face, Identity, Written, beside, log_of};
use super::footing::Footing;
use super::opened::{Opened, bring_in, stands_alone};
use super::upkeep::Upkeep;

/// How long a file that took the database's place must have been left alone: it may still be written.
const AT_REST: Duration = Duration::from_secs(1);
/// How long an outcome stands before the disk, or a file that was found damaged, is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// After how long a file that was found damaged is looked through again although nobody has written to it.
const RECHECK: Duration = Duration::from_secs(10);
/// How long connections that are still in use are waited for.
const LEAVING: Duration = Duration::from_secs(5);
/// How much is written to see whether the disk takes it: more than a change of one entry writes.
const TRIAL: usize = 64 * 1024;

/// A file and when it was written to last.
type State = (Identity, Option<Written>);

/// What is remembered of the database from one look to the next.
#[derive(Default)]
pub(super) struct Keeper {
    left: Option<Left>,
    /// How the file that lies there looked when it was first seen so.
    resting: Option<(State, Instant)>,
    /// The last attempt to open it.
    tried: Option<(State, Instant)>,
    /// When the disk was last tried, and how that ended.
    trial: Option<(Instant, Result<(), Error>)>,
}

/// What is known of a database that was closed because it could not be trusted.
struct Left {
    why: Error,
    when: Instant,
    file: Arc<DatabaseFile>,
    log: Option<Identity>,
    face: Option<Face>,
    era: Era,
    number: u64,
    /// Alive as long as its connections are.
    footing: Weak<Footing>,
    /// Whether nothing else has been seen in its place.
    itself: bool,
}

impl Store {
    /// Looks after the database; to be called a few times a second. Costs microseconds while all is well.
    ///
    /// # Errors
    /// Why the database cannot be used. The next call tries again.
    pub fn tend(&self) -> Result<(), Error> {
        let mut keeper = self.keeper();
        match self.opened() {
            Ok(opened) => match self.well(&opened) {
                Ok(()) => {
                    self.regain_trust(&mut keeper, &opened);
                    Ok(())
                }
                Err(error) => Err(self.leave(&mut keeper, &opened, error)),
            },
            Err(before) => self.return_to(&mut keeper).inspect_err(|error| {
                // Said once, not five times a second.
                if error.to_string() != before.to_string() {
                    tracing::warn!(%error, "the database stays closed");
                }
                self.close(error);
            }),
        }
    }

    /// Why changes are not taken, or the last one could not be saved. Never waits for the disk.
    ///
    /// # Errors
    /// The reason.
    pub fn takes_changes(&self) -> Result<(), Error> {
        self.mandate().holds()?;
        let opened = self.opened()?;
        opened.footing.takes_changes()?;
        opened.footing.trouble().map_or(Ok(()), Err)
    }

    /// Tries whether a change could be made and saved, without making one. Waits for the lock.
    ///
    /// # Errors
    /// Why not.
    pub fn try_change(&self) -> Result<(), Error> {
        self.mandate().holds()?;
        self.opened()?.footing.takes_changes()?;
        self.trial(&mut self.keeper())?;
        self.try_lock()
    }

    /// An empty change, which is undone.
    fn try_lock(&self) -> Result<(), Error> {
        struct Tried(Option<Error>);
        impl From<Error> for Tried {
            fn from(error: Error) -> Self {
                Self(Some(error))
            }
        }
        match self.write(|_| Err::<(), _>(Tried(None))) {
            Ok(()) | Err(Tried(None)) => Ok(()),
            Err(Tried(Some(error))) => Err(error),
        }
    }

    fn well(&self, opened: &Opened) -> Result<(), Error> {
        opened.footing.is_well()?;
        // What a standby is given need not follow from what it had: it says so itself.
        if self.upkeep != Upkeep::Follows {
            opened.goes_on()?;
        }
        if opened.writer.is_dead() { Err(Error::Panicked) } else { Ok(()) }
    }

    fn keeper(&self) -> MutexGuard<'_, Keeper> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes everything: nothing is read from it or written to it any more.
    fn leave(&self, keeper: &mut Keeper, opened: &Arc<Opened>, why: Error) -> Error {
        tracing::error!(error = %why, "the database is closed; what is in memory is served on");
        let footing = &opened.footing;
        footing.abandon();
        keeper.left = Some(Left {
            itself: !matches!(why, Error::Damaged { .. }),
            why: why.clone(),
            when: Instant::now(),
            file: footing.file.clone(),
            log: footing.log,
            face: footing.face(),
            era: opened.era,
            number: opened.number(),
            footing: Arc::downgrade(footing),
        });
        (keeper.resting, keeper.tried) = (None, None);
        self.close(&why);
        why
    }

    fn close(&self, why: &Error) {
        self.current.store(Arc::new(Err(why.clone())));
    }

    /// Opens what lies there, when it is the database that was left or a sound one in its place.
    fn return_to(&self, keeper: &mut Keeper) -> Result<(), Error> {
        let Some(left) = &mut keeper.left else { return Err(Error::Closing) };
        if left.footing.strong_count() > 0 && left.when.elapsed() < LEAVING {
            return Err(left.why.clone());
        }
        let file = left.file_at(self.path())?;
        let state = (file.identity(), file.written());
        file.whole(left.face.filter(|_| left.itself)).inspect_err(|_| left.itself = false)?;
        if !left.itself {
            rest(&mut keeper.resting, state, &file)?;
        }
        if keeper.tried.is_some_and(|(tried, when)| tried == state && when.elapsed() < PAUSE) {
            return Err(left.why.clone());
        }
        keeper.tried = Some((state, Instant::now()));
        let opened = left.open(file, self).inspect_err(|error| left.why = error.clone())?;
        tracing::warn!("the database is open again");
        self.current.store(Arc::new(Ok(Arc::new(opened))));
        (keeper.left, keeper.trial) = (None, None);
        Ok(())
    }

    /// Takes changes again once what kept them out is over.
    fn regain_trust(&self, keeper: &mut Keeper, opened: &Opened) {
        let footing = &opened.footing;
        let Some(trouble) = footing.trouble() else { return };
        if matches!(trouble, Error::Busy) {
            // Success is noted by whoever gets the lock.
            let _ = self.try_lock();
        } else if trouble.tells_of_damage() {
            let state = (footing.file.identity(), footing.file.written());
            // A disk that could not be read may be well again without a trace in the file.
            let due = |(tried, when): (State, Instant)| tried != state || when.elapsed() >= RECHECK;
            if keeper.tried.is_none_or(due) {
                keeper.tried = Some((state, Instant::now()));
                if opened.look_through().is_ok() {
                    footing.trust();
                }
            }
        } else {
            // A trial that went well may have been made before the trouble began.
            keeper.trial = keeper.trial.take().filter(|(_, outcome)| outcome.is_err());
            if self.trial(keeper).is_ok() {
                footing.trust();
            }
        }
    }

    /// Whether the disk takes what is written.
    fn trial(&self, keeper: &mut Keeper) -> Result<(), Error> {
        if let Some((when, outcome)) = &keeper.trial
            && when.elapsed() < PAUSE
        {
            return outcome.clone();
        }
        let folder = self.path().parent().unwrap_or(Path::new("."));
        let outcome = write_and_forget(folder).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full,
            _ => Error::Folder { path: folder.into(), error: Arc::new(error) },
        });
        keeper.trial = Some((Instant::now(), outcome.clone()));
        outcome
    }
}

/// Waits until a file that took the database's place has not been written to for a while.
fn rest(resting: &mut Option<(State, Instant)>, state: State, file: &DatabaseFile) -> Result<(), Error> {
    let since = match resting {
        Some((seen, since)) if *seen == state => *since,
        _ => resting.insert((state, Instant::now())).1,
    };
    if since.elapsed() < AT_REST { Err(Error::Replaced(file.path().into())) } else { Ok(()) }
}

fn write_and_forget(folder: &Path) -> io::Result<()> {
    let file = tempfile::tempfile_in(folder)?;
    // With the calls that SQLite uses.
    file.write_all_at(&[0; TRIAL], 0)?;
    file.sync_all()
}

impl Left {
    /// The file that lies there now; the one that was left is not opened a second time.
    fn file_at(&mut self, path: &Path) -> Result<Arc<DatabaseFile>, Error> {
        let there = Identity::at(path).map_err(|error| Error::gone(path, error))?;
        if there != self.file.identity() {
            self.itself = false;
            self.file = Arc::new(DatabaseFile::open(path)?);
        }
        Ok(self.file.clone())
    }

    fn open(&self, file: Arc<DatabaseFile>, store: &Store) -> Result<Opened, Error> {
        let number = self.number + 1;
        if !self.itself {
            self.put_log_aside(&file)?;
            let opened = Opened::again(file, self.era.next(), number, store.upkeep, &store.commits)?;
            return opened.look_through().map(|()| opened);
        }
        let overwritten = matches!(self.why, Error::Overwritten(_));
        // In an older state, changes have numbers that others had before.
        let era = if overwritten { self.era.next() } else { self.era };
        if overwritten && store.upkeep == Upkeep::Own {
            // Or the file goes on saying that it is newer.
            bring_in(file.path())?;
        }
        let opened = Opened::again(file, era, number, store.upkeep, &store.commits)?;
        match opened.look_through() {
            Ok(()) if self.why.breaks_trust() => opened.footing.refuse(self.why.clone()),
            Ok(()) => {}
            // What is still whole can be read.
            Err(error) => opened.footing.refuse(error),
        }
        Ok(opened)
    }

    /// Moves the log of the database that was left out of the way of the one that took its place: SQLite
    /// would bring it into a file that it does not belong to.
    fn put_log_aside(&self, file: &DatabaseFile) -> Result<(), Error> {
        let path = file.path();
        let log = log_of(path);
        let is_ours = || self.log.is_some() && Identity::at(&log).ok() == self.log;
        // A file that looks as before is a copy of the database that was left, and the log belongs to it.
        if !is_ours() || file.face() == self.face || !stands_alone(path) {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        let cannot = |error: io::Error| Error::Folder { path: folder.into(), error: Arc::new(error) };
        // Another server on this folder may be doing the same.
        let hold = File::open(folder).map_err(cannot)?;
        hold.try_lock().map_err(|_| Error::Reopening)?;
        if !is_ours() {
            return Ok(());
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let aside = beside(path, &format!("-wal.replaced-{now}"));
        fs::rename(&log, &aside).map_err(cannot)?;
        // Made anew by whoever opens the database; without the log it says nothing.
        let _ = fs::remove_file(beside(path, "-shm"));
        tracing::warn!(file = %aside.display(), "the log of the database that was replaced was put aside");
        Ok(())
    }
}
