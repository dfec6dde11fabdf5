//! `larder export`

use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal::note;
use crate::authoring::{export_site, now};

/// Write the whole site into one archive, as it is at this moment
#[derive(Args)]
pub(super) struct Export {
    #[command(flatten)]
    place: Place,

    /// The archive, such as site.tar.gz
    file: PathBuf,

    /// Leave accounts and tokens out
    #[arg(long)]
    without_secrets: bool,
}

impl Export {
    pub(super) fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let cannot = |error: std::io::Error| Failure::said(format!("cannot write {}: {error}", self.file.display()));
        let folder = self.file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut out = tempfile::NamedTempFile::new_in(folder).map_err(cannot)?;
        let exported = site.store().read(|read| {
            export_site(read, &self.place.media(), !self.without_secrets, out.as_file_mut(), folder, now())
        })?;
        out.as_file().sync_all().map_err(cannot)?;
        out.persist(&self.file).map_err(|error| cannot(error.error))?;
        // The archive is there, whether the site can take a note of it or not.
        let _ = site.note_export(!self.without_secrets, signature());
        note(format_args!(
            "exported {} entries and {} files to {}",
            exported.entries,
            exported.media,
            self.file.display()
        ));
        Ok(())
    }
}
