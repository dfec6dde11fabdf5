//! Telling others what has changed: what changes have posted is sent after they are on disk, at least once.
//!
//! A parcel waits in the database until its target has taken it and that is on disk too, so that a process that is
//! killed at any moment loses none; it may send one twice, under the same name. Parcels of one subject go to a target
//! one after the other. Each target has places of its own, and one that fails again and again is left alone for a
//! while, so that it slows nobody.

mod carrier;
mod exchange;
mod patience;
pub mod purge;
mod retry_after;
pub mod webhook;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::oneshot;
use tokio::task::{Id, JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};

use crate::content::moment::Moment;
use crate::content::outbox::{Parcel, ParcelId, Target, TargetId};
use crate::store::{Error, Read, Recorded, Store};

pub use carrier::{Carrier, Sending, Sent, Terms, Verdict};
pub use retry_after::retry_after;

/// Brings our own kept answers in step with every change so far: whoever is told of one and asks gets it. Blocks.
pub type Fresh = Arc<dyn Fn() -> Result<(), Error> + Send + Sync>;

/// How long it waits when there is nothing to do that it knows of, or something is in the way.
const IDLE: Duration = Duration::from_secs(60);
const AFTER_TROUBLE: Duration = Duration::from_secs(1);
/// How long is waited, growing, to note what a send came to when the database does not take it.
const TO_NOTE: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];
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

/// What is to be sent now, and when to look again.
#[derive(Default)]
struct Round {
    sends: Vec<(Arc<dyn Carrier>, Target, Vec<Parcel>)>,
    next: Option<Moment>,
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
        let mut busy: HashMap<TargetId, (usize, Vec<ParcelId>)> = HashMap::new();
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

/// Finds what is to be sent: of each target as much as it has places for.
fn look(
    read: &Read<'_>,
    carriers: &[Arc<dyn Carrier>],
    busy: &HashMap<TargetId, (usize, Vec<ParcelId>)>,
    now: Moment,
) -> Result<Round, Error> {
    let (mut sends, mut next) = (Vec::new(), None);
    let mut wait_for = |moment: Option<Moment>| next = next.into_iter().chain(moment).min();
    for carrier in carriers {
        for target in read.targets(carrier.kind())?.into_iter().filter(|target| target.active) {
            let standing = read.standing(target.id)?;
            if standing.resumes.is_some_and(|resumes| resumes > now) {
                wait_for(standing.resumes);
                continue;
            }
            let terms = carrier.terms(&target);
            let (under_way, taken) = busy.get(&target.id).map_or((0, &[][..]), |(sends, ids)| (*sends, ids));
            let (places, batch) =
                if standing.failures < patience::TRIPS { (terms.at_once, terms.batch) } else { (1, 1) };
            let free = places.saturating_sub(under_way);
            if free > 0 {
                let mut due = read.due_parcels(target.id, now, free * batch + taken.len())?;
                due.retain(|parcel| !taken.contains(&parcel.id));
                due.truncate(free * batch);
                for parcels in due.chunks(batch.max(1)) {
                    sends.push((carrier.clone(), target.clone(), parcels.to_vec()));
                }
            }
            wait_for(read.next_parcel(target.id, now)?);
        }
    }
    Ok(Round { sends, next })
}

/// Sends parcels and notes what came of it.
async fn carry(store: Arc<Store>, carrier: Arc<dyn Carrier>, target: Target, parcels: Vec<Parcel>) {
    let (at, began) = (now(), Instant::now());
    let terms = carrier.terms(&target);
    let count = parcels.len();
    let attempt = Arc::new((target, parcels));
    // In a task of its own, whose panic is an outcome like others. It ends with this one.
    let mut task = JoinSet::new();
    let what = attempt.clone();
    task.spawn(async move { timeout(terms.patience, carrier.send(&what.0, &what.1)).await });
    let mut sent = match task.join_next().await {
        Some(Ok(Ok(sent))) => sent,
        Some(Ok(Err(_))) => Sent::failed(count, format!("no end within {} seconds", terms.patience.as_secs())),
        Some(Err(_)) | None => Sent::failed(count, "an error within larder"),
    };
    sent.verdicts.resize(count, Verdict::Again(None));
    let ms = began.elapsed().as_secs_f64() * 1000.0;
    note(&store, Noted { at, ms, terms, attempt, sent: Arc::new(sent) }).await;
}

/// What is to be noted of a send.
#[derive(Clone)]
struct Noted {
    at: Moment,
    ms: f64,
    terms: Terms,
    attempt: Arc<(Target, Vec<Parcel>)>,
    sent: Arc<Sent>,
}

impl Noted {
    fn recorded(&self, read: &Read<'_>) -> Result<Recorded, Error> {
        let (target, parcels) = &*self.attempt;
        let now = now();
        let standing = patience::standing(read.standing(target.id)?, &self.sent.verdicts, now, chance());
        let of_parcel = |(parcel, verdict): (&Parcel, &Verdict)| {
            (parcel.id, patience::next(parcel, *verdict, &self.terms, now, chance()))
        };
        let long_ago = patience::before(now, self.terms.oldest);
        Ok(Recorded {
            target: target.id,
            at: self.at,
            ms: self.ms,
            said: self.sent.said.clone(),
            exchanges: self.sent.exchanges.clone(),
            parcels: parcels.iter().zip(&self.sent.verdicts).map(of_parcel).collect(),
            abandon: standing.since.filter(|since| *since < long_ago).map(|_| long_ago),
            standing,
            now,
        })
    }
}

/// Notes what came of a send, however often it must be tried: what is not noted is sent again.
async fn note(store: &Arc<Store>, noted: Noted) {
    for tried in 0_usize.. {
        let (to, noted) = (store.clone(), noted.clone());
        let write = move || {
            to.write(move |write| {
                let recorded = noted.recorded(write)?;
                write.record_attempt(&recorded)
            })
        };
        match spawn_blocking(write).await.unwrap_or(Err(Error::Panicked)) {
            Ok(()) => return,
            Err(error) if store.mandate().holds().is_err() => {
                tracing::warn!(%error, "another server has taken over and may send again what was sent here last");
                return;
            }
            Err(error) if tried == 0 => tracing::error!(%error, "what was sent cannot be noted; it is tried again"),
            Err(_) => {}
        }
        sleep(TO_NOTE[tried.min(TO_NOTE.len() - 1)]).await;
    }
}

/// A number by chance. Without one, what failed together is tried together.
fn chance() -> u8 {
    let mut byte = [128];
    let _ = getrandom::fill(&mut byte);
    byte[0]
}

fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
