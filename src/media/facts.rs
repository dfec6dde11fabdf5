//! What is measured of a picture.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::decode::{Unusable, can_open, probe, thumbnail};
use super::kind::Kind;
use super::{Budget, Picture};

/// The longer side of the copy that colours are looked for in, in pixels: all that a thumbhash takes.
const SMALL: u32 = 100;
/// A pixel that lets more through than this has no colour of its own.
const VISIBLE: u8 = 128;

/// What is measured of a picture; nothing of any other file.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Pixels, as shown.
    pub width: Option<u32>,
    /// Pixels, as shown.
    pub height: Option<u32>,
    /// How many pictures it holds: 1 unless it moves.
    pub frames: u32,
    /// The dominant colour, `#rrggbb`; `None` when nothing of it can be seen, or it cannot be opened.
    pub colour: Option<String>,
    /// A thumbhash in base64; `None` when it cannot be opened.
    pub placeholder: Option<String>,
}

impl Facts {
    /// Of what is no picture of pixels.
    pub const NONE: Self = Self { width: None, height: None, frames: 1, colour: None, placeholder: None };

    /// Measures a file. Blocks until there is memory.
    ///
    /// # Errors
    /// [`Unusable`] when it is a picture that is damaged or too large.
    pub fn of(path: &Path, kind: Kind, budget: &Budget) -> Result<Self, Unusable> {
        if !kind.is_picture() || kind == Kind::SVG {
            return Ok(Self::NONE);
        }
        let seen = probe(path, kind.as_str())?;
        let size = Self { width: Some(seen.width), height: Some(seen.height), frames: seen.frames, ..Self::NONE };
        if !can_open(kind.as_str()) {
            return Ok(size);
        }
        let small = thumbnail(path, kind.as_str(), SMALL, budget)?;
        Ok(Self { colour: dominant(&small), placeholder: Some(placeholder(&small)), ..size })
    }
}

fn placeholder(small: &Picture) -> String {
    STANDARD.encode(thumbhash::rgba_to_thumb_hash(small.width as usize, small.height as usize, &small.pixels))
}

/// The colour that most of a picture has: the mean of the fullest of 4,096 boxes.
fn dominant(small: &Picture) -> Option<String> {
    let mut boxes = vec![[0_u32; 4]; 1 << 12];
    for pixel in small.pixels.chunks_exact(4).filter(|pixel| pixel[3] >= VISIBLE) {
        let place = pixel[..3].iter().fold(0, |place, channel| place << 4 | usize::from(channel >> 4));
        let [red, green, blue, count] = &mut boxes[place];
        *red += u32::from(pixel[0]);
        *green += u32::from(pixel[1]);
        *blue += u32::from(pixel[2]);
        *count += 1;
    }
    let [red, green, blue, count] = boxes.into_iter().max_by_key(|[_, _, _, count]| *count)?;
    (count > 0).then(|| format!("#{:02x}{:02x}{:02x}", red / count, green / count, blue / count))
}

#[cfg(test)]
mod tests {
    use super::{Facts, dominant};
    use crate::media::kind::Kind;
    use crate::media::{Budget, Picture};

    #[test]
    fn the_fullest_colour_wins() {
        let mut pixels = [200, 10, 10, 255].repeat(6);
        pixels.extend([10, 10, 200, 255].repeat(3));
        pixels.extend([0, 255, 0, 0].repeat(9));
        assert_eq!(dominant(&Picture::new(18, 1, pixels)).as_deref(), Some("#c80a0a"));
        assert_eq!(dominant(&Picture::filled(2, 2, [9, 9, 9, 0])), None);
    }

    #[test]
    fn a_photo_is_measured() {
        let photo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/starter/media/loaves.jpg");
        let kind = Kind::parse("image/jpeg").unwrap();
        let facts = Facts::of(&photo, kind, &Budget::default()).unwrap();
        assert_eq!((facts.width, facts.height, facts.frames), (Some(1600), Some(1067), 1));
        let (colour, placeholder) = (facts.colour.unwrap(), facts.placeholder.unwrap());
        assert!(
            colour.len() == 7 && colour.starts_with('#') && (24..=36).contains(&placeholder.len()),
            "{placeholder}"
        );
        assert_eq!(Facts::of(&photo, Kind::SVG, &Budget::default()).unwrap(), Facts::NONE);
    }
}
