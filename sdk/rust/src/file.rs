//! Copies in files: they outlive the process, and processes share them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use crate::store::{Later, Store, StoreError};

/// The oldest files are looked for at every so many writes.
const TIDY_EVERY: u64 = 100;

/// Keeps copies in a folder.
#[derive(Clone, Debug)]
pub struct FileStore(Arc<Files>);

#[derive(Debug)]
struct Files {
    folder: PathBuf,
    most: usize,
    writes: AtomicU64,
}

impl FileStore {
    /// In this folder, which is made when it is needed; 5,000 copies at most.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Files { folder: folder.into(), most: 5000, writes: AtomicU64::new(0) }))
    }

    fn later<T: Send + 'static>(&self, work: impl FnOnce(&Files) -> Result<T, StoreError> + Send + 'static) -> Later<'_, T> {
        let files = self.0.clone();
        Box::pin(async move { tokio::task::spawn_blocking(move || work(&files)).await? })
    }
}

impl Store for FileStore {
    fn get<'a>(&'a self, key: &'a str) -> Later<'a, Option<String>> {
        let key = key.to_owned();
        self.later(move |files| files.get(&key))
    }

    fn set<'a>(&'a self, key: &'a str, text: String, _max_age: Duration) -> Later<'a, ()> {
        let key = key.to_owned();
        self.later(move |files| files.set(&key, &text))
    }

    fn delete<'a>(&'a self, key: &'a str) -> Later<'a, ()> {
        let key = key.to_owned();
        self.later(move |files| match fs::remove_file(files.file(&key)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        })
    }
}

impl Files {
    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        let held = match fs::read(self.file(key)) {
            Ok(held) => held,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let whole = String::from_utf8(held).ok();
        let text = whole.as_deref().and_then(|held| held.split_once('\n')).filter(|(written, text)| *written == sha(text));
        Ok(text.map(|(_, text)| text.to_owned()))
    }

    fn set(&self, key: &str, text: &str) -> Result<(), StoreError> {
        fs::create_dir_all(&self.folder)?;
        let file = self.file(key);
        // Renamed when whole, so that nobody reads half of it and a full disk leaves what was there.
        let draft = self.folder.join(format!("{:016x}{:016x}.tmp", fastrand::u64(..), fastrand::u64(..)));
        let written = fs::write(&draft, sha(text) + "\n" + text).and_then(|()| fs::rename(&draft, file));
        if let Err(error) = written {
            let _ = fs::remove_file(&draft);
            return Err(error.into());
        }
        if (self.writes.fetch_add(1, Ordering::Relaxed) + 1) % TIDY_EVERY == 0 {
            self.tidy();
        }
        Ok(())
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(sha(key) + ".json")
    }

    /// Removes the oldest files, and drafts of processes that ended while writing. Another process may do so too.
    fn tidy(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort_by_cached_key(|file| std::cmp::Reverse(time(file)));
        for file in files.iter().skip(self.most) {
            let _ = fs::remove_file(file);
        }
    }
}

fn time(file: &Path) -> SystemTime {
    fs::metadata(file).and_then(|facts| facts.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

fn sha(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
