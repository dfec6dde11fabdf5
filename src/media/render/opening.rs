//! The first tasks of an address decide how the file is opened: crops and one resize become one step, so that a
//! large photo that is shown small is never in memory at its full size.

use super::size::{Cut, cropped, focal_in, outside, resized, within_limits};
use super::{Failure, area};
use crate::media::picture::Picture;
use crate::media::resample::{Region, resample};
use crate::media::task::Task;

/// What is taken of the original, and at which size.
#[derive(Debug, PartialEq)]
pub(super) struct Opening {
    /// In pixels of the original as shown.
    region: Region,
    /// After the resize.
    pub(super) size: (u32, u32),
    /// The point to keep in sight, in fractions of the region.
    pub(super) focal: (f64, f64),
    /// How many of the tasks this does.
    pub(super) done: usize,
}

impl Opening {
    /// Of a picture of this size.
    pub(super) fn of(full: (u32, u32), tasks: &[Task], focal: Option<(f64, f64)>) -> Result<Self, Failure> {
        let mut part = [0, 0, full.0, full.1];
        let mut focal = focal.unwrap_or((0.5, 0.5));
        for (place, task) in tasks.iter().enumerate() {
            let size = (part[2], part[3]);
            match task {
                Task::Crop(dim) => {
                    let inner = cropped(size, *dim)?;
                    focal = focal_in(focal, size, inner);
                    part = [part[0] + inner[0], part[1] + inner[1], inner[2], inner[3]];
                }
                Task::Resize(resize) => {
                    let cut = resized(size, resize, focal);
                    within_limits(cut.size)?;
                    return Ok(Self::resizing(part, cut, place + 1));
                }
                Task::Quality(_) | Task::Output(_) | Task::AutoImage => {}
                _ => return Ok(Self::as_it_is(part, focal, place)),
            }
        }
        Ok(Self::as_it_is(part, focal, tasks.len()))
    }

    fn resizing([x, y, ..]: [u32; 4], cut: Cut, done: usize) -> Self {
        let (left, top, width, height) = cut.region;
        Self {
            region: (f64::from(x) + left, f64::from(y) + top, width, height),
            size: cut.size,
            focal: cut.focal,
            done,
        }
    }

    fn as_it_is([x, y, width, height]: [u32; 4], focal: (f64, f64), done: usize) -> Self {
        let region = (f64::from(x), f64::from(y), f64::from(width), f64::from(height));
        Self { region, size: (width, height), focal, done }
    }

    /// The size that the whole original must keep when it is opened.
    pub(super) fn least(&self, full: (u32, u32)) -> Option<(u32, u32)> {
        let (_, _, width, height) = self.region;
        let side = |full: u32, part: f64, size: u32| (f64::from(full) * f64::from(size) / part).ceil() as u32;
        let least = (side(full.0, width, self.size.0), side(full.1, height, self.size.1));
        (area(least) < area(full)).then_some(least)
    }

    /// The region at its size, of the original that was opened, perhaps smaller than it is.
    pub(super) fn apply(&self, opened: Picture, full: (u32, u32)) -> Result<Picture, Failure> {
        let (x, y, width, height) = self.region;
        let (wide, high) = (f64::from(opened.width), f64::from(opened.height));
        if (opened.width, opened.height) == full && (f64::from(self.size.0), f64::from(self.size.1)) == (width, height)
        {
            let whole = (x, y) == (0.0, 0.0) && self.size == full;
            // Of the same size the region begins at a pixel, except where a crop's middle lies between two.
            let part = |picture: Picture| picture.part(x as u32, y as u32, self.size.0, self.size.1);
            return if whole { Ok(opened) } else { part(opened).ok_or_else(|| outside(full)) };
        }
        let (by_x, by_y) = (wide / f64::from(full.0), high / f64::from(full.1));
        let (left, top) = (x * by_x, y * by_y);
        let region = (left, top, (width * by_x).min(wide - left), (height * by_y).min(high - top));
        resample(&opened, region, self.size).map_err(Failure::Senseless)
    }
}

#[cfg(test)]
mod tests {
    use super::Opening;
    use crate::media::task::Tasks;

    #[test]
    fn crops_and_a_resize_become_one_step() {
        let tasks =
            Tasks::read(["crop=dim:[1000,0,2000,2000]", "crop=dim:[500,500,9000,1000]", "resize=width:300", "flip"]);
        let opening = Opening::of((6000, 4000), &tasks.unwrap().list, Some((0.0, 1.0))).unwrap();
        let expected =
            Opening { region: (1500.0, 500.0, 1500.0, 1000.0), size: (300, 200), focal: (0.0, 1.0), done: 3 };
        assert_eq!(opening, expected);
        assert_eq!(opening.least((6000, 4000)), Some((1200, 800)));
    }
}
