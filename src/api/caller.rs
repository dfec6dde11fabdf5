//! Who is calling, and with what right.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::Api;
use super::error::Refusal;
use super::params::Params;
use crate::account::{Access, ApiToken, Preview};
use crate::auth::{self, Tokens};
use crate::authoring::now;

/// The owner of a valid token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The token.
    pub(super) token: Arc<ApiToken>,
    /// Whether it came in the header; else it stands in the address.
    pub(super) by_header: bool,
    /// The state of the tokens in which this one was found good.
    pub(super) tokens: i64,
    /// The one entry whose draft it opens, of tokens that are for nothing else.
    pub(super) preview: Option<Preview>,
}

impl Caller {
    /// Whether it may write. Addresses are logged everywhere, so a token in one is no secret.
    pub(super) fn may_write(&self) -> bool {
        self.by_header && self.token.access == Access::Write
    }

    /// Whether `preview=1` shows drafts to it.
    pub(super) fn may_preview(&self) -> bool {
        self.token.preview
    }
}

/// Finds out who sent a request.
///
/// # Errors
/// 401 without a valid token; 503 when a token cannot be looked for.
pub(super) async fn identify(api: &Api, parts: &Parts) -> Result<Caller, Refusal> {
    let number = api.tokens.number();
    let (token, by_header) = match in_header(parts) {
        Some(token) => (token, true),
        None => (in_query(parts).ok_or_else(Refusal::no_credentials)?, false),
    };
    if let Some(token) = api.tokens.known(&token) {
        return Ok(Caller { token, by_header, tokens: number, preview: None });
    }
    let tokens = api.tokens.clone();
    let found = api.blocking(move || {
        find(&tokens, &token).map_err(|error| {
            tracing::error!(%error, "the tokens cannot be read");
            Refusal::unavailable(error.in_public())
        })
    });
    let (token, preview) = found.await?.ok_or_else(Refusal::invalid_token)?;
    Ok(Caller { token, by_header, tokens: number, preview })
}

/// What a token is, and the preview that it opens if it is for nothing else.
type Found = (Arc<ApiToken>, Option<Preview>);

/// A token of the site, or the key to one entry's draft.
fn find(tokens: &Tokens, token: &str) -> Result<Option<Found>, auth::Error> {
    if let Some(known) = tokens.check(token)? {
        return Ok(Some((known, None)));
    }
    let preview = tokens.preview(token, now())?;
    Ok(preview.map(|preview| (Arc::new(for_preview(&preview)), Some(preview))))
}

/// What a preview may do, as a token: reading.
fn for_preview(preview: &Preview) -> ApiToken {
    ApiToken {
        id: 0,
        name: preview.by.clone(),
        access: Access::Read,
        hash: preview.hash.clone(),
        secret: None,
        preview: true,
        created: preview.created,
    }
}

/// `Authorization: Token TOKEN`. Other schemes are none of ours.
fn in_header(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(AUTHORIZATION)?;
    let text = String::from_utf8_lossy(value.as_bytes());
    let (scheme, token) = text.split_once(' ').unwrap_or((&text, ""));
    scheme.eq_ignore_ascii_case("token").then(|| token.trim().to_owned())
}

fn in_query(parts: &Parts) -> Option<String> {
    let params = Params::read(parts.uri.query().unwrap_or_default());
    params.last("auth_token").filter(|token| !token.is_empty()).map(str::to_owned)
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _api: &Api) -> Result<Self, Refusal> {
        // Put there by the gate in front of every route.
        parts.extensions.get::<Self>().cloned().ok_or_else(Refusal::no_credentials)
    }
}
