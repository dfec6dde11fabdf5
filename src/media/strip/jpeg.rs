//! JPEG: a row of segments, the last of which is the picture.

use std::io::{self, BufRead, Write};

use super::{broken, copy_bytes, orientation, read_array, read_bytes, skip_bytes};

const START: [u8; 2] = [0xff, 0xd8];
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const EXIF: &[u8] = b"Exif\0\0";

/// Copies the picture, up to its end. True when something was left out.
pub(super) fn clean(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<bool> {
    if read_array(from)? != START {
        return Err(broken("it does not begin as a JPEG"));
    }
    to.write_all(&START)?;
    let (mut changed, mut turned) = (false, None);
    let mut head = Vec::new();
    loop {
        let marker = next_marker(from)?;
        match marker {
            END => return Err(broken("there is no picture in it")),
            // Without a length.
            0x01 | 0xd0..=0xd7 => {}
            SCAN => break,
            _ => {
                let length = u64::from(u16::from_be_bytes(read_array(from)?));
                let length = length.checked_sub(2).ok_or_else(|| broken("a segment has no length"))?;
                let body = read_bytes(from, length)?;
                if stays(marker, &body) {
                    put_segment(&mut head, marker, &body)?;
                    continue;
                }
                let tiff = body.strip_prefix(EXIF).filter(|_| marker == 0xe1);
                let found = tiff.and_then(orientation::of).filter(|_| turned.is_none());
                changed |= found.is_none_or(|number| tiff != Some(&orientation::alone(number)[..]));
                turned = turned.or(found);
            }
        }
    }
    if let Some(number) = turned {
        put_segment(to, 0xe1, &[EXIF, &orientation::alone(number)].concat())?;
    }
    to.write_all(&head)?;
    to.write_all(&[0xff, SCAN])?;
    copy_scans(from, to)?;
    // What stands behind the end is no part of the picture.
    Ok(changed || !from.fill_buf()?.is_empty())
}

/// Whether a segment is needed to show the picture: tables, sizes, the colour profile, and what JFIF and Adobe say of
/// the colours.
fn stays(marker: u8, body: &[u8]) -> bool {
    match marker {
        0xe0 => body.starts_with(b"JFIF\0"),
        0xe2 => body.starts_with(b"ICC_PROFILE\0"),
        0xee => body.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

fn put_segment(to: &mut impl Write, marker: u8, body: &[u8]) -> io::Result<()> {
    let length = u16::try_from(body.len() + 2).map_err(|_| broken("a segment is too long"))?;
    to.write_all(&[0xff, marker])?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(body)
}

/// The marker that stands here; it may be preceded by filling bytes.
fn next_marker(from: &mut impl BufRead) -> io::Result<u8> {
    let [first] = read_array(from)?;
    if first != 0xff {
        return Err(broken("a segment does not begin where it should"));
    }
    loop {
        let [marker] = read_array(from)?;
        match marker {
            0xff => {}
            0 => return Err(broken("a segment has no name")),
            marker => return Ok(marker),
        }
    }
}

/// The rest of the picture from the first scan on: scans, and tables between them.
fn copy_scans(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
    let length = read_array::<2>(from)?;
    to.write_all(&length)?;
    let rest = u64::from(u16::from_be_bytes(length)).checked_sub(2).ok_or_else(|| broken("a scan has no length"))?;
    copy_bytes(from, to, rest)?;
    loop {
        match copy_until_marker(from, to)? {
            END => return to.write_all(&[0xff, END]),
            marker => {
                let length = read_array::<2>(from)?;
                let rest = u64::from(u16::from_be_bytes(length));
                let rest = rest.checked_sub(2).ok_or_else(|| broken("a segment has no length"))?;
                if marker == SCAN || stays(marker, &[]) {
                    to.write_all(&[0xff, marker])?;
                    to.write_all(&length)?;
                    copy_bytes(from, to, rest)?;
                } else {
                    skip_bytes(from, rest)?;
                }
            }
        }
    }
}

/// Copies a scan's pixels up to the marker behind them, which is returned.
fn copy_until_marker(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<u8> {
    loop {
        let buffered = from.fill_buf()?;
        if buffered.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let length = buffered.iter().position(|byte| *byte == 0xff).unwrap_or(buffered.len());
        let ended = length < buffered.len();
        to.write_all(&buffered[..length])?;
        from.consume(length + usize::from(ended));
        if !ended {
            continue;
        }
        let mut marker = read_array::<1>(from)?[0];
        while marker == 0xff {
            marker = read_array::<1>(from)?[0];
        }
        match marker {
            // A stuffed byte, or a place from which decoding may begin anew.
            0 | 0xd0..=0xd7 => to.write_all(&[0xff, marker])?,
            marker => return Ok(marker),
        }
    }
}
