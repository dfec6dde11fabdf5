//! Pictures and files: where the bytes of one lie, and what is known of them that serving needs.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quick_cache::unsync::Cache;

use super::{Delivery, Error};
use crate::content::key::Key;
use crate::store::{Change, MediaRow};

/// The folder of originals in a site's folder; each file's name is its hash.
pub const FOLDER: &str = "media";

/// The folder of copies without metadata, in the folder of originals.
const SERVED: &str = "served";

/// How many files are remembered.
const REMEMBERED: usize = 10_000;

/// A file to serve.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Its name in addresses.
    pub id: String,
    /// Where what is served lies.
    pub path: PathBuf,
    /// SHA-256 of what is served, in hex.
    pub hash: String,
    /// Where the original lies; the same, unless it held metadata.
    pub original: PathBuf,
    /// SHA-256 of the original, in hex: what `?v=` begins with.
    pub version: String,
    /// The name it was uploaded with.
    pub name: String,
    /// Media type, such as `image/jpeg`.
    pub kind: String,
    /// The point of a picture that crops keep in sight, in fractions from the left and the top.
    pub focal: Option<(f64, f64)>,
    /// Whether it is a picture that moves.
    pub moves: bool,
}

/// Files that were asked for, so that the next request needs no database.
pub(super) struct Files {
    /// How often something was forgotten: what was read before must not be remembered after.
    turn: AtomicU64,
    known: Mutex<Cache<String, Arc<File>>>,
}

impl Default for Files {
    fn default() -> Self {
        Self { turn: AtomicU64::default(), known: Mutex::new(Cache::new(REMEMBERED)) }
    }
}

impl Files {
    fn lock(&self) -> MutexGuard<'_, Cache<String, Arc<File>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what a change touches.
    pub(super) fn forget(&self, change: &Change) {
        let touched = |key: &Key| matches!(key, Key::Media(_) | Key::Model);
        if change.keys.iter().any(touched) {
            self.forget_all();
        }
    }

    /// Forgets everything.
    pub(super) fn forget_all(&self) {
        let mut known = self.lock();
        self.turn.fetch_add(1, Ordering::AcqRel);
        known.clear();
    }
}

impl Delivery {
    /// Where the site's pictures and files lie.
    pub fn media_folder(&self) -> PathBuf {
        self.folder.join(FOLDER)
    }

    /// Counts the changes of files, and of the sizes in which they may be asked for. What was found out of a file while
    /// it was lower may have become wrong. Never waits.
    pub fn files_turn(&self) -> u64 {
        self.files.turn.load(Ordering::Acquire)
    }

    /// The picture or file with this id, when it was asked for before. Never waits for the database.
    pub fn remembered_file(&self, id: &str) -> Option<Arc<File>> {
        self.files.lock().get(id).cloned()
    }

    /// The picture or file with this id; `None` when there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn file(&self, id: &str) -> Result<Option<Arc<File>>, Error> {
        let turn = self.files_turn();
        let Some(media) = self.store.read(|read| Ok::<_, Error>(read.media(id)?))? else { return Ok(None) };
        let Some(file) = self.located(media).map(Arc::new) else { return Ok(None) };
        let mut known = self.files.lock();
        if self.files_turn() == turn {
            known.insert(id.to_owned(), file.clone());
        }
        Ok(Some(file))
    }

    /// Hashes become parts of paths: whatever wrote the database, they must not lead elsewhere.
    fn located(&self, media: MediaRow) -> Option<File> {
        let is_hash = |hash: &str| !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hash(&media.hash) || !media.served.as_deref().is_none_or(is_hash) {
            return None;
        }
        let original = self.media_folder().join(&media.hash);
        let path = match &media.served {
            Some(served) => self.media_folder().join(SERVED).join(served),
            None => original.clone(),
        };
        Some(File {
            path,
            hash: media.served_hash().to_owned(),
            original,
            focal: media.focal.map(|focal| (focal.x, focal.y)),
            moves: media.frames > 1,
            id: media.id,
            version: media.hash,
            name: media.filename,
            kind: media.kind,
        })
    }
}
