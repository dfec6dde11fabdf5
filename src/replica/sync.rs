//! The replicator: a thread that copies what is committed, and one beside it for what takes long.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::error::Error;
use super::local::Local;
use super::ltx::Header;
use super::place::{Address, Place};
use super::plan::{all, newest};
use super::progress::Silent;
use super::seal::Sealer;
use super::ship::Shipper;
use super::status::Board;
use super::tend::Tending;
use super::verify::compare;
use crate::content::moment::Moment;
use crate::store::{Hold, Pages, Role, Store, litestream_since};

/// After how many pages the log is brought into the file.
const LONG_LOG: u64 = 1_000;
/// After how long what was written is brought into the file anyway.
const OLD_LOG: Duration = Duration::from_secs(60);
/// How long to wait after a checkpoint that could not begin the log anew, because somebody reads from it.
const PAUSE: Duration = Duration::from_secs(5);
/// From how many pages on the log's length is worth a word: 100 MB of the usual ones.
const TOO_LONG: u64 = 25_000;
/// How long a change waits for its copy, when it shall, before its caller is told.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How long ago Litestream must have written something to be taken as at work.
const LATELY: Duration = Duration::from_secs(60);
/// How often the role is asked for while another process has it.
const ASK: Duration = Duration::from_millis(100);

/// How a site is copied.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to.
    pub address: Address,
    /// How often.
    pub interval: Duration,
    /// Whether a change is acknowledged only when its copy is stored.
    pub acknowledge: bool,
    /// How often a whole image is made.
    pub snapshot: Duration,
    /// For how long states can be gone back to.
    pub retention: Duration,
    /// How often the replica is restored and compared; zero: never.
    pub verify: Duration,
}

impl Settings {
    /// The usual ones.
    pub fn to(address: Address) -> Self {
        let day = Duration::from_secs(24 * 60 * 60);
        let interval = Duration::from_secs(1);
        Self { address, interval, acknowledge: false, snapshot: day, retention: day, verify: day }
    }
}

/// Copies a site for as long as it lives.
pub struct Replicator {
    stop: Arc<Stop>,
    copying: JoinHandle<()>,
    board: Arc<Board>,
    store: Arc<Store>,
}

impl Replicator {
    /// Starts to copy the site in a folder. The store must leave the log to us ([`crate::store::Upkeep::Left`]).
    /// What is wrong with place or database is told by the [`Board`], and tried again.
    ///
    /// # Errors
    /// When the system refuses threads.
    pub fn start(store: Arc<Store>, folder: &Path, settings: Settings) -> Result<Self, Error> {
        Self::start_telling(store, folder, settings, Arc::new(Board::open(folder)))
    }

    /// As [`Replicator::start`], telling a board that others watch already.
    ///
    /// # Errors
    /// As [`Replicator::start`].
    pub fn start_telling(
        store: Arc<Store>,
        folder: &Path,
        settings: Settings,
        board: Arc<Board>,
    ) -> Result<Self, Error> {
        board.change(|status| {
            status.goes_to(&settings.address);
            status.verify_seconds = settings.verify.as_secs();
            status.since = Some(now());
            (status.error, status.error_since, status.stopped) = (None, None, false);
        });
        store.commits().hold_back(settings.acknowledge);
        let stop = Arc::new(Stop::default());
        let (ask, asked) = channel();
        let mut copying = Copying {
            store: store.clone(),
            folder: folder.into(),
            settings: settings.clone(),
            board: board.clone(),
            stop: stop.clone(),
            asked,
            place: Arc::default(),
            joined: Arc::default(),
            copier: None,
            over: false,
        };
        let joined = Joined { place: copying.place.clone(), is: copying.joined.clone() };
        let tending = Tending::new(folder, settings, board.clone(), stop.clone(), ask, joined);
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            thread::Builder::new().name(name.into()).spawn(run).map_err(|error| Error::disk(folder, error))
        };
        let copying = spawn("larder-replicator", Box::new(move || copying.run()))?;
        spawn("larder-replica-care", Box::new(move || tending.run()))?;
        Ok(Self { stop, copying, board, store })
    }

    /// How copying stands.
    pub fn board(&self) -> &Arc<Board> {
        &self.board
    }

    /// Copies the rest and ends. A snapshot or a look at the replica that is under way is not waited for: what it has
    /// not finished has no name yet.
    pub fn stop(self) {
        self.stop.set();
        self.store.commits().wake();
        // A panic has reported itself.
        let _ = self.copying.join();
        self.store.commits().hold_back(false);
    }
}

