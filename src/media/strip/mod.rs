//! Copies of pictures without what their makers did not mean to publish: place, camera, names, thumbnails, and
//! whatever stands behind the picture's end. Nothing is decoded, so nothing is lost of the picture; its colour profile
//! and the way it is turned stay. Drawings are copied without what could do harm.

mod avif;
mod drawing;
mod gif;
mod jpeg;
mod orientation;
mod png;
mod webp;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use super::kind::Kind;

/// How much is read at a time.
const BUFFER: usize = 64 << 10;

/// Writes a clean copy of a picture to `copy`. False when there is nothing to be taken away, or nothing is known of
/// files of this type: then what was written is not needed.
///
/// # Errors
/// `InvalidData` or `UnexpectedEof` when the picture is damaged; the files' own.
pub fn clean(original: &Path, kind: Kind, copy: &mut File) -> io::Result<bool> {
    let length = original.metadata()?.len();
    let mut from = BufReader::with_capacity(BUFFER, File::open(original)?);
    let mut to = Counted { to: BufWriter::with_capacity(BUFFER, copy), written: 0 };
    let changed = match kind.as_str() {
        "image/jpeg" => jpeg::clean(&mut from, &mut to)?,
        "image/png" => png::clean(&mut from, &mut to)?,
        "image/webp" => webp::clean(original, &mut from, &mut to)?,
        "image/gif" => gif::clean(&mut from, &mut to)?,
        "image/avif" => avif::clean(original, &mut from, &mut to)?,
        "image/svg+xml" => drawing::clean(&mut from, &mut to)?,
        _ => return Ok(false),
    };
    to.to.flush()?;
    Ok(changed || to.written != length)
}

/// What is written, with the number of bytes.
struct Counted<W> {
    to: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn broken(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

fn read_array<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn copy_bytes(from: &mut impl Read, to: &mut impl Write, length: u64) -> io::Result<()> {
    let copied = io::copy(&mut from.take(length), to)?;
    if copied == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn skip_bytes(from: &mut impl Read, length: u64) -> io::Result<()> {
    copy_bytes(from, &mut io::sink(), length)
}

/// Reads something whose length the file itself says, without believing it before the bytes are there.
fn read_bytes(from: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests;
