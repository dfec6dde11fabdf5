//! The checksum of a file.

use crc::{CRC_64_GO_ISO, Crc, Digest, Table};

static CRC: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_GO_ISO);

/// Every checksum has this bit, so that none is zero.
const MARK: u64 = 1 << 63;

/// A checksum in the making.
pub(super) struct Checksum(Digest<'static, u64, Table<16>>);

impl Checksum {
    /// Of nothing yet.
    pub(super) fn new() -> Self {
        Self(CRC.digest())
    }

    /// Takes more bytes in.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum as a file carries it.
    pub(super) fn value(&self) -> u64 {
        MARK | self.0.clone().finalize()
    }
}
