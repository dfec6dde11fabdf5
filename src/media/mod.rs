//! Pictures and files: what they are, what is served of them, and pictures as pixels: opened within limits, changed
//! as an address asks, written as another file, kept as renditions.
//!
//! Everything here is work on files and memory; nothing knows of requests. What costs memory takes it from one
//! [`Budget`], so that many pictures at once cost no more than one large one.

mod budget;
pub mod decode;
mod encode;
pub mod facts;
pub mod hash;
pub mod kind;
pub mod known;
mod picture;
mod render;
pub mod rendition;
mod resample;
pub mod signature;
pub mod strip;
pub mod svg;
pub mod task;

pub use budget::{Budget, Share, TooMuch};
pub use picture::Picture;
pub use render::{Failure, Rendered, Source, made, render};
