//! One backup, made once: of the database as it is at a moment, beside whoever writes to it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use super::error::Error;
use super::files::{MEDIA, SERVED, SiteFile, files_of, is_name, put_files};
use super::local::{FOLDER, time_of};
use super::ltx::{Header, WalSpan};
use super::place::{Level, Place, Span, Stored};
use super::plan::{all, newest};
use super::progress::{Progress, Told};
use super::restore::{Restored, flush_folder, move_aside};
use super::seal::encode_pages;
use super::sync::now;
use crate::store::{FILE, Pages, Store, check_copy};

/// What a backup holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Backup {
    /// The database's bytes.
    pub database: u64,
    /// How many files of the library were written.
    pub files: usize,
    /// Those that were there already.
    pub known: usize,
    /// Their bytes, of those that were written.
    pub bytes: u64,
}

/// Makes a backup as a file: a tar archive of the database and its files, compressed if its name ends in `.gz`.
/// It has its name only once all of it is flushed.
///
/// # Errors
/// `Exists`; what the database or the disk says.
pub fn backup_to_file(store: &Store, folder: &Path, target: &Path, progress: &dyn Progress) -> Result<Backup, Error> {
    if target.exists() {
        return Err(Error::Exists(target.into()));
    }
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let disk = |error| Error::disk(target, error);
    // In this order: a file is in the folder before a change names it.
    let pages = store.pages()?;
    let files = files_of(folder)?;
    let database = u64::from(pages.count()) * u64::from(pages.page_size());
    progress.begin(database + files.iter().map(|file| file.size).sum::<u64>());
    let unfinished = tempfile::Builder::new().prefix(".tmp-").tempfile_in(parent).map_err(disk)?;
    let out = io::BufWriter::with_capacity(256 * 1024, unfinished.as_file());
    let backup = if target.extension().is_some_and(|extension| extension == "gz") {
        let mut packed = flate2::write::GzEncoder::new(out, flate2::Compression::default());
        let backup = write_archive(&mut packed, &pages, &files, progress).map_err(disk)?;
        packed.finish().and_then(|mut out| out.flush()).map_err(disk)?;
        backup
    } else {
        let mut out = out;
        let backup = write_archive(&mut out, &pages, &files, progress).map_err(disk)?;
        out.flush().map_err(disk)?;
        backup
    };
    unfinished.as_file().sync_all().map_err(disk)?;
    unfinished.persist_noclobber(target).map_err(|error| disk(error.error))?;
    flush_folder(parent)?;
    progress.end();
    Ok(backup)
}

/// Makes a backup at a place of its own: an image of the database, which Litestream restores too, and the files
/// that are not there yet.
///
/// # Errors
/// `IsReplica` for a place that a replicator writes to; what database and place say.
pub fn backup_to_place(store: &Store, folder: &Path, place: &Place, progress: &dyn Progress) -> Result<Backup, Error> {
    let there = all(place)?;
    if there.iter().any(|file| file.level == Level::RAW) {
        return Err(Error::IsReplica(place.address().to_string()));
    }
    let pages = store.pages()?;
    let files = files_of(folder)?;
    let database = u64::from(pages.count()) * u64::from(pages.page_size());
    progress.begin(database + files.iter().map(|file| file.size).sum::<u64>());
    let mut backup = put_files(place, &files, progress)?;
    let span = Span { first: 1, last: newest(&there) + 1 };
    let header = Header {
        page_size: pages.page_size(),
        commit: pages.count(),
        span,
        timestamp: now().micros() / 1_000,
        wal: WalSpan::default(),
        node: 0,
        has_checksum: false,
    };
    let scratch = folder.join(FOLDER);
    fs::create_dir_all(&scratch).map_err(|error| Error::disk(&scratch, error))?;
    let draft = encode_pages(header, &pages, &scratch)?;
    if place.put_new(Level::SNAPSHOT, span, &draft.content(), time_of(&header))? == Stored::Other {
        return Err(Error::AnotherWriter { place: place.address().to_string(), file: span.to_string() });
    }
    progress.advance(database);
    progress.end();
    backup.database = database;
    Ok(backup)
}

