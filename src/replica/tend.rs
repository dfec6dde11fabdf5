//! What a replica needs beside new files: merging, snapshots, removing what is old, and being looked through.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use super::compact::compact;
use super::error::Error;
use super::local::{FOLDER, time_of};
use super::ltx::Header;
use super::place::{Level, Place};
use super::plan::{Until, all, plan};
use super::progress::Silent;
use super::retain::retain;
use super::seal::encode_pages;
use super::status::Board;
use super::sync::{Asking, Joined, Settings, Stop, Waiter, now};
use super::verify::{Depth, compare, verify};
use crate::content::moment::Moment;
use crate::store::Pages;

/// How often it looks what is to be done.
const LOOK: Duration = Duration::from_millis(500);
/// Which level is merged from which, and how often; as Litestream does it.
const MERGES: [(Level, Level, Duration); 3] = [
    (Level::RAW, Level::MERGED[0], Duration::from_secs(30)),
    (Level::MERGED[0], Level::MERGED[1], Duration::from_secs(5 * 60)),
    (Level::MERGED[1], Level::MERGED[2], Duration::from_secs(60 * 60)),
];
/// How often what is old is removed.
const RETAIN: Duration = Duration::from_secs(60);
/// How long to wait after a failure.
const AGAIN: Duration = Duration::from_secs(60);

/// The thread beside the one that copies.
pub(super) struct Tending {
    folder: PathBuf,
    settings: Settings,
    board: Arc<Board>,
    stop: Arc<Stop>,
    ask: Asking,
    joined: Joined,
    /// When each level is merged next.
    merges: [Instant; 3],
    retain: Instant,
    /// Not before this.
    snapshot: Instant,
    verify: Instant,
    /// Whether it was seen that the replica can be restored as it is.
    seen: bool,
}

impl Tending {
    pub(super) fn new(
        folder: &Path,
        settings: Settings,
        board: Arc<Board>,
        stop: Arc<Stop>,
        ask: Asking,
        joined: Joined,
    ) -> Self {
        let start = Instant::now();
        let merges = MERGES.map(|(_, _, every)| start + every);
        let folder = folder.join(FOLDER);
        let (retain, snapshot, verify) = (start + RETAIN, start, start);
        Self { folder, settings, board, stop, ask, joined, merges, retain, snapshot, verify, seen: false }
    }

    pub(super) fn run(mut self) {
        let waiter = self.stop.waiter();
        while !waiter.wait(LOOK) {
            // Nothing is done at a place that is not known to be ours.
            if let Some(place) = self.joined.place() {
                // A panic has reported itself.
                let _ = catch_unwind(AssertUnwindSafe(|| self.look(&place, &waiter)));
            }
        }
    }

    fn look(&mut self, place: &Place, waiter: &Waiter) {
        let clock = Instant::now();
        if clock >= self.snapshot && self.lacks_snapshot(place) {
            let done = self.snapshot(place);
            self.snapshot = next(clock, &done, Duration::ZERO, "no snapshot could be made");
        }
        for (due, (from, into, every)) in self.merges.iter_mut().zip(MERGES) {
            if clock >= *due {
                let done = compact(place, from, into, &self.folder);
                *due = next(clock, &done, every, "files of the replica could not be merged");
            }
        }
        if clock >= self.retain {
            let done = retain(place, self.settings.retention, now());
            self.retain = next(clock, &done, RETAIN, "what is old could not be removed from the replica");
        }
        if clock >= self.verify && self.is_unverified() {
            let done = self.verify(place, waiter);
            self.verify = next(clock, &done, Duration::ZERO, "the replica could not be verified");
        }
    }

    /// Whether the newest snapshot is old, or nothing can be restored without a new one.
    fn lacks_snapshot(&mut self, place: &Place) -> bool {
        let is_old = is_due(self.board.status().snapshot_at, self.settings.snapshot);
        if !is_old && self.seen {
            return false;
        }
        let found = all(place).is_ok_and(|files| {
            let is_there = files.iter().any(|file| file.level == Level::SNAPSHOT);
            is_there && plan("", &files, Until::Latest).is_ok()
        });
        self.seen = found;
        is_old || !found
    }

    fn snapshot(&mut self, place: &Place) -> Result<(), Error> {
        let (pages, header) = self.newest()?;
        put_snapshot(place, &self.folder, &pages, header)?;
        self.board.change(|status| status.snapshot_at = Some(now()));
        tracing::info!(transaction = header.span.last, pages = header.commit, "a snapshot is in the replica");
        Ok(())
    }

    fn is_unverified(&self) -> bool {
        let every = self.settings.verify;
        !every.is_zero() && self.seen && is_due(self.board.status().verified_at, every)
    }

    /// Restores the newest state and compares it with the database.
    fn verify(&self, place: &Place, waiter: &Waiter) -> Result<(), Error> {
        let (pages, header) = self.newest()?;
        while self.board.status().copied < header.span.last {
            if waiter.wait(LOOK) {
                return Err(Error::Ended);
            }
        }
        // This state can be restored only as long as its own file is there.
        let found = compare(place, header.span.last, &pages, &self.folder, &Silent)
            .and_then(|()| verify(place, Depth::Files, &self.folder, &Silent).map(drop));
        match &found {
            Ok(()) => self.board.change(|status| (status.verified_at, status.verify_error) = (Some(now()), None)),
            // A place that does not answer, or a disk, says nothing about what lies there.
            Err(Error::Place(_) | Error::Disk { .. } | Error::NoSuchState { .. }) => {}
            Err(error) => self.board.change(|status| status.verify_error = Some(error.to_string())),
        }
        if found.is_ok() {
            tracing::info!(transaction = header.span.last, "the replica was restored, and is what the database is");
        }
        found
    }

    /// The newest state, from the thread that copies.
    fn newest(&self) -> Result<(Pages, Header), Error> {
        let (answer, answered) = sync_channel(1);
        self.ask.send(answer).map_err(|_| Error::Ended)?;
        answered.recv().map_err(|_| Error::Ended)?
    }
}

/// Makes a snapshot of these pages.
pub(super) fn put_snapshot(place: &Place, folder: &Path, pages: &Pages, header: Header) -> Result<(), Error> {
    let draft = encode_pages(header, pages, folder)?;
    // Whatever lies there under the same name is a snapshot of the same state.
    place.put_new(Level::SNAPSHOT, header.span, &draft.content(), time_of(&header))?;
    Ok(())
}

/// When something is done next; a failure is told.
fn next<T>(clock: Instant, done: &Result<T, Error>, every: Duration, what: &str) -> Instant {
    match done {
        Ok(_) => clock + every,
        Err(Error::Ended) => clock + AGAIN,
        Err(error) => {
            tracing::warn!(%error, "{what}");
            clock + AGAIN
        }
    }
}

/// Whether something that was last done then is to be done again. A time to come is one of a clock that was set
/// back.
fn is_due(last: Option<Moment>, every: Duration) -> bool {
    last.is_none_or(|last| Duration::from_micros(now().micros().abs_diff(last.micros())) >= every)
}
