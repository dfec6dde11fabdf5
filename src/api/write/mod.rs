//! Writing through the API: JSON in, a verb of `authoring`, `202` out.

mod input;
pub(super) mod items;
pub(super) mod pages;
pub(super) mod posts;

use axum::body::Bytes;
use axum::extract::State;
use serde_json::{Map, Value, json};

use super::asked::Reply;
use super::caller::Caller;
use super::error::Refusal;
use super::params::Params;
use super::{Api, reply};
use crate::authoring::{Authoring, Signature, Written};
use crate::content::locale::LocaleId;
use crate::content::schema::Model;

/// A request to write, once its token is known to be good for it.
struct Request {
    /// What was sent.
    body: Map<String, Value>,
    /// `?locale=`.
    locale: Option<String>,
    /// Who writes: the token's name.
    signature: Signature,
}

impl Request {
    /// The locale that is asked for, if one is.
    fn asked_locale(&self, model: &Model) -> Result<Option<LocaleId>, Refusal> {
        match self.locale.as_deref() {
            None | Some("") => Ok(None),
            Some(_) if model.locales.is_empty() => Ok(None),
            Some(slug) => model.locale(slug).map(Some).ok_or_else(Refusal::unknown_locale),
        }
    }

    /// The locale to write to: the one asked for, else the default one.
    fn locale(&self, model: &Model) -> Result<LocaleId, Refusal> {
        Ok(self.asked_locale(model)?.unwrap_or_else(|| model.default_locale()))
    }
}

/// What was done.
enum Done {
    /// Written; what `202` says beside `status`.
    Written(Map<String, Value>),
    /// Deleted.
    Deleted,
}

impl Done {
    fn entry(written: &Written, warnings: Vec<String>) -> Self {
        let mut says = Map::new();
        says.insert("id".into(), json!(written.id.0));
        if let Some(slug) = &written.slug {
            says.insert("slug".into(), json!(slug));
        }
        if !warnings.is_empty() {
            says.insert("warnings".into(), json!(warnings));
        }
        Self::Written(says)
    }
}

/// Runs one write and answers it. That the caller may write was checked at the gate.
async fn answer(
    State(api): State<Api>,
    caller: Caller,
    params: Params,
    body: Bytes,
    write: impl FnOnce(&Authoring, &Request) -> Result<Done, Refusal> + Send + 'static,
) -> Reply {
    let authoring = api.authoring.clone();
    let done = api.blocking(move || {
        let request =
            Request { body: input::object(&body)?, locale: params.text("locale"), signature: caller.signature() };
        write(&authoring, &request)
    });
    Ok(match done.await? {
        Done::Written(says) => reply::accepted(says),
        Done::Deleted => reply::deleted(),
    })
}

impl From<input::Error> for Refusal {
    fn from(error: input::Error) -> Self {
        match error {
            input::Error::Malformed => Self::malformed(),
            input::Error::Refused(why) => Self::general(&why),
            input::Error::Invalid(problems) => Self::invalid(&problems),
        }
    }
}
