//! Secrets that people read from one screen or sheet of paper and type into another: `k7mx-9wqt-hc3v-8dnp`.

use sha2::{Digest as _, Sha256};

/// Letters and digits that nobody takes for one another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";

/// How many letters a secret has: 80 bits, which a plain hash keeps safe.
const LENGTH: usize = 16;

/// A new one.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new() -> std::io::Result<String> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// What is kept of one: the hash of its letters, however they were typed.
pub fn hash(typed: &str) -> [u8; 32] {
    let letters: String = typed.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    Sha256::digest(letters.to_ascii_lowercase()).into()
}
