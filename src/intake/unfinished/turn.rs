//! One request at a time goes on with an upload. Who comes later ends who came before: a client that was cut
//! off comes back while its last request still waits for bytes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedMutexGuard};
use tokio::time::timeout;

use crate::intake::Error;

/// How long one waits for another to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who is at work on which upload.
#[derive(Debug, Default)]
pub(in crate::intake) struct Turns(Mutex<HashMap<String, Arc<Place>>>);

#[derive(Debug, Default)]
struct Place {
    lock: Arc<tokio::sync::Mutex<()>>,
    waiting: AtomicUsize,
    called: Notify,
}

/// The right to go on with an upload, as long as it is held.
#[derive(Debug)]
pub(in crate::intake) struct Turn {
    place: Arc<Place>,
    _lock: OwnedMutexGuard<()>,
}

impl Turns {
    /// Waits for one's turn.
    ///
    /// # Errors
    /// `Taken` when another does not end.
    pub(in crate::intake) async fn wait(&self, id: &str) -> Result<Turn, Error> {
        let place = {
            let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody else holds what only this map holds.
            places.retain(|_, place| Arc::strong_count(place) > 1);
            places.entry(id.to_owned()).or_default().clone()
        };
        place.waiting.fetch_add(1, Ordering::SeqCst);
        place.called.notify_one();
        let locked = timeout(PATIENCE, place.lock.clone().lock_owned()).await;
        place.waiting.fetch_sub(1, Ordering::SeqCst);
        let lock = locked.map_err(|_| Error::Taken)?;
        Ok(Turn { place, _lock: lock })
    }
}

impl Turn {
    /// Ends when somebody waits for this turn to end.
    pub(in crate::intake) async fn wanted(&self) {
        while self.place.waiting.load(Ordering::SeqCst) == 0 {
            self.place.called.notified().await;
        }
    }
}
