//! How far long work is.

/// Who is told.
pub trait Progress: Sync {
    /// So many bytes will be worked through.
    fn begin(&self, total: u64);
    /// So many more were.
    fn advance(&self, bytes: u64);
    /// All is done.
    fn end(&self);
}

/// Nobody is told.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}
