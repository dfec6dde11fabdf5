//! `larder import`

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::place::{Place, holds_site, make, signature};
use super::terminal::note;
use crate::authoring::{Checked, Files};

/// Fill a site from an archive of larder export: all of it or nothing
#[derive(Args)]
pub(super) struct Import {
    #[command(flatten)]
    place: Place,

    /// The archive, or a folder with the files of one
    archive: PathBuf,

    /// Remove everything that is in the site first
    #[arg(long)]
    replace: bool,
}

impl Import {
    pub(super) fn run(self) -> Result<(), Failure> {
        let folder = &self.place.data;
        let existing = holds_site(folder).then(|| self.place.open()).transpose()?;
        let made = !folder.exists();
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::said(format!("cannot use the folder {}: {error}", folder.display())))?;
        // In the site's folder: there is room for the site, so there is room for the archive.
        let unpacked = tempfile::Builder::new()
            .prefix(".import-")
            .tempdir_in(folder)
            .map_err(|error| Failure::said(format!("cannot write to the folder {}: {error}", folder.display())))?;
        let checked = Files::of(&self.archive, unpacked.path()).and_then(Checked::of);
        let checked = checked.inspect_err(|_| {
            if made {
                // Nothing was there before, nothing shall be there after.
                let _ = std::fs::remove_dir_all(folder);
            }
        })?;
        let site = existing.map_or_else(|| make(folder), Ok)?;
        let imported = site.import_site(checked, self.replace, &self.place.media(), signature())?;
        note(format_args!("imported {} entries and {} files", imported.entries, imported.media));
        Ok(())
    }
}
