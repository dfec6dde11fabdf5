//! What a page sends: a form, or the same as JSON.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Map, Value};

use super::LARGEST;
use super::error::Refused;

/// The fields of a form by name; of several with one name, the last.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent {
    fields: BTreeMap<String, String>,
}

impl Sent {
    /// A field's text; empty when it was not sent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// A field's text, when it was sent.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// The fields to show again in a form, without what is secret.
    pub(super) fn again(&self) -> BTreeMap<String, String> {
        let mut shown = self.fields.clone();
        shown.retain(|name, _| !["password", "current", "code", "csrf"].contains(&name.as_str()));
        shown
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let json =
            request.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        let unread = |_| Refused::bad("The request could not be read to its end.");
        let body = axum::body::to_bytes(request.into_body(), LARGEST).await.map_err(unread)?;
        let fields = if json {
            let members: Map<String, Value> = serde_json::from_slice(&body)
                .map_err(|error| Refused::bad(format!("This is no JSON object: {error}.")))?;
            members.into_iter().map(|(name, value)| (name, plain(value))).collect()
        } else {
            form_urlencoded::parse(&body).into_owned().collect()
        };
        Ok(Self { fields })
    }
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Whether the client asks for JSON instead of a page.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).is_some_and(|accepts| accepts.as_bytes().starts_with(b"application/json"))
}
