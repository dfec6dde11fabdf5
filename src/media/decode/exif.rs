//! The one thing that is read of EXIF: which way is up.

use exif::{In, Reader, Tag};

use crate::media::picture::Orientation;

/// The orientation that EXIF data names, beginning with its TIFF header; upright when it cannot be read.
pub(super) fn orientation(data: &[u8]) -> Orientation {
    let parsed = Reader::new().read_raw(data.to_vec()).ok();
    let number = parsed.and_then(|exif| exif.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0));
    number.map(Orientation::from_exif).unwrap_or_default()
}
