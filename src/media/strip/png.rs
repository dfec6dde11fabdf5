//! PNG: a row of chunks with sums.

use std::io::{self, BufRead, Write};

use super::{broken, copy_bytes, orientation, read_array, read_bytes, skip_bytes};

const START: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// What is needed to show the picture, moving ones too: its pixels, and how its colours are meant.
const STAYS: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI",
    b"sBIT", b"bKGD", b"acTL", b"fcTL", b"fdAT",
];
/// Density: pixels need not be square.
const DENSITY: &[u8; 4] = b"pHYs";
const EXIF: &[u8; 4] = b"eXIf";
/// More EXIF than a camera writes.
const MOST_EXIF: u32 = 16 << 20;

/// Copies the picture, up to its end. True when something was left out.
pub(super) fn clean(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<bool> {
    if read_array(from)? != START {
        return Err(broken("it does not begin as a PNG"));
    }
    to.write_all(&START)?;
    let mut changed = false;
    loop {
        let (length, name) = (read_array::<4>(from)?, read_array::<4>(from)?);
        // Four more for the sum.
        let rest = u64::from(u32::from_be_bytes(length)) + 4;
        if STAYS.contains(&&name) || &name == DENSITY {
            to.write_all(&length)?;
            to.write_all(&name)?;
            copy_bytes(from, to, rest)?;
        } else if &name == EXIF && u32::from_be_bytes(length) <= MOST_EXIF {
            let body = read_bytes(from, rest)?;
            let exif = &body[..body.len() - 4];
            let turned = orientation::of(exif).map(orientation::alone);
            changed |= turned.as_ref().is_none_or(|alone| alone != exif);
            if let Some(alone) = turned {
                put_chunk(to, *EXIF, &alone)?;
            }
        } else {
            changed = true;
            skip_bytes(from, rest)?;
        }
        if &name == b"IEND" {
            // What stands behind the end is no part of the picture.
            return Ok(changed || !from.fill_buf()?.is_empty());
        }
    }
}

fn put_chunk(to: &mut impl Write, name: [u8; 4], body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(|_| broken("a chunk is too long"))?;
    let mut sum = flate2::Crc::new();
    sum.update(&name);
    sum.update(body);
    to.write_all(&length.to_be_bytes())?;
    to.write_all(&name)?;
    to.write_all(body)?;
    to.write_all(&sum.sum().to_be_bytes())
}
