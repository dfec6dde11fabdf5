//! Developers who look at the API with the browser in which they are signed in to the dashboard.

use axum::http::Method;
use axum::http::request::Parts;

use super::Api;
use super::error::Refusal;
use crate::account::Right;
use crate::auth::{browser, session};
use crate::authoring::now;

/// Whether a request is a developer's own: what it is answered with may tell how larder works inside. Another
/// site's page cannot ask in their name, and changes nothing by asking. While the database does not answer,
/// nobody is known.
pub(super) async fn asks(api: &Api, parts: &Parts) -> bool {
    if parts.method != Method::GET || !browser::is_own(&parts.headers) {
        return false;
    }
    let secure = api.delivery.public_url().starts_with("https://");
    let Some(secret) = browser::cookie(&parts.headers, browser::sign_in_cookie(secure)).map(str::to_owned) else {
        return false;
    };
    let store = api.authoring.store().clone();
    let found = api.blocking(move || {
        let signed_in = store.read(|read| session::find(read, &secret, now()));
        signed_in.map_err(|error| Refusal::unavailable(error.in_public()))
    });
    matches!(found.await, Ok(Some((_, user))) if user.may(Right::Build))
}
