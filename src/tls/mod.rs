//! How clients know that they have reached this server: its certificate, from files that somebody else renews or by
//! ACME, changed while it is served and kept when the next one is not to be had.

mod acme;
mod answer;
mod domain;
mod files;
mod folder;
mod pair;
mod report;
mod served;
mod validity;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio_rustls::rustls::ServerConfig;

use crate::content::moment::Moment;

use files::Files;
use folder::folder;
use served::Served;

pub use acme::{Renewal, Standing, Terms};
pub use answer::Answers;
pub use domain::Domain;
pub use pair::Wrong;
pub use report::{Board, Report};

/// How often it is looked whether the certificate has changed.
const LOOK: Duration = Duration::from_secs(1);

/// The certificate of a server, kept as its files are.
pub struct Certificate {
    served: Arc<Served>,
    files: Files,
    board: Arc<Board>,
}

impl Certificate {
    /// Of two files, which somebody else writes.
    ///
    /// # Errors
    /// When there is none in them.
    pub fn of_files(site: &Path, certificate: PathBuf, key: PathBuf) -> Result<Self, Wrong> {
        let keeper = Self::new(site, Files::new(certificate, key), Report::default());
        keeper.files.first().map(|pair| {
            keeper.show(&pair);
            keeper
        })
    }

    /// The one that is kept in a site's folder and gets there by ACME. Until then there may be none.
    pub fn kept(site: &Path, domains: &[Domain]) -> Self {
        let path = acme::path(site);
        let domains = domains.iter().map(ToString::to_string).collect();
        let keeper = Self::new(site, Files::new(path.clone(), path), Report { domains, ..Report::default() });
        match keeper.files.first() {
            Ok(pair) => keeper.show(&pair),
            Err(wrong) if wrong.is_absent() => {}
            Err(wrong) => {
                tracing::warn!(%wrong, "the certificate that is kept cannot be used; another one is asked for")
            }
        }
        keeper
    }

    fn new(site: &Path, files: Files, report: Report) -> Self {
        Self { served: Arc::default(), files, board: Arc::new(Board::of(site, report)) }
    }

    /// How TLS is spoken with it.
    pub fn configuration(&self) -> Arc<ServerConfig> {
        served::configuration(self.served.clone())
    }

    /// How it stands.
    pub fn board(&self) -> &Arc<Board> {
        &self.board
    }

    /// Follows its files for ever. Blocks now and then for what is on the disk.
    pub async fn follow(self) {
        loop {
            tokio::time::sleep(LOOK).await;
            self.look();
        }
    }

    /// Takes over what has changed. Of a pair that cannot be used, the one before is kept.
    fn look(&self) {
        match self.files.changed() {
            None => {}
            Some(Ok(pair)) => {
                self.show(&pair);
                tracing::info!(valid_until = %pair.validity.until, "another certificate is shown from now on");
            }
            Some(Err(wrong)) => {
                let (certificate, key) = self.files.names();
                tracing::error!(%wrong, %certificate, %key, "the certificate has changed and cannot be used; the one before is kept");
                self.board.change(|report| report.error = Some(wrong.to_string()));
            }
        }
    }

    fn show(&self, pair: &pair::Pair) {
        self.served.show(pair.shown.clone());
        self.board.change(|report| {
            report.valid_until = Some(pair.validity.until);
            report.error = None;
        });
    }
}

/// The present moment.
fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
