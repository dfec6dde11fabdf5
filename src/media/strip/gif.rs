//! GIF: pictures one after the other, and extensions between them.

use std::io::{self, BufRead, Write};

use super::{broken, read_array, read_bytes};

const EXTENSION: u8 = 0x21;
const PICTURE: u8 = 0x2c;
const END: u8 = 0x3b;

/// Copies the pictures, up to their end. True when something was left out.
pub(super) fn clean(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<bool> {
    let head: [u8; 13] = read_array(from)?;
    if !head.starts_with(b"GIF8") {
        return Err(broken("it does not begin as a GIF"));
    }
    to.write_all(&head)?;
    copy_colours(from, to, head[10])?;
    let mut changed = false;
    loop {
        let [block] = read_array(from)?;
        match block {
            EXTENSION => changed |= !extension(from, to)?,
            PICTURE => picture(from, to)?,
            END => {
                to.write_all(&[END])?;
                return Ok(changed || !from.fill_buf()?.is_empty());
            }
            _ => return Err(broken("a block has no name")),
        }
    }
}

/// The table of colours that a byte of flags announces.
fn copy_colours(from: &mut impl BufRead, to: &mut impl Write, flags: u8) -> io::Result<()> {
    if flags & 0x80 == 0 {
        return Ok(());
    }
    to.write_all(&read_bytes(from, 3 << ((flags & 7) + 1))?)
}

fn picture(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
    let place: [u8; 9] = read_array(from)?;
    to.write_all(&[PICTURE])?;
    to.write_all(&place)?;
    copy_colours(from, to, place[8])?;
    to.write_all(&read_array::<1>(from)?)?;
    pieces(from, to)
}

/// Copies an extension if the pictures need it: their timing, and whether they are repeated.
fn extension(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<bool> {
    let [label] = read_array(from)?;
    let [length] = read_array(from)?;
    if length == 0 {
        return Ok(false);
    }
    let first = read_bytes(from, u64::from(length))?;
    let stays = match label {
        0xf9 => true,
        0xff => first == b"NETSCAPE2.0" || first == b"ANIMEXTS1.0",
        _ => false,
    };
    if stays {
        to.write_all(&[EXTENSION, label, length])?;
        to.write_all(&first)?;
        pieces(from, to)?;
    } else {
        pieces(from, &mut io::sink())?;
    }
    Ok(stays)
}

/// Pieces of up to 255 bytes, up to an empty one.
fn pieces(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
    loop {
        let [length] = read_array(from)?;
        to.write_all(&[length])?;
        if length == 0 {
            return Ok(());
        }
        to.write_all(&read_bytes(from, u64::from(length))?)?;
    }
}
