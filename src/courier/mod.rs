//! Telling others what has changed: what changes have posted is sent after they are on disk, at least once.
//!
//! A parcel waits in the database until its target has taken it and that is on disk too, so that a process that is
//! killed at any moment loses none; it may send one twice, under the same name. Parcels of one subject go to a target
//! one after the other. Each target has places of its own, and one that fails again and again is left alone for a
//! while, so that it slows nobody.

mod attempt;
mod carrier;
mod exchange;
mod patience;
pub mod purge;
mod retry_after;
mod round;
pub mod webhook;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::oneshot;
use tokio::task::{Id, JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};

use crate::content::moment::Moment;
use crate::content::outbox::{ParcelId, TargetId};
use crate::store::{Error, Store};

use attempt::carry;
use round::{Busy, Round, look};

pub use carrier::{Carrier, Sending, Sent, Terms, Verdict};
pub use retry_after::retry_after;

/// Brings our own kept answers in step with every change so far: whoever is told of one and asks gets it. Blocks.
pub type Fresh = Arc<dyn Fn() -> Result<(), Error> + Send + Sync>;

/// How long it waits when there is nothing to do that it knows of.
const IDLE: Duration = Duration::from_secs(60);
/// How long it waits when something is in the way.
const AFTER_TROUBLE: Duration = Duration::from_secs(1);
/// How long sends that are under way may take when the courier is to end.
const LAST: Duration = Duration::from_secs(6);
/// After how many sends, and after how long, what was sent long ago is removed.
const PRUNE: (u32, Duration) = (64, Duration::from_secs(60 * 60));

/// Sends what was posted.
pub struct Courier {
    store: Arc<Store>,
    fresh: Fresh,
    carriers: Vec<Arc<dyn Carrier>>,
    under_way: HashMap<Id, UnderWay>,
    sent: u32,
    pruned: Option<Instant>,
    failing: bool,
}

/// What a send is about.
struct UnderWay {
    target: TargetId,
    parcels: Vec<ParcelId>,
}

impl Courier {
    /// Sends for this site; `fresh` is asked before anything is sent.
    pub fn new(store: Arc<Store>, fresh: Fresh, carriers: Vec<Arc<dyn Carrier>>) -> Self {
        Self { store, fresh, carriers, under_way: HashMap::new(), sent: 0, pruned: None, failing: false }
    }

    /// Sends until `stop` is sent or dropped; what is under way then is finished, if it does not take long.
    pub async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        let bell = self.store.outbox_bell().clone();
        let mut sends = JoinSet::new();
        loop {
            let pause = self.round(&mut sends).await;
            tokio::select! {
                () = bell.rung() => {}
                Some(ended) = sends.join_next_with_id() => self.end(&ended),
                () = sleep(pause) => {}
                _ = &mut stop => break,
            }
            while let Some(ended) = sends.try_join_next_with_id() {
                self.end(&ended);
            }
        }
        // What is cut off is sent again by whoever comes next.
        let _ = timeout(LAST, async { while sends.join_next().await.is_some() {} }).await;
    }

    fn end(&mut self, ended: &Result<(Id, ()), tokio::task::JoinError>) {
        let id = ended.as_ref().map_or_else(tokio::task::JoinError::id, |(id, ())| *id);
        self.under_way.remove(&id);
        self.sent += 1;
    }

    /// Begins what is to be sent now. Returns how long nothing else is due.
    async fn round(&mut self, sends: &mut JoinSet<()>) -> Duration {
        self.prune().await;
        match self.look().await {
            Ok(round) => {
                self.failing = false;
                for (carrier, target, parcels) in round.sends {
                    let ids = parcels.iter().map(|parcel| parcel.id).collect();
                    let about = UnderWay { target: target.id, parcels: ids };
                    let begun = sends.spawn(carry(self.store.clone(), carrier, target, parcels));
                    self.under_way.insert(begun.id(), about);
                }
                let micros = round.next.map_or(i64::MAX, |next| next.micros().saturating_sub(now().micros()).max(0));
                Duration::from_micros(micros.unsigned_abs()).min(IDLE)
            }
            Err(error) => {
                if !self.failing {
                    tracing::error!(%error, "webhooks and purges wait");
                    self.failing = true;
                }
                AFTER_TROUBLE
            }
        }
    }

    async fn look(&self) -> Result<Round, Error> {
        if self.store.mandate().holds().is_err() {
            // Another server sends. Should this become the one, it is noticed soon.
            return Ok(Round { sends: Vec::new(), next: Some(patience::after(now(), AFTER_TROUBLE)) });
        }
        let (store, carriers, fresh) = (self.store.clone(), self.carriers.clone(), self.fresh.clone());
        let mut busy = Busy::new();
        for one in self.under_way.values() {
            let (sends, parcels) = busy.entry(one.target).or_default();
            *sends += 1;
            parcels.extend(&one.parcels);
        }
        let look = move || {
            let round = store.read(|read| look(read, &carriers, &busy, now()))?;
            if !round.sends.is_empty() {
                // What cannot be noted afterwards would be sent again and again.
                store.takes_changes()?;
                fresh()?;
            }
            Ok(round)
        };
        spawn_blocking(look).await.unwrap_or(Err(Error::Panicked))
    }

    /// Removes what was sent long ago, now and then.
    async fn prune(&mut self) {
        let rested = self.pruned.is_none_or(|pruned| pruned.elapsed() > PRUNE.1);
        if (self.sent < PRUNE.0 && !rested) || self.store.mandate().holds().is_err() {
            return;
        }
        self.sent = 0;
        self.pruned = Some(Instant::now());
        let store = self.store.clone();
        let prune = move || {
            let old = store.read(|read| read.old_parcels(now()))?;
            // A server that only starts writes nothing.
            if old.is_empty() { Ok(()) } else { store.write(|write| write.prune_outbox(now())) }
        };
        let pruned: Result<Result<(), Error>, _> = spawn_blocking(prune).await;
        if let Ok(Err(error)) = pruned {
            tracing::warn!(%error, "what was sent long ago could not be removed");
        }
    }
}

fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
