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
    browser::cookie(headers, browser::sign_in_cookie(dashboard.is_secure())).map(str::to_owned)
}

/// Lets the browser keep a sign-in.
pub(super) fn sign_in(dashboard: &Dashboard, secret: &str) -> Result<HeaderValue, Refused> {
    set(dashboard, browser::sign_in_cookie(dashboard.is_secure()), secret, session::LIMIT / 1_000_000)
}

/// Lets the browser forget it.
pub(super) fn sign_out(dashboard: &Dashboard) -> Result<HeaderValue, Refused> {
    set(dashboard, browser::sign_in_cookie(dashboard.is_secure()), "", 0)
}

/// The secret of somebody who is halfway in.
pub(super) fn halfway_secret(dashboard: &Dashboard, headers: &HeaderMap) -> Option<String> {
    browser::cookie(headers, browser::halfway_cookie(dashboard.is_secure())).map(str::to_owned)
}

/// Lets the browser know that its person is halfway in.
pub(super) fn halfway(dashboard: &Dashboard, secret: &str) -> Result<HeaderValue, Refused> {
    let seconds = i64::try_from(LASTS.as_secs()).unwrap_or_default();
    set(dashboard, browser::halfway_cookie(dashboard.is_secure()), secret, seconds)
}

/// Lets the browser forget that.
pub(super) fn end_halfway(dashboard: &Dashboard) -> Result<HeaderValue, Refused> {
    set(dashboard, browser::halfway_cookie(dashboard.is_secure()), "", 0)
}

fn set(dashboard: &Dashboard, name: &str, secret: &str, seconds: i64) -> Result<HeaderValue, Refused> {
    let secure = if dashboard.is_secure() { "; Secure" } else { "" };
    let text = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(|_| Refused::internal())
}

/// The theme of the person who was signed in last.
pub(super) fn theme(headers: &HeaderMap) -> Theme {
    browser::cookie(headers, THEME).and_then(Theme::parse).unwrap_or_default()
}

/// Lets the browser keep the theme for pages before signing in.
pub(super) fn keep_theme(dashboard: &Dashboard, theme: Theme) -> Result<HeaderValue, Refused> {
    let secure = if dashboard.is_secure() { "; Secure" } else { "" };
    let text = format!("{THEME}={}; Path=/admin; SameSite=Lax; Max-Age={YEAR}{secure}", theme.as_str());
    HeaderValue::from_str(&text).map_err(|_| Refused::internal())
}
