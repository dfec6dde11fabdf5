//! Whether the process lives, and whether it can answer.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Api, reply};

/// `GET /livez`
pub(super) async fn live() -> Response {
    reply::health(StatusCode::OK, "alive")
}

/// `GET /readyz`
pub(super) async fn ready(State(api): State<Api>) -> Response {
    let delivery = api.delivery.clone();
    match api.blocking(move || Ok(delivery.is_ready()?)).await {
        Ok(()) => reply::health(StatusCode::OK, "ready"),
        Err(_) => reply::health(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}
