//! Sign-ins: the secret in the cookie and what follows from it.

use super::{Error, hash, random};
use crate::account::{Right, Session, User};
use crate::content::moment::Moment;
use crate::store::Read;

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

/// The session of a cookie's secret that has not ended, and whose it is. An owner who looks by another role has that
/// role's rights, and no others.
///
/// # Errors
/// The database's.
pub fn find(read: &Read<'_>, secret: &str, now: Moment) -> Result<Option<(Session, User)>, Error> {
    let found = read.session(&hash(secret))?.filter(|(session, _)| ends(session) > now);
    Ok(found.map(|(session, user)| {
        let role = session.sees_as.filter(|_| user.may(Right::People)).unwrap_or(user.role);
        (session, User { role, ..user })
    }))
}

/// Until when a session lasts, unless it is used again.
pub fn ends(session: &Session) -> Moment {
    Moment::from_micros(session.seen.micros() + IDLE).min(limit(session))
}

/// After which moment a session does not last, however much it is used.
pub fn limit(session: &Session) -> Moment {
    Moment::from_micros(session.created.micros() + LIMIT)
}

/// Sessions that began before the first moment or were last used before the second have ended.
pub fn ended(now: Moment) -> (Moment, Moment) {
    (Moment::from_micros(now.micros() - LIMIT), Moment::from_micros(now.micros() - IDLE))
}

/// Whether the session's last use should be written.
pub fn is_due(session: &Session, now: Moment) -> bool {
    now.micros() - session.seen.micros() > NOTED
}
