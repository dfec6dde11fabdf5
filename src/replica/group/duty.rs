//! What a server is in its group, for health answers, `larder status` and whoever waits for a promotion.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::super::local::FOLDER;
use super::own::put;
use crate::content::moment::Moment;

/// What a server is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Duty {
    /// It does not know yet: the replica could not be asked.
    #[default]
    Unknown,
    /// It takes changes.
    Primary,
    /// It follows the primary.
    Standby,
}

impl Duty {
    /// As it is written in headers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Primary => "primary",
            Self::Standby => "standby",
        }
    }
}

/// How a server stands in its group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// What it is.
    pub duty: Duty,
    /// In which epoch.
    pub epoch: u32,
    /// A standby's transaction.
    pub transaction: u64,
    /// Up to when a standby has everything; the primary's clock.
    pub current_at: Option<Moment>,
    /// Where the primary is reached, if that is known.
    pub primary: Option<String>,
    /// Why it cannot do its duty, if so.
    pub error: Option<String>,
    /// Whether it takes over by itself when the primary is gone.
    pub takes_over: bool,
    /// Where what was acknowledged here and is not part of the site any more was put aside.
    pub lost: Option<PathBuf>,
}

impl Report {
    /// How many seconds a standby is behind, as far as it knows.
    pub fn lag(&self, now: Moment) -> Option<i64> {
        let behind = |at: Moment| (now.micros() - at.micros()).max(0) / 1_000_000;
        self.current_at.filter(|_| self.duty == Duty::Standby).map(behind)
    }
}

/// The report of one server, in memory and in its site's folder.
pub struct Station {
    path: PathBuf,
    report: Mutex<Report>,
}

impl Station {
    pub(super) fn open(folder: &Path) -> Self {
        Self { path: path_in(folder), report: Mutex::default() }
    }

    /// How things stand.
    pub fn report(&self) -> Report {
        self.lock().clone()
    }

    /// Changes it; writes it when something has changed.
    pub(super) fn change(&self, change: impl FnOnce(&mut Report)) {
        let mut report = self.lock();
        let before = report.clone();
        change(&mut report);
        if *report != before
            && let Err(error) = put(&self.path, &*report)
        {
            // What is in memory is shown all the same.
            tracing::debug!(%error, "the server's part in its group could not be written");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the server on a site's folder last said.
pub fn read(folder: &Path) -> Option<Report> {
    serde_json::from_slice(&fs::read(path_in(folder)).ok()?).ok()
}

fn path_in(folder: &Path) -> PathBuf {
    folder.join(FOLDER).join("duty.json")
}
