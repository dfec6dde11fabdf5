//! How much memory tasks need, known before they are begun.

use super::{Failure, area, memory_per_pixel, size};
use crate::media::task::{Format, Task};

/// Bytes of the largest step, the pictures it works on and the file included, for a picture of this size.
///
/// # Errors
/// `Senseless` when a step makes nothing or too much.
pub(super) fn needed(of: (u32, u32), tasks: &[Task], format: Format) -> Result<u64, Failure> {
    size::within_limits(of)?;
    let (mut size, mut most) = (of, area(of) * 4);
    for task in tasks {
        let after = size::after(task, size)?;
        most = most.max(match task {
            // The filter keeps what it made of the rows while it works on the columns.
            Task::Resize(_) => (area(size) + area(after) + u64::from(after.0) * u64::from(size.1)) * 4,
            Task::Blur(_) => area(size) * 8,
            Task::Sharpen(_) => area(size) * 12,
            Task::Crop(_) | Task::Rotate { .. } | Task::Circle { .. } | Task::Border { .. } => {
                (area(size) + area(after)) * 4
            }
            _ => area(size) * 4,
        });
        size = after;
    }
    Ok(most.max(area(size) * (4 + memory_per_pixel(format))))
}
