//! The two files of a certificate, and whether they are others than before.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::pair::{Pair, Wrong};

/// What tells one state of a file from another without reading it: device, inode, size, and when it was written.
type Mark = (u64, u64, u64, i64, i64);

/// A certificate's file and its key's, which may be one.
#[derive(Debug)]
pub(super) struct Files {
    certificate: PathBuf,
    key: PathBuf,
    seen: Mutex<Seen>,
}

/// What was found at the last look.
#[derive(Debug, Default)]
struct Seen {
    marks: [Option<Mark>; 2],
    /// What was wrong with it.
    wrong: Option<String>,
}

impl Files {
    pub(super) fn new(certificate: PathBuf, key: PathBuf) -> Self {
        Self { certificate, key, seen: Mutex::default() }
    }

    /// What they are called, for the log.
    pub(super) fn names(&self) -> (String, String) {
        (self.certificate.display().to_string(), self.key.display().to_string())
    }

    /// What is in them now.
    ///
    /// # Errors
    /// When that is no pair.
    pub(super) fn first(&self) -> Result<Pair, Wrong> {
        let mut seen = self.seen();
        seen.marks = self.marks();
        Pair::read(&self.certificate, &self.key).inspect_err(|wrong| seen.wrong = Some(wrong.to_string()))
    }

    /// What is in them, when they have changed since it was last asked. What is wrong is told once; until it is right,
    /// they are read at each look, because a file may be written twice within one tick of the file system's clock.
    pub(super) fn changed(&self) -> Option<Result<Pair, Wrong>> {
        let mut seen = self.seen();
        // Before they are read: what is written meanwhile is another change.
        let marks = self.marks();
        if marks == seen.marks && seen.wrong.is_none() {
            return None;
        }
        seen.marks = marks;
        match Pair::read(&self.certificate, &self.key) {
            Ok(pair) => {
                seen.wrong = None;
                Some(Ok(pair))
            }
            Err(wrong) => {
                let said = wrong.to_string();
                let told = seen.wrong.as_ref() == Some(&said);
                seen.wrong = Some(said);
                (!told).then_some(Err(wrong))
            }
        }
    }

    fn marks(&self) -> [Option<Mark>; 2] {
        [&self.certificate, &self.key].map(|path| {
            let about = fs::metadata(path).ok()?;
            Some((about.dev(), about.ino(), about.size(), about.mtime(), about.mtime_nsec()))
        })
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wrong {
    /// Whether there is simply no such file.
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Unreadable(_, error) if error.kind() == ErrorKind::NotFound)
    }
}
