//! The client.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;

use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::watch;

use crate::asking::{millis, Asking, Found, InHand};
use crate::copies::Copy;
use crate::error::{Error, Kind, Unset};
use crate::flights::Flights;
use crate::question::{hash, is_on, path, query, Params, Question};
use crate::resources::{Content, Feeds, Named, Pages, Posts};
use crate::settings::{Builder, Event, Limits, Reason, Settings};

/// Reads and writes content. Cheap to clone, and made once, not per request: it holds connections and copies.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    limits: Limits,
}

struct Shared {
    asking: Asking,
    prefix: String,
    flights: Flights,
    renewals: watch::Sender<HashSet<String>>,
}

/// What a call was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The API's JSON; an empty object after a deletion.
    pub json: Value,
    /// Whether it is a copy that no server has confirmed.
    pub stale: bool,
}

impl Answer {
    /// What is in `data`, as a type: one of those that `larder types --lang rust` writes.
    ///
    /// # Errors
    /// It has another shape.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(self.json.get("data").unwrap_or(&Value::Null))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Client {
    /// For a token.
    pub fn builder(token: &str) -> Builder {
        Builder::new(token)
    }

    pub(crate) fn new(token: &str, settings: Settings) -> Result<Self, Unset> {
        let limits = settings.limits;
        let asking = Asking::new(token, settings)?;
        let prefix = format!("larder:1:{}:", hash(token));
        let renewals = watch::channel(HashSet::new()).0;
        let shared = Shared { asking, prefix, flights: Flights::default(), renewals };
        Ok(Self { shared: Arc::new(shared), limits })
    }

    /// The same client for calls with other limits.
    #[must_use]
    pub fn with(&self, limits: Limits) -> Self {
        Self { shared: self.shared.clone(), limits }
    }

    /// The limits of its calls.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Posts.
    pub fn posts(&self) -> Posts<'_> {
        Posts(self)
    }

    /// Pages.
    pub fn pages(&self) -> Pages<'_> {
        Pages(self)
    }

    /// Collections.
    pub fn content(&self) -> Content<'_> {
        Content(self)
    }

    /// Authors.
    pub fn authors(&self) -> Named<'_> {
        Named(self, "authors")
    }

    /// Categories.
    pub fn categories(&self) -> Named<'_> {
        Named(self, "categories")
    }

    /// Tags.
    pub fn tags(&self) -> Named<'_> {
        Named(self, "tags")
    }

    /// Feeds.
    pub fn feeds(&self) -> Feeds<'_> {
        Feeds(self)
    }

    /// Reads what is at the path below `/v2`, for what has no method of its own.
    ///
    /// # Errors
    /// There is neither an answer nor a copy.
    pub async fn read(&self, parts: &[&str], params: &Params<'_>) -> Result<Answer, Error> {
        let found = self.find(self.question(parts, params)?).await?;
        // It was parsed before; as a text it is shared.
        let json = serde_json::from_str(&found.text).map_err(|error| Error::new(Kind::BadAnswer, error.to_string()))?;
        Ok(Answer { json, stale: found.stale })
    }

    pub(crate) async fn change(&self, method: Method, parts: &[&str], body: Option<&Value>) -> Result<Answer, Error> {
        let json = self.shared.asking.change(method, &path(parts)?, body, self.limits.timeout).await?;
        Ok(Answer { json, stale: false })
    }

    /// Waits until no copy is being renewed any more: for programs about to end.
    pub async fn settle(&self) {
        let _ = self.shared.renewals.subscribe().wait_for(HashSet::is_empty).await;
    }

    async fn find(&self, question: Question) -> Result<Found, Error> {
        let shared = &self.shared;
        let Some(key) = &question.key else { return shared.asking.ask(&question, None).await };
        let copy = shared.asking.copies.load(key).await;
        if let Some(found) = copy.as_ref().and_then(|copy| self.judge(&question, copy)) {
            return Ok(found);
        }
        let name = question.flight();
        let joined = || shared.asking.settings.log(&Event::Coalesced { question: &question.text });
        let fly = || {
            let (shared, question) = (shared.clone(), question.clone());
            let in_hand = copy.map(|copy| InHand { copy, may_return: true });
            async move { shared.asking.ask(&question, in_hand.as_ref()).await }
        };
        shared.flights.join(name, joined, fly).await
    }

    fn question(&self, parts: &[&str], params: &Params<'_>) -> Result<Question, Error> {
        // An empty slug asks for the list, as in the official SDKs.
        let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
        let mut asked: BTreeMap<&str, &str> = params.iter().copied().collect();
        asked.remove("auth_token");
        if self.shared.asking.settings.preview {
            asked.insert("preview", "1");
        }
        let text = path(&parts)? + &query(&asked);
        let drafts = is_on(asked.get("preview")) || is_on(asked.get("test"));
        let key = (!drafts).then(|| format!("{}{text}", self.shared.prefix));
        Ok(Question { text, key, limits: self.limits })
    }

    /// The copy when nobody has to be waited for; an old one is renewed meanwhile.
    fn judge(&self, question: &Question, copy: &Copy) -> Option<Found> {
        let asking = &self.shared.asking;
        let set = &asking.settings;
        let age = copy.age(set.clock.wall());
        // 0 is never: an answer of this very moment is asked for again too.
        if !set.fresh.is_zero() && (0.0..=millis(set.fresh)).contains(&age) {
            set.log(&Event::Fresh { question: &question.text });
            return Some(Found { text: copy.body.as_str().into(), stale: false });
        }
        let limit = set.fresh + set.stale_while_revalidate;
        if !set.stale_while_revalidate.is_zero() && (0.0..=millis(limit)).contains(&age) {
            self.renew(question, copy);
            return Some(asking.stale(question, copy, Reason::Revalidate, None));
        }
        None
    }

    fn renew(&self, question: &Question, copy: &Copy) {
        let begun = self.shared.renewals.send_if_modified(|under_way| under_way.insert(question.text.clone()));
        if !begun {
            return;
        }
        let (shared, question) = (self.shared.clone(), question.clone());
        let in_hand = InHand { copy: copy.clone(), may_return: false };
        tokio::spawn(async move {
            if let Err(error) = shared.asking.ask(&question, Some(&in_hand)).await {
                shared.asking.settings.log(&Event::RevalidateFailed { kind: error.kind });
            }
            shared.renewals.send_if_modified(|under_way| under_way.remove(&question.text));
        });
    }
}
