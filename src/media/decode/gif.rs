//! GIF: its first picture on the canvas of the animation.

use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, MemoryLimit};

use super::{MOST_FRAMES, MOST_PIXELS, Opened, Probe, Reader, Unusable, Wanted, finish, reserve, within_limits};
use crate::media::budget::Budget;
use crate::media::picture::{Orientation, Picture};

pub(super) fn probe(reader: Reader) -> Result<Probe, Unusable> {
    let mut options = options();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(reader).map_err(broken)?;
    let (width, height) = (decoder.width().into(), decoder.height().into());
    let mut frames = 0;
    while frames <= MOST_FRAMES && decoder.next_frame_info().map_err(broken)?.is_some() {
        frames += 1;
    }
    if frames == 0 {
        return Err(Unusable::Broken("it holds no picture".to_owned()));
    }
    Ok(Probe { width, height, frames })
}

pub(super) fn decode(reader: Reader, wanted: Wanted, budget: &Budget) -> Result<Opened, Unusable> {
    let mut decoder = options().read_info(reader).map_err(broken)?;
    let canvas = (u32::from(decoder.width()), u32::from(decoder.height()));
    within_limits(canvas)?;
    let frame = decoder.next_frame_info().map_err(broken)?;
    let frame = frame.ok_or_else(|| Unusable::Broken("it holds no picture".to_owned()))?;
    let (size, place) = ((frame.width.into(), frame.height.into()), (frame.left.into(), frame.top.into()));
    within_limits(size)?;
    let bytes = |(width, height): (u32, u32)| u64::from(width) * u64::from(height) * 4;
    let share = reserve(budget, bytes(canvas) + bytes(size), bytes(canvas), wanted)?;

    let mut pixels = vec![0; decoder.buffer_size()];
    decoder.read_into_buffer(&mut pixels).map_err(broken)?;
    let first = Picture::new(size.0, size.1, pixels);
    let whole = if size == canvas && place == (0, 0) { first } else { placed(&first, place, canvas) };
    Ok(finish(whole, Orientation::default(), None, share, wanted))
}

fn options() -> DecodeOptions {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    // The budget's share covers it; sizes are checked here, in pixels.
    options.set_memory_limit(NonZeroU64::new(MOST_PIXELS * 4).map_or(MemoryLimit::Unlimited, MemoryLimit::Bytes));
    options
}

/// The picture at its place on an empty canvas; what is outside is cut off.
fn placed(picture: &Picture, (left, top): (usize, usize), (width, height): (u32, u32)) -> Picture {
    let mut canvas = Picture::filled(width, height, [0; 4]);
    let row = width as usize * 4;
    let rows = canvas.pixels.chunks_exact_mut(row).skip(top);
    for (to, from) in rows.zip(picture.pixels.chunks_exact(picture.width as usize * 4)) {
        let to = to.get_mut(left * 4..).unwrap_or_default();
        let cut = to.len().min(from.len());
        to[..cut].copy_from_slice(&from[..cut]);
    }
    canvas
}

fn broken(error: gif::DecodingError) -> Unusable {
    match error {
        gif::DecodingError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => error.into(),
        error => Unusable::Broken(error.to_string()),
    }
}
