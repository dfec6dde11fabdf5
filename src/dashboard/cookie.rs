//! The cookies: who is signed in or halfway there, and how the dashboard looks before that is known.

use axum::http::{HeaderMap, HeaderValue};

use super::Dashboard;
use super::error::Refused;
use crate::account::Theme;
use crate::auth::halfway::LASTS;
use crate::auth::{browser, session};

/// Not a secret: scripts of the dashboard may read it.
const THEME: &str = "larder-theme";
/// A year, in seconds.
const YEAR: i64 = 365 * 24 * 60 * 60;

/// The secret of the sign-in.
pub(super) fn secret(dashboard: &Dashboard, headers: &HeaderMap) -> Option<String> {
    browser::cookie(headers, browser::sign_in_cookie(dashboard.is_secure(headers))).map(str::to_owned)
}

/// Lets the browser, which reaches the site through TLS or not, keep a sign-in.
pub(super) fn sign_in(secure: bool, secret: &str) -> Result<HeaderValue, Refused> {
    set(secure, browser::sign_in_cookie(secure), secret, session::LIMIT / 1_000_000)
}

/// Lets the browser forget it.
pub(super) fn sign_out(secure: bool) -> Result<HeaderValue, Refused> {
    set(secure, browser::sign_in_cookie(secure), "", 0)
}

/// The secret of somebody who is halfway in.
pub(super) fn halfway_secret(dashboard: &Dashboard, headers: &HeaderMap) -> Option<String> {
    browser::cookie(headers, browser::halfway_cookie(dashboard.is_secure(headers))).map(str::to_owned)
}

/// Lets the browser know that its person is halfway in.
pub(super) fn halfway(secure: bool, secret: &str) -> Result<HeaderValue, Refused> {
    set(secure, browser::halfway_cookie(secure), secret, i64::try_from(LASTS.as_secs()).unwrap_or_default())
}

/// Lets the browser forget that.
pub(super) fn end_halfway(secure: bool) -> Result<HeaderValue, Refused> {
    set(secure, browser::halfway_cookie(secure), "", 0)
}

fn set(secure: bool, name: &str, secret: &str, seconds: i64) -> Result<HeaderValue, Refused> {
    let only = through_tls(secure);
    let text = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{only}");
    HeaderValue::from_str(&text).map_err(|_| Refused::internal())
}

/// What keeps the browser from sending a cookie that others could read.
fn through_tls(secure: bool) -> &'static str {
    if secure { "; Secure" } else { "" }
}

/// The theme of the person who was signed in last.
pub(super) fn theme(headers: &HeaderMap) -> Theme {
    browser::cookie(headers, THEME).and_then(Theme::parse).unwrap_or_default()
}

/// Lets the browser keep the theme for pages before signing in.
pub(super) fn keep_theme(secure: bool, theme: Theme) -> Result<HeaderValue, Refused> {
    let (name, only) = (theme.as_str(), through_tls(secure));
    let text = format!("{THEME}={name}; Path=/admin; SameSite=Lax; Max-Age={YEAR}{only}");
    HeaderValue::from_str(&text).map_err(|_| Refused::internal())
}
