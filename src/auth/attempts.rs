//! How often somebody may try to sign in. Each failure beyond the first few lengthens the pause before the
//! next attempt, for the account and for the network it comes from. Nobody is locked out for ever, and
//! nothing is kept across restarts.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many failures of an account cost no pause.
const FREE_OF_ACCOUNT: u32 = 5;
/// How many failures of a network cost no pause: a whole office may sit behind one address.
const FREE_OF_NETWORK: u32 = 30;
/// The first pause; each further failure doubles it.
const FIRST: Duration = Duration::from_secs(2);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// After so long without a failure everything is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(60 * 60);
/// How many accounts, and how many networks, are kept in mind.
const KEPT: usize = 4096;

/// The attempts of all.
#[derive(Debug, Default)]
pub struct Attempts {
    tallies: Mutex<Tallies>,
}

#[derive(Debug, Default)]
struct Tallies {
    accounts: Tally<String>,
    networks: Tally<Network>,
}

/// The part of an address that one client is taken to own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Network(IpAddr);

impl Network {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                Self(Ipv4Addr::new(a, b, c, 0).into())
            }
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                Self(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into())
            }
        }
    }
}

/// An attempt that was let through. It counts as a failure until it is said to be none, so that attempts made at
/// once count as well.
#[derive(Debug)]
#[must_use]
pub struct Attempt {
    account: String,
    network: Network,
}

impl Attempts {
    /// Asks for an attempt to sign in as `account`, from `address`.
    ///
    /// # Errors
    /// How long to wait before the next one. Asking too early makes the pause no longer.
    pub fn begin(&self, account: &str, address: IpAddr, now: Instant) -> Result<Attempt, Duration> {
        let (account, network) = (account.to_lowercase(), Network::of(address));
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        let pause = tallies.accounts.pause(&account, FREE_OF_ACCOUNT, now);
        let pause = pause.max(tallies.networks.pause(&network, FREE_OF_NETWORK, now));
        if !pause.is_zero() {
            return Err(pause);
        }
        tallies.accounts.add(account.clone(), now);
        tallies.networks.add(network, now);
        Ok(Attempt { account, network })
    }

    /// The attempt was none to be counted: it worked, or could not be judged.
    pub fn forgive(&self, attempt: &Attempt) {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        tallies.accounts.take_back(&attempt.account);
        tallies.networks.take_back(&attempt.network);
    }

    /// The attempt worked: earlier failures of the account count no more.
    pub fn succeeded(&self, attempt: &Attempt) {
        self.forgive(attempt);
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        tallies.accounts.known.remove(&attempt.account);
    }
}

#[derive(Debug)]
struct Tally<K> {
    known: HashMap<K, Failures>,
}

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self { known: HashMap::new() }
    }
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Instant,
}

impl<K: Hash + Eq + Clone> Tally<K> {
    fn pause(&self, key: &K, free: u32, now: Instant) -> Duration {
        let Some(failures) = self.known.get(key) else { return Duration::ZERO };
        let Some(beyond) = failures.count.checked_sub(free) else { return Duration::ZERO };
        let pause = FIRST.saturating_mul(1 << beyond.min(20)).min(LONGEST);
        pause.saturating_sub(now.saturating_duration_since(failures.last))
    }

    fn add(&mut self, key: K, now: Instant) {
        if self.known.len() >= KEPT && !self.known.contains_key(&key) {
            self.make_room(now);
        }
        let failures = self.known.entry(key).or_insert(Failures { count: 0, last: now });
        if now.saturating_duration_since(failures.last) >= FORGOTTEN {
            failures.count = 0;
        }
        failures.count = failures.count.saturating_add(1);
        failures.last = now;
    }

    fn take_back(&mut self, key: &K) {
        if let Some(failures) = self.known.get_mut(key) {
            failures.count = failures.count.saturating_sub(1);
        }
    }

