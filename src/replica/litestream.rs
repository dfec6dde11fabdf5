//! Whether Litestream copies the same database: two of them on one replica gave copies that were corrupt, without
//! a word.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::store::FILE;

/// How long ago Litestream must have written something to be taken as at work.
const LATELY: Duration = Duration::from_secs(60);

/// The folder where Litestream keeps what it remembers of a site's database, if it has just written there.
pub(super) fn at_work(folder: &Path) -> Option<PathBuf> {
    let its = folder.join(format!(".{FILE}-litestream"));
    let newest = newest_below(&its)?;
    // A time to come is a clock that was set back: better too careful.
    let age = SystemTime::now().duration_since(newest).unwrap_or_default();
    (age < LATELY).then_some(its)
}

fn newest_below(folder: &Path) -> Option<SystemTime> {
    let own = fs::metadata(folder).ok()?.modified().ok();
    let below = fs::read_dir(folder).ok()?.flatten().filter_map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => newest_below(&entry.path()),
        _ => entry.metadata().ok()?.modified().ok(),
    });
    below.chain(own).max()
}
