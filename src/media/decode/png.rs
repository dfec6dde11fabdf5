//! PNG, read row by row.

use png::{Decoder, Info, Limits, Transformations};

use super::shrinking::{Shrinking, factor, side};
use super::{Opened, Probe, Reader, Unusable, Wanted, exif, finish, reserve, within_limits};
use crate::media::budget::Budget;
use crate::media::picture::{Orientation, Picture};

/// What a decoder may use beside the pixels: texts and profiles.
const ASIDE: usize = 8 << 20;

pub(super) fn probe(reader: Reader) -> Result<Probe, Unusable> {
    let reader = begun(reader)?;
    let info = reader.info();
    let (width, height) = orientation(info).shown(info.size());
    Ok(Probe { width, height, frames: info.animation_control.map_or(1, |animation| animation.num_frames.max(1)) })
}

pub(super) fn decode(reader: Reader, wanted: Wanted, budget: &Budget) -> Result<Opened, Unusable> {
    let mut reader = begun(reader)?;
    let (full, orientation) = (reader.info().size(), orientation(reader.info()));
    let icc = reader.info().icc_profile.as_deref().map(<[u8]>::to_vec);
    within_limits(full)?;
    let interlaced = reader.info().interlaced;
    let least = wanted.least.map(|least| orientation.shown(least)).filter(|_| !interlaced);
    let factor = factor(full, least);
    let bytes = u64::from(side(full.0, factor)) * u64::from(side(full.1, factor)) * 4;
    // What is woven lies in memory twice.
    let twice = if interlaced { 2 } else { 1 };
    let share = reserve(budget, bytes * twice + ASIDE as u64, bytes, wanted)?;
    let picture = if interlaced { woven(&mut reader, full)? } else { shrunk(&mut reader, full, factor)? };
    Ok(finish(picture, orientation, icc.as_deref(), share, wanted))
}

type Begun = png::Reader<Reader>;

/// With everything in front of the pixels read.
fn begun(reader: Reader) -> Result<Begun, Unusable> {
    let mut decoder = Decoder::new_with_limits(reader, Limits { bytes: ASIDE });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16 | Transformations::ALPHA);
    decoder.set_ignore_text_chunk(true);
    // The size is checked before the decoder makes room for a row.
    let info = decoder.read_header_info().map_err(broken)?;
    within_limits(info.size())?;
    decoder.read_info().map_err(broken)
}

/// The rows as they come, made smaller.
fn shrunk(reader: &mut Begun, full: (u32, u32), factor: u32) -> Result<Picture, Unusable> {
    let mut shrinking = Shrinking::new(full, factor);
    let mut wide = Vec::new();
    while let Some(row) = reader.next_row().map_err(broken)? {
        shrinking.row(rgba(row.data(), full.0, &mut wide));
    }
    Ok(shrinking.finish())
}

/// The rows of seven passes, each of which holds some of the pixels.
fn woven(reader: &mut Begun, (width, height): (u32, u32)) -> Result<Picture, Unusable> {
    let mut samples = vec![0; reader.output_buffer_size().ok_or_else(unknown)?];
    reader.next_frame(&mut samples).map_err(broken)?;
    let mut wide = Vec::new();
    let row = reader.output_line_size(width).ok_or_else(unknown)?;
    let mut shrinking = Shrinking::new((width, height), 1);
    for row in samples.chunks_exact(row) {
        shrinking.row(rgba(row, width, &mut wide));
    }
    Ok(shrinking.finish())
}

fn unknown() -> Unusable {
    Unusable::Broken("its size is not known".to_owned())
}

/// Four bytes a pixel.
fn rgba<'r>(row: &'r [u8], pixels: u32, wide: &'r mut Vec<u8>) -> &'r [u8] {
    if row.len() == pixels as usize * 4 {
        return row;
    }
    wide.clear();
    let (greys, _) = row.as_chunks::<2>();
    wide.extend(greys.iter().flat_map(|[grey, opacity]| [*grey, *grey, *grey, *opacity]));
    wide
}

fn orientation(info: &Info<'_>) -> Orientation {
    info.exif_metadata.as_deref().map(exif::orientation).unwrap_or_default()
}

fn broken(error: png::DecodingError) -> Unusable {
    match error {
        png::DecodingError::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => error.into(),
        error => Unusable::Broken(error.to_string()),
    }
}
