//! What the replicator keeps in the site's folder, under `replica/`: files that are not at their place yet, and
//! always the newest one, which says where copying goes on.

use std::fs;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use super::draft::Draft;
use super::error::Error;
use super::ltx::{Decoder, Encoder, Header, WalSpan};
use super::place::{Address, Level, Part, Place, Span, Stored};
use crate::content::moment::Moment;

/// The folder in a site's folder.
pub const FOLDER: &str = "replica";

/// The replicator's folder, laid out like a place.
pub(super) struct Local {
    root: PathBuf,
    files: Place,
}

impl Local {
    /// Opens it, and removes what was being written when an earlier process ended.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        let root = folder.join(FOLDER);
        let root = std::path::absolute(&root).map_err(|error| Error::disk(&root, error))?;
        Ok(Self { files: Place::open(&Address::Folder(root.clone()))?, root })
    }

    /// Where it is.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The files in it, oldest first.
    pub(super) fn list(&self) -> Result<Vec<Part>, Error> {
        Ok(self.files.list(Level::RAW)?)
    }

    /// What the newest file says of itself; `None` for a damaged one.
    pub(super) fn newest(&self) -> Result<Option<(Span, Option<Header>)>, Error> {
        let Some(part) = self.list()?.pop() else { return Ok(None) };
        Ok(Some((part.span, self.header(part.span)?)))
    }

    fn header(&self, span: Span) -> Result<Option<Header>, Error> {
        let read = self.files.get(Level::RAW, span)?;
        let header = Decoder::new(BufReader::new(read)).ok().map(|decoder| *decoder.header());
        Ok(header.filter(|header| header.span == span))
    }

    /// Whether a file only says where copying goes on.
    pub(super) fn is_marker(&self, span: Span) -> Result<bool, Error> {
        Ok(self.header(span)?.is_some_and(|header| is_marker(&header)))
    }

    /// The state that the database was restored to or taken over at, if no file of our own follows it; 0 when
    /// there is nothing at all.
    pub(super) fn begins_at(&self) -> Result<Option<u64>, Error> {
        Ok(match self.newest()? {
            None => Some(0),
            Some((span, header)) => header.filter(is_marker).map(|_| span.last),
        })
    }

    /// Puts a file there, flushed.
    pub(super) fn put(&self, header: &Header, draft: &Draft) -> Result<Stored, Error> {
        Ok(self.files.put_new(Level::RAW, header.span, &draft.content(), time_of(header))?)
    }

    /// Where a file lies.
    pub(super) fn path(&self, span: Span) -> PathBuf {
        self.root.join(format!("ltx/0/{span}"))
    }

    /// Removes a file that is at its place.
    pub(super) fn remove(&self, span: Span) -> Result<(), Error> {
        Ok(self.files.delete(Level::RAW, span)?)
    }
}

/// When a file's state was sealed.
pub(super) fn time_of(header: &Header) -> Moment {
    Moment::from_micros(header.timestamp.saturating_mul(1_000))
}

/// Whether a file only says where copying goes on: no state was ever sealed at that time.
fn is_marker(header: &Header) -> bool {
    header.timestamp == 0
}

/// Notes that the database in a site's folder is what the replica had as `transaction`: copying goes on from
/// there.
pub(super) fn continue_from(folder: &Path, transaction: u64) -> Result<(), Error> {
    let root = folder.join(FOLDER);
    match fs::remove_dir_all(root.join("ltx")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::disk(&root, error)),
        _ => {}
    }
    let header = Header {
        page_size: 4096,
        commit: 1,
        span: Span::one(transaction),
        timestamp: 0,
        wal: WalSpan::default(),
        node: 0,
        has_checksum: false,
    };
    let local = Local::open(folder)?;
    let disk = |error| Error::disk(local.root(), error);
    // A file without pages: it is never copied, because its place has this transaction.
    let encoder = Encoder::new(Draft::new(0, local.root()).map_err(disk)?, header);
    let written = encoder.and_then(Encoder::finish).map_err(|error| Error::file("the position", error))?;
    local.put(&header, &written.out).map(|_| ())
}
