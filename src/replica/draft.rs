//! A file of a copy while it is made: in memory when it is small, else beside where it will lie.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::place::Content;

/// What fits into memory.
const SMALL: u64 = 8 << 20;

/// A file in the making.
pub(super) enum Draft {
    /// In memory.
    Memory(Vec<u8>),
    /// On disk; it goes when this is dropped.
    File(BufWriter<NamedTempFile>),
}

impl Draft {
    /// Begins a file that will have about `size` bytes.
    ///
    /// # Errors
    /// When no file can be made in `folder`.
    pub(super) fn new(size: u64, folder: &Path) -> io::Result<Self> {
        if size <= SMALL {
            return Ok(Self::Memory(Vec::new()));
        }
        tempfile::Builder::new().prefix(".tmp-").tempfile_in(folder).map(|file| Self::File(BufWriter::new(file)))
    }

    /// What it holds, once it was flushed.
    pub(super) fn content(&self) -> Content<'_> {
        match self {
            Self::Memory(bytes) => Content::Bytes(bytes),
            Self::File(file) => Content::File(file.get_ref().path()),
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Memory(memory) => memory.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::File(file) => file.flush(),
        }
    }
}
