//! The gate in front of every route below `/v2`: preflight, token, method, right to write, body. In this
//! order, whatever the route.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::caller::{Caller, identify};
use super::door::AsSent;
use super::error::Refusal;
use super::reply::ONE;
use super::{Api, intake, reply};

/// What the gate knows of the route behind it.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) api: Api,
    /// The route's methods, as the `Allow` header lists them.
    pub(super) allow: &'static HeaderValue,
    /// Whether there is such a route.
    pub(super) known: bool,
}

/// Lets a request pass, or answers it.
pub(super) async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        reply::preflight()
    } else {
        unbroken(checked(&gate, request, next)).await.unwrap_or_else(Refusal::into_response)
    };
    if reply::is_of_framework(&response) {
        response = Refusal::for_framework(response.status()).into_response();
    }
    reply::finish(&mut response, gate.allow);
    response
}

async fn checked(gate: &Gate, request: Request, next: Next) -> Result<Response, Refusal> {
    let (mut parts, body) = request.into_parts();
    let caller = match admitted(gate, &parts).await {
        Ok(caller) => caller,
        Err(refusal) => {
            intake::drain(body).await;
            return Err(refusal);
        }
    };
    parts.extensions.insert(caller);
    if let Some(sent) = parts.extensions.get_mut::<AsSent>() {
        sent.allow = Some(gate.allow);
    }
    let body = if reads(&parts) {
        intake::drain(body).await;
        Body::empty()
    } else {
        Body::from(intake::whole(body).await?)
    };
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Who may pass.
async fn admitted(gate: &Gate, parts: &Parts) -> Result<Caller, Refusal> {
    let caller = identify(&gate.api, parts).await?;
    if !gate.known {
        return Err(Refusal::not_found());
    }
    let methods = gate.allow.to_str().unwrap_or_default();
    if !methods.split(", ").any(|method| method == parts.method.as_str()) {
        return Err(Refusal::method_not_allowed(&parts.method));
    }
    if caller.preview.is_some() && (*gate.allow != ONE || !reads(parts)) {
        return Err(Refusal::previews_only());
    }
    if !reads(parts) && !caller.may_write() {
        return Err(Refusal::no_credentials());
    }
    Ok(caller)
}

fn reads(parts: &Parts) -> bool {
    matches!(parts.method, Method::GET | Method::HEAD)
}

/// Runs a future; a panic in it becomes an error of ours instead of a closed connection.
async fn unbroken(future: impl Future<Output = Result<Response, Refusal>>) -> Result<Response, Refusal> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let poll = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        poll.unwrap_or_else(|_| Poll::Ready(Err(Refusal::internal())))
    })
    .await
}

/// Stands behind the gate where there is no route; the gate answers.
pub(super) async fn nowhere() -> Refusal {
    Refusal::not_found()
}
