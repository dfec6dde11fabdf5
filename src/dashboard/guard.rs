//! In front of every page: who is signed in, whether a change comes from one of our own pages, and the
//! headers every answer carries.

use std::net::IpAddr;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use minijinja::context;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::Refused;
use super::{Dashboard, LARGEST, address, client, cookie, see_as};
use crate::account::{Right, Session, Theme, User};
use crate::auth::{same, session};
use crate::authoring::{Signature, now};

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const CSRF: HeaderName = HeaderName::from_static("x-csrf-token");
const VERSION: HeaderName = HeaderName::from_static("x-larder-version");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a page may load and do, but for frames. No page of ours has a script or style in itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// When the server took a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken(pub(super) Instant);

/// The origin that a page may show in a frame, as an extension of its answer.
#[derive(Clone, Debug)]
pub(super) struct Frames(pub(super) String);

/// Somebody who is signed in. Handlers that take it stand behind [`pass`].
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub(super) user: User,
    pub(super) session: Session,
    /// What changes sent by this session's pages carry.
    pub(super) csrf: String,
    /// What links to this site begin with.
    pub(super) origin: String,
    /// Where the request comes from.
    pub(super) address: Option<IpAddr>,
}

impl Signed {
    /// What they change is signed by them.
    pub(super) fn signature(&self) -> Signature {
        Signature { from: self.address, ..Signature::of(&self.user) }
    }

    /// Refuses those whose role does not give a right; `what` completes "does not allow you to".
    pub(super) fn need(&self, right: Right, what: &str) -> Result<(), Refused> {
        if self.user.may(right) { Ok(()) } else { Err(Refused::no_right(what)) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Refused::sign_in)
    }
}

/// Lets everybody pass where changes are made; a standby has nothing to do here, and says where to go.
pub(super) async fn lead(State(dashboard): State<Dashboard>, request: Request, next: Next) -> Response {
    let elsewhere = dashboard.store.mandate().holds().err().filter(|error| error.elsewhere().is_some());
    match elsewhere {
        Some(error) if !request.uri().path().starts_with("/admin/assets/") => Refused::of_store(&error).into_response(),
        _ => next.run(request).await,
    }
}

/// Lets those pass who are signed in.
pub(super) async fn pass(State(dashboard): State<Dashboard>, mut request: Request, next: Next) -> Response {
    match admit(&dashboard, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(refused) if refused.status == StatusCode::UNAUTHORIZED && wants_page(&request) => sign_in(&request),
        Err(refused) => refused.into_response(),
    }
}

async fn admit(dashboard: &Dashboard, request: &mut Request) -> Result<(), Refused> {
    let signed = find(dashboard, request.headers()).await?;
    let signed = Signed { address: Some(client::address(request.extensions())), ..signed };
    if !reads(request.method()) && !carries(request, &signed.csrf).await? {
        return Err(Refused::csrf());
    }
    see_as::refuse_changes(&signed, request.method(), request.uri().path())?;
    request.extensions_mut().insert(signed);
    Ok(())
}

/// Who is signed in.
///
/// # Errors
/// 401 when nobody is; 503 when that cannot be told.
pub(super) async fn find(dashboard: &Dashboard, headers: &HeaderMap) -> Result<Signed, Refused> {
    let secret = cookie::secret(dashboard, headers).ok_or_else(Refused::sign_in)?;
    signed(dashboard, secret, dashboard.origin(headers)).await
}

/// Who a cookie's secret belongs to.
async fn signed(dashboard: &Dashboard, secret: String, origin: String) -> Result<Signed, Refused> {
    let (now, csrf) = (now(), session::csrf(&secret));
    let found = dashboard.read(move |read| Ok(session::find(read, &secret, now)?)).await?;
    let (found, user) = found.ok_or_else(Refused::sign_in)?;
    if session::is_due(&found, now) {
        // Reading goes on when the database takes no changes.
        let hash = found.hash.clone();
        let noted = dashboard.change(move |authoring| authoring.note_session(&hash, now)).await;
        drop(noted);
    }
    Ok(Signed { user, session: found, csrf, origin, address: None })
}

