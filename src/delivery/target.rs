//! Raw request targets that were answered before: a repeated request needs no parsing.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Weak};

use http::HeaderValue;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use siphasher::sip128::{Hasher128 as _, SipHasher13};

use super::slot::Slot;
use super::{Answer, Delivery};
use crate::account::Used;

/// What an entry takes in memory, the empty place of a slot that was pushed out included.
const WEIGHT: u64 = 168;

/// A request as it was sent, path and query and the `Authorization` header: 128 bits of a hash under a key
/// that nobody knows. Two requests sharing one is less likely than a memory error that turns one text into
/// another, and nobody can bring it about. The text would take more memory than all else that is known of a
/// request; and tokens are not kept.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Target([u64; 2]);

/// The key of this process.
struct Secret(SipHasher13);

impl Secret {
    fn new() -> Self {
        let chance = RandomState::new();
        Self(SipHasher13::new_with_keys(chance.hash_one(0), chance.hash_one(1)))
    }

    fn target(&self, line: &str, authorization: &[u8]) -> Target {
        use std::hash::Hasher as _;
        let mut hasher = self.0;
        hasher.write(line.as_bytes());
        if !authorization.is_empty() {
            // No line of a request holds a line's end, which says where the one ends and the other begins.
            hasher.write(b"\n");
            hasher.write(authorization);
        }
        let hash = hasher.finish128();
        Target([hash.h1, hash.h2])
    }
}

/// What is known of a request that was answered before.
#[derive(Clone)]
pub struct Known {
    /// Where its answer sits, as long as that is kept.
    pub slot: Weak<Slot>,
    /// Whether its token came in a header.
    pub by_header: bool,
    /// The methods of its route.
    pub allow: &'static HeaderValue,
    /// Where it is noted that its token was used.
    pub used: Arc<Used>,
}

#[derive(Clone)]
struct Alike;

impl Weighter<Target, Known> for Alike {
    fn weight(&self, _target: &Target, _known: &Known) -> u64 {
        WEIGHT
    }
}

/// The targets and the slots that answer them. Only requests whose token was checked get in; when tokens
/// change, all are forgotten.
pub(super) struct Targets {
    known: Cache<Target, Known, Alike>,
    secret: Secret,
    /// The state of the tokens under which the requests were found good.
    tokens: AtomicI64,
}

impl Targets {
    pub(super) fn new(budget: u64) -> Self {
        let items = usize::try_from(budget / WEIGHT).unwrap_or(usize::MAX);
        let known = Cache::with_weighter(items, budget, Alike);
        Self { known, secret: Secret::new(), tokens: AtomicI64::new(i64::MIN) }
    }
}

impl Delivery {
    /// The kept answer to a request that was answered before. Never waits.
    pub fn repeated(&self, line: &str, authorization: &[u8]) -> Option<(Known, Arc<Answer>)> {
        let known = self.targets.known.get(&self.targets.secret.target(line, authorization))?;
        let answer = self.cache.answer(&*known.slot.upgrade()?)?;
        Some((known, answer))
    }

    /// Remembers what answers a request whose token was found good while the tokens had this number.
    pub fn remember(&self, line: &str, authorization: &[u8], known: Known, tokens: i64) {
        let current = || self.targets.tokens.load(Ordering::SeqCst) == tokens;
        if !current() {
            return;
        }
        let target = self.targets.secret.target(line, authorization);
        self.targets.known.insert(target.clone(), known);
        if !current() {
            // The tokens changed meanwhile, perhaps after everything was forgotten.
            self.targets.known.remove(&target);
        }
    }

    /// What the requests that were answered before take in memory, about, in bytes.
    pub fn targets_weight(&self) -> u64 {
        self.targets.known.weight()
    }

    /// Forgets all requests unless the tokens still have the number under which they were found good.
    pub fn trust(&self, tokens: i64) {
        if self.targets.tokens.swap(tokens, Ordering::SeqCst) != tokens {
            self.targets.known.clear();
        }
    }
}
