//! Sign-ins: the secret in the cookie and what follows from it.

use super::{hash, random};
use crate::account::Session;
use crate::content::moment::Moment;

const MINUTE: i64 = 60 * 1_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// How long a sign-in lasts without being used.
pub const IDLE: i64 = 7 * DAY;
/// How long a sign-in lasts at most.
pub const LIMIT: i64 = 30 * DAY;
/// How old "last used" may become before it is written anew.
const NOTED: i64 = 5 * MINUTE;

/// A new secret for a cookie or a link: 40 characters, and its hash to store.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_secret() -> std::io::Result<(String, String)> {
    let secret = random()?;
    let stored = hash(&secret);
    Ok((secret, stored))
}

/// The word that changes sent by this session's own pages carry. It tells nothing about the secret.
pub fn csrf(secret: &str) -> String {
    let mut word = hash(&format!("csrf {secret}"));
    word.truncate(40);
    word
}

/// Until when a session lasts, unless it is used again.
pub fn ends(session: &Session) -> Moment {
    let idle = session.seen.micros() + IDLE;
    Moment::from_micros(idle.min(session.created.micros() + LIMIT))
}

/// Whether the session's last use should be written.
pub fn is_due(session: &Session, now: Moment) -> bool {
    now.micros() - session.seen.micros() > NOTED
}
