//! How long a server wants to be left alone (RFC 9110, section 10.2.3).

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::content::moment::Moment;

/// What `Retry-After` says: seconds, or a date, which is reckoned from `now`. `None` when it says nothing of use.
pub fn retry_after(headers: &HeaderMap, now: Moment) -> Option<Duration> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = said.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::parse(said).ok()?.timestamp().as_microsecond();
    u64::try_from(until.saturating_sub(now.micros())).ok().map(Duration::from_micros)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderMap, HeaderValue};

    use super::retry_after;
    use crate::content::moment::Moment;

    fn said(text: &'static str) -> Option<Duration> {
        let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, HeaderValue::from_static(text))]);
        retry_after(&headers, Moment::parse("2026-11-30T12:00:00Z").expect("a moment"))
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        assert_eq!(said("120"), Some(Duration::from_secs(120)));
        assert_eq!(said("Mon, 30 Nov 2026 12:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(said("Mon, 30 Nov 2026 11:00:00 GMT"), None);
        assert_eq!((said("soon"), said("-1"), said("")), (None, None, None));
    }
}
