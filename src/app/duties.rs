//! What only one process of a folder does: it begins when the process gets the role and ends when it gives it up.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::library;
use super::role::{Role, Upgrade};
use crate::authoring::Authoring;
use crate::courier::Courier;
use crate::courier::purge::Purger;
use crate::courier::webhook::Webhooks;
use crate::delivery::Delivery;
use crate::fetch::Fetch;
use crate::intake::Intake;
use crate::site::Site;

/// The duties of one site.
pub(super) struct Duties {
    role: Role,
    authoring: Arc<Authoring>,
    delivery: Arc<Delivery>,
    intake: Intake,
    fetch: Fetch,
    purger: Purger,
    runtime: Handle,
    /// Set for good when they are to be given up.
    leaving: AtomicBool,
    /// What goes on beside the clock, while it does. Locked while a duty is being done.
    tending: Mutex<Option<Tending>>,
}

/// What goes on beside the clock.
struct Tending {
    /// Fetches for writes.
    intake: JoinHandle<()>,
    /// Sends what changes have posted, until this is dropped.
    courier: (oneshot::Sender<()>, JoinHandle<()>),
}

impl Duties {
    /// Of a site in a folder. None is begun yet.
    pub(super) fn of(site: &Site, folder: &Path, fetch: Fetch, runtime: Handle) -> Self {
        Self {
            role: Role::of(folder),
            authoring: site.authoring.clone(),
            delivery: site.delivery.clone(),
            intake: site.intake.clone(),
            fetch,
            purger: site.purger.clone(),
            runtime,
            leaving: AtomicBool::new(false),
            tending: Mutex::default(),
        }
    }

    /// Does one of them, if they are this process's; takes them over when they are nobody's. They are not given up
    /// while it is being done. Blocks.
    pub(super) fn perform<T>(&self, duty: impl FnOnce() -> T) -> Option<T> {
        let mut tending = self.tending();
        if self.leaving.load(Ordering::Relaxed) {
            return None;
        }
        if !self.role.is_ours() {
            // Somebody has taken the lock's file away and another process has made it anew.
            if let Some(tending) = tending.take() {
                tending.intake.abort();
                tending.courier.1.abort();
            }
            return None;
        }
        if tending.is_none() {
            let intake = self.runtime.spawn(self.intake.clone().tend());
            *tending = Some(Tending { intake, courier: self.send() });
            library::tidy(self.authoring.clone());
        }
        Some(duty())
    }

    /// Whether they were this process's at the last look.
    pub(super) fn are_ours(&self) -> bool {
        self.role.was_ours()
    }

    /// Gives them up for good, once what is being done is done. Blocks.
    pub(super) fn give_up(&self) {
        let tending = {
            let mut tending = self.tending();
            self.leaving.store(true, Ordering::Relaxed);
            tending.take()
        };
        // Not locked any more: whoever asks for a duty meanwhile shall not wait for strangers.
        if let Some(Tending { intake, courier: (stop, courier) }) = tending {
            // What is cut off is still wanted, and is fetched by whoever comes next.
            intake.abort();
            drop(stop);
            // It ends by itself; its panic has reported itself.
            let _ = self.runtime.block_on(courier);
        }
        self.role.give_up();
    }

    /// Begins to send what changes have posted.
    fn send(&self) -> (oneshot::Sender<()>, JoinHandle<()>) {
        let delivery = self.delivery.clone();
        // Our own answers first: whoever is told of a change and asks shall get it.
        let fresh = Arc::new(move || delivery.follow().map_err(Into::into));
        let (store, fetch, public_url) = (self.authoring.store(), self.fetch.clone(), self.delivery.public_url());
        let webhooks = Webhooks::new(fetch, public_url);
        let courier = Courier::new(store.clone(), fresh, vec![Arc::new(webhooks), Arc::new(self.purger.clone())]);
        let (stop, stopped) = oneshot::channel();
        (stop, self.runtime.spawn(courier.run(stopped)))
    }

    /// Says how an upgrade goes.
    pub(super) fn tell(&self, upgrade: Upgrade) {
        self.role.tell(upgrade);
    }

    fn tending(&self) -> MutexGuard<'_, Option<Tending>> {
        self.tending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
