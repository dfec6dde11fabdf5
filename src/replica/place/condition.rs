//! When an object may be stored.

/// When an object may be stored.
#[derive(Clone, Copy, Debug)]
pub enum Condition<'a> {
    /// Nothing may lie there.
    Absent,
    /// The object with this tag must lie there.
    Matches(&'a Tag),
    /// Whatever lies there is overwritten.
    Always,
}

/// Tells an object's content from another (HTTP's `ETag`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(pub(super) String);

/// What became of storing something under a condition.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It is stored.
    Done(Tag),
    /// The condition did not hold; nothing was changed.
    Refused,
}
