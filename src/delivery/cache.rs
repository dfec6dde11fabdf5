//! Answers kept ready, and how they change together.
//!
//! An answer sits in a [`Slot`]. Publishing puts the new answers into their slots beside the old ones
//! and then moves one number, [`Cache::show`]: readers see all of a publish or nothing of it.
//!
//! A build that began before a change must never be kept after it: it carries the number of the newest
//! change its snapshot saw, and [`Cache::keep`] compares that with the changes made since.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use quick_cache::sync::Cache as Kept;
use quick_cache::{DefaultHashBuilder, Equivalent, Lifecycle, OptionsBuilder, Weighter};

use super::Answer;
use super::keyline::Touch;
use super::links::{Links, lock};
use super::query::Query;
use super::slot::{Slot, Versions};
use crate::content::key::Key;

/// The share of the budget that answers to unknown things may take, as one part in this many.
const UNKNOWN_SHARE: u64 = 16;

/// A slot by what it answers, which stands in it alone.
#[derive(Clone)]
struct Asked(Arc<Slot>);

impl Hash for Asked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.query.hash(state);
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        self.0.query == other.0.query
    }
}

impl Eq for Asked {}

impl Equivalent<Asked> for Query {
    fn equivalent(&self, asked: &Asked) -> bool {
        *self == *asked.0.query
    }
}

/// A slot with the weight it was admitted at, which must not change while it is kept.
#[derive(Clone)]
struct Held {
    slot: Arc<Slot>,
    weight: u64,
}

#[derive(Clone)]
struct ByWeight;

impl Weighter<Asked, Held> for ByWeight {
    fn weight(&self, _asked: &Asked, held: &Held) -> u64 {
        held.weight
    }
}

/// Unlinks what the cache pushes out.
#[derive(Clone)]
struct Unlink {
    links: Arc<Mutex<Links>>,
}

/// What one request pushed out, unlinked when the request is over and no lock of the cache is held.
#[derive(Default)]
struct Evicted {
    slots: Vec<Arc<Slot>>,
    links: Option<Arc<Mutex<Links>>>,
}

impl Lifecycle<Asked, Held> for Unlink {
    type RequestState = Evicted;

    /// What was asked for since the last look stays: hits on the way of the raw request target do not
    /// pass through the cache, which therefore knows nothing of them.
    fn is_pinned(&self, _asked: &Asked, held: &Held) -> bool {
        let hits = held.slot.hits.load(Ordering::Relaxed);
        held.slot.hits.store(hits / 2, Ordering::Relaxed);
        hits > 1
    }

    fn on_evict(&self, evicted: &mut Evicted, _asked: Asked, held: Held) {
        if held.slot.weighing.load(Ordering::Acquire) {
            return;
        }
        evicted.links = Some(self.links.clone());
        evicted.slots.push(held.slot);
    }
}

impl Drop for Evicted {
    fn drop(&mut self) {
        let Some(links) = &self.links else { return };
        let mut links = lock(links);
        for slot in &self.slots {
            links.unlink(slot);
        }
    }
}

/// How much is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// How many answers.
    pub answers: usize,
    /// What they take in memory, about.
    pub bytes: u64,
    /// Of that, what answers to unknown things take.
    pub unknown: u64,
}

/// The answers kept ready.
pub(super) struct Cache {
    known: Kept<Asked, Held, ByWeight, DefaultHashBuilder, Unlink>,
    unknown: Kept<Asked, Held, ByWeight, DefaultHashBuilder, Unlink>,
    links: Arc<Mutex<Links>>,
    visible: AtomicI64,
}

impl Cache {
    /// A cache of about `budget` bytes that has seen every change up to `number`.
    pub(super) fn new(budget: u64, number: i64) -> Self {
        let links = Arc::new(Mutex::new(Links::after(number)));
        let kept = |budget: u64| {
            let unlink = Unlink { links: links.clone() };
            let items = usize::try_from(budget / 8192).unwrap_or(usize::MAX).max(64);
            let options = OptionsBuilder::new().weight_capacity(budget).estimated_items_capacity(items).build();
            match options {
                Ok(options) => Kept::with_options(options, ByWeight, DefaultHashBuilder::default(), unlink),
                Err(_) => Kept::with(items, budget, ByWeight, DefaultHashBuilder::default(), unlink),
            }
        };
        let unknown = budget / UNKNOWN_SHARE;
        Self { known: kept(budget - unknown), unknown: kept(unknown), links, visible: AtomicI64::new(number) }
    }

    /// The slot that answers a question, whether or not it holds an answer just now.
    pub(super) fn find(&self, query: &Query) -> Option<Arc<Slot>> {
        self.known.get(query).or_else(|| self.unknown.get(query)).map(|held| held.slot)
    }

    /// The answer in a slot, counted as asked for; `None` when it was dropped.
    pub(super) fn answer(&self, slot: &Slot) -> Option<Arc<Answer>> {
        let answer = slot.answer(self.visible.load(Ordering::Acquire))?;
        slot.hits.fetch_add(1, Ordering::Relaxed);
        Some(answer)
    }

