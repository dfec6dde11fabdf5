//! What is measured of a picture.

use std::path::Path;

use super::kind::Kind;

/// What is measured of a picture; nothing of any other file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Pixels, as shown.
    pub width: Option<u32>,
    /// Pixels, as shown.
    pub height: Option<u32>,
    /// How many pictures it holds: 1 unless it moves.
    pub frames: u32,
    /// The dominant colour, `#rrggbb`.
    pub colour: Option<String>,
    /// A thumbhash in base64.
    pub placeholder: Option<String>,
}

impl Facts {
    /// Measures a file.
    pub fn of(path: &Path, kind: Kind) -> Self {
        let measured = kind.is_picture().then(|| imagesize::size(path).ok()).flatten();
        let pixels = |pixels: usize| u32::try_from(pixels).ok();
        Self {
            width: measured.and_then(|size| pixels(size.width)),
            height: measured.and_then(|size| pixels(size.height)),
            frames: 1,
            colour: None,
            placeholder: None,
        }
    }
}
