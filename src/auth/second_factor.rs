//! One-time codes of an app (TOTP, RFC 6238: SHA-1, six digits, 30 seconds) and recovery codes for when the app is lost.

use totp_rs::{Builder, Secret, Totp};

use super::{readable, same, to_hex};
use crate::account::SecondFactor;
use crate::content::moment::Moment;

/// How many bytes a secret has: what RFC 4226 recommends.
const LENGTH: usize = 20;
/// How many recovery codes somebody gets.
pub const RECOVERY: usize = 10;

/// With what the second step was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A code of the app.
    Code,
    /// A recovery code, of which so many are left.
    Recovery(usize),
}

/// A new secret for an app, in Base32.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_secret() -> std::io::Result<String> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(Secret::new_stack(bytes).to_base32())
}

/// The address by which an app takes a secret over, as QR codes hold it: `otpauth://totp/…`. `None` when it is no
/// secret of ours.
pub fn address(secret: &str, site: &str, email: &str) -> Option<String> {
    // What is before and behind a colon means something to apps.
    let plain = |text: &str| text.replace(':', " ");
    let totp = builder(secret)?.with_issuer(Some(plain(site))).with_account_name(plain(email)).build().ok()?;
    totp.to_url().ok()
}

/// The step of a code that is right now; one of the step before or after counts too, because clocks differ.
pub fn step_of(secret: &str, code: &str, now: Moment) -> Option<u64> {
    let totp: Totp = builder(secret)?.build().ok()?;
    let seconds = u64::try_from(now.micros() / 1_000_000).ok()?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    totp.check(&digits, seconds)
}

/// The code of a moment.
pub fn code_at(secret: &str, at: Moment) -> Option<String> {
    let seconds = u64::try_from(at.micros() / 1_000_000).ok()?;
    Some(builder(secret)?.build().ok()?.generate(seconds).to_string())
}

fn builder(secret: &str) -> Option<Builder> {
    let secret = Secret::try_from_base32(secret.trim()).ok().filter(|secret| secret.as_bytes().len() == LENGTH)?;
    Some(Builder::new().with_secret(secret))
}

/// New recovery codes, and what is kept of them.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_recovery_codes() -> std::io::Result<(Vec<String>, Vec<String>)> {
    let codes = (0..RECOVERY).map(|_| readable::new()).collect::<std::io::Result<Vec<String>>>()?;
    let hashes = codes.iter().map(|code| to_hex(&readable::hash(code))).collect();
    Ok((codes, hashes))
}

/// Uses up a code of the app or a recovery code. `None`, and nothing is used up, when it is none, or was used before:
/// a code of the app also when a newer one was.
pub fn use_up(second: &mut SecondFactor, typed: &str, now: Moment) -> Option<Proof> {
    if let Some(step) = step_of(&second.secret, typed, now) {
        if step <= second.step {
            return None;
        }
        second.step = step;
        return Some(Proof::Code);
    }
    let hash = to_hex(&readable::hash(typed));
    // All are looked at, whichever it is.
    let places: Vec<usize> = second
        .recovery
        .iter()
        .enumerate()
        .filter(|(_, kept)| same(kept.as_bytes(), hash.as_bytes()))
        .map(|(at, _)| at)
        .collect();
    second.recovery.remove(*places.first()?);
    Some(Proof::Recovery(second.recovery.len()))
}

#[cfg(test)]
mod tests {
    use super::{Proof, address, code_at, new_recovery_codes, new_secret, step_of, use_up};
    use crate::account::SecondFactor;
    use crate::content::moment::Moment;

    fn seconds(seconds: i64) -> Moment {
        Moment::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1: the last six of its eight digits; the key is the text 12345678901234567890.
        let key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(code_at(key, seconds(at)).as_deref(), Some(code));
            assert_eq!(step_of(key, code, seconds(at)), Some(at as u64 / 30));
            assert_eq!(step_of(key, code, seconds(at + 30)), Some(at as u64 / 30));
            assert_eq!(step_of(key, code, seconds(at + 90)), None);
        }
        assert_eq!(step_of(key, " 287 082 ", seconds(59)), Some(1));
        assert_eq!(step_of("short", "287082", seconds(59)), None);
    }

    #[test]
    fn apps_are_told_whose_secret_it_is() {
        let secret = new_secret().expect("randomness");
        assert_eq!(secret.len(), 32, "{secret}");
        let address = address(&secret, "Mill: the site", "olga@example.com").expect("an address");
        assert!(address.starts_with("otpauth://totp/Mill%20%20the%20site:olga"), "{address}");
        assert!(address.contains(&format!("secret={secret}")) && address.contains("issuer="), "{address}");
    }

    #[test]
    fn no_code_works_twice_and_none_before_one_that_was_used() {
        let secret = new_secret().expect("randomness");
        let (codes, recovery) = new_recovery_codes().expect("randomness");
        let mut second = SecondFactor { secret: secret.clone(), since: seconds(0), step: 0, recovery };
        let (earlier, now) = (code_at(&secret, seconds(970)).expect("a code"), seconds(1000));
        let code = code_at(&secret, now).expect("a code");
        assert_eq!(use_up(&mut second, &code, now), Some(Proof::Code));
        assert_eq!(use_up(&mut second, &code, now), None);
        assert_eq!(use_up(&mut second, &earlier, now), None);
        let typed = codes[3].to_uppercase().replace('-', " ");
        assert_eq!(use_up(&mut second, &typed, now), Some(Proof::Recovery(9)));
        assert_eq!(use_up(&mut second, &typed, now), None);
        assert_eq!(use_up(&mut second, "", now), None);
        assert!(second.recovery.iter().all(|kept| !codes.iter().any(|code| kept.contains(code))));
    }
}
