//! JPEG. Its decoder makes pictures smaller by 2, 4 or 8 while it decodes, which costs a fraction of the memory.

use std::io::{BufRead, Read as _, Seek as _, SeekFrom};

use jpeg_decoder::{Decoder, PixelFormat};

use super::{Opened, Probe, Reader, Unusable, Wanted, exif, finish, reserve, with_opacity, within_limits};
use crate::media::budget::Budget;
use crate::media::picture::{Orientation, Picture};

/// How often a file may go over its picture. Programs write ten at most; thousands cost hours.
const MOST_SCANS: usize = 100;

/// What stands in front of the pixels.
struct Head {
    width: u16,
    height: u16,
    /// Samples of all components for each pixel, times 64: 3 x 64 for full colours.
    samples: u64,
    progressive: bool,
    orientation: Orientation,
}

pub(super) fn probe(mut reader: Reader) -> Result<Probe, Unusable> {
    let head = head(&mut reader)?;
    let (width, height) = head.orientation.shown((head.width.into(), head.height.into()));
    Ok(Probe { width, height, frames: 1 })
}

pub(super) fn decode(mut reader: Reader, wanted: Wanted, budget: &Budget) -> Result<Opened, Unusable> {
    let head = head(&mut reader)?;
    let full = (u32::from(head.width), u32::from(head.height));
    within_limits(full)?;
    if head.progressive && scans(&mut reader)? > MOST_SCANS {
        return Err(Unusable::Broken("it goes over its picture too often".to_owned()));
    }
    reader.seek(SeekFrom::Start(0))?;

    let divisor = divisor(full, wanted.least.map(|least| head.orientation.shown(least)));
    let area = |divisor: u32| u64::from(full.0.div_ceil(divisor)) * u64::from(full.1.div_ceil(divisor));
    let scaled = area(divisor);
    let kept = if head.progressive { area(1) * head.samples / 64 * 2 } else { 0 };
    let planes = scaled * head.samples / 64;
    let share = reserve(budget, kept + planes + scaled * 4, scaled * 4, wanted)?;

    let mut decoder = Decoder::new(reader);
    let part = |side: u16| u16::try_from(u32::from(side).div_ceil(divisor)).unwrap_or(side);
    let (width, height) = decoder.scale(part(head.width), part(head.height)).map_err(broken)?;
    let samples = decoder.decode().map_err(broken)?;
    let format = decoder.info().map(|info| info.pixel_format);
    let icc = decoder.icc_profile();
    let pixels = rgba(samples, usize::from(width) * usize::from(height), format)?;
    let picture = Picture { width: width.into(), height: height.into(), pixels, opaque: true };
    Ok(finish(picture, head.orientation, icc.as_deref(), share, wanted))
}

/// By how much the decoder may divide both sides. Half as many pixels again as are wanted are kept, so that it is
/// the good filter behind it that has the last word.
fn divisor((width, height): (u32, u32), least: Option<(u32, u32)>) -> u32 {
    let Some((least_width, least_height)) = least else { return 1 };
    let enough = |side: u32, divisor: u32, least: u32| side / divisor >= least + least / 2;
    let fits = |divisor: &u32| enough(width, *divisor, least_width) && enough(height, *divisor, least_height);
    [8, 4, 2].into_iter().find(fits).unwrap_or(1)
}

fn rgba(samples: Vec<u8>, pixels: usize, format: Option<PixelFormat>) -> Result<Vec<u8>, Unusable> {
    let grey = |samples: &[u8], step: usize| samples.iter().step_by(step).flat_map(|l| [*l, *l, *l, 255]).collect();
    let (rgba, bytes): (Vec<u8>, usize) = match format {
        Some(PixelFormat::RGB24) if samples.len() == pixels * 3 => (with_opacity(samples, pixels), 4),
        Some(PixelFormat::L8) => (grey(&samples, 1), 4),
        // In the processor's byte order; the upper byte is what 8 bits keep.
        Some(PixelFormat::L16) if cfg!(target_endian = "little") => (grey(samples.get(1..).unwrap_or_default(), 2), 4),
        Some(PixelFormat::L16) => (grey(&samples, 2), 4),
        Some(PixelFormat::CMYK32) => (from_cmyk(samples), 4),
        _ => (Vec::new(), 4),
    };
    if rgba.len() != pixels * bytes {
        return Err(Unusable::Broken("it holds fewer pixels than it says".to_owned()));
    }
    Ok(rgba)
}

