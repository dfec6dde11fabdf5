//! What a piece must add up to, when its sender says so.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// The ways to add up that are understood, as they are announced.
pub(in crate::intake) const ALGORITHMS: &str = "sha1,sha256";

/// A sum that is being made, and the one it must be.
pub(in crate::intake) struct Checksum {
    sum: Sum,
    wanted: Vec<u8>,
}

enum Sum {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    /// Reads `sha1 <base64>`; `None` when it is not understood.
    pub(in crate::intake) fn parse(text: &str) -> Option<Self> {
        let (algorithm, sum) = text.trim().split_once(' ')?;
        let wanted = STANDARD.decode(sum.trim()).ok()?;
        let sum = match algorithm {
            "sha1" => Sum::Sha1(Sha1::new()),
            "sha256" => Sum::Sha256(Sha256::new()),
            _ => return None,
        };
        Some(Self { sum, wanted })
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match &mut self.sum {
            Sum::Sha1(sum) => sum.update(bytes),
            Sum::Sha256(sum) => sum.update(bytes),
        }
    }

    /// Whether it is what it must be.
    pub(super) fn holds(self) -> bool {
        match self.sum {
            Sum::Sha1(sum) => sum.finalize().as_slice() == self.wanted,
            Sum::Sha256(sum) => sum.finalize().as_slice() == self.wanted,
        }
    }
}
