//! What changes a picture's outline.

use super::colours::{over, put_on};
use super::{Failure, size};
use crate::media::picture::Picture;
use crate::media::task::Colour;

/// Rounds the corners; without a radius as far as can be. `blur` is how many pixels the edge runs out over.
pub(super) fn round(picture: &mut Picture, radius: Option<u32>, blur: f32, Colour(behind): Colour) {
    let most = picture.width.min(picture.height) as f32 / 2.0;
    let radius = radius.map_or(most, |radius| (radius as f32).min(most));
    let (width, height) = (picture.width as f32, picture.height as f32);
    let softness = 1.0 + 2.0 * blur;
    let row = picture.width as usize * 4;
    for (y, row) in (0_u32..).zip(picture.pixels.chunks_exact_mut(row)) {
        let down = beyond(y as f32 + 0.5, height, radius);
        for (x, pixel) in (0_u32..).zip(row.as_chunks_mut::<4>().0) {
            let across = beyond(x as f32 + 0.5, width, radius);
            // How far outside the outline the pixel's middle lies; negative inside.
            let outside = across.max(0.0).hypot(down.max(0.0)) + across.max(down).min(0.0) - radius;
            let covered = (0.5 - outside / softness).clamp(0.0, 1.0);
            if covered < 1.0 {
                let opacity = (f32::from(pixel[3]) * covered).round() as u8;
                *pixel = over([pixel[0], pixel[1], pixel[2], opacity], behind);
            }
        }
    }
    picture.opaque &= behind[3] == 255;
}

/// How far a point lies beyond the middle of the nearer corner's circle, along one side.
fn beyond(point: f32, side: f32, radius: f32) -> f32 {
    (point - side / 2.0).abs() - (side / 2.0 - radius)
}

/// The largest circle in the middle.
pub(super) fn circle(picture: Picture, background: Colour) -> Result<Picture, Failure> {
    let side = picture.width.min(picture.height);
    let (x, y) = ((picture.width - side) / 2, (picture.height - side) / 2);
    let square = picture.part(x, y, side, side);
    let mut square = square.ok_or_else(|| size::outside((picture.width, picture.height)))?;
    round(&mut square, None, 0.0, background);
    Ok(square)
}

/// A frame of one colour around it.
pub(super) fn border(mut picture: Picture, width: u32, color: Colour, background: Colour) -> Picture {
    put_on(&mut picture, background);
    if width == 0 {
        return picture;
    }
    let mut framed = Picture::filled(picture.width + 2 * width, picture.height + 2 * width, color.0);
    let (row, left) = (framed.width as usize * 4, width as usize * 4);
    let inner = picture.width as usize * 4;
    let rows = framed.pixels.chunks_exact_mut(row).skip(width as usize);
    for (to, from) in rows.zip(picture.pixels.chunks_exact(inner)) {
        to[left..left + inner].copy_from_slice(from);
    }
    framed.opaque &= picture.opaque;
    framed
}