/// Copies once what is not copied yet, and ends. With `take_over`, goes on from whatever the place has.
///
/// # Errors
/// `RoleTaken`, `Ahead`, and what is wrong with place or database. With `compared`, also `Differs`.
pub fn copy_once(
    store: &Arc<Store>,
    folder: &Path,
    settings: &Settings,
    take_over: bool,
    compared: bool,
) -> Result<Board, Error> {
    let _role = Role::take(folder)?.ok_or(Error::RoleTaken)?;
    if let Some(its) = litestream_at_work(folder) {
        return Err(Error::Litestream(its));
    }
    let place = Arc::new(Place::open(&settings.address)?);
    if take_over {
        let theirs = newest(&all(&place)?);
        if theirs > 0 {
            super::local::continue_from(folder, theirs)?;
        }
    }
    let mut copier = Copier::begin(store, folder, &place)?;
    copier.copy(&place)?;
    let board = Board::open(folder);
    board.change(|status| status.goes_to(&settings.address));
    if copier.shipper.as_ref().is_some_and(|shipper| shipper.broken) {
        let (pages, header) = copier.snapshot(store)?;
        super::tend::put_snapshot(&place, folder, &pages, header)?;
        board.change(|status| status.snapshot_at = Some(now()));
    }
    if compared {
        let (pages, header) = copier.snapshot(store)?;
        copier.copy(&place)?;
        compare(&place, header.span.last, &pages, copier.sealer.local.root(), &Silent)?;
        board.change(|status| (status.verified_at, status.verify_error) = (Some(now()), None));
    }
    board.change(|status| {
        copier.tell(status);
        status.current_at = Some(now());
        (status.error, status.error_since, status.stopped) = (None, None, false);
    });
    Ok(board)
}

/// The sign to end.
#[derive(Default)]
pub(super) struct Stop {
    set: AtomicBool,
    waiting: Mutex<Vec<SyncSender<()>>>,
}

impl Stop {
    pub(super) fn set(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        self.set.store(true, Ordering::Release);
        waiting.clear();
    }

    /// Whether it was given.
    pub(super) fn is_set(&self) -> bool {
        self.set.load(Ordering::Acquire)
    }

    /// Something that waits for the sign.
    pub(super) fn waiter(&self) -> Waiter {
        let (alive, gone) = sync_channel(0);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_set() {
            waiting.push(alive);
        }
        Waiter(gone)
    }
}

/// Waits for the sign to end.
pub(super) struct Waiter(Receiver<()>);

impl Waiter {
    /// Waits for no longer than this; true when it shall end.
    pub(super) fn wait(&self, most: Duration) -> bool {
        self.0.recv_timeout(most) != Err(RecvTimeoutError::Timeout)
    }
}

/// A question to the thread that copies: the newest state as pages, and the header of a snapshot of it.
pub(super) type Ask = SyncSender<Result<(Pages, Header), Error>>;

/// The thread's own.
struct Copying {
    store: Arc<Store>,
    folder: PathBuf,
    settings: Settings,
    board: Arc<Board>,
    stop: Arc<Stop>,
    asked: Receiver<Ask>,
    /// The place, once it could be opened: for both threads.
    place: Arc<Mutex<Option<Arc<Place>>>>,
    /// Whether everything was at the place when it was last looked at.
    joined: Arc<AtomicBool>,
    copier: Option<Copier>,
    /// Whether nothing is copied until somebody starts anew.
    over: bool,
}

/// The place, for the thread that cares for it.
pub(super) struct Joined {
    place: Arc<Mutex<Option<Arc<Place>>>>,
    is: Arc<AtomicBool>,
}

impl Joined {
    /// The place, while it is known to be ours and up to date.
    pub(super) fn place(&self) -> Option<Arc<Place>> {
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner).clone();
        place.filter(|_| self.is.load(Ordering::Acquire))
    }
}

