//! Short bodies are read before anybody answers.
//!
//! A connection whose request was not read to its end is closed after the answer. Its client has no way to know that in
//! time, and sends the next change into a connection that is gone.

use std::time::Duration;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;

/// What is sent beside an upload or a large draft: those are read as they arrive.
const SHORT: usize = 64 * 1024;
/// How long a short body may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Hands a request on with its body at hand, when that is short.
pub(super) async fn gather(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let short = body.size_hint().exact().is_some_and(|length| (1..=SHORT as u64).contains(&length));
    if !short {
        return next.run(Request::from_parts(parts, body)).await;
    }
    match timeout(PATIENCE, to_bytes(body, SHORT)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        // It broke off: nobody is there to be told more.
        Ok(Err(_)) => StatusCode::BAD_REQUEST.into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}
