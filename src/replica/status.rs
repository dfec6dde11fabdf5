//! How copying stands: shown by `larder status`, the health answer and the dashboard, and kept in the site's
//! folder for those who ask while nobody serves.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::local::FOLDER;
use super::place::Address;
use crate::content::moment::Moment;

/// How copying stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Status {
    /// Where copies go.
    pub place: String,
    /// The newest state that was sealed here.
    pub transaction: u64,
    /// The newest state that is at the place.
    pub copied: u64,
    /// When everything was last at the place.
    pub current_at: Option<Moment>,
    /// Files that are not at the place yet.
    pub waiting_files: u64,
    /// Their bytes.
    pub waiting_bytes: u64,
    /// Why nothing is copied, if so.
    pub error: Option<String>,
    /// Since when.
    pub error_since: Option<Moment>,
    /// Whether somebody must decide something before copying goes on.
    pub stopped: bool,
    /// When the newest snapshot was made.
    pub snapshot_at: Option<Moment>,
    /// When the replica was last restored and found sound.
    pub verified_at: Option<Moment>,
    /// What was wrong when it was last looked through, if anything.
    pub verify_error: Option<String>,
    /// How often the replica is to be looked through, in seconds; 0: never.
    pub verify_seconds: u64,
    /// Since when copying has been on.
    pub since: Option<Moment>,
}

/// After how many intervals without success the last one is old.
const OLD: i64 = 2;
/// How long the newest state may be on its way before somebody should know, in microseconds.
const LATE: i64 = 5 * 60 * 1_000_000;

impl Status {
    /// Notes where copies go: what was known of another place does not hold for this one.
    pub(super) fn goes_to(&mut self, address: &Address) {
        let place = address.to_string();
        if self.place != place {
            (self.snapshot_at, self.verified_at, self.verify_error, self.copied) = (None, None, None, 0);
            self.place = place;
        }
    }

    /// What strangers may know of it: `current_at` is the last moment of which the place
    /// has everything, `behind_seconds` how long ago that was, `verified_seconds`
    /// how long ago it was restored and found sound.
    pub fn in_public(&self, now: Moment) -> Value {
        let seconds = |moment: Option<Moment>| moment.map(|at| (now.micros() - at.micros()).max(0) / 1_000_000);
        let state = match &self.error {
            _ if self.stopped => "stopped",
            Some(_) => "behind",
            None => "current",
        };
        json!({
            "state": state,
            "transaction": self.transaction,
            "copied": self.copied,
            "current_at": self.current_at,
            "behind_seconds": seconds(self.current_at),
            "verified_seconds": seconds(self.verified_at),
            "sound": self.verify_error.is_none(),
        })
    }

    /// What somebody should look at, as a sentence; `None` when all is well.
    pub fn warning(&self, now: Moment) -> Option<String> {
        let since = |moment: Option<Moment>| moment.map_or(i64::MAX, |moment| now.micros() - moment.micros());
        if self.stopped {
            return Some(format!("Nothing is copied any more. {}", self.error.as_deref().unwrap_or_default()));
        }
        if let Some(error) = &self.error
            && since(self.current_at.max(self.since)) > LATE
        {
            return Some(format!("Nothing has been copied for more than five minutes: {error}"));
        }
        if let Some(error) = &self.verify_error {
            return Some(format!("The replica was looked through and is not sound: {error}"));
        }
        let allowed = i64::try_from(self.verify_seconds).unwrap_or(0).saturating_mul(1_000_000 * OLD);
        if allowed > 0 && since(self.verified_at.max(self.since)) > allowed {
            let last = self.verified_at.map_or("never".into(), |at| format!("last on {}", at.format("%-d %B %Y")));
            return Some(format!(
                "The replica was {last} restored and looked through: a backup is one once that was done"
            ));
        }
        None
    }
}

/// The status of one site, in memory and in its folder.
pub struct Board {
    path: PathBuf,
    known: Mutex<Known>,
}

/// The status, and what of it is in the folder.
struct Known {
    status: Status,
    written: Status,
}

/// How old the time may be that the folder's status tells, in microseconds: while nothing else changes, it is not
/// written every second.
const COARSE: i64 = 10 * 1_000_000;

impl Board {
    /// Begins with what an earlier process has left.
    pub fn open(folder: &Path) -> Self {
        let status = read(folder).unwrap_or_default();
        let known = Mutex::new(Known { written: status.clone(), status });
        Self { path: path_in(folder), known }
    }

    /// The status now.
    pub fn status(&self) -> Status {
        self.known().status.clone()
    }

    /// Changes it; writes it when there is news.
    pub(super) fn change(&self, change: impl FnOnce(&mut Status)) {
        let mut known = self.known();
        change(&mut known.status);
        if !known.is_news() {
            return;
        }
        known.written = known.status.clone();
        if let Err(error) = write(&self.path, &known.status) {
            // What is in memory is shown all the same.
            tracing::debug!(%error, "the status of copying could not be written");
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn is_news(&self) -> bool {
        let micros = |status: &Status| status.current_at.map_or(0, Moment::micros);
        let same = Status { current_at: self.status.current_at, ..self.written.clone() };
        self.status != same || (micros(&self.status) - micros(&self.written)).abs() >= COARSE
    }
}

/// What a replicator has last written about itself into a site's folder; `None` when none has ever run.
pub fn read(folder: &Path) -> Option<Status> {
    serde_json::from_slice(&fs::read(path_in(folder)).ok()?).ok()
}

fn path_in(folder: &Path) -> PathBuf {
    folder.join(FOLDER).join("status.json")
}

fn write(path: &Path, status: &Status) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".tmp-").tempfile_in(folder)?;
    serde_json::to_writer(&mut file, status)?;
    file.flush()?;
    // Whole or not at all; that it may be lost in a power cut does no harm.
    file.persist(path).map_err(|error| error.error).map(|_| ())
}
