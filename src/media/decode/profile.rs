//! Colours: pictures carry what their numbers mean, renditions are all in sRGB.

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::media::picture::Picture;

/// The picture in sRGB. A profile that cannot be understood counts as sRGB, as browsers do.
pub(super) fn to_srgb(mut picture: Picture, icc: Option<&[u8]>) -> Picture {
    let Some(profile) = icc.and_then(|icc| ColorProfile::new_from_slice(icc).ok()) else { return picture };
    if profile.color_space != DataColorSpace::Rgb {
        return picture;
    }
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgba, TransformOptions::default());
    let Ok(transform) = transform else { return picture };
    // Row by row: the transform does not work in place.
    let mut row = vec![0; picture.width as usize * 4];
    for pixels in picture.pixels.chunks_exact_mut(picture.width as usize * 4) {
        if transform.transform(pixels, &mut row).is_err() {
            break;
        }
        pixels.copy_from_slice(&row);
    }
    picture
}
