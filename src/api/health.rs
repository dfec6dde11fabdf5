//! Whether the process lives, whether it can answer, and whether it takes changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::response::Response;

use super::{Api, reply};

/// What both say when nothing is wrong.
const READY: &str = "ready";
/// What is wrong when there is no room to look.
const BUSY: &str = "the server is busy";

/// Whether the process is about to end, which balancers are told before it happens.
#[derive(Clone, Debug, Default)]
pub struct Leaving(Arc<AtomicBool>);

impl Leaving {
    /// It is, from now on.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// `GET /livez`: never looks at the database.
pub(super) async fn live() -> Response {
    reply::health(true, "alive", &[])
}

/// `GET /readyz`: whether requests shall be sent here. They shall while only changes fail.
pub(super) async fn ready(State(api): State<Api>) -> Response {
    let (delivery, authoring) = (api.delivery.clone(), api.authoring.clone());
    let looked = api.blocking(move || {
        let reads = delivery.is_ready().map_or_else(|error| error.in_public(), |()| READY);
        Ok((reads, authoring.takes_changes().map_or_else(|error| error.in_public(), |()| READY)))
    });
    let (reads, writes) = looked.await.unwrap_or((BUSY, BUSY));
    match (reads == READY, api.leaving.has_begun()) {
        (true, false) => reply::health(true, READY, &[("writes", writes)]),
        (true, true) => reply::health(false, "leaving", &[("reads", reads), ("writes", writes)]),
        (false, _) => reply::health(false, "not ready", &[("reads", reads), ("writes", writes)]),
    }
}

/// `GET /writez`: whether changes shall be sent here. Tries the disk and the lock.
pub(super) async fn writes(State(api): State<Api>) -> Response {
    let authoring = api.authoring.clone();
    let tried = api.blocking(move || Ok(authoring.try_change().map_or_else(|error| error.in_public(), |()| READY)));
    let writes = tried.await.unwrap_or(BUSY);
    match (writes == READY, api.leaving.has_begun()) {
        (true, false) => reply::health(true, READY, &[]),
        (true, true) => reply::health(false, "leaving", &[("writes", writes)]),
        (false, _) => reply::health(false, "not ready", &[("writes", writes)]),
    }
}
