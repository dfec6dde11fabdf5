//! Making a picture smaller while its rows arrive, so that it never lies in memory at its full size.

use crate::media::picture::Picture;

/// More would overflow the sums.
const MOST: u32 = 64;

/// How many pixels of a side may become one, when the picture must not get smaller than `least`.
pub(super) fn factor((width, height): (u32, u32), least: Option<(u32, u32)>) -> u32 {
    let Some((least_width, least_height)) = least else { return 1 };
    let times = |side: u32, least: u32| side / least.max(1);
    times(width, least_width).min(times(height, least_height)).clamp(1, MOST)
}

/// A side after shrinking; what is left over at its end makes a pixel as well.
pub(super) fn side(pixels: u32, factor: u32) -> u32 {
    pixels.div_ceil(factor)
}

/// Averages squares of pixels, each weighted by its opacity.
pub(super) struct Shrinking {
    width: usize,
    factor: usize,
    sums: Vec<[u32; 4]>,
    rows: usize,
    pixels: Vec<u8>,
}

impl Shrinking {
    pub(super) fn new((width, height): (u32, u32), factor: u32) -> Self {
        let (columns, rows) = (side(width, factor) as usize, side(height, factor) as usize);
        let pixels = Vec::with_capacity(columns * rows * 4);
        Self { width: width as usize, factor: factor as usize, sums: vec![[0; 4]; columns], rows: 0, pixels }
    }

    /// The next row, four bytes a pixel.
    pub(super) fn row(&mut self, row: &[u8]) {
        if self.factor == 1 {
            self.pixels.extend_from_slice(row);
            return;
        }
        let (row, _) = row.as_chunks::<4>();
        for (sum, square) in self.sums.iter_mut().zip(row.chunks(self.factor)) {
            for [red, green, blue, opacity] in square {
                let weight = u32::from(*opacity);
                for (sum, colour) in sum.iter_mut().zip([red, green, blue]) {
                    *sum += u32::from(*colour) * weight;
                }
                sum[3] += weight;
            }
        }
        self.rows += 1;
        if self.rows == self.factor {
            self.flush();
        }
    }

    fn flush(&mut self) {
        for (column, sum) in self.sums.iter_mut().enumerate() {
            let columns = self.factor.min(self.width - column * self.factor);
            let count = (columns * self.rows) as u32;
            let [red, green, blue, weight] = std::mem::take(sum);
            let colour = |sum: u32| if weight == 0 { 0 } else { ((sum + weight / 2) / weight) as u8 };
            let opacity = ((weight + count / 2) / count) as u8;
            self.pixels.extend_from_slice(&[colour(red), colour(green), colour(blue), opacity]);
        }
        self.rows = 0;
    }

    /// The picture of all rows.
    pub(super) fn finish(mut self) -> Picture {
        if self.rows > 0 {
            self.flush();
        }
        let columns = self.sums.len();
        let rows = self.pixels.len() / 4 / columns.max(1);
        Picture::new(columns as u32, rows as u32, self.pixels)
    }
}

#[cfg(test)]
mod tests {
    use super::{Shrinking, factor};

    #[test]
    fn squares_become_their_average() {
        let mut shrinking = Shrinking::new((3, 3), 2);
        let grey = |byte: u8| [byte, byte, byte, 255];
        shrinking.row(&[grey(0), grey(10), grey(7)].concat());
        shrinking.row(&[grey(20), grey(30), grey(9)].concat());
        shrinking.row(&[[9, 9, 9, 0], grey(50), [200, 0, 0, 0]].concat());
        let picture = shrinking.finish();
        assert_eq!((picture.width, picture.height, picture.opaque), (2, 2, false));
        assert_eq!(picture.pixels, [grey(15), grey(8), [50, 50, 50, 128], [0, 0, 0, 0]].concat());
    }

    #[test]
    fn nothing_gets_smaller_than_it_must_stay() {
        assert_eq!(factor((6000, 4000), Some((1200, 800))), 5);
        assert_eq!(factor((6000, 4000), Some((1201, 1))), 4);
        assert_eq!(factor((60, 40), Some((1200, 800))), 1);
        assert_eq!(factor((60, 40), None), 1);
    }
}
