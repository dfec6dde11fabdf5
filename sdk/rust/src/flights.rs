//! The questions that are asked at the moment, each once for all who wait for its answer.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::asking::Found;
use crate::error::{Error, Kind};

type Outcome = Option<Result<Found, Error>>;

#[derive(Clone, Default)]
pub(crate) struct Flights(Arc<Mutex<HashMap<String, Flight>>>);

struct Flight {
    landed: watch::Receiver<Outcome>,
    waiting: usize,
    task: AbortHandle,
}

impl Flights {
    /// Waits for the flight of that name, and starts it when there is none; `joined` is told when there was one. A caller that
    /// is dropped leaves; the flight goes on while anybody waits for it.
    pub(crate) async fn join<F>(&self, name: String, joined: impl FnOnce(), fly: impl FnOnce() -> F) -> Result<Found, Error>
    where
        F: Future<Output = Result<Found, Error>> + Send + 'static,
    {
        let (seat, mut landed, known) = self.board(name, fly);
        if known {
            joined();
        }
        let outcome = landed.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
        drop(seat);
        // Without an outcome the task has panicked, in a hook of the caller's.
        outcome.unwrap_or_else(|| Err(Error::new(Kind::BadAnswer, "the call broke off: one of its hooks panicked")))
    }

    fn board<F>(&self, name: String, fly: impl FnOnce() -> F) -> (Seat, watch::Receiver<Outcome>, bool)
    where
        F: Future<Output = Result<Found, Error>> + Send + 'static,
    {
        let mut flights = self.flights();
        let known = flights.contains_key(&name);
        if !known {
            let (land, landed) = watch::channel(None);
            let (flight, all, key) = (fly(), self.clone(), name.clone());
            let work = async move {
                let outcome = flight.await;
                // Whoever comes from now on asks anew.
                all.flights().remove(&key);
                let _ = land.send(Some(outcome));
            };
            let task = tokio::spawn(work).abort_handle();
            flights.insert(name.clone(), Flight { landed, waiting: 0, task });
        }
        let flight = flights.get_mut(&name).expect("it was there or put there");
        flight.waiting += 1;
        let (landed, task) = (flight.landed.clone(), flight.task.clone());
        drop(flights);
        (Seat { flights: self.clone(), name, task }, landed, known)
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<String, Flight>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of somebody who waits; dropping it is leaving.
struct Seat {
    flights: Flights,
    name: String,
    task: AbortHandle,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut flights = self.flights.flights();
        let Some(flight) = flights.get_mut(&self.name).filter(|flight| flight.task.id() == self.task.id()) else { return };
        flight.waiting -= 1;
        if flight.waiting == 0 {
            flight.task.abort();
            flights.remove(&self.name);
        }
    }
}
