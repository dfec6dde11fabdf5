//! Time zones by their names, such as `Europe/Berlin`. Their rules are inside the program.

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

/// A time zone by its name in the tz database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// Universal time.
    pub fn utc() -> Self {
        Self { name: "UTC".into(), zone: TimeZone::UTC }
    }

    /// The zone with this name.
    pub fn find(name: &str) -> Option<Self> {
        let zone = TimeZoneDatabase::bundled().get(name.trim()).ok()?;
        Some(Self { name: zone.iana_name()?.to_owned(), zone })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The moment at which clocks here show this date (`2026-11-24`) and time (`09:00`). A time that is left
    /// out when clocks go forward is the one after; of one that comes twice, the first is meant.
    pub fn moment(&self, date: &str, time: &str) -> Option<Moment> {
        let date: jiff::civil::Date = date.trim().parse().ok()?;
        let time: jiff::civil::Time = time.trim().parse().ok()?;
        let zoned = date.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
        Some(Moment::from_micros(zoned.timestamp().as_microsecond()))
    }

    /// What clocks here show at a moment, with the `strftime` letters of the `jiff` crate.
    pub fn format(&self, moment: Moment, pattern: &str) -> String {
        let stamp = jiff::Timestamp::from_microsecond(moment.micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        stamp.to_zoned(self.zone.clone()).strftime(pattern).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Zone, find, names};
    use crate::content::moment::Moment;

    #[test]
    fn a_zone_s_clock_goes_forward_and_back() {
        let oslo = Zone::find("Europe/Oslo").expect("bundled");
        let at = |date, time| oslo.moment(date, time).map(|moment| moment.to_string());
        assert_eq!(at("2026-07-01", "09:00").as_deref(), Some("2026-07-01T07:00:00Z"));
        assert_eq!(at("2026-11-24", "09:00").as_deref(), Some("2026-11-24T08:00:00Z"));
        assert_eq!(at("2026-03-29", "02:30").as_deref(), Some("2026-03-29T01:30:00Z"));
        assert_eq!(at("2026-02-30", "09:00"), None);
        let shown = oslo.format(Moment::parse("2026-11-24T08:00:00Z").expect("a moment"), "%H:%M");
        assert_eq!(shown, "09:00");
    }

    #[test]
    fn zones_are_known_by_name() {
        assert_eq!(find("europe/berlin ").as_deref(), Some("Europe/Berlin"));
        assert_eq!(find("UTC").as_deref(), Some("UTC"));
        assert_eq!(find("Middle/Earth"), None);
        assert!(names().iter().any(|name| name == "America/New_York"));
    }
}
