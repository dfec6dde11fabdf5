//! Pictures that were made, kept so that they are made once: on disk, and the small ones in memory too.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tempfile::NamedTempFile;

use super::hash;
use super::render::Rendered;
use super::task::{Format, Tasks};

/// Where they lie in the folder of originals. It can be deleted at any time.
pub const FOLDER: &str = "renditions";

/// How the same address was made by programs from before a change to what is made.
const EDITION: u32 = 1;
/// The largest that is kept in memory, in bytes.
const SMALL: usize = 512 << 10;
/// Bytes of all that are kept in memory.
const IN_MEMORY: u64 = 24 << 20;
/// Bytes on disk, when nothing else was said.
pub const ON_DISK: u64 = 1 << 30;
/// How old a note of the last use may be. The file's time is that note; it need not be exact.
const NOTED: Duration = Duration::from_secs(3_600);

/// The name of what is made of one original by one address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name(String);

impl Name {
    /// Of the original with this hash. Everything that changes a pixel is part of it.
    pub fn of(original: &str, tasks: &Tasks, focal: Option<(f64, f64)>, format: Format) -> Self {
        let what = format!("{EDITION} {original} {focal:?} {format:?} {tasks}");
        Self(format!("{}.{}", hash::of(what.as_bytes()), ending(format)))
    }

    /// As it stands in an `ETag`.
    pub fn tag(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }
}

fn ending(format: Format) -> &'static str {
    match format {
        Format::Jpeg => "jpg",
        Format::ProgressiveJpeg => "pjpg",
        Format::Png => "png",
        Format::Webp => "webp",
        Format::Avif => "avif",
    }
}

/// A kept picture.
#[derive(Clone, Debug)]
pub enum Kept {
    /// In memory.
    Bytes(Bytes),
    /// On disk.
    File(Arc<File>, u64),
}

/// What is kept of one site.
pub struct Renditions {
    folder: PathBuf,
    most: u64,
    small: Cache<Name, Bytes, Weight>,
    on_disk: Mutex<OnDisk>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Name, Bytes> for Weight {
    fn weight(&self, name: &Name, bytes: &Bytes) -> u64 {
        (name.0.len() + bytes.len() + 128) as u64
    }
}

#[derive(Default)]
struct OnDisk {
    files: HashMap<Name, Noted>,
    bytes: u64,
}

struct Noted {
    bytes: u64,
    used: SystemTime,
}

impl Renditions {
    /// Those in a folder, which is made when something is kept; at most `most` bytes of them stay there.
    pub fn open(folder: PathBuf, most: u64) -> Self {
        let mut on_disk = OnDisk::default();
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            let Ok(facts) = entry.metadata() else { continue };
            if !is_name(&name) {
                // What was being written when a process ended; what another one is writing is locked.
                if File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
                    let _ = fs::remove_file(entry.path());
                }
                continue;
            }
            on_disk.add(Name(name), facts.len(), facts.modified().unwrap_or(SystemTime::UNIX_EPOCH));
        }
        let small = Cache::with_weighter(256, IN_MEMORY, Weight);
        Self { folder, most, small, on_disk: Mutex::new(on_disk) }
    }

    /// A small one that is in memory. Never waits.
    pub fn at_hand(&self, name: &Name) -> Option<Bytes> {
        self.small.get(name)
    }

    /// One that is kept; `None` when it has to be made. Reads the disk.
    pub fn find(&self, name: &Name) -> Option<Kept> {
        if let Some(bytes) = self.at_hand(name) {
            return Some(Kept::Bytes(bytes));
        }
        let stale = self.lock().touch(name, SystemTime::now())?;
        let path = self.folder.join(&name.0);
        let Ok((length, file)) = File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file))) else {
            self.lock().remove(name);
            return None;
        };
        if stale {
            // Without the right to write the order after the next start is less good, nothing else.
            let _ = file.set_modified(SystemTime::now());
        }
        if length > SMALL as u64 {
            return Some(Kept::File(Arc::new(file), length));
        }
        let bytes = Bytes::from(fs::read(&path).ok()?);
        self.small.insert(name.clone(), bytes.clone());
        Some(Kept::Bytes(bytes))
    }

    /// Keeps one that was made. When the disk does not take it, it is only answered: it can be made again.
    pub fn keep(&self, name: &Name, made: Rendered) -> Bytes {
        let bytes = Bytes::from(made.bytes);
        match self.write(name, &bytes) {
            Ok(()) => self.make_room(name, bytes.len() as u64),
            Err(error) => tracing::warn!(%error, "a picture that was made cannot be kept on disk"),
        }
        if bytes.len() <= SMALL {
            self.small.insert(name.clone(), bytes.clone());
        }
        bytes
    }

    fn write(&self, name: &Name, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.as_file().lock()?;
        file.write_all(bytes)?;
        // After a power cut the name must not stand for an empty file.
        file.as_file().sync_data()?;
        file.persist(self.folder.join(&name.0))?;
        Ok(())
    }

    /// Counts one in, and removes those that were not used for longest until all fit.
    fn make_room(&self, name: &Name, bytes: u64) {
        let gone = {
            let mut on_disk = self.lock();
            on_disk.add(name.clone(), bytes, SystemTime::now());
            on_disk.beyond(self.most)
        };
        for name in gone {
            self.small.remove(&name);
            let _ = fs::remove_file(self.folder.join(&name.0));
        }
    }

    fn lock(&self) -> MutexGuard<'_, OnDisk> {
        self.on_disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OnDisk {
    fn add(&mut self, name: Name, bytes: u64, used: SystemTime) {
        self.remove(&name);
        self.bytes += bytes;
        self.files.insert(name, Noted { bytes, used });
    }

    fn remove(&mut self, name: &Name) {
        if let Some(noted) = self.files.remove(name) {
            self.bytes -= noted.bytes;
        }
    }

    /// Notes a use; whether the file's own note is too old. `None` when it is not kept.
    fn touch(&mut self, name: &Name, now: SystemTime) -> Option<bool> {
        let noted = self.files.get_mut(name)?;
        let stale = now.duration_since(noted.used).is_ok_and(|age| age > NOTED);
        if stale || now > noted.used {
            noted.used = now;
        }
        Some(stale)
    }

    /// Takes out what has to go so that a tenth of the room is free again.
    fn beyond(&mut self, most: u64) -> Vec<Name> {
        if self.bytes <= most {
            return Vec::new();
        }
        let mut by_age: Vec<(SystemTime, Name)> =
            self.files.iter().map(|(name, noted)| (noted.used, name.clone())).collect();
        by_age.sort_by_key(|(used, _)| *used);
        let enough = most - most / 10;
        let mut gone = Vec::new();
        for (_, name) in by_age {
            if self.bytes <= enough {
                break;
            }
            self.remove(&name);
            gone.push(name);
        }
        gone
    }
}

