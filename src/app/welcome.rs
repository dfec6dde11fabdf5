//! `GET /`: says what runs here. It tells nothing that is not public.

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use minijinja::{Environment, context};
use rust_embed::Embed;

/// The page may load its stylesheet and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(Embed)]
#[folder = "templates/"]
struct Templates;

/// The page and its stylesheet.
pub(super) fn routes(public_url: &str) -> Router {
    let page = page(public_url);
    Router::new()
        .route("/", get(move || async move { send("text/html; charset=utf-8", page) }))
        .route("/welcome.css", get(|| async { send("text/css; charset=utf-8", text("welcome.css")) }))
}

fn text(name: &str) -> Option<String> {
    Templates::get(name).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
}

fn page(public_url: &str) -> Option<String> {
    let context = context! { public_url, version => env!("CARGO_PKG_VERSION") };
    // The name's ending makes minijinja escape what is inserted.
    let rendered = Environment::new().render_named_str("welcome.html", &text("welcome.html")?, context);
    rendered.inspect_err(|error| tracing::error!(%error, "the welcome page cannot be rendered")).ok()
}

fn send(kind: &'static str, body: Option<String>) -> Response {
    let Some(body) = body else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (headers, body).into_response()
}
