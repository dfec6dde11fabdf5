//! Builds under way: whoever asks what is being built waits for that build instead of starting another.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::query::Query;
use super::{Answer, Error};

/// How a build ended; `None` when it did not: it panicked or was refused for want of room.
type Landed = Option<Result<Arc<Answer>, Error>>;

/// The builds under way.
#[derive(Clone, Default)]
pub(super) struct Flights {
    waiting: Arc<Mutex<HashMap<Query, watch::Receiver<Landed>>>>,
}

/// The duty to build an answer that others may be waiting for. Dropping it tells them that there is none.
pub struct Ticket {
    flights: Flights,
    query: Query,
    landing: watch::Sender<Landed>,
}

/// A place in the waiting line of a build.
pub struct Wait(watch::Receiver<Landed>);

impl Flights {
    /// A place among those who wait for the answer, and for the first of them the duty to build it.
    pub(super) fn join(&self, query: &Query) -> (Wait, Option<Ticket>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.entry(query.clone()) {
            Entry::Occupied(flight) => (Wait(flight.get().clone()), None),
            Entry::Vacant(place) => {
                let (landing, landed) = watch::channel(None);
                place.insert(landed.clone());
                let ticket = Ticket { flights: self.clone(), query: query.clone(), landing };
                (Wait(landed), Some(ticket))
            }
        }
    }
}

impl Ticket {
    /// What is to be built.
    pub(super) fn query(&self) -> &Query {
        &self.query
    }

    /// Lets nobody join any more. Whoever asks after a change has returned must not get an answer from
    /// before it: what those who joined are given is looked up after this.
    pub(super) fn close(&self) {
        let mut waiting = self.flights.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        // Another flight may have begun under this name since this one was closed.
        if waiting.get(&self.query).is_some_and(|other| other.same_channel(&self.landing.subscribe())) {
            waiting.remove(&self.query);
        }
    }

    /// Hands the answer to everybody who waits for it.
    pub(super) fn land(self, answer: Result<Arc<Answer>, Error>) {
        self.close();
        let _ = self.landing.send(Some(answer));
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.close();
    }
}

impl Wait {
    /// The answer, once it is built; `None` when the build did not end.
    pub async fn answer(mut self) -> Option<Result<Arc<Answer>, Error>> {
        let landed = self.0.wait_for(Option::is_some).await.ok()?;
        landed.clone()
    }
}
