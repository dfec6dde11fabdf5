//! Pictures and files of a site: copied beside its database, each one once. They are named by their content, so that
//! what lies at a place under a name is what the name says, or damaged.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use super::error::Error;
use super::files::MEDIA;
use super::local::FOLDER;
use super::place::{Content, Place, Stored};
use super::progress::Progress;
use super::restore::flush_folder;
use crate::content::key::Key;
use crate::store::{Store, media_files_in};

/// Copies without metadata, below that.
const SERVED: &str = "served";
/// How often what stands in the folder is compared with what is known to be at the place.
const LOOK: Duration = Duration::from_secs(1);

/// What became of a site's files.
#[derive(Default)]
pub(super) struct MediaRestored {
    /// How many came from the place.
    pub(super) files: usize,
    /// Those that are not at the place, or damaged there.
    pub(super) missing: Vec<String>,
}

/// Brings the files that a database names, which nobody has open, into a site's folder. Those that are there already
/// stay.
///
/// # Errors
/// When the place or the disk fails; files that are not there are told in what is returned.
pub(super) fn restore_media(
    root: &Place,
    folder: &Path,
    database: &Path,
    progress: &dyn Progress,
) -> Result<MediaRestored, Error> {
    let wanted = media_files_in(database)?;
    let sizes: HashMap<String, u64> =
        root.objects(MEDIA)?.into_iter().map(|listed| (listed.key, listed.size)).collect();
    let missing_here: Vec<String> = keys(wanted).into_iter().filter(|key| !folder.join(key).exists()).collect();
    progress.begin(missing_here.iter().filter_map(|key| sizes.get(key)).sum());
    let mut restored = MediaRestored::default();
    for key in missing_here {
        match fetch(root, folder, &key)? {
            Some(bytes) => {
                progress.advance(bytes);
                restored.files += 1;
            }
            None => restored.missing.push(key),
        }
    }
    progress.end();
    Ok(restored)
}

/// Copies a site's files to a place.
pub(super) struct Sending {
    root: Place,
    folder: PathBuf,
    /// What is at the place; `None` until it was listed.
    there: Option<BTreeSet<String>>,
    /// What is at the place and no longer here, and since when that is known.
    gone: HashMap<String, Instant>,
    retention: Duration,
    looked: Option<Instant>,
}

impl Sending {
    /// Files that are deleted here stay at the place for `retention`: for that long it can be restored to a moment
    /// when they were there.
    pub(super) fn new(root: Place, folder: &Path, retention: Duration) -> Self {
        Self { root, folder: folder.into(), there: None, gone: HashMap::new(), retention, looked: None }
    }

    /// Copies what is new, and removes what has been gone for long enough.
    pub(super) fn turn(&mut self) -> Result<(), Error> {
        if self.looked.is_some_and(|looked| looked.elapsed() < LOOK) {
            return Ok(());
        }
        self.looked = Some(Instant::now());
        let there = match &mut self.there {
            Some(there) => there,
            None => {
                let listed = self.root.objects(MEDIA)?.into_iter().map(|listed| listed.key);
                self.there.insert(listed.filter(|key| is_file_of_library(key)).collect())
            }
        };
        let here = here(&self.folder)?;
        for key in here.difference(&there.clone()) {
            if send(&self.root, &self.folder, key)? {
                there.insert(key.clone());
            }
        }
        self.gone.retain(|key, _| !here.contains(key));
        for key in there.difference(&here) {
            self.gone.entry(key.clone()).or_insert_with(Instant::now);
        }
        let due = |(key, since): (&String, &Instant)| (since.elapsed() >= self.retention).then(|| key.clone());
        for key in self.gone.iter().filter_map(due).collect::<Vec<_>>() {
            self.root.remove(&key)?;
            there.remove(&key);
            self.gone.remove(&key);
        }
        Ok(())
    }
}

/// Fetches the files that a standby's database names.
pub(super) struct Receiving {
    root: Place,
    folder: PathBuf,
    /// The newest change that was looked at.
    seen: i64,
    /// What is not here yet.
    waiting: BTreeSet<String>,
}

impl Receiving {
    pub(super) fn new(root: Place, folder: &Path) -> Self {
        Self { root, folder: folder.into(), seen: 0, waiting: BTreeSet::new() }
    }

