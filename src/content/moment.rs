//! Points in time, as the API writes them.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Microseconds since the Unix epoch, always UTC.
///
/// Shown as `2025-03-01T09:05:00.120000Z`: six fraction digits, or none at all when the fraction is
/// zero, because one official SDK parses nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The moment `micros` microseconds after the Unix epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the Unix epoch.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Reads a date or a date and time. With a zone it is converted to UTC, without one it is UTC;
    /// a missing time is midnight.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
            return Some(Self(stamp.as_microsecond()));
        }
        let civil = text
            .parse::<DateTime>()
            .or_else(|_| text.parse::<jiff::civil::Date>().map(|date| date.to_datetime(jiff::civil::Time::midnight())))
            .ok()?;
        let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
        Some(Self(zoned.timestamp().as_microsecond()))
    }

    /// The same moment without fraction and zone, as date fields are answered: `2025-03-15T00:00:00`.
    pub fn to_plain(self) -> String {
        self.civil().strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// Formats with the `strftime` letters of the `jiff` crate, in UTC.
    pub fn format(self, pattern: &str) -> String {
        self.civil().strftime(pattern).to_string()
    }

    fn civil(self) -> DateTime {
        jiff::Timestamp::from_microsecond(self.0)
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned(TimeZone::UTC)
            .datetime()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pattern = if self.0 % 1_000_000 == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S.%6fZ" };
        f.write_str(&self.format(pattern))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is not a date and time")))
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn fraction_has_six_digits_or_none() {
        let shown = |text: &str| Moment::parse(text).map(|moment| moment.to_string());
        assert_eq!(shown("2025-03-01T09:00:00.12Z").as_deref(), Some("2025-03-01T09:00:00.120000Z"));
        assert_eq!(shown("2025-03-01T09:00:00Z").as_deref(), Some("2025-03-01T09:00:00Z"));
    }

    #[test]
    fn a_zone_is_converted_and_a_missing_time_is_midnight() {
        let plain = |text: &str| Moment::parse(text).map(Moment::to_plain);
        assert_eq!(plain("2025-03-15T01:30:00+02:00").as_deref(), Some("2025-03-14T23:30:00"));
        assert_eq!(plain("2025-03-15").as_deref(), Some("2025-03-15T00:00:00"));
        assert_eq!(plain("2025-03-15 08:00").as_deref(), Some("2025-03-15T08:00:00"));
        assert_eq!(plain("soon"), None);
    }
}
