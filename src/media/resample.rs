//! Pictures in other sizes.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::picture::Picture;

/// A part of a picture, in pixels that may be fractions: x, y, width, height.
pub(super) type Region = (f64, f64, f64, f64);

/// A region of a picture in another size, by Lanczos's filter over three lobes.
///
/// # Errors
/// A sentence, when the region lies outside or is empty.
pub(super) fn resample(picture: &Picture, region: Region, (width, height): (u32, u32)) -> Result<Picture, String> {
    let from = ImageRef::new(picture.width, picture.height, &picture.pixels, PixelType::U8x4);
    let from = from.map_err(|error| error.to_string())?;
    let mut to = Image::new(width, height, PixelType::U8x4);
    let (x, y, wide, high) = region;
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(x, y, wide, high)
        .use_alpha(!picture.opaque);
    Resizer::new().resize(&from, &mut to, &options).map_err(|error| error.to_string())?;
    Ok(Picture { width, height, pixels: to.into_vec(), opaque: picture.opaque })
}

/// All of a picture.
pub(super) fn whole(picture: &Picture) -> Region {
    (0.0, 0.0, f64::from(picture.width), f64::from(picture.height))
}
