//! The files of a site's library: they are named after their content, and never change under their names.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::backup::Backup;
use super::error::Error;
use super::place::{Content, Place};
use super::progress::Progress;

/// The folder of a site's files; here, at places and in archives.
pub(super) const MEDIA: &str = "media";
/// Where in it the clean copies lie.
pub(super) const SERVED: &str = "served/";

/// One of the site's files.
pub(super) struct SiteFile {
    pub(super) path: PathBuf,
    /// Below the folder of files, with slashes.
    pub(super) name: String,
    pub(super) size: u64,
}

/// The originals of the library and the clean copies of them that are served; what can be made again, and what is
/// not finished, is left out.
pub(super) fn files_of(folder: &Path) -> Result<Vec<SiteFile>, Error> {
    let mut files = Vec::new();
    for below in ["", SERVED] {
        collect(&folder.join(MEDIA).join(below), below, &mut files)?;
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

/// Whether a name is one that a file of the library can have.
pub(super) fn is_name(name: &str) -> bool {
    let name = name.strip_prefix(SERVED).unwrap_or(name);
    !name.is_empty() && !name.contains('/') && !name.starts_with('.')
}

fn collect(folder: &Path, below: &str, files: &mut Vec<SiteFile>) -> Result<(), Error> {
    let failed = |error| Error::disk(folder, error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let metadata = match entry.metadata() {
            // Removed since.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            metadata => metadata.map_err(failed)?,
        };
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if metadata.is_file() && is_name(&name) {
            files.push(SiteFile { path: entry.path(), name, size: metadata.len() });
        }
    }
    Ok(())
}

/// Puts at a place what is not there yet; files never change under their names.
pub(super) fn put_files(place: &Place, files: &[SiteFile], progress: &dyn Progress) -> Result<Backup, Error> {
    let there: BTreeSet<String> = place.objects(MEDIA)?.into_iter().map(|listed| listed.key).collect();
    let mut backup = Backup::default();
    for file in files {
        let key = format!("{MEDIA}/{}", file.name);
        if there.contains(&key) {
            backup.known += 1;
        } else {
            place.create(&key, &Content::File(&file.path))?;
            backup.files += 1;
            backup.bytes += file.size;
        }
        progress.advance(file.size);
    }
    Ok(backup)
}
