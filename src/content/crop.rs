//! The addresses of our own pictures and files: `/media/<id>`, with tasks before the id `/media/<task>/<id>`.

/// What all of them begin with.
pub const MEDIA: &str = "/media/";

/// The longest side a crop may have or begin at, in pixels.
const LONGEST: u32 = 1 << 20;

/// A part of a picture, in pixels of the picture as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop {
    /// From the left edge.
    pub left: u32,
    /// From the top edge.
    pub top: u32,
    /// At least 1.
    pub width: u32,
    /// At least 1.
    pub height: u32,
}

/// The part of the picture that an address of ours shows: its `crop` task, when that is its first. A later one
/// counts in pixels of what the tasks before it made.
pub fn media_crop(address: &str) -> Option<Crop> {
    let first = address.strip_prefix(MEDIA)?.split('/').next()?;
    let numbers = first.strip_prefix("crop=dim:[")?.strip_suffix(']')?;
    let mut sides = numbers.split(',').map(|number| number.trim().parse().ok().filter(|side| *side <= LONGEST));
    let mut side = || sides.next().flatten();
    let crop = Crop { left: side()?, top: side()?, width: side()?, height: side()? };
    (sides.next().is_none() && crop.width > 0 && crop.height > 0).then_some(crop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crop_is_four_whole_numbers_and_comes_first() {
        let crop = Crop { left: 432, top: 0, width: 3936, height: 2214 };
        assert_eq!(media_crop("/media/crop=dim:[432,0,3936,2214]/a1"), Some(crop));
        assert_eq!(media_crop("/media/crop=dim:[432, 0, 3936, 2214]/auto_image/a1"), Some(crop));
        for address in [
            "/media/a1",
            "/media/crop=dim:[1,2,3]/a1",
            "/media/crop=dim:[1,2,3,4,5]/a1",
            "/media/crop=dim:[1,2,0,4]/a1",
            "/media/crop=dim:[-1,2,3,4]/a1",
            "/media/crop=dim:[1,2,3,99999999999]/a1",
            "/media/flip/crop=dim:[1,2,3,4]/a1",
        ] {
            assert_eq!(media_crop(address), None, "{address}");
        }
    }
}
