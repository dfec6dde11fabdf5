//! Doing what an address asks for.

mod colours;
mod corners;
mod edges;
mod memory;
mod opening;
mod rotation;
mod size;

use std::path::Path;

use super::budget::Budget;
use super::decode::{self, Unusable, Wanted};
use super::encode::{encode, memory_per_pixel};
use super::picture::Picture;
use super::resample::{resample, whole};
use super::task::{Colour, Format, Output, Task, Tasks};
use opening::Opening;

/// The picture that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    /// Its file.
    pub path: &'s Path,
    /// The file's media type.
    pub kind: &'s str,
    /// The point that crops keep in sight, in fractions from the left and the top.
    pub focal: Option<(f64, f64)>,
}

/// A picture that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What is asked for makes no sense for this picture.
    #[error("{0}")]
    Senseless(String),
    /// The original cannot be opened.
    #[error(transparent)]
    Unusable(#[from] Unusable),
}

/// The most pixels that are made.
const MOST_PIXELS: u64 = 40_000_000;
/// The longest side that is made: what WebP can hold.
const LONGEST_SIDE: u32 = 16_383;

/// The format that tasks end with, for a client that takes WebP or does not; `None` when the original serves as well
/// as anything that could be made.
pub fn made(tasks: &Tasks, kind: &str, webp: bool) -> Option<Format> {
    let original = match kind {
        "image/jpeg" => Format::Jpeg,
        "image/webp" => Format::Webp,
        _ => Format::Png,
    };
    let asked = tasks.list.iter().rev().find_map(|task| match task {
        Task::Output(Output { format, .. }) => *format,
        Task::AutoImage if webp => Some(Format::Webp),
        _ => None,
    });
    let format = asked.unwrap_or(original);
    let nothing = |task: &Task| match task {
        Task::AutoImage => true,
        Task::Output(output) => output.background.is_none() && (output.quality.is_none() || asked.is_some()),
        _ => false,
    };
    let same = format.kind() == kind && tasks.list.iter().all(nothing) && quality(tasks).is_none();
    (!same).then_some(format)
}

/// Makes what tasks ask for. Blocks until there is memory, and as long as it takes.
///
/// # Errors
/// See [`Failure`].
pub fn render(source: &Source<'_>, tasks: &Tasks, format: Format, budget: &Budget) -> Result<Rendered, Failure> {
    let probe = decode::probe(source.path, source.kind)?;
    let full = (probe.width, probe.height);
    let opening = Opening::of(full, &tasks.list, source.focal)?;
    let rest = &tasks.list[opening.done..];
    let later = memory::needed(opening.size, rest, format)?;
    let wanted = Wanted { least: opening.least(full), beside: area(opening.size) * 4, later };
    let opened = decode::open_picture(source.path, source.kind, wanted, budget)?;
    let share = opened.share;
    let mut canvas = Canvas { picture: opening.apply(opened.picture, full)?, focal: opening.focal };
    for task in rest {
        canvas = canvas.after(task)?;
    }
    let picture = flattened(canvas.picture, &tasks.list, format);
    let bytes = encode(&picture, format, quality(tasks)).map_err(Failure::Senseless)?;
    drop(share);
    Ok(Rendered { bytes, format })
}

/// A picture on its way, and the point of it that crops keep in sight.
struct Canvas {
    picture: Picture,
    focal: (f64, f64),
}

impl Canvas {
    fn after(self, task: &Task) -> Result<Self, Failure> {
        let Self { mut picture, focal: (x, y) } = self;
        let focal = match task {
            Task::Flip => (x, 1.0 - y),
            Task::Flop => (1.0 - x, y),
            Task::Rotate { degrees: 90, .. } => (1.0 - y, x),
            Task::Rotate { degrees: 180, .. } => (1.0 - x, 1.0 - y),
            Task::Rotate { degrees: 270, .. } => (y, 1.0 - x),
            _ => (x, y),
        };
        let of = (picture.width, picture.height);
        match *task {
            Task::Resize(ref resize) => {
                let cut = size::resized(of, resize, focal);
                let picture = if cut.size == of && cut.region == whole(&picture) {
                    picture
                } else {
                    resample(&picture, cut.region, cut.size).map_err(Failure::Senseless)?
                };
                return Ok(Self { picture, focal: cut.focal });
            }
            Task::Crop(dim) => {
                let region = size::cropped(of, dim)?;
                let focal = size::focal_in(focal, of, region);
                let [x, y, width, height] = region;
                let part = picture.part(x, y, width, height);
                picture = part.ok_or_else(|| size::outside(of))?;
                return Ok(Self { picture, focal });
            }
            Task::Rotate { degrees, background } => picture = rotation::rotated(picture, degrees, background),
            Task::Flip => picture = picture.upside_down(),
            Task::Flop => picture = picture.mirrored(),
            Task::Blur(amount) => picture = edges::blurred(picture, amount),
            Task::Sharpen(amount) => picture = edges::sharpened(picture, amount),
            Task::Pixelate(side) => edges::pixelate(&mut picture, side),
            Task::RoundedCorners { radius, blur, background } => corners::round(&mut picture, radius, blur, background),
            Task::Circle { background } => picture = corners::circle(picture, background)?,
            Task::Border { width, color, background } => {
                picture = corners::border(picture, width, color, background);
            }
            Task::Monochrome => colours::monochrome(&mut picture),
            Task::Negative => colours::negative(&mut picture),
            Task::Sepia(tone) => colours::sepia(&mut picture, tone),
            Task::BlackWhite(threshold) => colours::black_white(&mut picture, threshold),
            Task::Modulate { brightness, saturation, hue } => {
                colours::modulate(&mut picture, brightness, saturation, hue);
            }
            Task::Quality(_) | Task::Output(_) | Task::AutoImage => {}
        }
        Ok(Self { picture, focal })
    }
}

/// The quality that was asked for last.
fn quality(tasks: &Tasks) -> Option<u8> {
    let asked = |task: &Task| match task {
        Task::Quality(value) => Some(*value),
        Task::Output(output) => output.quality,
        _ => None,
    };
    tasks.list.iter().rev().find_map(asked)
}

/// On the background that was asked for last; where there can be no opacity, on white.
fn flattened(mut picture: Picture, tasks: &[Task], format: Format) -> Picture {
    let asked = tasks.iter().rev().find_map(|task| match task {
        Task::Output(output) => output.background,
        _ => None,
    });
    let white = matches!(format, Format::Jpeg | Format::ProgressiveJpeg);
    if let Some(background) = asked.filter(|background| *background != Colour::NONE) {
        colours::put_on(&mut picture, background);
    }
    if white {
        colours::put_on(&mut picture, Colour::WHITE);
    }
    picture
}

fn area((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}
