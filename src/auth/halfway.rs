//! Whoever has shown the right password and has yet to take the second step. Kept in memory: a process that ends lets
//! them begin anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::session;

/// How long the second step may take.
pub const LASTS: Duration = Duration::from_secs(10 * 60);
/// How many may be halfway at once. When there are more, the oldest begin anew.
const MOST: usize = 1_000;

/// Everybody who is halfway in, by the hash of the secret that their browser has.
#[derive(Debug, Default)]
pub struct Halfway {
    waiting: Mutex<HashMap<String, Waiting>>,
}

/// Somebody who is halfway in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who, by id.
    pub user: i64,
    /// The hash of the password that was right: after another was set, they begin anew.
    pub password: String,
    /// Where they want to go.
    pub next: String,
    since: Instant,
}

impl Halfway {
    /// Lets somebody wait, and returns the secret by which they are known.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn begin(&self, user: i64, password: &str, next: &str, now: Instant) -> std::io::Result<String> {
        let (secret, hash) = session::new_secret()?;
        let one = Waiting { user, password: password.into(), next: next.into(), since: now };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, one| !one.is_over(now));
        if waiting.len() >= MOST
            && let Some(oldest) = waiting.iter().min_by_key(|(_, one)| one.since).map(|(hash, _)| hash.clone())
        {
            waiting.remove(&oldest);
        }
        waiting.insert(hash, one);
        Ok(secret)
    }

    /// Who waits with this secret.
    pub fn find(&self, secret: &str, now: Instant) -> Option<Waiting> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.get(&super::hash(secret)).filter(|one| !one.is_over(now)).cloned()
    }

    /// Whoever waited with this secret waits no more; tells whether somebody did.
    pub fn end(&self, secret: &str) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&super::hash(secret)).is_some()
    }
}

impl Waiting {
    fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= LASTS
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Halfway, LASTS, MOST};

    #[test]
    fn one_waits_for_a_while_and_once() {
        let (halfway, now) = (Halfway::default(), Instant::now());
        let secret = halfway.begin(7, "hash", "/admin", now).expect("randomness");
        assert_eq!(halfway.find(&secret, now).map(|one| one.user), Some(7));
        assert!(halfway.find("another", now).is_none() && halfway.find(&secret, now + LASTS).is_none());
        assert!(halfway.end(&secret) && !halfway.end(&secret) && halfway.find(&secret, now).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let (halfway, now) = (Halfway::default(), Instant::now());
        let first = halfway.begin(1, "", "", now).expect("randomness");
        for _ in 0..MOST {
            halfway.begin(2, "", "", now + Duration::from_secs(1)).expect("randomness");
        }
        assert_eq!(halfway.waiting.lock().expect("no panic").len(), MOST);
        assert!(halfway.find(&first, now).is_none());
    }
}
