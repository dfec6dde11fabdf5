//! Opening pictures. What a file says of itself is checked before a pixel of it is decoded, the memory is taken
//! from the [`Budget`] before it is used, and a large picture that is wanted small is made smaller while it is read.

mod exif;
mod gif;
mod jpeg;
mod png;
mod profile;
mod shrinking;
mod webp;

use std::fs::File;
use std::io::{self, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::budget::{Budget, Share, TooMuch};
use super::picture::{Orientation, Picture};
use super::resample::{resample, whole};

/// The most pixels a picture may have.
pub const MOST_PIXELS: u64 = 100_000_000;
/// The most pixels a side may have.
pub const LONGEST_SIDE: u32 = 16_384;
/// The most pictures an animation may have.
pub const MOST_FRAMES: u32 = 2_000;

/// What a file says of the picture in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Pixels, as shown.
    pub width: u32,
    /// Pixels, as shown.
    pub height: u32,
    /// How many pictures follow each other; 1 when it does not move.
    pub frames: u32,
}

/// Why a file cannot be used as a picture.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// Files of this media type are not opened.
    #[error("pictures of the type {0} cannot be opened here")]
    Kind(String),
    /// What is in the file is not what it should be.
    #[error("the file is damaged or not whole: {0}")]
    Broken(String),
    /// More pixels than are allowed.
    #[error("the picture has {width} x {height} pixels; up to 100 megapixels and 16,384 pixels a side can be used")]
    TooLarge {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// More pictures in an animation than are allowed.
    #[error("the animation has more than {MOST_FRAMES} pictures")]
    TooManyFrames,
    /// Decoding needs more memory than pictures may use in all.
    #[error(transparent)]
    TooMuch(#[from] TooMuch),
    /// The file could not be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] io::Error),
}

/// An opened picture with the memory it holds.
#[derive(Debug)]
pub struct Opened {
    /// Its pixels, upright.
    pub picture: Picture,
    /// Covers the pixels, and `spare` times as much for work on them.
    pub share: Share,
}

/// What decoding is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Width and height, as shown, below which the picture must not be shrunk while it is read; as it is without.
    pub least: Option<(u32, u32)>,
    /// How many more pictures of the opened size the work on it will hold at once.
    pub spare: u64,
}

type Reader = BufReader<File>;

/// What a file of this media type says of its picture. Decodes nothing.
///
/// # Errors
/// See [`Unusable`]; above the limits too.
pub fn probe(path: &Path, kind: &str) -> Result<Probe, Unusable> {
    guarded(|| {
        let reader = open(path)?;
        let probe = match kind {
            "image/jpeg" => jpeg::probe(reader),
            "image/png" => png::probe(reader),
            "image/gif" => gif::probe(reader),
            "image/webp" => webp::probe(reader),
            "image/avif" => avif(path),
            other => Err(Unusable::Kind(other.to_owned())),
        }?;
        within_limits((probe.width, probe.height))?;
        if probe.frames > MOST_FRAMES {
            return Err(Unusable::TooManyFrames);
        }
        Ok(probe)
    })
}

/// A small copy whose longer side has at most `longest` pixels, of an animation its first picture. Blocks until
/// there is memory.
///
/// # Errors
/// See [`Unusable`].
pub fn thumbnail(path: &Path, kind: &str, longest: u32, budget: &Budget) -> Result<Picture, Unusable> {
    let probe = probe(path, kind)?;
    let size = fitting((probe.width, probe.height), longest);
    let opened = open_picture(path, kind, Wanted { least: Some(size), spare: 0 }, budget)?;
    if (opened.picture.width, opened.picture.height) == size {
        return Ok(opened.picture);
    }
    resample(&opened.picture, whole(&opened.picture), size).map_err(Unusable::Broken)
}

/// Opens a file of this media type, of an animation its first picture. Blocks until there is memory.
///
/// # Errors
/// See [`Unusable`].
pub fn open_picture(path: &Path, kind: &str, wanted: Wanted, budget: &Budget) -> Result<Opened, Unusable> {
    guarded(|| {
        let reader = open(path)?;
        match kind {
            "image/jpeg" => jpeg::decode(reader, wanted, budget),
            "image/png" => png::decode(reader, wanted, budget),
            "image/gif" => gif::decode(reader, wanted, budget),
            "image/webp" => webp::decode(reader, wanted, budget),
            other => Err(Unusable::Kind(other.to_owned())),
        }
    })
}

/// Whether pictures of this media type can be opened, not only served.
pub fn can_open(kind: &str) -> bool {
    matches!(kind, "image/jpeg" | "image/png" | "image/gif" | "image/webp")
}

/// The size inside a square with this side; never larger than it is.
fn fitting((width, height): (u32, u32), longest: u32) -> (u32, u32) {
    let side = width.max(height);
    if side <= longest {
        return (width, height);
    }
    let scaled = |pixels: u32| {
        let rounded = (u64::from(pixels) * u64::from(longest) + u64::from(side) / 2) / u64::from(side);
        u32::try_from(rounded).unwrap_or(longest).max(1)
    };
    (scaled(width), scaled(height))
}

fn open(path: &Path) -> Result<Reader, Unusable> {
    Ok(BufReader::with_capacity(64 << 10, File::open(path)?))
}

/// AVIF is measured only: see docs/media.md.
fn avif(path: &Path) -> Result<Probe, Unusable> {
    let size = imagesize::size(path).map_err(|error| Unusable::Broken(error.to_string()))?;
    let side = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
    Ok(Probe { width: side(size.width), height: side(size.height), frames: 1 })
}

/// Refuses pictures that are too large, or nothing at all.
fn within_limits((width, height): (u32, u32)) -> Result<(), Unusable> {
    if width == 0 || height == 0 {
        return Err(Unusable::Broken("it has no pixels".to_owned()));
    }
    if width > LONGEST_SIDE || height > LONGEST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Unusable::TooLarge { width, height });
    }
    Ok(())
}

/// A decoder that panics has met a file its author did not think of; that is the file's fault here.
fn guarded<T>(work: impl FnOnce() -> Result<T, Unusable>) -> Result<T, Unusable> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Unusable::Broken("its decoder gave up".to_owned())))
}

/// Three bytes a pixel become four, in the same memory.
fn with_opacity(mut rgb: Vec<u8>, pixels: usize) -> Vec<u8> {
    rgb.resize(pixels * 4, 255);
    for pixel in (0..pixels).rev() {
        let [red, green, blue] = [rgb[pixel * 3], rgb[pixel * 3 + 1], rgb[pixel * 3 + 2]];
        rgb[pixel * 4..pixel * 4 + 4].copy_from_slice(&[red, green, blue, 255]);
    }
    rgb
}

/// What decoding begins with: memory for `bytes` now, or for the picture and its spares later if that is more.
fn reserve(budget: &Budget, bytes: u64, picture: u64, wanted: Wanted) -> Result<Share, Unusable> {
    Ok(budget.take(bytes.max(picture * (1 + wanted.spare)))?)
}

/// What decoding ends with: the picture upright and in sRGB, what decoding alone needed given back.
fn finish(picture: Picture, orientation: Orientation, icc: Option<&[u8]>, mut share: Share, wanted: Wanted) -> Opened {
    let picture = profile::to_srgb(picture, icc).oriented(orientation);
    share.shrink_to(picture.bytes() * (1 + wanted.spare));
    Opened { picture, share }
}