/// Copies, as long as one opening of the database lasts.
struct Copier {
    hold: Hold,
    sealer: Sealer,
    /// `None` until the place was seen.
    shipper: Option<Shipper>,
    checkpoint: Instant,
    checkpoint_due: Instant,
    warned: bool,
}

impl Copying {
    fn run(&mut self) {
        let waiter = self.stop.waiter();
        let Some(_role) = self.take_role(&waiter) else { return };
        loop {
            let ending = self.stop.is_set();
            let commits = self.store.commits().clone();
            let seen = commits.count();
            // A panic has reported itself; everything is begun anew after it.
            let outcome = catch_unwind(AssertUnwindSafe(|| self.turn()));
            self.joined.store(matches!(outcome, Ok(Ok(()))) && !self.over, Ordering::Release);
            match outcome {
                Ok(Ok(())) if self.over => commits.give_up(Duration::ZERO, "copying has stopped"),
                Ok(Ok(())) => commits.release(seen),
                Ok(Err(error)) => self.failed(&error),
                Err(_) => self.copier = None,
            }
            if ending {
                return;
            }
            if self.settings.acknowledge {
                commits.wait(seen, self.settings.interval);
            } else {
                waiter.wait(self.settings.interval);
            }
        }
    }

    /// Waits until no other process copies this site.
    fn take_role(&self, waiter: &Waiter) -> Option<Role> {
        loop {
            match Role::take(&self.folder) {
                Ok(Some(role)) => return Some(role),
                Ok(None) => self.board.change(|status| status.error = Some(Error::RoleTaken.to_string())),
                Err(error) => self.board.change(|status| status.error = Some(error.to_string())),
            }
            self.store.commits().give_up(PATIENCE, "another process copies this site");
            if waiter.wait(ASK) {
                return None;
            }
        }
    }

    /// Copies what there is.
    fn turn(&mut self) -> Result<(), Error> {
        if self.over {
            self.idle();
            return Ok(());
        }
        // What is committed from here on may not be among it.
        let begun = now();
        if self.copier.as_ref().is_some_and(|copier| !copier.hold.is_current(&self.store)) {
            self.copier = None;
        }
        if self.copier.is_none() {
            if let Some(its) = litestream_at_work(&self.folder) {
                return Err(Error::Litestream(its));
            }
            self.copier = Some(Copier::begin_with(&self.store, &self.folder, || self.place())?);
        }
        let place = self.place();
        let Some(copier) = &mut self.copier else { return Ok(()) };
        copier.sealer.seal(&copier.hold)?;
        copier.checkpoint_if_due(&self.store)?;
        for ask in self.asked.try_iter() {
            // Who no longer waits needs no answer.
            let _ = ask.send(copier.snapshot(&self.store));
        }
        copier.copy(&place?)?;
        self.board.change(|status| {
            copier.tell(status);
            status.current_at = Some(begun);
            (status.error, status.error_since, status.stopped) = (None, None, false);
        });
        Ok(())
    }

    /// While nothing is copied, the log must not grow for ever.
    fn idle(&self) {
        if let Err(error) = self.store.hold_log().map_err(Error::from).and_then(|hold| shorten(hold, &self.store)) {
            tracing::debug!(%error, "the log could not be brought into the file");
        }
    }

    fn failed(&mut self, error: &Error) {
        if self.board.status().error.as_deref() != Some(&error.to_string()) {
            tracing::error!(%error, "the site is not copied");
        }
        self.board.change(|status| {
            if let Some(copier) = &self.copier {
                copier.tell(status);
            }
            status.error_since.get_or_insert_with(now);
            status.error = Some(error.to_string());
            status.stopped |= error.is_final();
        });
        let patience = if error.is_final() { Duration::ZERO } else { PATIENCE };
        self.store.commits().give_up(patience, &error.to_string());
        if error.is_final() {
            self.copier = None;
            // Litestream may end by itself; whatever else it is, trying again would only gather files.
            self.over = !matches!(error, Error::Litestream(_));
        }
    }

    fn place(&self) -> Result<Arc<Place>, Error> {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = &*place {
            return Ok(place.clone());
        }
        Ok(place.insert(Arc::new(Place::open(&self.settings.address)?)).clone())
    }
}

