//! LTX files, the format of Litestream 0.5: one state of a database, or what changed from one to another.
//!
//! The format was read from <https://github.com/superfly/ltx> and proved by restoring with Litestream 0.5.5 to
//! 0.5.17. All integers are big-endian:
//!
//! ```text
//! header, 100 bytes    see Header
//! pages, ascending     page number u32 | flags u16 | the compressed page
//!                      flags 0: one LZ4 frame; flags 1: length u32, one LZ4 block
//! end of pages         6 zero bytes
//! index                for each page uvarint(number) uvarint(offset) uvarint(length); uvarint(0);
//!                      the length of all that as u64
//! trailer              checksum of the database (0: not kept) u64 | checksum of the file u64
//! ```
//!
//! The checksum of the file is bit 63 and a CRC-64 (Go's ISO) of everything before it, with pages counted as
//! they are before compression. We write LZ4 frames, because releases before 0.5.16 cannot read blocks.

mod checksum;
mod decode;
mod encode;
mod error;
mod header;
#[cfg(test)]
mod tests;

pub use decode::Decoder;
pub use encode::{Encoder, Written};
pub use error::Error;
pub use header::{Header, WalSpan};

/// The page that SQLite never uses, because locks are taken on its bytes.
pub fn lock_page(page_size: u32) -> u32 {
    0x4000_0000 / page_size + 1
}

/// Whether SQLite has pages of this size.
pub fn is_page_size(size: u32) -> bool {
    (512..=65_536).contains(&size) && size.is_power_of_two()
}

/// The length of a page's number and flags.
const PAGE_HEADER: usize = 6;
/// In a page's flags: the page is an LZ4 block after its length, no frame.
const LZ4_BLOCK: u16 = 1;
