//! How many elements a list may have.

use super::parsing::Parsing;

/// Limits of lists of references, components and repeated groups.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
}

impl Count {
    /// Refuses limits that no list can keep.
    pub(super) fn possible(self) -> Result<(), String> {
        match (self.min, self.max) {
            (_, Some(0)) => Err("max_items must be at least 1".into()),
            (Some(min), Some(max)) if min > max => Err(format!("min_items ({min}) is larger than max_items ({max})")),
            _ => Ok(()),
        }
    }

    /// Reports a list that is too short or too long.
    pub(super) fn check(self, length: usize, cx: &mut Parsing<'_>) {
        if let Some(min) = self.min.filter(|min| length < *min) {
            cx.problem(format!("Ensure this field has at least {min} elements."));
        }
        if let Some(max) = self.max.filter(|max| length > *max) {
            cx.problem(format!("Ensure this field has no more than {max} elements."));
        }
    }

    /// The length of the shortest list that shows something.
    pub(super) fn example(self) -> usize {
        self.min.unwrap_or(1).max(1)
    }
}
