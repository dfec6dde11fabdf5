//! Keeping answers fresh: what a change makes old is built again before the change is reported done.

use std::collections::BTreeSet;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;

use super::keyline::Touch;
use super::query::Query;
use super::slot::Slot;
use super::{Answer, Delivery, Error};
use crate::content::key::Key;
use crate::store::Change;

/// How many answers a change builds again at most; the rest is dropped and built when asked for.
const MOST: usize = 2_000;
/// How long a change may take to build answers again.
const LONGEST: Duration = Duration::from_millis(500);

/// What a change did to the answers that were kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// The change's number; 0 when nothing changed.
    pub change: i64,
    /// Answers that were built again, hottest first.
    pub rebuilt: Vec<Query>,
    /// How many were dropped.
    pub evicted: usize,
    /// How long it took.
    pub took: Duration,
}

/// How far the kept answers have followed the database.
pub(super) struct Followed {
    /// Every change up to this one was taken over.
    seen: i64,
    /// Changes after that one which were: this process's own, while another's are still to come.
    ahead: BTreeSet<i64>,
    /// Changes whose answers could not be built again, because the database did not answer.
    missed: Vec<Change>,
}

impl Followed {
    /// Everything up to this change is known.
    pub(super) fn up_to(seen: i64) -> Self {
        Self { seen, ahead: BTreeSet::new(), missed: Vec::new() }
    }

    fn has(&self, number: i64) -> bool {
        number <= self.seen || self.ahead.contains(&number)
    }

    fn add(&mut self, number: i64) {
        if number > self.seen {
            self.ahead.insert(number);
        }
        while self.ahead.remove(&(self.seen + 1)) {
            self.seen += 1;
        }
    }

    /// Leaves behind what is no longer in the log.
    fn skip_to(&mut self, number: i64) {
        self.seen = self.seen.max(number);
        self.ahead = self.ahead.split_off(&(self.seen + 1));
    }
}

/// What all changes that were missed touch, for readers: they never wait for a refresh.
#[derive(Default)]
pub(super) struct Missing(ArcSwapOption<Touch>);

impl Missing {
    fn are(&self, changes: &[Change]) {
        let touch = || Touch::of(changes.iter().flat_map(|change| &change.keys));
        self.0.store((!changes.is_empty()).then(|| Arc::new(touch())));
    }
}

impl Delivery {
    /// Brings the kept answers in step with a change that is on disk. When it returns, no reader gets an
    /// answer from before the change. Blocks.
    ///
    /// # Errors
    /// The database's: what was kept is served on, and marked as stale, until [`Delivery::catch_up`]
    /// succeeds.
    pub fn refresh(&self, change: &Change) -> Result<Refreshed, Error> {
        self.files.forget(change);
        let mut followed = self.followed();
        followed.add(change.number);
        self.take_over(change).inspect_err(|error| {
            self.store.note(&error.0);
            followed.missed.push(change.clone());
            self.missing.are(&followed.missed);
        })
    }

    /// Whether a change to what this answer was made from is known, but could not be built in yet.
    pub fn is_stale(&self, answer: &Answer) -> bool {
        self.missing.0.load().as_ref().is_some_and(|touch| answer.is_touched(touch))
    }

    /// Tries again what could not be refreshed. Blocks.
    ///
    /// # Errors
    /// The database's.
    pub fn catch_up(&self) -> Result<(), Error> {
        let mut followed = self.followed();
        while let Some(change) = followed.missed.first() {
            self.take_over(change)?;
            followed.missed.remove(0);
            self.missing.are(&followed.missed);
        }
        Ok(())
    }

    /// Refreshes after changes that other processes made. Blocks.
    ///
    /// # Errors
    /// The database's; the next call tries again.
    pub fn follow(&self) -> Result<(), Error> {
        self.catch_up()?;
        let seen = self.followed().seen;
        let changes = self.store.read(|read| read.changes_after(seen))?;
        for change in changes {
            // A change to the model may stand for changes that are no longer in the log.
            if !self.followed().has(change.number) || change.keys.contains(&Key::Model) {
                self.refresh(&change)?;
            }
            self.followed().skip_to(change.number);
        }
        Ok(())
    }

    fn followed(&self) -> MutexGuard<'_, Followed> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One change at a time: the caller holds the lock.
    fn take_over(&self, change: &Change) -> Result<Refreshed, Error> {
        let began = Instant::now();
        self.follow_picture_sizes(&change.keys)?;
        self.follow_edge(&change.keys)?;
        let slots = self.cache.change(change.number, &change.keys);
        let built = self.rebuild(&slots, began, change.number)?;
        for slot in &slots[built.len()..] {
            self.cache.put(slot, None, change.number);
        }
        self.cache.show(change.number);
        self.counts.refreshes.count(began.elapsed());
        self.cache.settle(&slots);
        // Last: whoever waits for the change does not wait for shorter forms of what it made.
        for answer in &built {
            self.compressor.compress(answer);
        }
        let evicted = slots.len() - built.len();
        let rebuilt = slots.iter().take(built.len()).map(|slot| Query::clone(&slot.query)).collect();
        Ok(Refreshed { change: change.number, rebuilt, evicted, took: began.elapsed() })
    }

    /// Builds the answers of the first slots again on one snapshot, as many as time and number allow.
    fn rebuild(&self, slots: &[Arc<Slot>], began: Instant, number: i64) -> Result<Vec<Arc<Answer>>, Error> {
        let mut built = Vec::new();
        if slots.is_empty() {
            return Ok(built);
        }
        self.store.read(|read| {
            for slot in slots.iter().take(MOST) {
                if began.elapsed() > LONGEST {
                    break;
                }
                let answer = Arc::new(self.build_on(read, &slot.query)?);
                self.cache.put(slot, Some(answer.clone()), number);
                built.push(answer);
            }
            Ok(built)
        })
    }

    /// The questions whose kept answers carry one of these keys, hottest first.
    pub fn carrying(&self, keys: &BTreeSet<Key>) -> Vec<Query> {
        self.cache.carrying(keys).iter().map(|slot| Query::clone(&slot.query)).collect()
    }
}
