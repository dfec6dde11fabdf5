//! Removing from a place what no state that is still wanted needs.

use std::time::Duration;

use super::error::Error;
use super::place::{Level, Part, Place};
use crate::content::moment::Moment;

/// How long a file as it was sealed is kept once it was merged, as Litestream keeps it.
const RAW: Duration = Duration::from_secs(5 * 60);

/// Removes what is older than `retention` and not needed to restore anything younger. Returns how many files went.
///
/// # Errors
/// The place's.
pub(super) fn retain(place: &Place, retention: Duration, now: Moment) -> Result<usize, Error> {
    let snapshots = place.list(Level::SNAPSHOT)?;
    let mut gone: Vec<(Level, Part)> =
        outdated(&snapshots, retention, now).into_iter().map(|part| (Level::SNAPSHOT, part)).collect();
    // The oldest snapshot that stays holds all before it.
    let held = snapshots.iter().filter(|part| !gone.iter().any(|(_, other)| other == *part)).map(|part| part.span.last);
    let held = held.min().unwrap_or(0);
    for level in Level::MERGED {
        let parts = place.list(level)?;
        gone.extend(all_but_last(&parts).iter().filter(|part| part.span.last <= held).map(|part| (level, *part)));
    }
    let merged = place.list(Level::MERGED[0])?;
    let raw = place.list(Level::RAW)?;
    let is_merged = |part: &Part| {
        merged.iter().any(|one| one.span.first <= part.span.first && part.span.last <= one.span.last)
            && age(part, now) > RAW
    };
    gone.extend(all_but_last(&raw).iter().filter(|part| is_merged(part)).map(|part| (Level::RAW, *part)));
    for (level, part) in &gone {
        place.delete(*level, part.span)?;
    }
    Ok(gone.len())
}

/// The snapshots that are not needed to go back so far: all but the last one that is older than that.
fn outdated(snapshots: &[Part], retention: Duration, now: Moment) -> Vec<Part> {
    let mut old: Vec<Part> = snapshots.iter().filter(|part| age(part, now) > retention).copied().collect();
    old.sort_by_key(|part| part.span.last);
    old.pop();
    old
}

fn all_but_last(parts: &[Part]) -> &[Part] {
    parts.split_last().map_or(&[], |(_, before)| before)
}

/// How old a file is; one from the future, as a clock that was set back shows them, is new.
fn age(part: &Part, now: Moment) -> Duration {
    Duration::from_micros(u64::try_from(now.micros() - part.time.micros()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::place::{Address, Content, Level, Place, Span};
    use super::retain;
    use crate::content::moment::Moment;

    #[test]
    fn what_a_kept_snapshot_or_merged_file_holds_goes_when_it_is_old() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::open(&Address::Folder(folder.path().join("copies"))).expect("a place");
        let minutes = |minutes: i64| Moment::from_micros(minutes * 60_000_000);
        let put = |level: u8, first, last, at| {
            let level = Level::of(level).expect("a level");
            place.put_new(level, Span { first, last }, &Content::Bytes(b"x"), minutes(at)).expect("put");
        };
        for (first, last, at) in [(1, 10, 10), (1, 20, 20), (1, 30, 30)] {
            put(9, first, last, at);
        }
        for (first, last) in [(1, 9), (10, 19), (20, 24), (25, 34)] {
            put(1, first, last, i64::try_from(last).expect("small"));
        }
        for number in 33..=36 {
            put(0, number, number, i64::try_from(number).expect("small"));
        }
        let now = minutes(39);
        let list = |level: u8| -> Vec<u64> {
            let parts = place.list(Level::of(level).expect("a level")).expect("listed");
            parts.iter().map(|part| part.span.last).collect()
        };
        assert_eq!(retain(&place, Duration::from_secs(15 * 60), now).expect("retained"), 4);
        assert_eq!(list(9), [20, 30]);
        assert_eq!(list(1), [24, 34]);
        assert_eq!(list(0), [34, 35, 36]);
        // A clock that was set back makes nothing old.
        assert_eq!(retain(&place, Duration::from_secs(60), minutes(0)).expect("retained"), 0);
    }
}
