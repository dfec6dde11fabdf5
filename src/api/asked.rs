//! A question as it arrives.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};

use super::Api;
use super::caller::Caller;
use super::developer;
use super::door::AsSent;
use super::error::Refusal;
use super::params::Params;
use super::reply::{self, Conditions, Policy, READ, Source};
use crate::account::Preview;
use crate::authoring::now;
use crate::content::moment::Moment;
use crate::delivery::{Answer, Bygone, Known, Query, Slot};

/// The switch that asks for how an answer comes about, of whoever may write and of developers.
const EXPLAIN: &str = "explain";

/// The moment whose answer is wanted, of whoever may write and of developers.
const AS_OF: &str = "as_of";

/// What a handler says.
pub(super) type Reply = Result<Response, Refusal>;

/// Everything a read has to know of its request, but for its path.
pub(super) struct Asked {
    pub(super) api: Api,
    pub(super) caller: Caller,
    pub(super) params: Params,
    conditions: Conditions,
    sent: AsSent,
    /// When reading it began, if that is to be explained.
    explained: Option<Instant>,
    /// The moment whose answer is wanted.
    as_of: Option<Moment>,
}

impl Asked {
    /// Asks and answers.
    ///
    /// # Errors
    /// 503 when the content cannot be read.
    pub(super) async fn answer(self, query: Query) -> Reply {
        if let Some(at) = self.as_of {
            return self.look_back(query, at, None).await;
        }
        if let Some(began) = self.explained {
            return self.explain(query, began.elapsed()).await;
        }
        let preview = query.is_preview();
        let delivery = self.api.delivery.clone();
        if let Some(Preview { entry, locale, .. }) = self.caller.preview {
            if !preview {
                return Err(Refusal::previews_only());
            }
            let answer = self.api.blocking(move || Ok(delivery.preview(&query, entry, locale)?)).await?;
            return Ok(self.send(&answer, Source::Made, preview));
        }
        if preview {
            let answer = self.api.blocking(move || Ok(delivery.answer(&query)?)).await?;
            return Ok(self.send(&answer, Source::Made, preview));
        }
        let remember = |slot: &Arc<Slot>| {
            // What is answered differently to a cookie is not recognised by its address alone.
            if let Some(allow) = self.sent.allow.filter(|_| !self.params.flag(EXPLAIN))
                && let Some(used) = &self.caller.used
            {
                let (by_header, used) = (self.caller.by_header, used.clone());
                let known = Known { slot: Arc::downgrade(slot), by_header, allow, used };
                delivery.remember(&self.sent.line, &self.sent.authorization, known, self.caller.tokens);
            }
        };
        let (answer, source) = self.ask(query, remember).await?;
        self.compressed(&answer).await;
        Ok(self.send(&answer, source, preview))
    }

    /// Asks, and sends the text that is the answer's `data` as it is: for programs that read no JSON. It is
    /// made of the kept answer each time, which such programs ask for once in a build.
    ///
    /// # Errors
    /// As [`Self::answer`]; 401 for the key to one entry's draft.
    pub(super) async fn answer_text(self, query: Query, kind: &'static str) -> Reply {
        if let Some(at) = self.as_of {
            return self.look_back(query, at, Some(kind)).await;
        }
        if let Some(began) = self.explained {
            return self.explain(query, began.elapsed()).await;
        }
        if self.caller.preview.is_some() {
            return Err(Refusal::previews_only());
        }
        let (answer, source) = self.ask(query, |_| ()).await?;
        Ok(reply::text(&answer, source, &self.conditions, self.policy(false), kind))
    }

    /// The kept answer, whose slot `found` gets, else one that is made now.
    async fn ask(&self, query: Query, found: impl FnOnce(&Arc<Slot>)) -> Result<(Arc<Answer>, Source), Refusal> {
        let delivery = &self.api.delivery;
        if let Some((slot, answer)) = delivery.kept(&query) {
            found(&slot);
            let source = Source::of_kept(&self.api, &answer);
            return Ok((answer, source));
        }
        let (wait, ticket) = delivery.join(&query);
        if let Some(ticket) = ticket {
            let api = self.api.clone();
            // A task of its own: others wait for the answer even when this client goes away.
            tokio::spawn(async move {
                // Without room for the build, the ticket is dropped and nobody gets an answer.
                let delivery = api.delivery.clone();
                let build = move || {
                    delivery.land(ticket);
                    Ok(())
                };
                let _ = api.blocking(build).await;
            });
        }
        let answer = wait.answer().await.ok_or_else(Refusal::busy)??;
        self.api.delivery.counts().count_made();
        Ok((answer, Source::Made))
    }

