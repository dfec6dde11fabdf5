//! `larder backup`

use clap::Args;
use serde_json::json;

use super::bar::Bar;
use super::failure::Failure;
use super::place::{Place, signature};
use super::source::Source;
use super::terminal::{self, note};
use crate::replica::place;
use crate::replica::{backup_to_file, backup_to_place};

/// Back up the whole site once, database and files, as it is at this moment
///
/// Works beside a running server and does not hold it up. To a file it writes an archive that must not be there yet; to
/// a place it adds an image of the database and the files that are not there yet. `larder restore` restores both. A
/// place to which a server copies all the time needs no backups in between.
#[derive(Args)]
pub(super) struct Backup {
    #[command(flatten)]
    place: Place,

    /// A file that ends in .tar or .tar.gz, or a place such as `file:///mnt/backup/site` or `s3://bucket/site`
    target: Source,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Backup {
    pub(super) fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let (store, folder, bar) = (site.store(), &self.place.data, Bar::saying("Backing up"));
        let backup = match &self.target {
            Source::File(file) => backup_to_file(store, folder, file, &bar)?,
            Source::Place(address) => {
                let there = place::Place::open(address).map_err(crate::replica::Error::from)?;
                backup_to_place(store, folder, &there, &bar)?
            }
        };
        // The backup is there, whether the site can take a note of it or not.
        let _ = site.note_export(true, signature());
        if self.json {
            return terminal::json(&json!({
                "database_bytes": backup.database,
                "files": backup.files,
                "files_there_already": backup.known,
                "file_bytes": backup.bytes,
            }));
        }
        note(format_args!(
            "backed up the database ({} bytes) and {} files ({} bytes); {} files were there already",
            backup.database, backup.files, backup.bytes, backup.known
        ));
        Ok(())
    }
}
