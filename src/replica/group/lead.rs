//! Leading: taking changes, copying them, and saying so again and again.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::place::Place;
use super::super::status::Board;
use super::super::sync::{Replicator, Settings, now};
use super::duty::{Duty, Station};
use super::epoch;
use super::error::Error;
use super::lease::{Lessee, Renewed};
use super::member::Terms;
use super::own::Own;
use crate::store::Store;

/// How often a primary that holds no lease says that it lives.
const BEAT: Duration = Duration::from_secs(10);

/// A server that leads.
pub(super) struct Leader {
    store: Arc<Store>,
    pub(super) own: Own,
    lessee: Lessee,
    lasts: Option<Duration>,
    /// `None` only while it is being dropped.
    replicator: Option<Replicator>,
    board: Arc<Board>,
    due: Instant,
}

/// What comes of leading.
pub(super) enum Led {
    /// It goes on.
    On,
    /// Another server has taken over.
    Over,
}

impl Leader {
    /// Begins to lead in an epoch that is this server's own.
    pub(super) fn begin(
        store: &Arc<Store>,
        folder: &Path,
        root: &Place,
        own: Own,
        lessee: Lessee,
        terms: &Terms,
        board: &Arc<Board>,
    ) -> Result<Self, Error> {
        let address = epoch::at(root, own.epoch)?.address().clone();
        let settings = Settings { address, ..terms.settings.clone() };
        let replicator = Replicator::start_telling(store.clone(), folder, settings, board.clone())?;
        let (store, board, replicator) = (store.clone(), board.clone(), Some(replicator));
        Ok(Self { store, own, lessee, lasts: terms.lease, replicator, board, due: Instant::now() })
    }

    /// Says that it lives, when it is time.
    pub(super) fn turn(&mut self, station: &Station) -> Result<Led, Error> {
        let status = self.board.status();
        // Who finds that another server writes where it writes itself must know at once who that is.
        if Instant::now() < self.due && !status.stopped {
            return Ok(Led::On);
        }
        let every = self.lasts.map_or(BEAT, |lasts| lasts / 3);
        let began = Instant::now();
        self.due = began + every;
        if status.stopped && self.lasts.is_some() {
            // Another one writes where this one does, lease or no lease.
            self.store.mandate().lend(began);
        }
        match self.lessee.renew(status.copied, now())? {
            Renewed::Held => {
                if !status.stopped {
                    self.lend(began);
                }
                station.change(|report| {
                    (report.duty, report.epoch, report.transaction) =
                        (Duty::Primary, self.own.epoch, status.transaction);
                    (report.primary, report.current_at, report.error) = (None, None, None);
                });
                Ok(Led::On)
            }
            Renewed::Waits => {
                self.due = began + every.min(Duration::from_secs(1));
                station.change(|report| report.error = Some("another server holds the lease; this one waits".into()));
                Ok(Led::On)
            }
            Renewed::Lost(lease) => {
                tracing::error!(epoch = lease.epoch, primary = %lease.url, "another server has taken over");
                self.store.mandate().follow(lease.whereabouts());
                Ok(Led::Over)
            }
        }
    }

    /// Until when changes are acknowledged: a fifth before others may think that nobody does.
    fn lend(&self, began: Instant) {
        match self.lasts {
            Some(lasts) => self.store.mandate().lend(began + lasts - lasts / 5),
            None => self.store.mandate().free(),
        }
    }
}

/// Copies the rest.
impl Drop for Leader {
    fn drop(&mut self) {
        if let Some(replicator) = self.replicator.take() {
            replicator.stop();
        }
    }
}
