//! The database file as the system sees it: whether what is open is still what lies there.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use super::error::Error;
use super::opened::{Alone, read_alone};

/// What every SQLite database begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// How long a database's header is.
const HEADER: usize = 100;

/// A file's length, and when it was written to last: seconds and nanoseconds.
pub(super) type Written = (u64, i64, i64);

/// A file, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// What lies at a path.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        std::fs::metadata(path).map(|metadata| Self::of(&metadata))
    }

    fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }
}

/// What can be seen of a database file without the log beside it. It stays the same from one checkpoint to
/// the next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Face {
    length: u64,
    header: [u8; HEADER],
    /// What it says by itself; `None` when it cannot be read so.
    alone: Option<Alone>,
}

impl Face {
    /// As it will be once what is in the log is in the file too, when that has had fewer transactions.
    pub(super) fn at_most(mut self, transactions: i64) -> Self {
        if let Some(alone) = &mut self.alone {
            alone.transactions = alone.transactions.min(transactions);
        }
        self
    }

    /// Whether the file does not say what database it is: while it is written, or before it ever was.
    pub(super) fn is_mute(&self) -> bool {
        self.alone.is_none()
    }
}

/// How long a file should be at least, as its header says.
fn promised(header: &[u8; HEADER]) -> u64 {
    let page_size = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let pages = [28, 29, 30, 31].map(|place| header[place]);
    page_size * u64::from(u32::from_be_bytes(pages))
}

/// A database file, held open beside SQLite.
///
/// Closing any descriptor of a file drops the locks that the process has on it, SQLite's included. So this
/// must live as long as any connection to the same file.
pub(super) struct DatabaseFile {
    path: PathBuf,
    identity: Identity,
    handle: File,
}

impl DatabaseFile {
    /// What lies at a path now.
    ///
    /// # Errors
    /// `Gone` when there is nothing, or nothing that may be read.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let open = || {
            let handle = File::open(path)?;
            Ok((Identity::of(&handle.metadata()?), handle))
        };
        let (identity, handle) = open().map_err(|error: io::Error| Error::gone(path, error))?;
        Ok(Self { path: path.into(), identity, handle })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn identity(&self) -> Identity {
        self.identity
    }

    /// Whether it still lies where it was opened. A microsecond.
    ///
    /// # Errors
    /// `Gone` or `Replaced`.
    pub(super) fn in_place(&self) -> Result<(), Error> {
        let there = Identity::at(&self.path).map_err(|error| Error::gone(&self.path, error))?;
        if there == self.identity { Ok(()) } else { Err(Error::Replaced(self.path.clone())) }
    }

    /// Whether it was deleted, not moved, and nothing lies where it was.
    pub(super) fn is_deleted(&self) -> bool {
        let has_no_name = self.handle.metadata().is_ok_and(|metadata| metadata.nlink() == 0);
        has_no_name && !self.path.exists()
    }

    /// How it looks; `None` when that cannot be read, or is no database. Opens it once more.
    pub(super) fn face(&self) -> Option<Face> {
        let mut header = [0; HEADER];
        self.handle.read_exact_at(&mut header, 0).ok()?;
        let length = self.handle.metadata().ok()?.len();
        header.starts_with(MAGIC).then(|| Face { length, header, alone: read_alone(&self.path) })
    }

    /// Whether it still looks like the database that was opened.
    ///
    /// # Errors
    /// `Damaged` when it was overwritten or cut off. A disk that cannot be read says nothing about it.
    pub(super) fn whole(&self, before: Option<Face>) -> Result<(), Error> {
        let mut header = [0; HEADER];
        let read = self.handle.read_exact_at(&mut header, 0);
        let length = self.handle.metadata().map_or(0, |metadata| metadata.len());
        match read {
            Ok(()) if !header.starts_with(MAGIC) => Err(self.damaged("it was overwritten")),
            Ok(()) => {
                let shrunk = before.is_some_and(|before| length < before.length);
                // While SQLite grows a file, the header is ahead of the length.
                if shrunk && length < promised(&header) { Err(self.damaged("it was cut off")) } else { Ok(()) }
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(self.damaged("it was cut off")),
            Err(_) => Ok(()),
        }
    }

    /// Whether it is the database of this identity, and no earlier state of it than it was before, if it looks
    /// like this now.
    ///
    /// # Errors
    /// `Damaged` when it was overwritten with another database, or with an older copy.
    pub(super) fn is_of(&self, identity: i64, before: Option<Face>, now: Face) -> Result<(), Error> {
        let Some(alone) = now.alone else { return Ok(()) };
        let seen = before.and_then(|face| face.alone).map_or(0, |alone| alone.transactions);
        if alone.identity.is_some_and(|other| other != identity) {
            Err(self.damaged("another database was copied over it"))
        } else if alone.transactions < seen {
            Err(self.damaged("an older copy of it was copied over it"))
        } else {
            Ok(())
        }
    }

    fn damaged(&self, what: &str) -> Error {
        Error::Damaged { path: self.path.clone(), error: what.into() }
    }

    /// Its length and when it was last written to, to see whether somebody is still writing it.
    pub(super) fn written(&self) -> Option<Written> {
        let metadata = self.handle.metadata().ok()?;
        Some((metadata.len(), metadata.mtime(), metadata.mtime_nsec()))
    }
}

/// The write-ahead log beside a database.
pub(super) fn log_of(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

/// A file beside the database whose name begins like its own.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