    /// Forgets what is old; else the half with the fewest failures, of which an attacker can make any number.
    fn make_room(&mut self, now: Instant) {
        self.known.retain(|_, failures| now.saturating_duration_since(failures.last) < FORGOTTEN);
        if self.known.len() < KEPT {
            return;
        }
        let mut ranked: Vec<(u32, Instant, K)> =
            self.known.iter().map(|(key, failures)| (failures.count, failures.last, key.clone())).collect();
        ranked.sort_unstable_by_key(|(count, last, _)| (*count, *last));
        for (_, _, key) in ranked.into_iter().take(KEPT / 2) {
            self.known.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    use super::{Attempts, FREE_OF_ACCOUNT, FREE_OF_NETWORK, KEPT, LONGEST};

    fn from(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn fail(attempts: &Attempts, account: &str, address: &str, now: Instant) -> Result<(), Duration> {
        attempts.begin(account, from(address), now).map(drop)
    }

    #[test]
    fn pauses_grow_and_end() {
        let (attempts, start) = (Attempts::default(), Instant::now());
        for _ in 0..FREE_OF_ACCOUNT {
            assert_eq!(fail(&attempts, "a@b.example", "10.0.0.1", start), Ok(()));
        }
        let mut now = start;
        let mut last = Duration::ZERO;
        for _ in 0..12 {
            let pause = fail(&attempts, "A@b.example", "10.0.0.1", now).expect_err("a pause");
            assert_eq!(fail(&attempts, "a@b.example", "10.0.0.1", now), Err(pause), "asking again made it longer");
            assert!(pause >= last && pause <= LONGEST, "{pause:?} after {last:?}");
            last = pause;
            now += pause;
            assert_eq!(fail(&attempts, "a@b.example", "10.0.0.1", now), Ok(()));
        }
        assert_eq!(last, LONGEST);
        assert_eq!(fail(&attempts, "other@b.example", "10.0.0.1", now), Ok(()));
    }

    #[test]
    fn an_hour_of_rest_is_a_new_beginning() {
        let (attempts, start) = (Attempts::default(), Instant::now());
        for _ in 0..FREE_OF_ACCOUNT {
            assert_eq!(fail(&attempts, "a@b.example", "10.0.0.1", start), Ok(()));
        }
        let later = start + Duration::from_secs(3700);
        for _ in 0..FREE_OF_ACCOUNT {
            assert_eq!(fail(&attempts, "a@b.example", "10.0.0.1", later), Ok(()));
        }
        assert!(fail(&attempts, "a@b.example", "10.0.0.1", later).is_err());
    }

    #[test]
    fn what_works_clears_the_account_and_does_not_count_for_the_network() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for _ in 0..FREE_OF_ACCOUNT - 1 {
            assert_eq!(fail(&attempts, "a@b.example", "10.0.0.1", now), Ok(()));
        }
        for _ in 0..100 {
            let attempt = attempts.begin("a@b.example", from("10.0.0.1"), now).expect("no pause");
            attempts.succeeded(&attempt);
        }
    }

    #[test]
    fn a_network_is_paused_whatever_account_it_tries() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for number in 0..FREE_OF_NETWORK {
            let address = format!("2001:db8:1:2::{number:x}");
            assert_eq!(fail(&attempts, &format!("{number}@b.example"), &address, now), Ok(()));
        }
        assert!(fail(&attempts, "new@b.example", "2001:db8:1:2:ffff::1", now).is_err());
        assert_eq!(fail(&attempts, "new@b.example", "2001:db8:1:3::1", now), Ok(()));
    }

    #[test]
    fn memory_is_bounded_and_the_most_tried_account_is_kept_in_mind() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for _ in 0..FREE_OF_ACCOUNT {
            assert_eq!(fail(&attempts, "a@b.example", "10.0.0.1", now), Ok(()));
        }
        for number in 0..3 * KEPT {
            let address = format!("10.{}.{}.1", 1 + number / 250, number % 250);
            assert_eq!(fail(&attempts, &format!("{number}@b.example"), &address, now), Ok(()));
        }
        assert!(fail(&attempts, "a@b.example", "10.200.0.1", now).is_err());
        let tallies = attempts.tallies.lock().expect("no panic");
        assert!(tallies.accounts.known.len() <= KEPT && tallies.networks.known.len() <= KEPT);
    }
}
