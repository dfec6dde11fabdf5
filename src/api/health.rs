//! Whether the process lives, whether it can answer, and whether it takes changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value};

use super::error::Refusal;
use super::{Api, reply};
use crate::authoring::now;
use crate::replica::group::Duty;

/// What the server is among those that share a replica: `primary` or `standby`.
const ROLE: HeaderName = HeaderName::from_static("larder-role");
/// The newest transaction that it has, as names in the replica have it. A client that sends one is told whether the
/// server has come so far.
const TRANSACTION: HeaderName = HeaderName::from_static("larder-txid");

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
    reply::health(true, "alive", Map::new())
}

/// `GET /readyz`: whether requests shall be sent here. They shall while only changes fail.
pub(super) async fn ready(State(api): State<Api>, asked: HeaderMap) -> Response {
    if is_behind(&api, &asked) {
        return told(&api, Refusal::behind().into_response());
    }
    let (delivery, authoring) = (api.delivery.clone(), api.authoring.clone());
    let looked = api.blocking(move || {
        let reads = delivery.is_ready().map_or_else(|error| error.in_public(), |()| READY);
        Ok((reads, authoring.takes_changes().map_or_else(|error| error.in_public(), |()| READY)))
    });
    let (reads, writes) = looked.await.unwrap_or((BUSY, BUSY));
    let response = match (reads == READY, api.leaving.has_begun()) {
        (true, false) => reply::health(true, READY, with_more(&api, parts(&[("writes", writes)]))),
        (true, true) => reply::health(false, "leaving", parts(&[("reads", reads), ("writes", writes)])),
        (false, _) => reply::health(false, "not ready", parts(&[("reads", reads), ("writes", writes)])),
    };
    told(&api, response)
}

/// Adds how copying the site elsewhere stands, how far a standby is behind, and how the certificate stands.
fn with_more(api: &Api, mut parts: Map<String, Value>) -> Map<String, Value> {
    if let Some(board) = &api.copying {
        parts.insert("replica".into(), board.status().in_public(now()));
    }
    if let Some(lag) = lag(api) {
        parts.insert("lag_seconds".into(), lag.into());
    }
    if let Some(board) = &api.certificate {
        parts.insert("certificate".into(), board.report().in_public(now()));
    }
    parts
}

/// `GET /writez`: whether changes shall be sent here. Tries the disk and the lock.
pub(super) async fn writes(State(api): State<Api>) -> Response {
    let authoring = api.authoring.clone();
    let tried = api.blocking(move || Ok(authoring.try_change().map_or_else(|error| error.in_public(), |()| READY)));
    let writes = tried.await.unwrap_or(BUSY);
    let response = match (writes == READY, api.leaving.has_begun()) {
        (true, false) => reply::health(true, READY, Map::new()),
        (true, true) => reply::health(false, "leaving", parts(&[("writes", writes)])),
        (false, _) => reply::health(false, "not ready", parts(&[("writes", writes)])),
    };
    told(&api, response)
}

/// What there is to say of parts of the server.
fn parts(said: &[(&str, &str)]) -> Map<String, Value> {
    said.iter().map(|(part, text)| ((*part).to_owned(), Value::from(*text))).collect()
}

/// How many seconds a standby is behind.
fn lag(api: &Api) -> Option<i64> {
    api.station.as_ref()?.report().lag(now())
}

/// Whether a client has seen more than this standby has.
fn is_behind(api: &Api, asked: &HeaderMap) -> bool {
    let seen = asked.get(&TRANSACTION).and_then(|seen| u64::from_str_radix(seen.to_str().ok()?, 16).ok());
    let report = api.station.as_ref().map(|station| station.report());
    let has = report.filter(|report| report.duty == Duty::Standby).map(|report| report.transaction);
    matches!((seen, has), (Some(seen), Some(has)) if has < seen)
}

/// Adds what the server is among those that share a replica.
fn told(api: &Api, mut response: Response) -> Response {
    let Some(report) = api.station.as_ref().map(|station| station.report()) else { return response };
    let transaction = match report.duty {
        Duty::Primary => api.copying.as_ref().map_or(0, |board| board.status().transaction),
        Duty::Standby | Duty::Unknown => report.transaction,
    };
    let headers = response.headers_mut();
    headers.insert(ROLE, HeaderValue::from_static(report.duty.name()));
    if let Ok(value) = HeaderValue::try_from(format!("{transaction:016x}")) {
        headers.insert(TRANSACTION, value);
    }
    response
}
