//! WebP: chunks in a RIFF container, which says its length and what it holds.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek as _, SeekFrom, Write};
use std::path::Path;

use super::{broken, copy_bytes, orientation, read_array, read_bytes, skip_bytes};

/// Bits of the first byte of `VP8X`.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;
/// More EXIF than a camera writes.
const MOST_EXIF: u32 = 16 << 20;

/// A chunk: its name and how many bytes it has.
type Chunk = ([u8; 4], u32);

/// Copies the picture, up to its end. True when something was left out. The container says its length first, so it
/// is looked through before it is copied.
pub(super) fn clean(path: &Path, from: &mut impl BufRead, to: &mut impl Write) -> io::Result<bool> {
    let Survey { chunks, turned, behind, foreign } = survey(path)?;
    let exif = turned.map(orientation::alone);
    let kept = chunks.iter().filter(|(name, _)| stays(name)).map(|(_, length)| 8 + padded(*length)).sum::<u64>();
    let length = 4 + kept + exif.map_or(0, |exif| 8 + exif.len() as u64);
    let length = u32::try_from(length).map_err(|_| broken("it is too long"))?;
    let [_, _, _] = [read_array::<4>(from)?, read_array(from)?, read_array(from)?];
    to.write_all(b"RIFF")?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(b"WEBP")?;
    for (name, length) in chunks {
        skip_bytes(from, 8)?;
        if !stays(&name) {
            skip_bytes(from, padded(length))?;
            continue;
        }
        to.write_all(&name)?;
        to.write_all(&length.to_le_bytes())?;
        let mut rest = padded(length);
        if &name == b"VP8X" {
            let [flags] = read_array(from)?;
            let clean = flags & !(HAS_EXIF | HAS_XMP);
            to.write_all(&[if exif.is_some() { clean | HAS_EXIF } else { clean }])?;
            rest = rest.checked_sub(1).ok_or_else(|| broken("its head is empty"))?;
        }
        copy_bytes(from, to, rest)?;
    }
    if let Some(exif) = exif {
        to.write_all(b"EXIF")?;
        to.write_all(&(exif.len() as u32).to_le_bytes())?;
        to.write_all(&exif)?;
    }
    Ok(foreign || behind)
}

/// What the container holds.
struct Survey {
    chunks: Vec<Chunk>,
    /// Which way the picture is turned.
    turned: Option<u8>,
    /// Whether something stands behind its end.
    behind: bool,
    /// Whether something in it is no part of the picture.
    foreign: bool,
}

fn survey(path: &Path) -> io::Result<Survey> {
    let mut file = BufReader::new(File::open(path)?);
    let whole = path.metadata()?.len();
    let head: [u8; 12] = read_array(&mut file)?;
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WEBP") {
        return Err(broken("it does not begin as a WebP"));
    }
    let end = 8 + u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
    if end > whole {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut survey = Survey { chunks: Vec::new(), turned: None, behind: end < whole, foreign: false };
    let mut place = 12;
    while place + 8 <= end {
        let (name, length) = (read_array::<4>(&mut file)?, u32::from_le_bytes(read_array(&mut file)?));
        place += 8 + padded(length);
        if place > end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if &name == b"EXIF" && length <= MOST_EXIF {
            let body = read_bytes(&mut file, u64::from(length))?;
            survey.turned = orientation::of(body.strip_prefix(b"Exif\0\0").unwrap_or(&body));
            survey.foreign |= survey.turned.is_none_or(|number| body != orientation::alone(number));
        } else {
            survey.foreign |= !stays(&name);
        }
        survey.chunks.push((name, length));
        file.seek(SeekFrom::Start(place))?;
    }
    Ok(survey)
}

/// Whether a chunk is needed to show the picture.
fn stays(name: &[u8; 4]) -> bool {
    [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"].contains(&name)
}

/// Chunks begin at even places.
fn padded(length: u32) -> u64 {
    u64::from(length) + u64::from(length % 2)
}
