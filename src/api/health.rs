//! Whether the process lives, whether it can answer, and whether it takes changes.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Api, reply};
use crate::authoring::now;

/// `GET /livez`
pub(super) async fn live() -> Response {
    reply::health(StatusCode::OK, "alive")
}

/// `GET /readyz`
pub(super) async fn ready(State(api): State<Api>) -> Response {
    let delivery = api.delivery.clone();
    match api.blocking(move || Ok(delivery.is_ready())).await {
        Ok(Ok(())) => {
            let writes = api.authoring.takes_changes().err().map_or("ready", |error| error.in_public());
            reply::ready(writes, api.copying.as_ref().map(|board| board.status().in_public(now())))
        }
        Ok(Err(error)) => reply::health(StatusCode::SERVICE_UNAVAILABLE, error.in_public()),
        Err(_) => reply::health(StatusCode::SERVICE_UNAVAILABLE, "the server is busy"),
    }
}

/// `GET /writez`
pub(super) async fn writes(State(api): State<Api>) -> Response {
    let authoring = api.authoring.clone();
    match api.blocking(move || Ok(authoring.try_change())).await {
        Ok(Ok(())) => reply::health(StatusCode::OK, "ready"),
        Ok(Err(error)) => reply::health(StatusCode::SERVICE_UNAVAILABLE, error.in_public()),
        Err(_) => reply::health(StatusCode::SERVICE_UNAVAILABLE, "the server is busy"),
    }
}
