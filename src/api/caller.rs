//! Who is calling, and with what right.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::Api;
use super::error::Refusal;
use super::params::Params;
use crate::account::{Access, AddressRange, ApiToken, Preview, Used};
use crate::auth::{self, Good, Tokens};
use crate::authoring::{Signature, now};
use crate::content::moment::Moment;

/// The owner of a valid token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The token.
    pub(super) token: Arc<ApiToken>,
    /// Where its use is noted; keys to one entry's draft have no such place.
    pub(super) used: Option<Arc<Used>>,
    /// Whether it came in the header; else it stands in the address.
    pub(super) by_header: bool,
    /// The state of the tokens in which this one was found good.
    pub(super) tokens: i64,
    /// Where the request comes from.
    pub(super) address: Option<IpAddr>,
    /// The one entry whose draft it opens, of tokens that are for nothing else.
    pub(super) preview: Option<Preview>,
}

impl Caller {
    /// Whoever shows a token, which is noted.
    fn of(good: Good, by_header: bool, tokens: i64, parts: &Parts) -> Self {
        let address = address(parts);
        good.used.note(address.map_or(AddressRange::UNKNOWN, AddressRange::of));
        Self { token: good.token, used: Some(good.used), by_header, tokens, address, preview: None }
    }

    /// What it changes is signed by it.
    pub(super) fn signature(&self) -> Signature {
        Signature { from: self.address, ..Signature::now(self.token.name.clone()) }
    }

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
    let (number, at) = (api.tokens.number(), now());
    let (token, by_header) = match in_header(parts) {
        Some(token) => (token, true),
        None => (in_query(parts).ok_or_else(Refusal::no_credentials)?, false),
    };
    if let Some(good) = api.tokens.known(&token, at) {
        return Ok(Caller::of(good, by_header, number, parts));
    }
    let tokens = api.tokens.clone();
    let found = api.blocking(move || {
        find(&tokens, &token, at).map_err(|error| {
            tracing::error!(%error, "the tokens cannot be read");
            Refusal::unavailable(error.in_public())
        })
    });
    match found.await?.ok_or_else(Refusal::invalid_token)? {
        Found::Token(good) => Ok(Caller::of(good, by_header, number, parts)),
        Found::Preview(preview) => {
            let token = Arc::new(for_preview(&preview));
            let address = address(parts);
            Ok(Caller { token, used: None, by_header, tokens: number, address, preview: Some(preview) })
        }
    }
}

/// What a secret opens.
enum Found {
    /// A token of the site.
    Token(Good),
    /// The key to one entry's draft, and nothing else.
    Preview(Preview),
}

fn find(tokens: &Tokens, token: &str, at: Moment) -> Result<Option<Found>, auth::Error> {
    if let Some(known) = tokens.check(token, at)? {
        return Ok(Some(Found::Token(known)));
    }
    Ok(tokens.preview(token, at)?.map(Found::Preview))
}

/// Where a request comes from.
fn address(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|client| client.0.ip().to_canonical())
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
        ends: Some(preview.ends),
        former: None,
        used: None,
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
