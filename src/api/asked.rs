//! A question as it arrives.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};

use super::Api;
use super::caller::Caller;
use super::door::AsSent;
use super::error::Refusal;
use super::params::Params;
use super::reply::{self, Conditions, Policy};
use crate::delivery::{Answer, Known, Query};

/// What a handler says.
pub(super) type Reply = Result<Response, Refusal>;

/// Everything a read has to know of its request, but for its path.
pub(super) struct Asked {
    pub(super) api: Api,
    pub(super) caller: Caller,
    pub(super) params: Params,
    conditions: Conditions,
    sent: AsSent,
}

impl Asked {
    /// Asks and answers.
    ///
    /// # Errors
    /// 503 when the content cannot be read.
    pub(super) async fn answer(self, query: Query) -> Reply {
        let preview = query.is_preview();
        let delivery = self.api.delivery.clone();
        if preview {
            let answer = self.api.blocking(move || Ok(delivery.answer(&query)?)).await?;
            return Ok(self.send(&answer, preview));
        }
        if let Some((slot, answer)) = delivery.kept(&query) {
            let known = Known { slot, by_header: self.caller.by_header, allow: self.sent.allow };
            delivery.remember(&self.sent.line, &self.sent.authorization, known, self.caller.tokens);
            return Ok(self.send(&answer, preview));
        }
        let (wait, ticket) = delivery.join(&query);
        if let Some(ticket) = ticket {
            let api = self.api.clone();
            // A task of its own: others wait for the answer even when this client goes away.
            tokio::spawn(async move {
                // Without room for the build, the ticket is dropped and nobody gets an answer.
                let _ = api.blocking(move || Ok(delivery.land(ticket))).await;
            });
        }
        let answer = wait.answer().await.ok_or_else(Refusal::busy)??;
        Ok(self.send(&answer, preview))
    }

    /// Sends an answer that was made elsewhere.
    pub(super) fn send(&self, answer: &Answer, preview: bool) -> Response {
        let policy = match (preview, self.caller.by_header) {
            (true, _) => Policy::NoStore,
            (false, true) => Policy::Private,
            (false, false) => Policy::Shared,
        };
        reply::answer(answer, &self.conditions, policy).into_response()
    }
}

impl FromRequestParts<Api> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
        let caller = Caller::from_request_parts(parts, api).await?;
        let params = Params::read(parts.uri.query().unwrap_or_default());
        Ok(Self {
            api: api.clone(),
            caller,
            params,
            conditions: Conditions::of(&parts.headers),
            sent: parts.extensions.get::<AsSent>().cloned().unwrap_or_default(),
        })
    }
}
