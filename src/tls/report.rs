//! How the certificate stands, for health answers and `larder status`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::folder;
use crate::content::moment::Moment;

/// The file in the folder of TLS.
const FILE: &str = "report.json";
/// How long before its end a certificate that nobody renews is spoken of, in microseconds.
const SOON: i64 = 7 * 24 * 60 * 60 * 1_000_000;

/// How the certificate stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The names for which it is asked for; none when it comes from files.
    pub domains: Vec<String>,
    /// Until when the one that is shown is valid; `None` while there is none.
    pub valid_until: Option<Moment>,
    /// When it is renewed.
    pub renewal_at: Option<Moment>,
    /// What is wrong with the next one, as a sentence for people.
    pub error: Option<String>,
    /// When it is asked for again after that.
    pub next_try: Option<Moment>,
}

impl Report {
    /// The last one that was written for a site.
    pub fn of(site: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder(site).join(FILE)).ok()?).ok()
    }

    /// Forgets what was written: HTTPS is not spoken any more.
    pub fn forget(site: &Path) {
        // Nearly always there is none.
        let _ = fs::remove_file(folder(site).join(FILE));
    }

    /// In one word: `valid`, `expired`, or `none`.
    pub fn state(&self, now: Moment) -> &'static str {
        match self.valid_until {
            Some(until) if until > now => "valid",
            Some(_) => "expired",
            None => "none",
        }
    }

    /// Why somebody should look, if so.
    pub fn warning(&self, now: Moment) -> Option<String> {
        if let Some(error) = &self.error {
            return Some(format!("the certificate is not renewed: {error}"));
        }
        match self.valid_until {
            None => Some("there is no certificate yet".into()),
            Some(until) if until <= now => Some("the certificate has expired".into()),
            Some(until) if self.domains.is_empty() && until.micros() - now.micros() < SOON => {
                Some(format!("the certificate expires at {until}, and larder does not renew it"))
            }
            Some(_) => None,
        }
    }

    /// As health answers tell it.
    pub fn in_public(&self, now: Moment) -> Value {
        let mut told = json!({"status": self.state(now)});
        let parts = [
            ("valid_until", self.valid_until.map(|until| until.to_string())),
            ("error", self.error.clone()),
            ("next_try", self.next_try.map(|next| next.to_string())),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                told[name] = part.into();
            }
        }
        told
    }
}

/// The report of a server that runs.
#[derive(Debug)]
pub struct Board {
    path: PathBuf,
    report: Mutex<Report>,
}

impl Board {
    pub(super) fn of(site: &Path, report: Report) -> Self {
        let board = Self { path: folder(site).join(FILE), report: Mutex::new(Report::default()) };
        board.change(|now| *now = report);
        board
    }

    /// How it stands.
    pub fn report(&self) -> Report {
        self.lock().clone()
    }

    /// Changes it, and writes it when that changed something. That the disk does not take it is no reason not to serve.
    pub(super) fn change(&self, change: impl FnOnce(&mut Report)) {
        let mut report = self.lock();
        let before = report.clone();
        change(&mut report);
        if *report == before {
            return;
        }
        if let Err(error) = folder::put(&self.path, &serde_json::to_vec(&*report).unwrap_or_default()) {
            tracing::warn!(%error, "it cannot be noted in the site's folder how the certificate stands");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
