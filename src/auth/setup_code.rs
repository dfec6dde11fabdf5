//! The code from the terminal with which the first account is made: whoever has it runs the server.

use super::{readable, same};

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
        let code = readable::new()?;
        let kept = Self { hash: readable::hash(&code) };
        Ok((code, kept))
    }

    /// Whether this is the code, however it was typed. The time it takes tells nothing.
    pub fn is(&self, typed: &str) -> bool {
        same(&self.hash, &readable::hash(typed))
    }
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
