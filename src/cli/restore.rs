//! `larder restore`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::bar::Bar;
use super::failure::Failure;
use super::source::Source;
use super::terminal::{self, note};
use crate::content::moment::Moment;
use crate::replica::place::Place;
use crate::replica::{self, Until, restore, restore_file};

/// Restore a site from its replica or a backup into a folder
///
/// Everything is checked before it gets its name: a damaged file is named and nothing is restored from it. A site that
/// is there already is left alone, unless --force is given: then it is moved aside, as larder.db.replaced-TIME, and kept.
#[derive(Args)]
pub(super) struct Restore {
    /// A place such as `file:///mnt/backup/site` or `s3://bucket/site`, or a file that `larder backup` has written
    source: Source,

    /// The folder of the restored site
    #[arg(long, env = "LARDER_DATA", value_name = "DIR")]
    data: PathBuf,

    /// Restore the newest state that is no newer than this: `2026-03-01`, `2026-03-01T09:30:00Z`
    #[arg(long, value_name = "TIME", value_parser = moment, conflicts_with = "transaction")]
    at: Option<Moment>,

    /// Restore the state with this number, in hexadecimal, as the names of files have it
    #[arg(long, value_name = "NUMBER", value_parser = transaction)]
    transaction: Option<u64>,

    /// Move a site that is there aside, and restore in its place
    #[arg(long)]
    force: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Restore {
    pub(super) fn run(self) -> Result<(), Failure> {
        let until = match (self.at, self.transaction) {
            (Some(time), _) => Until::Time(time),
            (_, Some(transaction)) => Until::Transaction(transaction),
            _ => Until::Latest,
        };
        let bar = Bar::saying("Restoring");
        let restored = match &self.source {
            Source::Place(address) => {
                let place = Place::open(address).map_err(replica::Error::from)?;
                restore(&place, until, &self.data, self.force, &bar)?
            }
            Source::File(_) if until != Until::Latest => {
                return Err(Failure::said(
                    "a backup that is one file holds one moment: leave out --at and --transaction",
                ));
            }
            Source::File(file) => restore_file(file, &self.data, self.force, &bar)?,
        };
        let state = Moment::from_micros(restored.timestamp.saturating_mul(1_000));
        if self.json {
            return terminal::json(&json!({
                "transaction": restored.transaction,
                "at": state,
                "bytes": restored.size,
                "files": restored.files,
                "media": restored.media,
                "moved_aside": restored.aside,
            }));
        }
        if restored.transaction > 0 {
            note(format_args!(
                "restored transaction {:016x} of {state}: {} bytes from {} files, and {} files of the library",
                restored.transaction, restored.size, restored.files, restored.media
            ));
        } else {
            note(format_args!("restored the database ({} bytes) and {} files", restored.size, restored.media));
        }
        if let Some(aside) = restored.aside {
            note(format_args!("what was there before is now {}", aside.display()));
        }
        Ok(())
    }
}

/// Reads a moment.
fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).ok_or_else(|| "expected a time such as 2026-03-01T09:30:00Z".into())
}

/// Reads a transaction's number.
fn transaction(text: &str) -> Result<u64, String> {
    let expected = || "expected a number such as 000000000000002a, in hexadecimal".to_owned();
    u64::from_str_radix(text, 16).ok().filter(|number| *number > 0).ok_or_else(expected)
}
