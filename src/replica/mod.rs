//! Copies of a site elsewhere, in the format of Litestream 0.5: how they get there and how they come back.

pub mod place;
