//! What only one process of a folder does: it begins when the process gets the role and ends when it gives it up.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::library;
use super::role::{Role, Upgrade};
use crate::authoring::Authoring;
use crate::intake::Intake;
use crate::site::Site;

/// The duties of one site.
pub(super) struct Duties {
    role: Role,
    authoring: Arc<Authoring>,
    intake: Intake,
    runtime: Handle,
    /// What fetches for writes, while it does. Locked while a duty is being done.
    tending: Mutex<Option<JoinHandle<()>>>,
}

impl Duties {
    /// Of a site in a folder. None is begun yet.
    pub(super) fn of(site: &Site, folder: &Path, runtime: Handle) -> Self {
        Self {
            role: Role::of(folder),
            authoring: site.authoring.clone(),
            intake: site.intake.clone(),
            runtime,
            tending: Mutex::default(),
        }
    }

    /// Does one of them, if they are this process's; takes them over when they are nobody's. They are not given up
    /// while it is being done. Blocks.
    pub(super) fn perform<T>(&self, duty: impl FnOnce() -> T) -> Option<T> {
        let mut tending = self.tending();
        if !self.role.is_ours() {
            // Somebody has taken the lock's file away and another process has made it anew.
            end(&mut tending);
            return None;
        }
        if tending.is_none() {
            *tending = Some(self.runtime.spawn(self.intake.clone().tend()));
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
        let mut tending = self.tending();
        end(&mut tending);
        self.role.give_up();
    }

    /// Says how an upgrade goes.
    pub(super) fn tell(&self, upgrade: Upgrade) {
        self.role.tell(upgrade);
    }

    fn tending(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.tending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is cut off is still wanted, and is fetched by whoever comes next.
fn end(tending: &mut Option<JoinHandle<()>>) {
    if let Some(tending) = tending.take() {
        tending.abort();
    }
}
