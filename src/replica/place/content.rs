//! What is to be stored: bytes in memory, or a file that may be larger than that.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What is to be stored.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// What this file holds; nobody may change it meanwhile.
    File(&'a Path),
}

impl Content<'_> {
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        match self {
            Self::Bytes(bytes) => Ok(Box::new(*bytes)),
            Self::File(path) => Ok(Box::new(File::open(path)?)),
        }
    }
}

/// Whether what is read is the same to the last byte.
pub(super) fn same(content: &Content<'_>, there: &mut dyn Read) -> io::Result<bool> {
    const PIECE: usize = 64 << 10;
    let mut ours = content.open()?;
    let (mut left, mut right) = (vec![0; PIECE], vec![0; PIECE]);
    loop {
        let (left_length, right_length) = (fill(&mut ours, &mut left)?, fill(there, &mut right)?);
        if left[..left_length] != right[..right_length] {
            return Ok(false);
        }
        if left_length == 0 {
            return Ok(true);
        }
    }
}

fn fill(from: &mut dyn Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < piece.len() {
        match from.read(&mut piece[filled..])? {
            0 => break,
            length => filled += length,
        }
    }
    Ok(filled)
}
