//! Time zones by their names, such as `Europe/Berlin`. Their rules are inside the program.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::moment::Moment;

/// The names of all time zones, in order.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
    // Names of files, not of places.
    names.retain(|name| name == "UTC" || (name.contains('/') && !name.starts_with("Etc/")));
    names.sort_unstable();
    names
}

/// The name of a time zone as it is spelled; `None` when there is none such.
pub fn find(name: &str) -> Option<String> {
    let zone: TimeZone = TimeZoneDatabase::bundled().get(name.trim()).ok()?;
    zone.iana_name().map(str::to_owned)
}

/// A time zone by which people read and set times.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// The one with this name; UTC when there is none such.
    pub fn named(name: &str) -> Self {
        Self(TimeZoneDatabase::bundled().get(name.trim()).unwrap_or(TimeZone::UTC))
    }

    /// The one with this name; `None` when there is none such.
    pub fn find(name: &str) -> Option<Self> {
        TimeZoneDatabase::bundled().get(name.trim()).ok().map(Self)
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// A moment in this zone, with the `strftime` letters of the `jiff` crate.
    pub fn format(&self, moment: Moment, pattern: &str) -> String {
        let stamp = Timestamp::from_microsecond(moment.micros()).unwrap_or(Timestamp::UNIX_EPOCH);
        stamp.to_zoned(self.0.clone()).strftime(pattern).to_string()
    }

    /// The moment of a day and time, as `<input type="date">` and `<input type="time">` spell them. A time that is
    /// left out when clocks go forward is the one after; of one that comes twice, the first is meant.
    pub fn moment(&self, day: &str, time: &str) -> Option<Moment> {
        let day: Date = day.trim().parse().ok()?;
        let time: Time = time.trim().parse().ok()?;
        let zoned = day.to_datetime(time).to_zoned(self.0.clone()).ok()?;
        Some(Moment::from_micros(zoned.timestamp().as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Zone, find, names};
    use crate::content::moment::Moment;

    #[test]
    fn a_zone_s_clock_goes_forward_and_back() {
        let oslo = Zone::named("Europe/Oslo");
        let at = |date, time| oslo.moment(date, time).map(|moment| moment.to_string());
        assert_eq!(at("2026-07-01", "09:00").as_deref(), Some("2026-07-01T07:00:00Z"));
        assert_eq!(at("2026-11-24", "09:00").as_deref(), Some("2026-11-24T08:00:00Z"));
        assert_eq!(at("2026-03-29", "02:30").as_deref(), Some("2026-03-29T01:30:00Z"));
        assert_eq!(at("2026-02-30", "09:00"), None);
        let shown = oslo.format(Moment::parse("2026-11-24T08:00:00Z").expect("a moment"), "%H:%M");
        assert_eq!(shown, "09:00");
    }

    #[test]
    fn times_are_read_and_set_in_the_zone() {
        let oslo = Zone::named("Europe/Oslo");
        let moment = oslo.moment("2026-07-01", "08:30").expect("a moment");
        assert_eq!(moment.to_string(), "2026-07-01T06:30:00Z");
        assert_eq!(oslo.format(moment, "%a %-d %b, %H:%M"), "Wed 1 Jul, 08:30");
        assert_eq!(Zone::named("Middle/Earth").name(), "UTC");
        assert_eq!(oslo.moment("2026-02-30", "08:30"), None);
    }

    #[test]
    fn zones_are_known_by_name() {
        assert_eq!(find("europe/berlin ").as_deref(), Some("Europe/Berlin"));
        assert_eq!(find("UTC").as_deref(), Some("UTC"));
        assert_eq!(find("Middle/Earth"), None);
        assert!(names().iter().any(|name| name == "America/New_York"));
    }
}
