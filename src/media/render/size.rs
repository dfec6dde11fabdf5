//! Sizes and regions, worked out without pixels.

use super::{Failure, LONGEST_SIDE, MOST_PIXELS, area};
use crate::media::resample::Region;
use crate::media::task::{Fit, Resize, Task};

/// What a resize takes of a picture, and what it makes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cut {
    /// The part that is seen.
    pub(super) region: Region,
    /// Its size afterwards.
    pub(super) size: (u32, u32),
    /// The point to keep in sight, in fractions of that part.
    pub(super) focal: (f64, f64),
}

/// A resize of a picture of this size.
pub(super) fn resized(of: (u32, u32), resize: &Resize, focal: (f64, f64)) -> Cut {
    let (width, height) = (f64::from(of.0), f64::from(of.1));
    let whole = (0.0, 0.0, width, height);
    let by = |side: Option<u32>, of: f64| side.map(|side| f64::from(side) / of);
    let scaled = |scale: f64| (pixels(width * scale), pixels(height * scale));
    let (wide, high) = (by(resize.width, width), by(resize.height, height));
    let (Some(wide), Some(high)) = (wide, high) else {
        let scale = wide.or(high).unwrap_or(1.0);
        let scale = if resize.fit == Fit::Max { scale.min(1.0) } else { scale };
        return Cut { region: whole, size: scaled(scale), focal };
    };
    let target = (resize.width.unwrap_or(of.0), resize.height.unwrap_or(of.1));
    match resize.fit {
        Fit::Clip => Cut { region: whole, size: scaled(wide.min(high)), focal },
        Fit::Max => Cut { region: whole, size: scaled(wide.min(high).min(1.0)), focal },
        Fit::Scale => Cut { region: whole, size: target, focal },
        Fit::Crop => {
            let scale = wide.max(high);
            let (cut_width, cut_height) =
                ((f64::from(target.0) / scale).min(width), (f64::from(target.1) / scale).min(height));
            let place = |spare: f64, half: Option<u8>, point: f64, side: f64, cut: f64| match half {
                Some(half) => spare * f64::from(half) / 2.0,
                None => (point * side - cut / 2.0).clamp(0.0, spare),
            };
            let (x, y) = (resize.align.map(|align| align.x), resize.align.map(|align| align.y));
            let left = place(width - cut_width, x, focal.0, width, cut_width);
            let top = place(height - cut_height, y, focal.1, height, cut_height);
            let within = |point: f64, side: f64, start: f64, cut: f64| ((point * side - start) / cut).clamp(0.0, 1.0);
            let focal = (within(focal.0, width, left, cut_width), within(focal.1, height, top, cut_height));
            Cut { region: (left, top, cut_width, cut_height), size: target, focal }
        }
    }
}

fn pixels(side: f64) -> u32 {
    // A float that is too large becomes the largest number, which the limits refuse.
    (side.round() as u32).max(1)
}

/// The part of a picture of this size that a crop keeps: it ends where the picture ends.
pub(super) fn cropped(of: (u32, u32), [x, y, width, height]: [u32; 4]) -> Result<[u32; 4], Failure> {
    match (of.0.checked_sub(x), of.1.checked_sub(y)) {
        (Some(wide @ 1..), Some(high @ 1..)) => Ok([x, y, width.min(wide), height.min(high)]),
        _ => Err(outside(of)),
    }
}

pub(super) fn outside((width, height): (u32, u32)) -> Failure {
    Failure::Senseless(format!("`dim` of `crop` lies outside the picture, which has {width} x {height} pixels there"))
}

/// A point of a picture as a point of a part of it.
pub(super) fn focal_in(focal: (f64, f64), of: (u32, u32), [x, y, width, height]: [u32; 4]) -> (f64, f64) {
    let within = |point: f64, side: u32, start: u32, part: u32| {
        ((point * f64::from(side) - f64::from(start)) / f64::from(part)).clamp(0.0, 1.0)
    };
    (within(focal.0, of.0, x, width), within(focal.1, of.1, y, height))
}

/// The size of a picture of this size after a task.
///
/// # Errors
/// `Senseless` when that is nothing, or too large.
pub(super) fn after(task: &Task, of: (u32, u32)) -> Result<(u32, u32), Failure> {
    let size = match *task {
        Task::Resize(ref resize) => resized(of, resize, (0.5, 0.5)).size,
        Task::Crop(dim) => {
            let [_, _, width, height] = cropped(of, dim)?;
            (width, height)
        }
        Task::Rotate { degrees, .. } => rotated(of, degrees),
        Task::Circle { .. } => (of.0.min(of.1), of.0.min(of.1)),
        Task::Border { width, .. } => (of.0 + 2 * width, of.1 + 2 * width),
        _ => of,
    };
    within_limits(size)
}

/// The box around a turned picture.
pub(super) fn rotated((width, height): (u32, u32), degrees: u16) -> (u32, u32) {
    match degrees {
        0 | 180 => (width, height),
        90 | 270 => (height, width),
        _ => {
            let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
            let side = |a: u32, b: u32| pixels(f64::from(a) * cos.abs() + f64::from(b) * sin.abs());
            (side(width, height), side(height, width))
        }
    }
}

/// Refuses what is too large to be made.
pub(super) fn within_limits(size: (u32, u32)) -> Result<(u32, u32), Failure> {
    if area(size) > MOST_PIXELS || size.0 > LONGEST_SIDE || size.1 > LONGEST_SIDE {
        let (width, height) = size;
        let limits = format!("up to {} megapixels and {LONGEST_SIDE} pixels a side are made", MOST_PIXELS / 1_000_000);
        return Err(Failure::Senseless(format!("the result would have {width} x {height} pixels; {limits}")));
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::resized;
    use crate::media::task::{Align, Fit, Resize};

    #[test]
    fn a_box_is_filled_around_what_matters() {
        let resize = |align| Resize { width: Some(100), height: Some(100), fit: Fit::Crop, align };
        let region = |align, focal| resized((400, 200), &resize(align), focal).region;
        assert_eq!(region(None, (0.5, 0.5)), (100.0, 0.0, 200.0, 200.0));
        assert_eq!(region(None, (0.9, 0.1)), (200.0, 0.0, 200.0, 200.0));
        assert_eq!(region(None, (0.3, 0.5)), (20.0, 0.0, 200.0, 200.0));
        assert_eq!(region(Some(Align { x: 0, y: 1 }), (0.9, 0.5)), (0.0, 0.0, 200.0, 200.0));
        assert_eq!(resized((400, 200), &resize(None), (0.3, 0.5)).focal, (0.5, 0.5));
    }

    #[test]
    fn one_side_follows_from_the_other() {
        let size =
            |width, height, fit| resized((400, 200), &Resize { width, height, fit, align: None }, (0.5, 0.5)).size;
        assert_eq!(size(Some(100), None, Fit::Clip), (100, 50));
        assert_eq!(size(None, Some(400), Fit::Clip), (800, 400));
        assert_eq!(size(None, Some(400), Fit::Max), (400, 200));
        assert_eq!(size(Some(100), Some(100), Fit::Clip), (100, 50));
        assert_eq!(size(Some(100), Some(100), Fit::Scale), (100, 100));
        assert_eq!(size(Some(800), Some(800), Fit::Max), (400, 200));
        assert_eq!(size(Some(1), None, Fit::Clip), (1, 1));
    }
}