/// Restores a site from a backup that is one file.
///
/// # Errors
/// `Exists` when there is a site and `force` is not given; what is wrong with the file.
pub fn restore_file(source: &Path, folder: &Path, force: bool, progress: &dyn Progress) -> Result<Restored, Error> {
    let target = folder.join(FILE);
    if target.exists() && !force {
        return Err(Error::Exists(target));
    }
    let disk = |error| Error::disk(source, error);
    fs::create_dir_all(folder).map_err(|error| Error::disk(folder, error))?;
    let file = File::open(source).map_err(disk)?;
    progress.begin(file.metadata().map_err(disk)?.len());
    let from = io::BufReader::with_capacity(256 * 1024, Told { from: file, progress });
    let from: Box<dyn Read> = if source.extension().is_some_and(|extension| extension == "gz") {
        Box::new(flate2::bufread::GzDecoder::new(from))
    } else {
        Box::new(from)
    };
    let unpacked = tempfile::Builder::new().prefix(".tmp-restored-").tempdir_in(folder);
    let unpacked = unpacked.map_err(|error| Error::disk(folder, error))?;
    let files = unpack(from, unpacked.path()).map_err(disk)?;
    progress.end();
    let database = unpacked.path().join(FILE);
    if !database.exists() {
        return Err(Error::Empty(source.display().to_string()));
    }
    check_copy(&database, true)?;
    let size = fs::metadata(&database).map_err(disk)?.len();
    for below in [SERVED, ""] {
        put_back(&unpacked.path().join(MEDIA).join(below), &folder.join(MEDIA).join(below))?;
    }
    let aside = move_aside(&target)?;
    fs::rename(&database, &target).map_err(|error| Error::disk(&target, error))?;
    flush_folder(folder)?;
    // Its place is unknown to any replica: copying begins with a question.
    match fs::remove_dir_all(folder.join(FOLDER)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::disk(folder, error)),
        _ => {}
    }
    Ok(Restored { epoch: 0, transaction: 0, timestamp: 0, size, files: 1, media: files, aside })
}

fn write_archive(
    out: &mut dyn Write,
    pages: &Pages,
    files: &[SiteFile],
    progress: &dyn Progress,
) -> io::Result<Backup> {
    let mut backup = Backup { database: u64::from(pages.count()) * u64::from(pages.page_size()), ..Backup::default() };
    out.write_all(entry(FILE, backup.database)?.as_bytes())?;
    let written = pages.each(|_, page| {
        progress.advance(page.len() as u64);
        out.write_all(page).map_err(Written::Disk)
    });
    written.map_err(|error| match error {
        Written::Disk(error) => error,
        Written::Store(error) => io::Error::other(error),
    })?;
    pad(out, backup.database)?;
    for file in files {
        let from = match File::open(&file.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            from => from?,
        };
        out.write_all(entry(&format!("{MEDIA}/{}", file.name), file.size)?.as_bytes())?;
        let mut from = from.take(file.size);
        if io::copy(&mut Told { from: &mut from, progress }, out)? != file.size {
            return Err(io::Error::other(format!("{} became shorter while it was read", file.path.display())));
        }
        pad(out, file.size)?;
        backup.files += 1;
        backup.bytes += file.size;
    }
    // Two empty blocks end an archive.
    out.write_all(&[0; 1024])?;
    Ok(backup)
}

/// Why pages could not be written.
enum Written {
    Disk(io::Error),
    Store(crate::store::Error),
}

impl From<crate::store::Error> for Written {
    fn from(error: crate::store::Error) -> Self {
        Self::Store(error)
    }
}

/// The head of a file in an archive.
fn entry(name: &str, size: u64) -> io::Result<tar::Header> {
    let mut header = tar::Header::new_gnu();
    header.set_path(name)?;
    header.set_size(size);
    header.set_mode(0o644);
    header.set_mtime(now().micros().unsigned_abs() / 1_000_000);
    header.set_cksum();
    Ok(header)
}

/// Files in archives end at full blocks.
fn pad(out: &mut dyn Write, size: u64) -> io::Result<()> {
    let over = (size % 512) as usize;
    if over == 0 { Ok(()) } else { out.write_all(&[0; 512][over..]) }
}

/// Unpacks what a backup holds and nothing else. Returns how many files of the library there were.
fn unpack(from: impl Read, folder: &Path) -> io::Result<usize> {
    let mut files = 0;
    fs::create_dir_all(folder.join(MEDIA).join(SERVED))?;
    for entry in tar::Archive::new(from).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let name = path.to_string_lossy().into_owned();
        let is_media = name.strip_prefix("media/").is_some_and(is_name);
        if !entry.header().entry_type().is_file() || !(is_media || name == FILE) {
            return Err(io::Error::other(format!("it holds {name}, which no backup of a site does")));
        }
        files += usize::from(is_media);
        let mut to = File::create(folder.join(&name))?;
        let expected = entry.size();
        if io::copy(&mut entry, &mut to)? != expected {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        to.sync_all()?;
    }
    Ok(files)
}

/// Moves files to where the site looks for them; those that are there are the same.
fn put_back(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(|error| Error::disk(to, error))?;
    for file in fs::read_dir(from).map_err(|error| Error::disk(from, error))? {
        let file = file.map_err(|error| Error::disk(from, error))?;
        if file.path().is_file() {
            fs::rename(file.path(), to.join(file.file_name())).map_err(|error| Error::disk(to, error))?;
        }
    }
    flush_folder(to)
}
