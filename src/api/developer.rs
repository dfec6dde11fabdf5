//! People who look at the API with the browser in which they are signed in to the dashboard.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use super::Api;
use super::error::Refusal;
use crate::account::{Right, User};
use crate::auth::proxies::is_secure;
use crate::auth::{browser, session};
use crate::authoring::now;

/// Whether a request is a developer's own: what it is answered with may tell how larder works inside.
pub(super) async fn asks(api: &Api, parts: &Parts) -> bool {
    parts.method == Method::GET && signed_in(api, &parts.headers).await.is_some_and(|user| user.may(Right::Build))
}

/// Whether a request is sent by somebody who is signed in.
pub(super) async fn is_signed_in(api: &Api, headers: &HeaderMap) -> bool {
    signed_in(api, headers).await.is_some()
}

/// Who sends a request that changes nothing. Another site's page cannot ask in their name. While the database does not
/// answer, nobody is known.
async fn signed_in(api: &Api, headers: &HeaderMap) -> Option<User> {
    if !browser::is_own(headers) {
        return None;
    }
    let secure = is_secure(headers) || api.delivery.public_url().starts_with("https://");
    let secret = browser::cookie(headers, browser::sign_in_cookie(secure))?.to_owned();
    let store = api.authoring.store().clone();
    let found = api.blocking(move || {
        let signed_in = store.read(|read| session::find(read, &secret, now()));
        signed_in.map_err(|error| Refusal::unavailable(error.in_public()))
    });
    found.await.ok().flatten().map(|(_, user)| user)
}
