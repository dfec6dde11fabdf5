//! Asks servers as docs/clients/behaviour.md says: try after try, until an answer, a copy or the end.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Map, Value};

use crate::copies::{milliseconds, Copies, Copy};
use crate::error::{Error, Kind, Unset};
use crate::http::{Http, Reply};
use crate::question::{escape, Question};
use crate::servers::{doubled, retry_after, Place, Servers};
use crate::settings::{Event, Reason, Settings, Stale};

/// The text of an answer, to be parsed once for every caller.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) text: Arc<str>,
    pub(crate) stale: bool,
}

pub(crate) struct Asking {
    pub(crate) settings: Arc<Settings>,
    pub(crate) copies: Copies,
    token: String,
    servers: Servers,
    http: Http,
}

/// A copy in hand, and whether it may be the answer: a renewal that fails must not renew the copy with itself.
#[derive(Clone)]
pub(crate) struct InHand {
    pub(crate) copy: Copy,
    pub(crate) may_return: bool,
}

impl Asking {
    pub(crate) fn new(token: &str, settings: Settings) -> Result<Self, Unset> {
        if token.is_empty() {
            return Err(Unset::Token);
        }
        let settings = Arc::new(settings);
        let servers = Servers::new(&settings)?;
        Ok(Self { copies: Copies::new(settings.clone()), settings, token: token.to_owned(), servers, http: Http::new()? })
    }

    pub(crate) async fn ask(&self, question: &Question, in_hand: Option<&InHand>) -> Result<Found, Error> {
        let (set, clock, limits) = (&self.settings, &self.settings.clock, question.limits);
        let end = clock.monotonic() + limits.timeout;
        self.servers.earn(set);
        let usable = || {
            let copy = in_hand.filter(|held| held.may_return).map(|held| &held.copy);
            copy.filter(|copy| copy.age(clock.wall()) <= millis(set.stale_if_error))
        };
        let mut failure: Option<(Error, Place)> = None;
        let mut wanted = Duration::ZERO;
        let (mut tries, mut pauses) = (0, 0);
        loop {
            let (place, resting) = self.servers.choose(clock.monotonic());
            if let Some(copy) = usable().filter(|_| resting) {
                return Ok(self.stale(question, copy, Reason::Error, failure.as_ref().map(|(error, _)| error)));
            }
            if let Some((_, failed)) = &failure {
                if tries > limits.retries {
                    break;
                }
                if resting {
                    let least = if *failed == place { wanted } else { Duration::ZERO };
                    let pause = self.jitter(pauses).max(least);
                    if clock.monotonic() + pause >= end || !self.servers.spend() {
                        break;
                    }
                    pauses += 1;
                    set.log(&Event::Pause { pause });
                    clock.pause(pause).await;
                }
            }
            tries += 1;
            let left = end.saturating_sub(clock.monotonic());
            set.log(&Event::Try { server: self.servers.base(place), question: &question.text });
            let limit = limits.try_timeout.min(left);
            let mut error = match self.try_once(place, question, in_hand.map(|held| &held.copy), limit).await {
                Ok(found) => return Ok(found),
                Err(error) => error,
            };
            error.tries = tries;
            if error.is_refusal() {
                self.servers.recover(place);
                if let Some(key) = question.key.as_ref().filter(|_| error.kind == Kind::NotFound) {
                    self.copies.remove(key).await;
                }
                return Err(error);
            }
            set.log(&Event::Fault { server: self.servers.base(place), kind: error.kind, status: error.status });
            let is_ill = matches!(error.kind, Kind::ServerError | Kind::RateLimited);
            wanted = retry_after(error.retry_after.as_deref().filter(|_| is_ill), clock.wall());
            self.servers.rest(place, set, clock.monotonic(), wanted);
            let out_of_time = error.kind == Kind::Timeout && left <= limits.try_timeout;
            failure = Some((error, place));
            if out_of_time {
                break;
            }
        }
        let error = failure.map(|(error, _)| error);
        match (usable(), error) {
            (Some(copy), error) => Ok(self.stale(question, copy, Reason::Error, error.as_ref())),
            (None, error) => Err(error.unwrap_or_else(|| Error::new(Kind::Timeout, "there was no time"))),
        }
    }

    /// A random pause below a limit that doubles.
    fn jitter(&self, pauses: i32) -> Duration {
        let limit = doubled(self.settings.backoff_base, pauses, self.settings.backoff_cap);
        limit.mul_f64(self.settings.clock.random())
    }

    async fn try_once(&self, place: Place, question: &Question, copy: Option<&Copy>, limit: Duration) -> Result<Found, Error> {
        let joint = if question.text.contains('?') { '&' } else { '?' };
        let url = format!("{}/v2{}{joint}auth_token={}", self.servers.base(place), question.text, escape(&self.token));
        let known = copy.and_then(|copy| Some((copy, copy.etag.clone()?)));
        let condition = known.as_ref().map(|(_, etag)| ("If-None-Match", etag.clone()));
        let reply = self.http.send(Method::GET, &url, condition, None, limit).await?;
        let etag = reply.header("etag").map(str::to_owned);
        let (text, etag) = match known {
            Some((copy, known)) if reply.status == 304 => {
                self.settings.log(&Event::NotModified { question: &question.text });
                (copy.body.clone(), etag.or(Some(known)))
            }
            _ if reply.status == 200 && reply.object().is_some() => (reply.body.clone(), etag),
            _ => return Err(Error::of(&reply)),
        };
        self.servers.recover(place);
        if let Some(key) = question.key.as_ref().filter(|_| may_be_kept(&reply)) {
            let stored = milliseconds(self.settings.clock.wall());
            self.copies.save(key, &Copy { stored, etag, body: text.clone() }).await;
        }
        Ok(Found { text: text.into(), stale: false })
    }

    /// Sends a change, once, to the primary.
    pub(crate) async fn change(&self, method: Method, path: &str, body: Option<&Value>, limit: Duration) -> Result<Value, Error> {
        let url = format!("{}/v2{path}", self.servers.base(0));
        let authorization = Some(("Authorization", format!("Token {}", self.token)));
        let sent = self.http.send(method, &url, authorization, body.map(Value::to_string), limit).await;
        let checked = sent.and_then(|reply| match (reply.status, reply.object()) {
            (204, body) => Ok(Value::Object(body.unwrap_or_else(Map::new))),
            (200..=299, Some(body)) => Ok(Value::Object(body)),
            _ => Err(Error::of(&reply)),
        });
        checked.map_err(|mut error| {
            error.tries = 1;
            error
        })
    }

    /// A copy that is returned though it may be old.
    pub(crate) fn stale(&self, question: &Question, copy: &Copy, reason: Reason, error: Option<&Error>) -> Found {
        let age = Duration::from_secs_f64(copy.age(self.settings.clock.wall()).max(0.0) / 1000.0);
        self.settings.tell_stale(&Stale { reason, age, question: &question.text, error });
        Found { text: copy.body.as_str().into(), stale: true }
    }
}

fn may_be_kept(reply: &Reply) -> bool {
    !reply.header("cache-control").is_some_and(|control| control.to_ascii_lowercase().contains("no-store"))
}

pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
