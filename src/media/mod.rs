//! Pictures and files: what they are, what is served of them, and pictures as pixels: opened within limits, changed
//! as an address asks, written as another file, kept as renditions.
//!
//! Everything here is work on files and memory; nothing knows of requests. What costs memory takes it from one
//! [`Budget`], so that many pictures at once cost no more than one large one.

mod budget;
pub mod decode;
pub mod facts;
pub mod hash;
pub mod kind;
mod picture;
mod resample;

pub use budget::{Budget, Share, TooMuch};
pub use picture::Picture;
