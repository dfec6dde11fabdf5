//! A picture in memory.

/// Pixels in sRGB, four bytes each: red, green, blue, opacity (not premultiplied), rows from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `width * height * 4` bytes.
    pub pixels: Vec<u8>,
    /// Whether no pixel lets anything through.
    pub opaque: bool,
}

/// How a picture lies in its file and has to be turned to be seen upright: the values of EXIF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Orientation {
    /// Left and right change places, after the turn.
    pub mirrored: bool,
    /// Quarter turns clockwise, 0 to 3.
    pub turns: u8,
}

impl Orientation {
    /// From EXIF's number; one that is out of range counts as upright.
    pub fn from_exif(number: u32) -> Self {
        let (mirrored, turns) = match number {
            2 => (true, 0),
            3 => (false, 2),
            4 => (true, 2),
            5 => (true, 1),
            6 => (false, 1),
            7 => (true, 3),
            8 => (false, 3),
            _ => (false, 0),
        };
        Self { mirrored, turns }
    }

    /// Width and height as shown of a picture that is stored with these.
    pub fn shown(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.turns % 2 == 1 { (height, width) } else { (width, height) }
    }
}

impl Picture {
    /// A picture of one colour: red, green, blue, opacity.
    pub fn filled(width: u32, height: u32, colour: [u8; 4]) -> Self {
        let pixels = colour.repeat(width as usize * height as usize);
        Self { width, height, pixels, opaque: colour[3] == 255 }
    }

    /// From pixels of which is not known whether any is transparent.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Self {
        let opaque = pixels.iter().skip(3).step_by(4).all(|opacity| *opacity == 255);
        Self { width, height, pixels, opaque }
    }

    /// Bytes of its pixels.
    pub fn bytes(&self) -> u64 {
        self.pixels.len() as u64
    }

    /// Upright.
    #[must_use]
    pub fn oriented(self, orientation: Orientation) -> Self {
        let turned = self.turned(orientation.turns);
        if orientation.mirrored { turned.mirrored() } else { turned }
    }

    /// Turned clockwise by quarters.
    #[must_use]
    pub fn turned(self, quarters: u8) -> Self {
        match quarters % 4 {
            1 => self.upside_down().transposed(),
            2 => self.upside_down().mirrored(),
            3 => self.transposed().upside_down(),
            _ => self,
        }
    }

    /// Left and right change places.
    #[must_use]
    pub fn mirrored(mut self) -> Self {
        for row in self.pixels.chunks_exact_mut(self.width as usize * 4) {
            let (pixels, _) = row.as_chunks_mut::<4>();
            pixels.reverse();
        }
        self
    }

    /// Top and bottom change places.
    #[must_use]
    pub fn upside_down(mut self) -> Self {
        let row = self.width as usize * 4;
        let half = self.height as usize / 2;
        let middle = self.pixels.len() - half * row;
        let (top, bottom) = self.pixels.split_at_mut(middle);
        for (upper, lower) in top.chunks_exact_mut(row).zip(bottom.chunks_exact_mut(row).rev()) {
            upper.swap_with_slice(lower);
        }
        self
    }

    /// Rows become columns.
    fn transposed(self) -> Self {
        // In squares: both pictures are then read and written where the processor's cache still has them.
        const SIDE: usize = 32;
        let (width, height) = (self.width as usize, self.height as usize);
        let mut pixels = vec![0; self.pixels.len()];
        let (from, _) = self.pixels.as_chunks::<4>();
        let (to, _) = pixels.as_chunks_mut::<4>();
        for (top, left) in
            (0..height).step_by(SIDE).flat_map(|top| (0..width).step_by(SIDE).map(move |left| (top, left)))
        {
            for y in top..height.min(top + SIDE) {
                for x in left..width.min(left + SIDE) {
                    to[x * height + y] = from[y * width + x];
                }
            }
        }
        Self { width: self.height, height: self.width, pixels, opaque: self.opaque }
    }

    /// The part from `x`, `y` on, cut at this picture's edges; `None` when nothing of it lies inside.
    #[must_use]
    pub fn part(&self, x: u32, y: u32, width: u32, height: u32) -> Option<Self> {
        let (width, height) = (width.min(self.width.checked_sub(x)?), height.min(self.height.checked_sub(y)?));
        if width == 0 || height == 0 {
            return None;
        }
        let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
        for row in self.pixels.chunks_exact(self.width as usize * 4).skip(y as usize).take(height as usize) {
            pixels.extend_from_slice(&row[x as usize * 4..(x + width) as usize * 4]);
        }
        Some(Self { width, height, pixels, opaque: self.opaque })
    }
}

#[cfg(test)]
mod tests {
    use super::{Orientation, Picture};

    /// One byte for each pixel, in all four channels.
    fn picture(width: u32, rows: &[u8]) -> Picture {
        let pixels = rows.iter().flat_map(|byte| [*byte; 4]).collect();
        Picture { width, height: rows.len() as u32 / width, pixels, opaque: false }
    }

    #[test]
    fn the_eight_orientations_show_the_same_picture() {
        // As shown: 1 2 3 above 4 5 6. How each orientation stores it, by the definition of EXIF.
        let stored: [(u32, &[u8]); 8] = [
            (3, &[1, 2, 3, 4, 5, 6]),
            (3, &[3, 2, 1, 6, 5, 4]),
            (3, &[6, 5, 4, 3, 2, 1]),
            (3, &[4, 5, 6, 1, 2, 3]),
            (2, &[1, 4, 2, 5, 3, 6]),
            (2, &[3, 6, 2, 5, 1, 4]),
            (2, &[6, 3, 5, 2, 4, 1]),
            (2, &[4, 1, 5, 2, 6, 3]),
        ];
        for (number, (width, rows)) in (1..).zip(stored) {
            let orientation = Orientation::from_exif(number);
            let stored = picture(width, rows);
            assert_eq!(orientation.shown((stored.width, stored.height)), (3, 2), "{number}");
            assert_eq!(stored.oriented(orientation), picture(3, &[1, 2, 3, 4, 5, 6]), "{number}");
        }
    }

    #[test]
    fn a_part_is_cut_at_the_edges() {
        let whole = picture(3, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(whole.part(1, 0, 9, 1), Some(picture(2, &[2, 3])));
        assert_eq!(whole.part(3, 0, 1, 1), None);
    }
}
