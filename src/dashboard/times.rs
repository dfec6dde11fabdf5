//! Dates and times as people read them.

use crate::content::moment::Moment;
use crate::content::settings::Settings;
use crate::content::zone::Zone;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The zone of a site's dates.
pub(super) fn zone(settings: &Settings) -> Zone {
    Zone::named(&settings.time_zone)
}

/// `Tuesday 24 November 2026 at 09:00 (Europe/Oslo)`.
pub(super) fn in_full(zone: &Zone, moment: Moment) -> String {
    format!("{} ({})", zone.format(moment, "%A %-d %B %Y at %H:%M"), zone.name())
}

/// How long until a moment, in its two largest parts: `3 days, 2 h`.
pub(super) fn until(now: Moment, moment: Moment) -> String {
    let left = (moment.micros() - now.micros()).max(0);
    let (days, hours, minutes) = (left / DAY, left % DAY / HOUR, left % HOUR / MINUTE);
    let days_said = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    match (days, hours, minutes) {
        (0, 0, 0) => "less than a minute".into(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h, {minutes} min"),
        (_, 0, _) => days_said,
        (_, hours, _) => format!("{days_said}, {hours} h"),
    }
}

/// Milliseconds as one says them.
pub(super) fn millis(ms: f64) -> String {
    if ms < 1.0 { "less than 1 ms".into() } else { format!("{ms:.0} ms") }
}

#[cfg(test)]
mod tests {
    use super::{DAY, HOUR, MINUTE, Moment, millis, until};

    #[test]
    fn how_long_is_said_in_two_parts() {
        let said = |micros| until(Moment::from_micros(0), Moment::from_micros(micros));
        assert_eq!(said(3 * DAY + 2 * HOUR + 59 * MINUTE), "3 days, 2 h");
        assert_eq!(said(DAY + 5 * MINUTE), "1 day");
        assert_eq!(said(2 * HOUR + MINUTE), "2 h, 1 min");
        assert_eq!(said(59_000_000), "less than a minute");
        assert_eq!(said(-5), "less than a minute");
        assert_eq!((millis(0.4).as_str(), millis(11.6).as_str()), ("less than 1 ms", "12 ms"));
    }
}
