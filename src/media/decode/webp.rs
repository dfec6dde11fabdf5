//! WebP, of an animation its first picture.

use std::io::{Read as _, Seek as _, SeekFrom};

use image_webp::WebPDecoder;

use super::{MOST_FRAMES, Opened, Probe, Reader, Unusable, Wanted, exif, finish, reserve, with_opacity, within_limits};
use crate::media::budget::Budget;
use crate::media::picture::Picture;

/// The longest profile or EXIF data that is read.
const ASIDE: u64 = 8 << 20;
/// Bytes for each pixel while decoding: what the decoder keeps and what it gives.
const PER_PIXEL: u64 = 8;

pub(super) fn probe(mut reader: Reader) -> Result<Probe, Unusable> {
    let frames = checked(&mut reader)?;
    let mut decoder = begun(reader)?;
    let orientation = decoder.exif_metadata().ok().flatten().map(|data| exif::orientation(&data)).unwrap_or_default();
    let (width, height) = orientation.shown(decoder.dimensions());
    Ok(Probe { width, height, frames: frames.max(1) })
}

pub(super) fn decode(mut reader: Reader, wanted: Wanted, budget: &Budget) -> Result<Opened, Unusable> {
    checked(&mut reader)?;
    let mut decoder = begun(reader)?;
    let (width, height) = decoder.dimensions();
    within_limits((width, height))?;
    let area = u64::from(width) * u64::from(height);
    let share = reserve(budget, area * PER_PIXEL, area * 4, wanted)?;
    let orientation = decoder.exif_metadata().ok().flatten().map(|data| exif::orientation(&data)).unwrap_or_default();
    let icc = decoder.icc_profile().ok().flatten();

    let bytes = decoder.output_buffer_size().ok_or(Unusable::TooLarge { width, height })?;
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
    pixels.resize(bytes, 0);
    decoder.read_image(&mut pixels).map_err(broken)?;
    let picture = if decoder.has_alpha() {
        Picture::new(width, height, pixels)
    } else {
        Picture { width, height, pixels: with_opacity(pixels, width as usize * height as usize), opaque: true }
    };
    Ok(finish(picture, orientation, icc.as_deref(), share, wanted))
}

fn begun(mut reader: Reader) -> Result<WebPDecoder<Reader>, Unusable> {
    reader.seek(SeekFrom::Start(0))?;
    WebPDecoder::new(reader).map_err(broken)
}

/// Goes over the chunks: each picture inside must be as large as the file says in front, which is what memory is
/// taken for. Returns how many pictures the animation has.
fn checked(reader: &mut Reader) -> Result<u32, Unusable> {
    let end = reader.get_ref().metadata()?.len();
    let (mut position, mut frames) = (12, 0);
    let mut canvas = None;
    while position + 8 <= end && frames <= MOST_FRAMES {
        let head = bytes::<8>(reader, position)?;
        let length = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let inside = position + 8;
        let mut next = inside + length + length % 2;
        match &head[..4] {
            b"VP8X" => {
                let data = bytes::<10>(reader, inside)?;
                canvas = Some((three(&data[4..7]) + 1, three(&data[7..10]) + 1));
            }
            b"ANMF" => {
                let data = bytes::<16>(reader, inside)?;
                within(canvas, (three(&data[6..9]) + 1, three(&data[9..12]) + 1))?;
                frames += 1;
                // The chunks of this picture follow.
                next = inside + 16;
            }
            b"VP8 " => {
                let data = bytes::<10>(reader, inside)?;
                let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
                within(canvas, (side(data[6], data[7]), side(data[8], data[9])))?;
            }
            b"VP8L" => {
                let data = bytes::<5>(reader, inside)?;
                let bits = u32::from_le_bytes([data[1], data[2], data[3], data[4]]);
                within(canvas, ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))?;
            }
            b"ICCP" | b"EXIF" | b"XMP " if length > ASIDE => {
                return Err(Unusable::Broken("what it says beside the picture is too long".to_owned()));
            }
            _ => {}
        }
        position = next;
    }
    Ok(frames)
}

/// A picture must not be larger than the canvas in front of it.
fn within(canvas: Option<(u32, u32)>, (width, height): (u32, u32)) -> Result<(), Unusable> {
    within_limits((width, height))?;
    if canvas.is_some_and(|canvas| width > canvas.0 || height > canvas.1) {
        return Err(Unusable::Broken("a picture in it is larger than the file says".to_owned()));
    }
    Ok(())
}

fn three(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn bytes<const N: usize>(reader: &mut Reader, position: u64) -> Result<[u8; N], Unusable> {
    let mut bytes = [0; N];
    reader.seek(SeekFrom::Start(position))?;
    reader.read_exact(&mut bytes).map_err(|_| Unusable::Broken("it ends too early".to_owned()))?;
    Ok(bytes)
}

fn broken(error: image_webp::DecodingError) -> Unusable {
    match error {
        image_webp::DecodingError::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => error.into(),
        error => Unusable::Broken(error.to_string()),
    }
}
