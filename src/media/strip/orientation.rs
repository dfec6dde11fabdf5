//! Which way a picture is turned: the one thing of EXIF that stays.

use exif::{In, Reader, Tag};

/// The number of the orientation in EXIF data that begin with their TIFF header; `None` when the picture lies as it
/// is shown, or nothing can be read.
pub(super) fn of(tiff: &[u8]) -> Option<u8> {
    let parsed = Reader::new().read_raw(tiff.to_vec()).ok()?;
    let number = parsed.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0)?;
    u8::try_from(number).ok().filter(|number| (2..=8).contains(number))
}

/// EXIF data that say nothing else.
pub(super) fn alone(number: u8) -> [u8; 26] {
    let mut tiff = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    tiff[19] = number;
    tiff
}

#[cfg(test)]
mod tests {
    use super::{alone, of};

    #[test]
    fn what_is_written_is_read() {
        for number in 2..=8 {
            assert_eq!(of(&alone(number)), Some(number));
        }
        assert_eq!((of(&alone(1)), of(&alone(9)), of(b"MM"), of(b"")), (None, None, None, None));
    }
}
