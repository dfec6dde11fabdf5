//! From a replica back to a database.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use tempfile::NamedTempFile;

use super::error::Error;
use super::group;
use super::local;
use super::ltx::{Decoder, Header};
use super::media::restore_media;
use super::place::Place;
use super::plan::{Copied, Until, all, plan};
use super::progress::{Progress, Told};
use crate::store::{FILE, check_copy};

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The epoch of the replica that it comes from.
    pub epoch: u32,
    /// The state it is in.
    pub transaction: u64,
    /// When that was sealed, in milliseconds since 1970.
    pub timestamp: i64,
    /// How many bytes the database has.
    pub size: u64,
    /// How many files of the replica were read.
    pub files: usize,
    /// How many files of the library came with it.
    pub media: usize,
    /// Where what lay there before lies now.
    pub aside: Option<PathBuf>,
}

/// Restores the database of a site into its folder, which is made if need be, from the current epoch of a replica.
/// Nothing is there before all of it is, flushed and looked through.
///
/// # Errors
/// `Exists` when there is one and `force` is not given; what is wrong with the replica, by name.
pub fn restore(
    root: &Place,
    until: Until,
    folder: &Path,
    force: bool,
    progress: &dyn Progress,
) -> Result<Restored, Error> {
    let target = folder.join(FILE);
    if target.exists() && !force {
        return Err(Error::Exists(target));
    }
    fs::create_dir_all(folder).map_err(|error| Error::disk(folder, error))?;
    let (current, _) = group::current(root)?;
    let place = group::at(root, current.epoch)?;
    let files = all(&place)?;
    let (copy, mut restored) = restore_beside(&place, &files, until, folder, progress)?;
    restored.epoch = current.epoch;
    check_copy(copy.path(), false)?;
    // Before the database that names them is there.
    let media = restore_media(root, folder, copy.path(), progress)?;
    if !media.missing.is_empty() {
        tracing::warn!(
            files = media.missing.join(", "),
            "these files of the library are not in the replica, or damaged"
        );
    }
    restored.media = media.files;
    restored.aside = move_aside(&target)?;
    let persisted = copy.persist_noclobber(&target).map_err(|error| Error::disk(&target, error.error))?;
    // Readable to those who may read the folder, as SQLite makes its files.
    drop(persisted);
    flush_folder(folder)?;
    local::continue_from(folder, restored.transaction)?;
    Ok(restored)
}

/// Restores into a file without a name of its own yet.
pub(super) fn restore_beside(
    place: &Place,
    files: &[Copied],
    until: Until,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<(NamedTempFile, Restored), Error> {
    let planned = plan(&place.address().to_string(), files, until)?;
    let failed = |error| Error::disk(folder, error);
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    let copy = tempfile::Builder::new()
        .prefix(".tmp-restored-")
        .permissions(permissions)
        .tempfile_in(folder)
        .map_err(failed)?;
    progress.begin(planned.iter().map(|file| file.part.size).sum());
    let mut last: Option<Header> = None;
    for file in &planned {
        let header = apply(place, file, &copy, last.map(|header| header.page_size), progress)?;
        last = Some(header);
    }
    let Some(last) = last else { return Err(Error::Empty(place.address().to_string())) };
    copy.as_file().sync_all().map_err(failed)?;
    progress.end();
    let size = u64::from(last.commit) * u64::from(last.page_size);
    let restored = Restored {
        epoch: 0,
        transaction: last.span.last,
        timestamp: last.timestamp,
        size,
        files: planned.len(),
        media: 0,
        aside: None,
    };
    Ok((copy, restored))
}

/// Writes what a file holds into a copy that nobody reads before it is whole.
fn apply(
    place: &Place,
    file: &Copied,
    copy: &NamedTempFile,
    page_size: Option<u32>,
    progress: &dyn Progress,
) -> Result<Header, Error> {
    let name = file.name();
    let mut decoder = open(place, file, progress)?;
    let header = *decoder.header();
    if let Some(expected) = page_size.filter(|size| *size != header.page_size) {
        return Err(Error::Foreign { file: name, found: header.page_size, expected });
    }
    let disk = |error| Error::disk(copy.path(), error);
    let to = copy.as_file();
    let mut page = Vec::new();
    while let Some(number) = decoder.next_page(&mut page).map_err(|error| Error::file(&name, error))? {
        to.write_all_at(&page, u64::from(number - 1) * u64::from(header.page_size)).map_err(disk)?;
    }
    to.set_len(u64::from(header.commit) * u64::from(header.page_size)).map_err(disk)?;
    Ok(header)
}

/// Opens a file and sees that it is what its name says.
pub(super) fn open<'a>(
    place: &Place,
    file: &Copied,
    progress: &'a dyn Progress,
) -> Result<Decoder<impl io::Read + use<'a>>, Error> {
    let from = Told { from: BufReader::with_capacity(256 * 1024, place.get(file.level, file.part.span)?), progress };
    let decoder = Decoder::new(from).map_err(|error| Error::file(&file.name(), error))?;
    let found = decoder.header().span;
    if found != file.part.span {
        return Err(Error::Misnamed { file: file.name(), holds: found.to_string() });
    }
    Ok(decoder)
}

/// Moves a database and its log out of the way: the log would be taken for the new one's.
pub(super) fn move_aside(target: &Path) -> Result<Option<PathBuf>, Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let beside = |ending: &str| {
        let mut name = target.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let mut moved = None;
    for ending in ["", "-wal"] {
        let (from, to) = (beside(ending), beside(&format!(".replaced-{now}{ending}")));
        match fs::rename(&from, &to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::disk(&from, error)),
            Ok(()) => moved = moved.or(Some(to)),
        }
    }
    match fs::remove_file(beside("-shm")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::disk(target, error)),
        _ => Ok(moved),
    }
}

/// Flushes the names in a folder.
pub(super) fn flush_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| Error::disk(folder, error))
}