/// Whether a change carries the session's word: in a header, or in a form's field `csrf`.
async fn carries(request: &mut Request, csrf: &str) -> Result<bool, Refused> {
    if let Some(sent) = request.headers().get(&CSRF) {
        return Ok(same(sent.as_bytes(), csrf.as_bytes()));
    }
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Ok(false);
    }
    let body = std::mem::replace(request.body_mut(), Body::empty());
    let too_large = |_| Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "This is more than a form can hold.");
    let bytes = to_bytes(body, LARGEST).await.map_err(too_large)?;
    let sent =
        form_urlencoded::parse(&bytes).any(|(name, value)| name == "csrf" && same(value.as_bytes(), csrf.as_bytes()));
    *request.body_mut() = Body::from(bytes);
    Ok(sent)
}

fn sign_in(request: &Request) -> Response {
    let next = request.uri().path_and_query().map_or(address::HOME, |line| line.as_str());
    if next == address::HOME {
        return Redirect::to(address::SIGN_IN).into_response();
    }
    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
    Redirect::to(&format!("{}?next={next}", address::SIGN_IN)).into_response()
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Whether the client shows what it gets as a page.
fn wants_page(request: &Request) -> bool {
    let headers = request.headers();
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    reads(request.method()) && accepts.contains("text/html") && !headers.contains_key(&HX_REQUEST)
        || is_plain_form(headers, accepts)
}

/// A form sent without scripts.
fn is_plain_form(headers: &HeaderMap, accepts: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let form = kind.starts_with("application/x-www-form-urlencoded") || kind.starts_with("multipart/form-data");
    form && accepts.contains("text/html") && !headers.contains_key(&HX_REQUEST) && !headers.contains_key(&CSRF)
}

/// The last word on every answer of the dashboard.
pub(super) async fn finish(State(dashboard): State<Dashboard>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(Taken(Instant::now()));
    let (page, theme) = (wants_page(&request), cookie::theme(request.headers()));
    let mut response = next.run(request).await;
    if let Some(refused) = response.extensions_mut().remove::<Refused>() {
        let id = request_id();
        tracing::info!(request = id, status = refused.status.as_u16(), why = refused.message, "refused");
        if page {
            response = error_page(&dashboard, &refused, &id, theme).map_or(response, |page| refused.with_pause(page));
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
    }
    let policy = policy(response.extensions_mut().remove::<Frames>());
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(VERSION, HeaderValue::from_static(env!("CARGO_PKG_VERSION")));
    // What one person sees is nobody else's.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// What a page may load. Only one that shows the site's own preview may hold a frame, and only of the site.
fn policy(frames: Option<Frames>) -> HeaderValue {
    let framed = frames.map_or_else(|| "'none'".to_owned(), |Frames(origin)| origin);
    // An origin fits into a header, or `origin` would not have let it pass.
    HeaderValue::try_from(format!("{POLICY}; frame-src {framed}")).unwrap_or(HeaderValue::from_static(POLICY))
}

fn error_page(dashboard: &Dashboard, refused: &Refused, id: &str, theme: Theme) -> Option<Response> {
    let shown = context! {
        status => refused.status.as_u16(),
        message => refused.message.clone(),
        request => id,
        signed_out => refused.status == StatusCode::UNAUTHORIZED,
        site => context! { name => "larder" },
        theme => theme.as_str(),
    };
    let mut response = dashboard.view.bare("error.html", shown).ok()?;
    *response.status_mut() = refused.status;
    Some(response)
}

/// A word by which a developer finds the request in the log.
fn request_id() -> String {
    let mut bytes = [0; 4];
    // Without randomness all requests are called the same, which harms nobody.
    let _ = getrandom::fill(&mut bytes);
    format!("{:08x}", u32::from_be_bytes(bytes))
}
