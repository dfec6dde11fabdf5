//! Who does what only one process of a folder may do: keep to schedules, fetch what writes have asked for, tidy.
//!
//! It is whoever holds the lock on a file in the folder. Others serve all the same and take the role when it is free.
//! The file says who holds it, and how an upgrade goes, for `larder upgrade` to read.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// The file in a site's folder.
const FILE: &str = "serving.json";

/// The process that serves a folder and holds its role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// The process.
    pub pid: u32,
    /// The program's version.
    pub version: String,
    /// How many upgrades this process has tried.
    #[serde(default)]
    pub tries: u32,
    /// How the last of them goes.
    #[serde(default)]
    pub upgrade: Option<Upgrade>,
}

/// How an upgrade goes. One that has succeeded is not told: the role is another process's then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upgrade {
    /// The new program is not ready yet.
    UnderWay,
    /// The new program is ready and takes the role.
    Handed,
    /// It was not ready, for this reason; the old one goes on.
    Failed(String),
}

impl Serving {
    fn own() -> Self {
        Self { pid: std::process::id(), version: env!("CARGO_PKG_VERSION").into(), tries: 0, upgrade: None }
    }

    /// Who holds the role of a folder; `None` when nobody does.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn of(folder: &Path) -> io::Result<Option<Self>> {
        let mut file = match File::open(folder.join(FILE)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // Shared, so that two who look do not take each other for a server.
        if file.try_lock_shared().is_ok() {
            return Ok(None);
        }
        let text = io::read_to_string(&mut file)?;
        // Being written just now: whoever looks, looks again.
        Ok(serde_json::from_str(&text).ok())
    }
}

/// The role of one folder, held or not.
pub(super) struct Role {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    /// Held locked.
    file: Option<File>,
    /// It was given to a successor, and is not wanted back.
    given: bool,
    serving: Serving,
}

impl Role {
    /// Of a folder; not held yet.
    pub(super) fn of(folder: &Path) -> Self {
        let state = State { file: None, given: false, serving: Serving::own() };
        Self { path: folder.join(FILE), state: Mutex::new(state) }
    }

    /// Whether this process holds it; takes it when it is free.
    pub(super) fn is_ours(&self) -> bool {
        let mut state = self.state();
        if state.given {
            return false;
        }
        if state.file.as_ref().is_some_and(|file| is_at(file, &self.path)) {
            return true;
        }
        // Without the right or the room to make the file nobody can change anything here either.
        state.file = take(&self.path).ok();
        state.write();
        state.file.is_some()
    }

    /// Whether it was held at the last look.
    pub(super) fn was_ours(&self) -> bool {
        self.state().file.is_some()
    }

    /// Gives it away for good.
    pub(super) fn give_up(&self) {
        let mut state = self.state();
        state.given = true;
        if let Some(file) = state.file.take() {
            // A child that is being started may hold a copy of the descriptor: closing ours is not enough.
            let _ = file.unlock();
        }
    }

    /// Says how an upgrade goes.
    pub(super) fn tell(&self, upgrade: Upgrade) {
        let mut state = self.state();
        state.serving.tries += u32::from(upgrade == Upgrade::UnderWay);
        state.serving.upgrade = Some(upgrade);
        state.write();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Writes who holds the role. That the disk does not take it is no reason not to hold it.
    fn write(&mut self) {
        let Some(file) = &mut self.file else { return };
        let Ok(text) = serde_json::to_vec(&self.serving) else { return };
        let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(&text));
        if let Err(error) = written {
            tracing::warn!(%error, "it cannot be noted in the site's folder which process serves it");
        }
    }
}

/// The lock, if nobody holds it.
fn take(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().create(true).read(true).write(true).truncate(false).open(path)?;
    file.try_lock()?;
    if is_at(&file, path) { Ok(file) } else { Err(io::Error::from(io::ErrorKind::NotFound)) }
}

/// Whether the file that is open is the one that lies there: a lock on a file that was removed keeps nobody out.
fn is_at(file: &File, path: &Path) -> bool {
    let place = |about: std::fs::Metadata| (about.dev(), about.ino());
    match (file.metadata(), path.metadata()) {
        (Ok(open), Ok(there)) => place(open) == place(there),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, Serving};

    #[test]
    fn one_holds_it_and_hands_it_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let (old, new) = (Role::of(folder.path()), Role::of(folder.path()));
        assert!(Serving::of(folder.path()).expect("read").is_none());
        assert!(old.is_ours() && !new.is_ours() && old.is_ours());
        assert_eq!(Serving::of(folder.path()).expect("read"), Some(Serving::own()));
        old.give_up();
        assert!(new.is_ours() && !old.is_ours());
    }

    #[test]
    fn a_file_that_was_removed_is_no_role() {
        let folder = tempfile::tempdir().expect("a folder");
        let (old, new) = (Role::of(folder.path()), Role::of(folder.path()));
        assert!(old.is_ours());
        std::fs::remove_file(folder.path().join(super::FILE)).expect("removed");
        assert!(new.is_ours() && !old.is_ours());
    }
}
