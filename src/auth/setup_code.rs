//! The code from the terminal with which the first account is made: whoever has it runs the server.

use sha2::{Digest as _, Sha256};

/// Letters and digits that nobody takes for one another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";

/// How many letters a code has: 80 bits.
const LENGTH: usize = 16;

/// What is kept of a code while the server runs.
#[derive(Clone, Debug)]
pub struct SetupCode {
    hash: [u8; 32],
}

impl SetupCode {
    /// A new code, as people read it: `k7mx-9wqt-…`, and what to keep of it.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new() -> std::io::Result<(String, Self)> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
        let letters: Vec<char> =
            bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        let code = groups.join("-");
        let kept = Self { hash: hash(&code) };
        Ok((code, kept))
    }

    /// Whether this is the code, however it was typed. The time it takes tells nothing: hashes are compared, to
    /// their end.
    pub fn is(&self, typed: &str) -> bool {
        let typed = hash(typed);
        let differences = self.hash.iter().zip(typed).fold(0, |differences, (one, other)| differences | (one ^ other));
        differences == 0
    }
}

fn hash(code: &str) -> [u8; 32] {
    let letters: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    Sha256::digest(letters.to_ascii_lowercase()).into()
}

#[cfg(test)]
mod tests {
    use super::SetupCode;

    #[test]
    fn a_code_is_recognised_however_it_is_typed() {
        let (code, kept) = SetupCode::new().expect("randomness");
        assert_eq!(code.len(), 19, "{code}");
        assert!(kept.is(&code) && kept.is(&format!(" {} ", code.to_uppercase().replace('-', " "))));
        assert!(!kept.is("") && !kept.is(&code[1..]));
        let (other, _) = SetupCode::new().expect("randomness");
        assert!(!kept.is(&other));
    }
}
