//! An unfinished upload on disk: what it is (`.json`), its bytes (`.part`), how many of them are safe
//! (`.offset`), and at the end what became of it (`.done`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tempfile::NamedTempFile;

/// How long an upload that nobody goes on with is kept.
pub(in crate::intake) const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// The files of an upload, by their endings.
const ENDINGS: [&str; 4] = ["json", "part", "offset", "done"];

/// What is known of an upload from its beginning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::intake) struct Record {
    /// Whose it is.
    pub(in crate::intake) sender: String,
    /// How many bytes it will have.
    pub(in crate::intake) length: u64,
    /// The file's name.
    pub(in crate::intake) name: String,
    /// Its alternative text.
    pub(in crate::intake) alt: String,
}

/// An upload's files.
#[derive(Clone, Debug)]
pub(in crate::intake) struct Files {
    folder: PathBuf,
    id: String,
}

impl Files {
    /// Of this upload; `None` when the id is none of ours, so that no path can be made of it.
    pub(in crate::intake) fn of(folder: &Path, id: &str) -> Option<Self> {
        let fits = id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self { folder: folder.into(), id: id.into() })
    }

    /// The upload's id.
    pub(in crate::intake) fn id(&self) -> &str {
        &self.id
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.id))
    }

    /// Begins an upload. Its record is written last: without it there is no upload.
    pub(in crate::intake) fn begin(&self, record: &Record) -> io::Result<()> {
        File::create(self.path("part"))?.sync_all()?;
        self.note_offset(0)?;
        self.put("json", &serde_json::to_vec(record)?)
    }

    /// What the upload is; `None` when there is none.
    pub(in crate::intake) fn record(&self) -> io::Result<Option<Record>> {
        read_json(&self.path("json"))
    }

    /// How many bytes are safe.
    pub(in crate::intake) fn offset(&self) -> io::Result<u64> {
        let text = fs::read_to_string(self.path("offset"))?;
        text.trim().parse().map_err(|_| io::Error::from(ErrorKind::InvalidData))
    }

    /// Notes how many bytes are safe: they must be on disk.
    pub(in crate::intake) fn note_offset(&self, offset: u64) -> io::Result<()> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(self.path("offset"))?;
        // Of one length always and within one sector: it is there whole or not at all.
        file.write_all_at(format!("{offset:020}\n").as_bytes(), 0)?;
        file.sync_all()
    }

    /// Its bytes, to be written behind those that are safe. Whatever lies behind them is cut off.
    pub(in crate::intake) fn part(&self, offset: u64) -> io::Result<File> {
        let file = OpenOptions::new().read(true).write(true).open(self.path("part"))?;
        file.set_len(offset)?;
        Ok(file)
    }

    /// A copy of all bytes, for the library to keep: until it has done so, this one is not touched.
    pub(in crate::intake) fn copy(&self) -> io::Result<NamedTempFile> {
        let copy = NamedTempFile::new_in(&self.folder)?;
        fs::copy(self.path("part"), copy.path())?;
        Ok(copy)
    }

    /// What became of it, once it is in the library.
    pub(in crate::intake) fn done(&self) -> io::Result<Option<Value>> {
        read_json(&self.path("done"))
    }

    /// Notes what became of it, and lets its bytes go.
    pub(in crate::intake) fn finish(&self, facts: &Value) -> io::Result<()> {
        self.put("done", facts.to_string().as_bytes())?;
        fs::remove_file(self.path("part"))
    }

    /// Removes all of it, its record first.
    pub(in crate::intake) fn remove(&self) -> io::Result<()> {
        for ending in ENDINGS {
            match fs::remove_file(self.path(ending)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// When it is given up.
    pub(in crate::intake) fn expires(&self) -> io::Result<SystemTime> {
        Ok(touched(&self.path("offset"))? + KEPT)
    }

    fn put(&self, ending: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(self.path(ending))?;
        File::open(&self.folder)?.sync_all()
    }
}

/// The records of all uploads, with what is not theirs passed over.
pub(in crate::intake) fn all(folder: &Path) -> io::Result<Vec<(Files, Record)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let Some(files) = Files::of(folder, id).filter(|_| path.extension().is_some_and(|ending| ending == "json"))
        else {
            continue;
        };
        if let Ok(Some(record)) = files.record() {
            found.push((files, record));
        }
    }
    Ok(found)
}

/// Removes what nobody went on with, and what a process that was killed left behind; returns how many files.
pub(in crate::intake) fn sweep(folder: &Path, now: SystemTime) -> io::Result<usize> {
    let mut removed = 0;
    if !folder.exists() {
        return Ok(removed);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        // An upload lives as long as its offset moves.
        let lives = Files::of(folder, id).and_then(|files| files.expires().ok());
        let ends = match lives {
            Some(ends) => ends,
            None => touched(&path).map_or(now, |touched| touched + KEPT),
        };
        if ends < now && path.is_file() {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => removed += 1,
            }
        }
    }
    Ok(removed)
}

fn touched(path: &Path) -> io::Result<SystemTime> {
    fs::metadata(path)?.modified()
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
