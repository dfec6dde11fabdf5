//! Time zones by their names, such as `Europe/Berlin`. Their rules are inside the program.

use jiff::tz::{TimeZone, TimeZoneDatabase};

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

#[cfg(test)]
mod tests {
    use super::{find, names};

    #[test]
    fn zones_are_known_by_name() {
        assert_eq!(find("europe/berlin ").as_deref(), Some("Europe/Berlin"));
        assert_eq!(find("UTC").as_deref(), Some("UTC"));
        assert_eq!(find("Middle/Earth"), None);
        assert!(names().iter().any(|name| name == "America/New_York"));
    }
}