    /// Keeps an answer built from a snapshot that had seen every change up to `number`.
    ///
    /// `None` when something it carries has changed since: it must be built again.
    pub(super) fn keep(&self, query: &Query, answer: Arc<Answer>, number: i64) -> Option<Arc<Slot>> {
        let weight = answer.weight();
        let kept = if answer.is_unknown() { &self.unknown } else { &self.known };
        let slot = {
            let mut links = lock(&self.links);
            if links.changed_since(number, &answer) {
                return None;
            }
            let slot = Arc::new(Slot::new(links.next_id(), query.clone(), answer.clone()));
            links.link(&slot, &answer);
            slot
        };
        // Linked first, kept second: a change in between finds it. The lock is released because keeping
        // may push others out, which are unlinked under it.
        for cache in [&self.known, &self.unknown] {
            if let Some((_, old)) = cache.remove(query) {
                lock(&self.links).unlink(&old.slot);
            }
        }
        kept.insert(Asked(slot.clone()), Held { slot: slot.clone(), weight });
        Some(slot)
    }

    /// Notes a change, and returns the slots whose answers it makes old, hottest first.
    pub(super) fn change(&self, number: i64, keys: &BTreeSet<Key>) -> Vec<Arc<Slot>> {
        lock(&self.links).change(number, keys)
    }

    /// The slots whose answers carry one of these keys, hottest first.
    pub(super) fn carrying(&self, keys: &BTreeSet<Key>) -> Vec<Arc<Slot>> {
        lock(&self.links).carrying(&Touch::of(keys))
    }

    /// Puts the answer that holds from change `number` on into a slot; `None` drops it. Readers see it
    /// after [`Cache::show`].
    pub(super) fn put(&self, slot: &Arc<Slot>, answer: Option<Arc<Answer>>, number: i64) {
        let mut links = lock(&self.links);
        if !links.contains(slot) {
            return;
        }
        // What readers see now, which is not an answer that was put here and never shown.
        let before = slot.answer(self.visible.load(Ordering::Acquire));
        if let Some(old) = &slot.versions.load().now {
            links.unlink_from(slot, old);
        }
        if let Some(new) = &answer {
            links.link(slot, new);
        }
        slot.versions.store(Arc::new(Versions { now: answer, since: number, before }));
    }

    /// What the kept answers answer, hottest first, answers to unknown things left out.
    pub(super) fn hottest(&self, most: usize) -> Vec<Query> {
        let visible = self.visible.load(Ordering::Acquire);
        let mut slots: Vec<_> = lock(&self.links).slots().cloned().collect();
        slots.retain(|slot| slot.answer(visible).is_some_and(|answer| !answer.is_unknown()));
        slots.sort_by_key(|slot| std::cmp::Reverse(slot.hits()));
        slots.iter().take(most).map(|slot| Query::clone(&slot.query)).collect()
    }

    /// How many answers are kept, and what they weigh in bytes.
    pub(super) fn weight(&self) -> Weight {
        Weight {
            answers: lock(&self.links).count(),
            bytes: self.known.weight() + self.unknown.weight(),
            unknown: self.unknown.weight(),
        }
    }

    /// How many slots can be found.
    #[cfg(test)]
    pub(super) fn count(&self) -> u64 {
        (self.known.len() + self.unknown.len()) as u64
    }

    /// Lets readers see everything put for changes up to `number`.
    pub(super) fn show(&self, number: i64) {
        self.visible.fetch_max(number, Ordering::AcqRel);
    }

    /// Lets go of what was shown before, and of slots that were dropped; weighs the others anew.
    pub(super) fn settle(&self, slots: &[Arc<Slot>]) {
        for slot in slots {
            match self.let_go(slot) {
                Some(answer) => self.weigh(slot, &answer),
                None => self.forget(slot),
            }
        }
    }

    /// Keeps only the newest answer of a slot, and returns it. A slot that has been pushed out meanwhile
    /// stays empty.
    fn let_go(&self, slot: &Slot) -> Option<Arc<Answer>> {
        let links = lock(&self.links);
        let answer = slot.versions.load().now.clone().filter(|_| links.contains(slot))?;
        slot.versions.store(Arc::new(Versions::only(Some(answer.clone()))));
        Some(answer)
    }

    /// Moves a slot to where its answer belongs now, at its weight.
    fn weigh(&self, slot: &Arc<Slot>, answer: &Answer) {
        let weight = answer.weight();
        let (belongs, other) =
            if answer.is_unknown() { (&self.unknown, &self.known) } else { (&self.known, &self.unknown) };
        let ours = |held: &Held| Arc::ptr_eq(&held.slot, slot);
        let moves = other.peek(&*slot.query).is_some_and(|held| ours(&held));
        let reweighed = || belongs.peek(&*slot.query).is_some_and(|held| ours(&held) && held.weight != weight);
        if !moves && !reweighed() {
            return;
        }
        slot.weighing.store(true, Ordering::Release);
        belongs.insert(Asked(slot.clone()), Held { slot: slot.clone(), weight });
        slot.weighing.store(false, Ordering::Release);
        // Last, so that it is found at every moment.
        other.remove_if(&*slot.query, ours);
        if !belongs.peek(&*slot.query).is_some_and(|held| ours(&held)) {
            // It has become too heavy, or was pushed out while that could not be told.
            lock(&self.links).unlink(slot);
        }
    }

    fn forget(&self, slot: &Arc<Slot>) {
        for cache in [&self.known, &self.unknown] {
            cache.remove_if(&*slot.query, |held| Arc::ptr_eq(&held.slot, slot));
        }
        lock(&self.links).unlink(slot);
    }
}
