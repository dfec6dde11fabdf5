//! One send, and the note of what came of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};

use super::carrier::{Carrier, Sent, Terms, Verdict};
use super::{now, patience};
use crate::content::moment::Moment;
use crate::content::outbox::{Parcel, Target};
use crate::store::{Error, Read, Recorded, Store};

/// How long is waited, growing, to note what a send came to when the database does not take it.
const TO_NOTE: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];

/// Sends parcels and notes what came of it.
pub(super) async fn carry(store: Arc<Store>, carrier: Arc<dyn Carrier>, target: Target, parcels: Vec<Parcel>) {
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
