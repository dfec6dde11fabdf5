//! The starter site, inside the program: an archive of formats as `larder export` makes it, unpacked.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "data/starter/"]
struct Starter;

/// A file of the starter site by its path.
pub fn open(name: &str) -> Option<Cow<'static, [u8]>> {
    Starter::get(name).map(|file| file.data)
}
