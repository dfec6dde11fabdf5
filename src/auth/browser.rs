//! What a browser sends along: its cookies, and whose page a request comes from.

use http::HeaderMap;
use http::header::{COOKIE, HOST, ORIGIN};

/// The name of the sign-in's cookie. `__Host-` needs TLS.
pub fn sign_in_cookie(secure: bool) -> &'static str {
    if secure { "__Host-larder" } else { "larder" }
}

/// The name of the cookie of somebody who is halfway in.
pub fn halfway_cookie(secure: bool) -> &'static str {
    if secure { "__Host-larder-halfway" } else { "larder-halfway" }
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// Whether a request was sent by a page of this server or by a person, not by another site's page.
pub fn is_own(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let (Some(origin), Some(host)) = (headers.get(ORIGIN), headers.get(HOST)) else { return true };
    let origin = origin.to_str().unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, origin)| origin.as_bytes() == host.as_bytes())
}
