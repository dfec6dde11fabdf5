//! Whether the process lives, whether it can answer, and whether it takes changes.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::error::Refusal;
use super::{Api, reply};
use crate::authoring::now;
use crate::replica::group::Duty;

/// What the server is among those that share a replica: `primary` or `standby`.
const ROLE: HeaderName = HeaderName::from_static("larder-role");
/// The newest transaction that it has, as names in the replica have it. A client that sends one is told whether the
/// server has come so far.
const TRANSACTION: HeaderName = HeaderName::from_static("larder-txid");

/// `GET /livez`
pub(super) async fn live() -> Response {
    reply::health(StatusCode::OK, "alive")
}

/// `GET /readyz`
pub(super) async fn ready(State(api): State<Api>, asked: HeaderMap) -> Response {
    if is_behind(&api, &asked) {
        return told(&api, Refusal::behind().into_response());
    }
    let delivery = api.delivery.clone();
    let response = match api.blocking(move || Ok(delivery.is_ready())).await {
        Ok(Ok(())) => {
            let writes = api.authoring.takes_changes().err().map_or("ready", |error| error.in_public());
            reply::ready(writes, api.copying.as_ref().map(|board| board.status().in_public(now())), lag(&api))
        }
        Ok(Err(error)) => reply::health(StatusCode::SERVICE_UNAVAILABLE, error.in_public()),
        Err(_) => reply::health(StatusCode::SERVICE_UNAVAILABLE, "the server is busy"),
    };
    told(&api, response)
}

/// `GET /writez`
pub(super) async fn writes(State(api): State<Api>) -> Response {
    let authoring = api.authoring.clone();
    let response = match api.blocking(move || Ok(authoring.try_change())).await {
        Ok(Ok(())) => reply::health(StatusCode::OK, "ready"),
        Ok(Err(error)) => reply::health(StatusCode::SERVICE_UNAVAILABLE, error.in_public()),
        Err(_) => reply::health(StatusCode::SERVICE_UNAVAILABLE, "the server is busy"),
    };
    told(&api, response)
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