/// Ink of a printing press, as it would look without a profile of that press.
fn from_cmyk(mut samples: Vec<u8>) -> Vec<u8> {
    let (inks, _) = samples.as_chunks_mut::<4>();
    for ink in inks {
        let [cyan, magenta, yellow, black] = ink.map(|ink| 255 - u16::from(ink));
        let mixed = |colour: u16| (colour * black / 255) as u8;
        *ink = [mixed(cyan), mixed(magenta), mixed(yellow), 255];
    }
    samples
}

/// Reads the segments up to the frame's.
fn head(reader: &mut Reader) -> Result<Head, Unusable> {
    let mut orientation = Orientation::default();
    let mut start = [0; 2];
    reader.read_exact(&mut start).map_err(|_| short())?;
    if start != [0xff, 0xd8] {
        return Err(Unusable::Broken("it does not begin as a JPEG file".to_owned()));
    }
    loop {
        let marker = marker(reader)?;
        if matches!(marker, 0x01 | 0xd0..=0xd8) {
            continue;
        }
        let mut length = [0; 2];
        reader.read_exact(&mut length).map_err(|_| short())?;
        let mut segment = vec![0; usize::from(u16::from_be_bytes(length).saturating_sub(2))];
        reader.read_exact(&mut segment).map_err(|_| short())?;
        match marker {
            0xe1 => {
                if let Some(data) = segment.strip_prefix(b"Exif\0\0") {
                    orientation = exif::orientation(data);
                }
            }
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return frame(&segment, marker, orientation).ok_or_else(short);
            }
            0xd9 | 0xda => return Err(Unusable::Broken("it says nothing of its size".to_owned())),
            _ => {}
        }
    }
}

/// The frame's segment: its size and how its components are sampled.
fn frame(segment: &[u8], marker: u8, orientation: Orientation) -> Option<Head> {
    let number = |place: usize| Some(u16::from_be_bytes([*segment.get(place)?, *segment.get(place + 1)?]));
    let (height, width) = (number(1)?, number(3)?);
    let components = segment.get(6..6 + 3 * usize::from(*segment.get(5)?))?;
    let factors = components.iter().skip(1).step_by(3).map(|byte| (u64::from(byte >> 4), u64::from(byte & 15)));
    let most = factors.clone().fold((1, 1), |most, (x, y)| (most.0.max(x), most.1.max(y)));
    let samples = factors.map(|(x, y)| (64 * x * y).div_ceil(most.0 * most.1)).sum();
    // Two bytes a sample where there are more than eight bits.
    let samples = if *segment.first()? > 8 { samples * 2 } else { samples };
    let progressive = matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce);
    Some(Head { width, height, samples, progressive, orientation })
}

/// The next marker.
fn marker(reader: &mut Reader) -> Result<u8, Unusable> {
    let mut byte = [0];
    reader.skip_until(0xff)?;
    loop {
        reader.read_exact(&mut byte).map_err(|_| short())?;
        match byte[0] {
            0xff => {}
            0 => drop(reader.skip_until(0xff)?),
            marker => return Ok(marker),
        }
    }
}

/// How many scans follow.
fn scans(reader: &mut Reader) -> Result<usize, Unusable> {
    let mut scans = 0;
    while reader.skip_until(0xff)? > 0 && scans <= MOST_SCANS {
        if let Some(0xda) = reader.fill_buf()?.first() {
            scans += 1;
        }
    }
    Ok(scans)
}

fn short() -> Unusable {
    Unusable::Broken("it ends too early".to_owned())
}

fn broken(error: jpeg_decoder::Error) -> Unusable {
    match error {
        jpeg_decoder::Error::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => error.into(),
        error => Unusable::Broken(error.to_string()),
    }
}
