//! `GET /metrics`: how the site stands, as Prometheus reads it.

use std::fmt::Write as _;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse as _, Response};

use super::caller::identify;
use super::door::AsSent;
use super::error::Refusal;
use super::{Api, reply};
use crate::authoring::now;

/// Answers whoever asks from the machine itself and not through a proxy, and whoever may write.
pub(super) async fn show(State(api): State<Api>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let answer = async {
        let from_here = parts.extensions.get::<ConnectInfo<SocketAddr>>().is_some_and(|from| from.0.ip().is_loopback());
        let passed_on = parts.extensions.get::<AsSent>().is_none_or(|sent| sent.passed_on);
        if (passed_on || !from_here) && !identify(&api, &parts).await?.may_write() {
            return Err(Refusal::no_credentials());
        }
        let metrics = api.metrics.clone();
        let families = api.blocking(move || Ok(metrics.take(now()))).await?;
        let mut text = String::new();
        for family in &families {
            let _ = write!(text, "{family}");
        }
        Ok(reply::metrics(text))
    };
    answer.await.unwrap_or_else(Refusal::into_response)
}
