//! Turning by any angle.

use super::size;
use crate::media::picture::Picture;
use crate::media::task::Colour;

/// Turned clockwise, in the box around it.
pub(super) fn rotated(picture: Picture, degrees: u16, background: Colour) -> Picture {
    match degrees {
        0 | 90 | 180 | 270 => picture.turned((degrees / 90) as u8),
        _ => tilted(&picture, degrees, background),
    }
}

/// Every pixel of the result is mixed of the four around the point it comes from.
fn tilted(picture: &Picture, degrees: u16, background: Colour) -> Picture {
    let (width, height) = size::rotated((picture.width, picture.height), degrees);
    let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
    let middle = |side: u32| (f64::from(side) - 1.0) / 2.0;
    for y in 0..height {
        let down = f64::from(y) - middle(height);
        for x in 0..width {
            let right = f64::from(x) - middle(width);
            let from_x = right * cos + down * sin + middle(picture.width);
            let from_y = down * cos - right * sin + middle(picture.height);
            pixels.extend_from_slice(&sample(picture, from_x, from_y, background));
        }
    }
    Picture { width, height, pixels, opaque: picture.opaque && background.0[3] == 255 }
}

fn sample(picture: &Picture, x: f64, y: f64, Colour(background): Colour) -> [u8; 4] {
    let (left, top) = (x.floor(), y.floor());
    let (right_share, lower_share) = ((x - left) as f32, (y - top) as f32);
    let (left, top) = (left as i64, top as i64);
    let mut mixed = [0.0; 4];
    for (across, down, share) in [
        (0, 0, (1.0 - right_share) * (1.0 - lower_share)),
        (1, 0, right_share * (1.0 - lower_share)),
        (0, 1, (1.0 - right_share) * lower_share),
        (1, 1, right_share * lower_share),
    ] {
        let [red, green, blue, opacity] = at(picture, left + across, top + down).unwrap_or(background).map(f32::from);
        let weight = share * opacity;
        for (sum, value) in mixed.iter_mut().zip([red * weight, green * weight, blue * weight, weight]) {
            *sum += value;
        }
    }
    let [red, green, blue, weight] = mixed;
    if weight < 0.5 {
        return [0; 4];
    }
    [red / weight, green / weight, blue / weight, weight].map(|value| value.round() as u8)
}

fn at(picture: &Picture, x: i64, y: i64) -> Option<[u8; 4]> {
    let (x, y) = (u32::try_from(x).ok()?, u32::try_from(y).ok()?);
    if x >= picture.width || y >= picture.height {
        return None;
    }
    let (pixels, _) = picture.pixels.as_chunks::<4>();
    pixels.get(y as usize * picture.width as usize + x as usize).copied()
}
