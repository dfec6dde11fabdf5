//! How far long work is.

use std::io::{self, Read};

/// Who is told.
pub trait Progress: Sync {
    /// So many bytes will be worked through.
    fn begin(&self, total: u64);
    /// So many more were.
    fn advance(&self, bytes: u64);
    /// All is done.
    fn end(&self);
}

/// Nobody is told.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}

/// Reads, and tells how much.
pub(super) struct Told<'a, R> {
    /// What is read.
    pub(super) from: R,
    /// Who is told.
    pub(super) progress: &'a dyn Progress,
}

impl<R: Read> Read for Told<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(bytes)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}
