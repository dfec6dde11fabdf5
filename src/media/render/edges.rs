//! What changes how sharp a picture is.

use crate::media::picture::Picture;

/// How often a box is run over a row: three times is close to a Gaussian curve.
const PASSES: usize = 3;
/// How far sharpening looks around a pixel.
const SHARPENING: f32 = 1.0;

/// Blurred by a Gaussian curve with this deviation in pixels.
pub(super) fn blurred(mut picture: Picture, deviation: f32) -> Picture {
    if deviation <= 0.0 {
        return picture;
    }
    premultiply(&mut picture);
    for _ in 0..2 {
        blur_rows(&mut picture, deviation);
        picture = picture.transposed();
    }
    unpremultiply(&mut picture);
    picture
}

/// Sharpened: half the amount is added, times what blurring takes away.
pub(super) fn sharpened(mut picture: Picture, amount: f32) -> Picture {
    let soft = blurred(picture.clone(), SHARPENING);
    let gain = amount / 2.0;
    for (pixel, soft) in picture.pixels.as_chunks_mut::<4>().0.iter_mut().zip(soft.pixels.as_chunks::<4>().0) {
        for (value, soft) in pixel.iter_mut().zip(soft).take(3) {
            let (sharp, soft) = (f32::from(*value), f32::from(*soft));
            *value = (sharp + gain * (sharp - soft)).round() as u8;
        }
    }
    picture
}

/// Squares of one colour, the average of what is in them.
pub(super) fn pixelate(picture: &mut Picture, side: u32) {
    let (row, side) = (picture.width as usize * 4, side as usize);
    premultiply(picture);
    for rows in picture.pixels.chunks_mut(row * side) {
        for left in (0..row).step_by(side * 4) {
            let right = row.min(left + side * 4);
            let (mut sums, mut count) = ([0_u32; 4], 0);
            for part in rows.chunks_exact(row) {
                for pixel in part[left..right].as_chunks::<4>().0 {
                    sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u32::from(*value));
                    count += 1;
                }
            }
            let average = sums.map(|sum| ((sum + count / 2) / count) as u8);
            for part in rows.chunks_exact_mut(row) {
                part[left..right].as_chunks_mut::<4>().0.fill(average);
            }
        }
    }
    unpremultiply(picture);
}

/// Colours as bright as they shine through, so that what is transparent does not colour its neighbours.
fn premultiply(picture: &mut Picture) {
    if picture.opaque {
        return;
    }
    for [colours @ .., opacity] in picture.pixels.as_chunks_mut::<4>().0 {
        let opacity = u32::from(*opacity);
        colours.iter_mut().for_each(|value| *value = ((u32::from(*value) * opacity + 127) / 255) as u8);
    }
}

fn unpremultiply(picture: &mut Picture) {
    if picture.opaque {
        return;
    }
    for [colours @ .., opacity] in picture.pixels.as_chunks_mut::<4>().0 {
        let opacity = u32::from(*opacity).max(1);
        colours
            .iter_mut()
            .for_each(|value| *value = ((u32::from(*value) * 255 + opacity / 2) / opacity).min(255) as u8);
    }
}

/// A box whose outermost pixels count in part, so that any deviation can be had: Gwosdek and others, "Theoretical
/// foundations of Gaussian convolution by extended box filtering", 2011.
struct Window {
    radius: usize,
    /// How much the pixels beside the box count.
    outer: f32,
    /// What the sum is divided by.
    weight: f32,
}

impl Window {
    fn of(deviation: f32) -> Self {
        let variance = deviation * deviation / PASSES as f32;
        let radius = (((12.0 * variance + 1.0).sqrt() - 1.0) / 2.0).floor();
        let inner = 2.0 * radius + 1.0;
        let above = variance - (radius + 1.0) * (radius + 1.0);
        let outer = inner * (radius * (radius + 1.0) - 3.0 * variance) / (6.0 * above);
        Self { radius: radius as usize, outer, weight: inner + 2.0 * outer }
    }

    /// Runs over a row once; beyond its ends the row goes on as it ends.
    fn run(&self, from: &[[f32; 4]], to: &mut [[f32; 4]]) {
        let last = from.len() - 1;
        let at = |place: isize| from[place.clamp(0, last as isize) as usize];
        let radius = self.radius as isize;
        let mut sum = [0.0; 4];
        for place in -radius..=radius {
            let pixel = at(place);
            (0..4).for_each(|channel| sum[channel] += pixel[channel]);
        }
        for (place, to) in (0_isize..).zip(to) {
            let (before, next) = (at(place - radius - 1), at(place + radius + 1));
            let leaving = at(place - radius);
            for channel in 0..4 {
                to[channel] = (sum[channel] + self.outer * (before[channel] + next[channel])) / self.weight;
                sum[channel] += next[channel] - leaving[channel];
            }
        }
    }
}

fn blur_rows(picture: &mut Picture, deviation: f32) {
    let window = Window::of(deviation);
    let width = picture.width as usize;
    let (mut from, mut to) = (vec![[0.0; 4]; width], vec![[0.0; 4]; width]);
    for row in picture.pixels.chunks_exact_mut(width * 4) {
        let (pixels, _) = row.as_chunks_mut::<4>();
        from.iter_mut().zip(pixels.iter()).for_each(|(from, pixel)| *from = pixel.map(f32::from));
        for _ in 0..PASSES {
            window.run(&from, &mut to);
            std::mem::swap(&mut from, &mut to);
        }
        pixels.iter_mut().zip(&from).for_each(|(pixel, from)| *pixel = from.map(|value| value.round() as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::{PASSES, Window};

    #[test]
    fn a_window_spreads_as_far_as_asked() {
        for deviation in [0.3, 0.5, 1.0, 2.0, 7.3, 20.0] {
            let window = Window::of(deviation);
            let mut from = vec![[0.0; 4]; 301];
            let mut to = from.clone();
            from[150] = [1.0; 4];
            for _ in 0..PASSES {
                window.run(&from, &mut to);
                std::mem::swap(&mut from, &mut to);
            }
            let total: f32 = from.iter().map(|pixel| pixel[0]).sum();
            let spread =
                (0_u16..).zip(&from).map(|(at, pixel)| pixel[0] * (f32::from(at) - 150.0).powi(2)).sum::<f32>();
            assert!((total - 1.0).abs() < 1e-3, "{deviation}: {total}");
            assert!((spread.sqrt() - deviation).abs() < 0.02 * deviation.max(1.0), "{deviation}: {}", spread.sqrt());
        }
    }
}