/// Whether a file was named here.
fn is_name(text: &str) -> bool {
    text.split_once('.').is_some_and(|(hash, ending)| {
        hash.len() == 64
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            && ["jpg", "pjpg", "png", "webp", "avif"].contains(&ending)
    })
}

/// Where the renditions of a folder of originals lie.
pub fn folder_in(originals: &Path) -> PathBuf {
    originals.join(FOLDER)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Kept, Name, Renditions};
    use crate::media::render::Rendered;
    use crate::media::task::{Format, Tasks};

    fn name(width: u32) -> Name {
        let tasks = Tasks::read([format!("resize=width:{width}").as_str()]).unwrap();
        Name::of("0a", &tasks, None, Format::Png)
    }

    fn made(bytes: usize) -> Rendered {
        Rendered { bytes: vec![7; bytes], format: Format::Png }
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let renditions = Renditions::open(folder.path().join("r"), 1_000);
        for width in 1..=3 {
            renditions.keep(&name(width), made(300));
            let past = SystemTime::now() - Duration::from_secs(100 - u64::from(width));
            renditions.lock().files.get_mut(&name(width)).unwrap().used = past;
        }
        renditions.lock().touch(&name(1), SystemTime::now());
        renditions.keep(&name(4), made(300));
        let kept =
            |renditions: &Renditions| (1..=4).map(|width| renditions.find(&name(width)).is_some()).collect::<Vec<_>>();
        assert_eq!(kept(&renditions), [true, false, true, true]);
        assert_eq!(std::fs::read_dir(folder.path().join("r")).unwrap().count(), 3);
        let after_start = Renditions::open(folder.path().join("r"), 1_000);
        assert_eq!(kept(&after_start), [true, false, true, true]);
    }

    #[test]
    fn what_another_process_is_writing_stays() {
        let folder = tempfile::tempdir().unwrap();
        let writing = std::fs::File::create(folder.path().join(".tmpX")).unwrap();
        writing.lock().unwrap();
        Renditions::open(folder.path().to_owned(), 10 << 20);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_half_written_or_deleted_is_not_found() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".tmpX"), "half").unwrap();
        let renditions = Renditions::open(folder.path().to_owned(), 10 << 20);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        renditions.keep(&name(9), made(super::SMALL + 1));
        assert!(matches!(renditions.find(&name(9)), Some(Kept::File(_, length)) if length > super::SMALL as u64));
        std::fs::remove_dir_all(folder.path()).unwrap();
        assert!(renditions.find(&name(9)).is_none());
        renditions.keep(&name(9), made(5));
        assert!(matches!(renditions.find(&name(9)), Some(Kept::Bytes(bytes)) if bytes.len() == 5));
    }
}