    /// Waits until a body that was built again a moment ago is there in the form that is wanted: what a CDN gets
    /// plain it may keep so. When too much waits already, it is sent as it is.
    async fn compressed(&self, answer: &Arc<Answer>) {
        if self.conditions.await_form_of(answer) {
            let answer = answer.clone();
            let _ = self.api.work.run(move || answer.compress()).await;
        }
    }

    /// The answer as it was at a moment. It is never kept and changes nothing that is.
    async fn look_back(&self, query: Query, at: Moment, kind: Option<&'static str>) -> Reply {
        if query.is_preview() {
            return Err(Refusal::no_past_drafts());
        }
        let delivery = self.api.delivery.clone();
        let asked = self.api.looking_back.run(move || Ok(delivery.as_of(&query, at)?)).await;
        let asked: Result<Option<Bygone>, Refusal> = asked.map_err(Refusal::undone)?;
        let bygone = asked?.ok_or_else(Refusal::past_too_large)?;
        Ok(reply::bygone(&bygone, at, &self.conditions, !self.caller.may_write(), kind))
    }

    /// Answers with how the answer comes about. It is never kept and changes nothing that is.
    async fn explain(self, query: Query, parsing: Duration) -> Reply {
        let delivery = self.api.delivery.clone();
        let explained = self.api.blocking(move || Ok(delivery.explain(&query, parsing)?)).await?;
        Ok(reply::explained(&explained, !self.caller.may_write()))
    }

    fn policy(&self, preview: bool) -> Policy {
        match (preview, self.caller.by_header) {
            (true, _) => Policy::NoStore,
            (false, true) => Policy::Private,
            (false, false) => Policy::Shared,
        }
    }

    /// Sends the text that is the `data` of an answer made elsewhere.
    pub(super) fn send_text(&self, answer: &Answer, source: Source, kind: &'static str) -> Response {
        reply::text(answer, source, &self.conditions, self.policy(false), kind)
    }

    /// Sends an answer that was made elsewhere.
    pub(super) fn send(&self, answer: &Answer, source: Source, preview: bool) -> Response {
        let policy = self.policy(preview);
        let allow = self.sent.allow.unwrap_or(&READ);
        reply::answer(answer, source, &self.conditions, policy, allow).into_response()
    }
}

impl FromRequestParts<Api> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
        let caller = Caller::from_request_parts(parts, api).await?;
        let query = parts.uri.query().unwrap_or_default();
        let (explains, looks_back) = (query.contains(EXPLAIN), query.contains(AS_OF));
        let allowed = (explains || looks_back) && (caller.may_write() || developer::asks(api, parts).await);
        let began = (explains && allowed).then(Instant::now);
        let params = Params::read(query);
        let explained = began.filter(|_| params.flag(EXPLAIN));
        let as_of = match params.last(AS_OF) {
            // Not passed over, as `explain` is: today's answer would be taken for the one of then.
            Some(_) if !allowed => return Err(Refusal::no_looking_back()),
            Some(text) => Some(moment(text)?),
            None => None,
        };
        Ok(Self {
            api: api.clone(),
            caller,
            params,
            conditions: Conditions::of(&parts.headers),
            sent: parts.extensions.get::<AsSent>().cloned().unwrap_or_default(),
            explained,
            as_of,
        })
    }
}

/// A moment that has been.
fn moment(text: &str) -> Result<Moment, Refusal> {
    let moment = Moment::parse(text).ok_or_else(|| Refusal::parameter(AS_OF))?;
    if moment > now() { Err(Refusal::not_yet(moment)) } else { Ok(moment) }
}
