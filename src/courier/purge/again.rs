//! Saying a purge once more, a little later.
//!
//! An answer that was on its way when a purge came arrives at the CDN after it, and would be kept there for a year. The
//! same happens between the parts of a CDN, which hand answers to each other.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::Wanted;
use super::purger::Purger;
use crate::content::cdn::Cdn;
use crate::content::outbox::{Target, TargetId};
use crate::content::purge::Order;
use crate::courier::now;
use crate::store::{Error, Store};

/// What is to be said once more.
pub(super) struct Again {
    store: Arc<Store>,
    waiting: Mutex<HashMap<TargetId, Waiting>>,
}

/// What waits for one target: what has waited for one pause already, and what has come since.
#[derive(Default)]
struct Waiting {
    old: BTreeSet<String>,
    young: BTreeSet<String>,
}

impl Again {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self { store, waiting: Mutex::default() }
    }

    /// Has what was just dropped dropped once more when the pause has passed. Never waits.
    pub(super) fn later(self: &Arc<Self>, purger: &Purger, target: &Target, cdn: &Cdn, wanted: &Wanted) {
        let Wanted::Keys(keys) = wanted else { return };
        if cdn.again_after == 0 {
            return;
        }
        let begins = {
            let mut all = self.waiting();
            let begins = !all.contains_key(&target.id);
            let waiting = all.entry(target.id).or_default();
            // The pause begins now for the first, and for others with the next one.
            let place = if begins { &mut waiting.old } else { &mut waiting.young };
            place.extend(keys.iter().cloned());
            begins
        };
        if begins {
            tokio::spawn(self.clone().say(purger.clone(), target.clone(), cdn.clone()));
        }
    }

    /// Goes on as long as something comes within each pause.
    async fn say(self: Arc<Self>, purger: Purger, target: Target, cdn: Cdn) {
        loop {
            sleep(Duration::from_secs(cdn.again_after.into())).await;
            let Some(keys) = self.next(target.id) else { return };
            if !purger.says(&target, &keys).await {
                self.post(target.id, keys).await;
            }
        }
    }

    /// What has waited long enough; `None` when nothing waits any more.
    fn next(&self, target: TargetId) -> Option<Vec<String>> {
        let mut all = self.waiting();
        let waiting = all.get_mut(&target)?;
        if waiting.old.is_empty() && waiting.young.is_empty() {
            all.remove(&target);
            return None;
        }
        let old = std::mem::replace(&mut waiting.old, std::mem::take(&mut waiting.young));
        Some(old.into_iter().collect())
    }

    /// What could not be said is posted, and tried until it can.
    async fn post(&self, target: TargetId, keys: Vec<String>) {
        let store = self.store.clone();
        let posted = spawn_blocking(move || {
            let letter = Order::Keys(keys).letter();
            store.write(move |write| write.post(&letter, &[target], now()))?;
            store.outbox_bell().ring();
            Ok::<_, Error>(())
        });
        if let Ok(Err(error)) = posted.await {
            tracing::warn!(%error, "a purge that was to be said once more could not be kept");
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<TargetId, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
