//! Passwords: kept as Argon2id hashes.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{ARGON2ID_IDENT, Argon2, Params, PasswordHash};

/// The shortest password, in characters. There are no other rules: they make passwords worse.
pub const SHORTEST: usize = 12;
/// The longest password, in bytes.
pub const LONGEST: usize = 1024;

/// Why a password cannot be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It has fewer than [`SHORTEST`] characters.
    #[error("A password has at least {SHORTEST} characters.")]
    Short,
    /// It has more than [`LONGEST`] bytes.
    #[error("A password has at most {LONGEST} bytes.")]
    Long,
    /// The machine cannot hash: it has no randomness or memory to give.
    #[error("The password could not be hashed: {0}.")]
    Hash(String),
}

/// Hashes a password. Takes tens of milliseconds and 19 MiB.
///
/// # Errors
/// See [`Unfit`].
pub fn hash(password: &str) -> Result<String, Unfit> {
    if password.chars().count() < SHORTEST {
        return Err(Unfit::Short);
    }
    if password.len() > LONGEST {
        return Err(Unfit::Long);
    }
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|error| Unfit::Hash(error.to_string()))
}

/// Whether a password is the one that was hashed. As much work when there is no hash as when there is one, so
/// that the time tells nobody which addresses have an account.
pub fn verify(hash: Option<&str>, password: &str) -> bool {
    if password.len() > LONGEST {
        return false;
    }
    let Some(hash) = hash.and_then(|hash| PasswordHash::new(hash).ok()) else {
        // What it comes to does not matter.
        let _ = Argon2::default().hash_password(password.as_bytes());
        return false;
    };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// Whether a hash was made in another way than [`hash`] makes them now.
pub fn is_outdated(hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return true };
    let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    let made = Params::try_from(&hash).map(|params| costs(&params));
    hash.algorithm != ARGON2ID_IDENT || made != Ok(costs(&Params::DEFAULT))
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHasher as _;
    use argon2::{Algorithm, Argon2, Params, Version};

    use super::{Unfit, hash, is_outdated, verify};

    #[test]
    fn a_password_is_recognised_and_no_other() {
        let kept = hash("correct horse battery").expect("hashed");
        assert!(verify(Some(&kept), "correct horse battery"));
        assert!(!verify(Some(&kept), "correct horse"));
        assert!(!verify(None, "correct horse battery"));
        assert!(!verify(Some("nonsense"), "correct horse battery"));
    }

    #[test]
    fn length_counts_characters() {
        assert_eq!(hash("äöüäöüäöüäö"), Err(Unfit::Short));
        assert!(hash("äöüäöüäöüäöü").is_ok());
        assert_eq!(hash(&"a".repeat(2000)), Err(Unfit::Long));
    }

    #[test]
    fn hashes_made_with_other_parameters_are_outdated() {
        assert!(!is_outdated(&hash("correct horse battery").expect("hashed")));
        let weak = Params::new(8, 1, 1, None).expect("parameters");
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, weak);
        let weak = weak.hash_password(b"correct horse battery").expect("hashed").to_string();
        assert!(is_outdated(&weak));
        assert!(verify(Some(&weak), "correct horse battery"));
    }
}
