//! What webhooks are signed with: the secrets of Standard Webhooks.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// What the specification puts in front of it.
const PREFIX: &str = "whsec_";
/// How many bytes it may have, by the specification.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A key, written as `whsec_` and base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret that these bytes, made by chance, are.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(format!("{PREFIX}{}", STANDARD.encode(bytes)))
    }

    /// Reads one that somebody has made.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let secret = Self(text.trim().to_owned());
        let long_enough = secret.0.starts_with(PREFIX) && BYTES.contains(&secret.bytes().len());
        let wrong = "A secret is whsec_ and 24 to 64 bytes in base64. Leave it out and larder makes one.";
        if long_enough { Ok(secret) } else { Err(wrong.into()) }
    }

    /// As receivers are given it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key itself; empty when it is none.
    pub fn bytes(&self) -> Vec<u8> {
        STANDARD.decode(self.0.strip_prefix(PREFIX).unwrap_or_default()).unwrap_or_default()
    }
}

/// Whoever prints more than they wanted prints no secret.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_is_read_back_and_never_printed_by_chance() {
        let secret = Secret::from_bytes([7; 32]);
        assert_eq!(Secret::parse(secret.as_str()), Ok(secret.clone()));
        assert_eq!(secret.bytes(), [7; 32]);
        assert_eq!(format!("{secret:?}"), "Secret");
        for wrong in ["", "whsec_", "whsec_YWJj", "abc", "whsec_%%%", &secret.as_str()[6..]] {
            assert!(Secret::parse(wrong).is_err(), "{wrong}");
        }
    }
}
