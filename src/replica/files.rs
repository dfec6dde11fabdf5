//! The files of a site's library: they are named after their content, and never change under their names.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::backup::Backup;
use super::error::Error;
use super::place::{Content, Place};
use super::progress::{Progress, Told};
use super::restore::flush_folder;

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

/// Brings the files of a place into a site's folder, those that are not there. Returns how many there were.
pub(super) fn fetch_files(place: &Place, folder: &Path, progress: &dyn Progress) -> Result<usize, Error> {
    let media = folder.join(MEDIA);
    let there = place.objects(MEDIA)?;
    let names = there.iter().filter_map(|listed| listed.key.strip_prefix("media/")).filter(|name| is_name(name));
    let missing: Vec<&str> = names.filter(|name| !media.join(name).exists()).collect();
    if missing.is_empty() {
        return Ok(0);
    }
    let disk = |error| Error::disk(&media, error);
    fs::create_dir_all(media.join(SERVED)).map_err(disk)?;
    progress.begin(there.iter().map(|listed| listed.size).sum());
    for name in &missing {
        let from = place.read(&format!("{MEDIA}/{name}"))?;
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        let mut file =
            tempfile::Builder::new().prefix(".tmp-").permissions(permissions).tempfile_in(&media).map_err(disk)?;
        io::copy(&mut Told { from, progress }, file.as_file_mut()).map_err(disk)?;
        file.as_file().sync_all().map_err(disk)?;
        file.persist(media.join(name)).map_err(|error| disk(error.error))?;
    }
    progress.end();
    flush_folder(&media.join(SERVED))?;
    flush_folder(&media)?;
    Ok(missing.len())
}
