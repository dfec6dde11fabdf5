//! What changes colours only.

use crate::media::picture::Picture;
use crate::media::task::Colour;

/// How bright red, green and blue look, by ITU-R BT.709.
const LUMA: [f32; 3] = [0.2126, 0.7152, 0.0722];

fn luma([red, green, blue]: [u8; 3]) -> f32 {
    LUMA[0] * f32::from(red) + LUMA[1] * f32::from(green) + LUMA[2] * f32::from(blue)
}

fn each(picture: &mut Picture, change: impl Fn([u8; 3]) -> [u8; 3]) {
    for [red, green, blue, _] in picture.pixels.as_chunks_mut::<4>().0 {
        [*red, *green, *blue] = change([*red, *green, *blue]);
    }
}

fn byte(value: f32) -> u8 {
    // Casting from floats keeps to the range of bytes.
    value.round() as u8
}

/// Greys.
pub(super) fn monochrome(picture: &mut Picture) {
    each(picture, |colour| [byte(luma(colour)); 3]);
}

/// Each colour's opposite.
pub(super) fn negative(picture: &mut Picture) {
    each(picture, |colour| colour.map(|value| 255 - value));
}

/// Brown, as CSS's `sepia()` defines it: at 100 percent fully.
pub(super) fn sepia(picture: &mut Picture, tone: u8) {
    let rest = 1.0 - f32::from(tone.min(100)) / 100.0;
    let rows = [
        [0.393 + 0.607 * rest, 0.769 - 0.769 * rest, 0.189 - 0.189 * rest],
        [0.349 - 0.349 * rest, 0.686 + 0.314 * rest, 0.168 - 0.168 * rest],
        [0.272 - 0.272 * rest, 0.534 - 0.534 * rest, 0.131 + 0.869 * rest],
    ];
    each(picture, |colour| {
        let [red, green, blue] = colour.map(f32::from);
        rows.map(|[of_red, of_green, of_blue]| byte(of_red * red + of_green * green + of_blue * blue))
    });
}

/// Black up to this share of full brightness, white above.
pub(super) fn black_white(picture: &mut Picture, threshold: u8) {
    let limit = f32::from(threshold) * 2.55;
    each(picture, |colour| [if luma(colour) > limit { 255 } else { 0 }; 3]);
}

/// Brightness and saturation in percent, hue in degrees.
pub(super) fn modulate(picture: &mut Picture, brightness: u16, saturation: u16, hue: u16) {
    let (brightness, saturation) = (f32::from(brightness) / 100.0, f32::from(saturation) / 100.0);
    let turn = f32::from(hue) / 60.0;
    each(picture, |colour| {
        let (hue, full, light) = hsl(colour);
        rgb((hue + turn) % 6.0, (full * saturation).min(1.0), (light * brightness).min(1.0))
    });
}

/// Hue in sixths of the circle, saturation and lightness from 0 to 1.
fn hsl(colour: [u8; 3]) -> (f32, f32, f32) {
    let [red, green, blue] = colour.map(|value| f32::from(value) / 255.0);
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let (range, light) = (most - least, (most + least) / 2.0);
    if range == 0.0 {
        return (0.0, 0.0, light);
    }
    let hue = if most == red {
        (green - blue) / range
    } else if most == green {
        (blue - red) / range + 2.0
    } else {
        (red - green) / range + 4.0
    };
    (hue.rem_euclid(6.0), range / (1.0 - (2.0 * light - 1.0).abs()), light)
}

fn rgb(hue: f32, full: f32, light: f32) -> [u8; 3] {
    let range = (1.0 - (2.0 * light - 1.0).abs()) * full;
    let middle = range * (1.0 - (hue % 2.0 - 1.0).abs());
    let colour = match hue as u8 {
        0 => [range, middle, 0.0],
        1 => [middle, range, 0.0],
        2 => [0.0, range, middle],
        3 => [0.0, middle, range],
        4 => [middle, 0.0, range],
        _ => [range, 0.0, middle],
    };
    colour.map(|value| byte((value + light - range / 2.0) * 255.0))
}

/// What is transparent shows a colour.
pub(super) fn put_on(picture: &mut Picture, Colour(behind): Colour) {
    if picture.opaque {
        return;
    }
    for pixel in picture.pixels.as_chunks_mut::<4>().0 {
        *pixel = over(*pixel, behind);
    }
    picture.opaque = behind[3] == 255;
}

/// One pixel in front of another.
pub(super) fn over(front: [u8; 4], behind: [u8; 4]) -> [u8; 4] {
    let covered = f32::from(front[3]) / 255.0;
    let shining = f32::from(behind[3]) / 255.0 * (1.0 - covered);
    let opacity = covered + shining;
    if opacity == 0.0 {
        return [0; 4];
    }
    let mixed = |at: usize| byte((f32::from(front[at]) * covered + f32::from(behind[at]) * shining) / opacity);
    [mixed(0), mixed(1), mixed(2), byte(opacity * 255.0)]
}