    /// Fetches what is new. What is not at the place yet is tried again at the next turn.
    pub(super) fn turn(&mut self, store: &Store) -> Result<(), Error> {
        let first = self.seen == 0;
        let (newest, concerns_media) = store.read(|read| {
            let changes = read.changes_after(self.seen)?;
            let concerns = |key: &Key| matches!(key, Key::Media(_) | Key::Model);
            let concerned = changes.iter().any(|change| change.keys.iter().any(concerns));
            Ok::<_, crate::store::Error>((read.newest_change()?, concerned))
        })?;
        if first || concerns_media {
            let wanted = store.read(|read| read.media_files())?;
            self.waiting = keys(wanted).into_iter().filter(|key| !self.folder.join(key).exists()).collect();
        }
        // One that has none begins with nothing each time.
        self.seen = newest.max(1);
        for key in self.waiting.clone() {
            if fetch(&self.root, &self.folder, &key)?.is_some() {
                self.waiting.remove(&key);
            }
        }
        Ok(())
    }
}

/// Copies one file; false when it is not what its name says, which is told.
fn send(root: &Place, folder: &Path, key: &str) -> Result<bool, Error> {
    let path = folder.join(key);
    let disk = |error| Error::disk(&path, error);
    let file = match File::open(&path) {
        // Deleted since it was listed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        file => file.map_err(disk)?,
    };
    if digest(file, &mut io::sink()).map_err(disk)?.0 != name_of(key) {
        tracing::error!(file = %path.display(), "this file is damaged: it is not what its name says, and is not copied");
        return Ok(false);
    }
    if root.create(key, &Content::File(&path))? == Stored::Other {
        tracing::error!(key, "the file at the place is damaged; it is copied again");
        root.remove(key)?;
        root.create(key, &Content::File(&path))?;
    }
    Ok(true)
}

/// Fetches one file; its length, or `None` when it is not there or damaged.
fn fetch(root: &Place, folder: &Path, key: &str) -> Result<Option<u64>, Error> {
    let from = match root.read(key) {
        Err(error) if error.is_missing() => return Ok(None),
        from => from?,
    };
    let path = folder.join(key);
    let disk = |error| Error::disk(&path, error);
    let (into, beside) = (path.parent().unwrap_or(folder), folder.join(FOLDER));
    fs::create_dir_all(into).and_then(|()| fs::create_dir_all(&beside)).map_err(disk)?;
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    let mut file =
        tempfile::Builder::new().prefix(".tmp-").permissions(permissions).tempfile_in(&beside).map_err(disk)?;
    // What is not locked is taken for what a process that was killed has left, and removed.
    let _ = file.as_file().try_lock();
    let (found, length) = digest(from, &mut file).map_err(disk)?;
    if found != name_of(key) {
        tracing::error!(key, "the file at the place is damaged: it is not what its name says");
        return Ok(None);
    }
    file.as_file().sync_all().map_err(disk)?;
    file.persist(&path).map_err(|error| disk(error.error))?;
    flush_folder(into)?;
    Ok(Some(length))
}

/// SHA-256 in hex of all that is read, and its length; it is written on as it is.
fn digest(mut from: impl Read, to: &mut dyn io::Write) -> io::Result<(String, u64)> {
    let (mut digest, mut length, mut piece) = (Sha256::new(), 0, vec![0; 256 << 10]);
    loop {
        match from.read(&mut piece)? {
            0 => break,
            read => {
                digest.update(&piece[..read]);
                to.write_all(&piece[..read])?;
                length += read as u64;
            }
        }
    }
    Ok((digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), length))
}

fn keys(files: Vec<(String, Option<String>)>) -> BTreeSet<String> {
    let original = |hash: &String| format!("{MEDIA}/{hash}");
    let served = |hash: &String| format!("{MEDIA}/{SERVED}/{hash}");
    let all = files.iter().flat_map(|(hash, copy)| [Some(original(hash)), copy.as_ref().map(served)]);
    // Names become parts of paths: whatever wrote the database, they must not lead elsewhere.
    all.flatten().filter(|key| is_file_of_library(key)).collect()
}

/// The files in a site's folder.
fn here(folder: &Path) -> Result<BTreeSet<String>, Error> {
    let mut found = BTreeSet::new();
    for below in [MEDIA.to_owned(), format!("{MEDIA}/{SERVED}")] {
        let path = folder.join(&below);
        let entries = match fs::read_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(|error| Error::disk(&path, error))?,
        };
        for entry in entries {
            let entry = entry.map_err(|error| Error::disk(&path, error))?;
            found.insert(format!("{below}/{}", entry.file_name().to_string_lossy()));
        }
    }
    found.retain(|key| is_file_of_library(key));
    Ok(found)
}

fn is_file_of_library(key: &str) -> bool {
    let below = key.strip_prefix("media/").map(|below| below.strip_prefix("served/").unwrap_or(below));
    below.is_some_and(|name| name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn name_of(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or_default()
}
