//! Raw request targets that were answered before: a repeated request needs no parsing.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};

use super::cache::Slot;
use super::{Answer, Delivery};

/// What an entry takes in memory beside its text.
const OVERHEAD: u64 = 128;

/// A request as it was sent: path and query, and the `Authorization` header, empty when there was none.
#[derive(PartialEq, Eq)]
struct Target {
    line: Box<str>,
    authorization: Box<[u8]>,
}

/// What is known of a request that was answered before.
#[derive(Clone)]
pub struct Known {
    /// Where its answer sits.
    pub slot: Arc<Slot>,
    /// Whether its token came in a header.
    pub by_header: bool,
    /// The methods of its route.
    pub allow: &'static str,
}

/// A target that is looked for.
struct Sought<'a> {
    line: &'a str,
    authorization: &'a [u8],
}

impl Hash for Target {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Sought { line: &self.line, authorization: &self.authorization }.hash(state);
    }
}

impl Hash for Sought<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.line.hash(state);
        self.authorization.hash(state);
    }
}

impl Equivalent<Target> for Sought<'_> {
    fn equivalent(&self, target: &Target) -> bool {
        *self.line == *target.line && *self.authorization == *target.authorization
    }
}

#[derive(Clone)]
struct ByLength;

impl Weighter<Target, Known> for ByLength {
    fn weight(&self, target: &Target, _known: &Known) -> u64 {
        OVERHEAD + (target.line.len() + target.authorization.len()) as u64
    }
}

/// The targets and the slots that answer them. Only requests whose token was checked get in; when tokens
/// change, all are forgotten.
pub(super) struct Targets {
    known: Cache<Target, Known, ByLength>,
    /// The state of the tokens under which the requests were found good.
    tokens: AtomicI64,
}

impl Targets {
    pub(super) fn new(budget: u64) -> Self {
        let items = usize::try_from(budget / (2 * OVERHEAD)).unwrap_or(usize::MAX);
        Self { known: Cache::with_weighter(items, budget, ByLength), tokens: AtomicI64::new(i64::MIN) }
    }
}

impl Delivery {
    /// The kept answer to a request that was answered before. Never waits.
    pub fn repeated(&self, line: &str, authorization: &[u8]) -> Option<(Known, Arc<Answer>)> {
        let known = self.targets.known.get(&Sought { line, authorization })?;
        let answer = self.cache.answer(&known.slot)?;
        Some((known, answer))
    }

    /// Remembers what answers a request whose token was found good while the tokens had this number.
    pub fn remember(&self, line: &str, authorization: &[u8], known: Known, tokens: i64) {
        let current = || self.targets.tokens.load(Ordering::SeqCst) == tokens;
        if !current() {
            return;
        }
        let target = Target { line: line.into(), authorization: authorization.into() };
        self.targets.known.insert(target, known);
        if !current() {
            // The tokens changed meanwhile, perhaps after everything was forgotten.
            self.targets.known.remove(&Sought { line, authorization });
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
