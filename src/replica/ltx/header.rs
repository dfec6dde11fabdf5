//! The first hundred bytes.

use super::error::Error;
use super::is_page_size;
use crate::replica::place::Span;

/// What every file begins with, also in version 3 of the format.
const MAGIC: &[u8; 4] = b"LTX1";
/// The header's length.
pub(super) const LENGTH: usize = 100;
/// In the flags: no checksum of the whole database is kept.
pub(super) const NO_CHECKSUM: u32 = 1 << 1;

/// Which part of which write-ahead log a file was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WalSpan {
    /// Where the part begins, in bytes.
    pub offset: u64,
    /// How many bytes it has.
    pub size: u64,
    /// The log's salts, which change each time it begins anew.
    pub salts: (u32, u32),
}

impl WalSpan {
    /// Where the part ends.
    pub fn end(self) -> u64 {
        self.offset.saturating_add(self.size)
    }
}

/// What a file says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// In bytes.
    pub page_size: u32,
    /// How many pages the database has afterwards.
    pub commit: u32,
    /// The states it leads through.
    pub span: Span,
    /// When the state was sealed, in milliseconds since 1970.
    pub timestamp: i64,
    /// The log it was made from; all zero when it was made otherwise.
    pub wal: WalSpan,
    /// Who wrote it; 0 when that is not told.
    pub node: u64,
    /// Whether it carries a checksum of the whole database, which we neither write nor check.
    pub has_checksum: bool,
}

impl Header {
    /// As it stands in a file.
    pub(super) fn to_bytes(self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        let mut rest = bytes.as_mut_slice();
        let mut put = |field: &[u8]| {
            let (place, after) = std::mem::take(&mut rest).split_at_mut(field.len());
            place.copy_from_slice(field);
            rest = after;
        };
        put(MAGIC);
        put(&if self.has_checksum { 0 } else { NO_CHECKSUM }.to_be_bytes());
        put(&self.page_size.to_be_bytes());
        put(&self.commit.to_be_bytes());
        put(&self.span.first.to_be_bytes());
        put(&self.span.last.to_be_bytes());
        put(&self.timestamp.to_be_bytes());
        put(&0_u64.to_be_bytes());
        put(&self.wal.offset.to_be_bytes());
        put(&self.wal.size.to_be_bytes());
        put(&self.wal.salts.0.to_be_bytes());
        put(&self.wal.salts.1.to_be_bytes());
        put(&self.node.to_be_bytes());
        bytes
    }

    /// Reads and checks one.
    pub(super) fn from_bytes(bytes: &[u8; LENGTH]) -> Result<Self, Error> {
        if !bytes.starts_with(MAGIC) {
            return Err(Error::NotLtx);
        }
        let short = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let long = |at: usize| u64::from(short(at)) << 32 | u64::from(short(at + 4));
        let flags = short(4);
        let header = Self {
            page_size: short(8),
            commit: short(12),
            span: Span { first: long(16), last: long(24) },
            timestamp: long(32).cast_signed(),
            wal: WalSpan { offset: long(48), size: long(56), salts: (short(64), short(68)) },
            node: long(72),
            has_checksum: flags & NO_CHECKSUM == 0,
        };
        if flags & !NO_CHECKSUM != 0 {
            return Err(Error::Header("it has flags that are not known"));
        }
        header.check()?;
        Ok(header)
    }

    /// Whether it can be true.
    pub(super) fn check(&self) -> Result<(), Error> {
        let wrong = if !is_page_size(self.page_size) {
            "the size of its pages"
        } else if self.span.first == 0 || self.span.first > self.span.last {
            "its transaction numbers"
        } else if self.wal.salts != (0, 0) && self.wal.offset == 0 {
            "its place in the log"
        } else {
            return Ok(());
        };
        Err(Error::Header(wrong))
    }
}