impl Copier {
    fn begin(store: &Arc<Store>, folder: &Path, place: &Arc<Place>) -> Result<Self, Error> {
        Self::begin_with(store, folder, || Ok(place.clone()))
    }

    /// Takes hold of the log and finds where to go on. Only who has not sealed anything yet needs to know
    /// what the place has.
    fn begin_with(
        store: &Arc<Store>,
        folder: &Path,
        place: impl FnOnce() -> Result<Arc<Place>, Error>,
    ) -> Result<Self, Error> {
        let mut hold = store.hold_log()?;
        let local = Local::open(folder)?;
        if let Some(ours) = local.begins_at()? {
            let place = place()?;
            let theirs = newest(&all(&place)?);
            if theirs > ours {
                return Err(Error::Ahead { place: place.address().to_string(), theirs, ours });
            }
        }
        let sealer = Sealer::resume(local, &mut hold, store)?;
        let now = Instant::now();
        Ok(Self { hold, sealer, shipper: None, checkpoint: now, checkpoint_due: now, warned: false })
    }

    /// Seals and brings to the place what there is.
    fn copy(&mut self, place: &Arc<Place>) -> Result<(), Error> {
        self.sealer.seal(&self.hold)?;
        let shipper = match &mut self.shipper {
            Some(shipper) => shipper,
            None => self.shipper.insert(Shipper::join(place.clone(), &self.sealer.local, self.sealer.transaction)?),
        };
        shipper.ship(&self.sealer.local)
    }

    fn checkpoint_if_due(&mut self, store: &Store) -> Result<(), Error> {
        let now = Instant::now();
        let pages = self.sealer.log_pages(self.hold.page_size());
        let is_long = pages >= LONG_LOG && now >= self.checkpoint_due;
        let is_old = self.sealer.dirty && now.duration_since(self.checkpoint) >= OLD_LOG;
        if !is_long && !is_old {
            return Ok(());
        }
        // Most of the work is done while others write.
        self.hold.save_ahead()?;
        let sealer = &mut self.sealer;
        let before = sealer.salts();
        self.hold.still(store, |still| {
            sealer.seal(still.hold())?;
            if still.save()? {
                still.touch()?;
                sealer.seal(still.hold())?;
            }
            Ok::<_, Error>(())
        })?;
        let anew = sealer.salts() != before;
        let now = Instant::now();
        (self.checkpoint, self.checkpoint_due) = (now, if anew { now } else { now + PAUSE });
        self.sealer.dirty = false;
        if pages > TOO_LONG && !self.warned {
            tracing::warn!(pages, "the database's log cannot begin anew: somebody has been reading for a long time");
        }
        self.warned = pages > TOO_LONG;
        Ok(())
    }

    /// The newest state, sealed, and as pages.
    fn snapshot(&mut self, store: &Store) -> Result<(Pages, Header), Error> {
        let sealer = &mut self.sealer;
        self.hold
            .still(store, |still| {
                sealer.seal(still.hold())?;
                let pages = still.pages()?;
                Ok((sealer.snapshot_header(&pages), pages))
            })
            .map(|(header, pages)| (pages, header))
    }

    fn tell(&self, status: &mut super::status::Status) {
        status.transaction = self.sealer.transaction;
        if let Some(shipper) = &self.shipper {
            status.copied = shipper.shipped;
            let (files, bytes) = shipper.backlog();
            (status.waiting_files, status.waiting_bytes) = (files as u64, bytes);
        }
    }
}

/// The folder of a Litestream that has just been at work on a site's database.
fn litestream_at_work(folder: &Path) -> Option<PathBuf> {
    litestream_since(folder, LATELY)
}

/// Brings a log that is long into the file, whether it was copied or not.
fn shorten(mut hold: Hold, store: &Store) -> Result<(), Error> {
    let length = std::fs::metadata(hold.log()).map_or(0, |metadata| metadata.len());
    if length < LONG_LOG * u64::from(hold.page_size()) {
        return Ok(());
    }
    let saved = hold.save_ahead()?;
    if saved.pages < LONG_LOG {
        return Ok(());
    }
    hold.still(store, |still| {
        if still.save()? {
            still.touch()?;
        }
        Ok(())
    })
}

/// The time.
pub(super) fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// How the care asks.
pub(super) type Asking = Sender<Ask>;
