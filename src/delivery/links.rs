//! Which slots carry which key, and what has changed lately.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Answer;
use super::keyline::{Mark, Touch};
use super::slot::{Slot, Versions};
use crate::content::key::Key;

/// How many changes are remembered to judge builds that are under way.
const REMEMBERED: usize = 4096;

/// Which slots carry which key, and what has changed lately.
#[derive(Default)]
pub(super) struct Links {
    slots: HashMap<u64, Arc<Slot>>,
    by_mark: HashMap<Mark, Carriers>,
    next: u64,
    recent: VecDeque<(i64, Touch)>,
    /// Changes up to this one are no longer remembered.
    forgotten: i64,
}

/// The slots that carry a key, by their ids. Most keys are an entry's or a slug's, and of one answer.
enum Carriers {
    One(u64),
    #[expect(clippy::box_collection, reason = "the common case shall not take the room of a set")]
    Several(Box<HashSet<u64>>),
}

impl Carriers {
    fn add(&mut self, id: u64) {
        match self {
            Self::One(other) if *other == id => {}
            Self::One(other) => *self = Self::Several(Box::new(HashSet::from([*other, id]))),
            Self::Several(ids) => {
                ids.insert(id);
            }
        }
    }

    /// Takes a slot out; whether it was the last.
    fn remove(&mut self, id: u64) -> bool {
        match self {
            Self::One(other) => *other == id,
            Self::Several(ids) => {
                ids.remove(&id);
                ids.is_empty()
            }
        }
    }

    fn add_to(&self, found: &mut HashSet<u64>) {
        match self {
            Self::One(id) => {
                found.insert(*id);
            }
            Self::Several(ids) => found.extend(&**ids),
        }
    }
}

impl Links {
    /// No links yet; changes up to this one are over.
    pub(super) fn after(number: i64) -> Self {
        Self { forgotten: number, ..Self::default() }
    }

    /// An id for a slot.
    pub(super) fn next_id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// How many slots are linked.
    pub(super) fn count(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn contains(&self, slot: &Slot) -> bool {
        self.slots.contains_key(&slot.id)
    }

    pub(super) fn slots(&self) -> impl Iterator<Item = &Arc<Slot>> {
        self.slots.values()
    }

    /// Links a slot to what its answer carries.
    pub(super) fn link(&mut self, slot: &Arc<Slot>, answer: &Answer) {
        for mark in answer.marks() {
            match self.by_mark.entry(mark) {
                Entry::Occupied(mut carriers) => carriers.get_mut().add(slot.id),
                Entry::Vacant(place) => {
                    place.insert(Carriers::One(slot.id));
                }
            }
        }
        self.slots.insert(slot.id, slot.clone());
    }

    /// Unlinks a slot from what one of its answers carries.
    pub(super) fn unlink_from(&mut self, slot: &Slot, answer: &Answer) {
        for mark in answer.marks() {
            if let Entry::Occupied(mut carriers) = self.by_mark.entry(mark)
                && carriers.get_mut().remove(slot.id)
            {
                carriers.remove();
            }
        }
    }

    /// Forgets a slot, which answers nothing from now on.
    pub(super) fn unlink(&mut self, slot: &Slot) {
        if self.slots.remove(&slot.id).is_none() {
            return;
        }
        let versions = slot.versions.swap(Arc::new(Versions::only(None)));
        for answer in [&versions.now, &versions.before].into_iter().flatten() {
            self.unlink_from(slot, answer);
        }
    }

    /// Whether anything that an answer carries may have changed after change `number`.
    pub(super) fn changed_since(&self, number: i64, answer: &Answer) -> bool {
        let since = || self.recent.iter().rev().take_while(|(seq, _)| *seq > number);
        number < self.forgotten || since().any(|(_, touch)| answer.is_touched(touch))
    }

    /// Notes a change; the slots whose answers it makes old, hottest first.
    pub(super) fn change(&mut self, number: i64, keys: &BTreeSet<Key>) -> Vec<Arc<Slot>> {
        let touch = Touch::of(keys);
        let slots = self.carrying(&touch);
        self.recent.push_back((number, touch));
        // Changes of other processes may arrive late; the search from the newest backwards needs order.
        self.recent.make_contiguous().sort_by_key(|(seq, _)| *seq);
        while self.recent.len() > REMEMBERED {
            if let Some((seq, _)) = self.recent.pop_front() {
                self.forgotten = self.forgotten.max(seq);
            }
        }
        slots
    }

    /// The slots whose answers a change makes old, hottest first.
    pub(super) fn carrying(&self, touch: &Touch) -> Vec<Arc<Slot>> {
        let mut slots: Vec<Arc<Slot>> = if touch.everything {
            self.slots.values().cloned().collect()
        } else {
            let mut ids = HashSet::new();
            for carriers in touch.marks.iter().filter_map(|mark| self.by_mark.get(mark)) {
                carriers.add_to(&mut ids);
            }
            ids.iter().filter_map(|id| self.slots.get(id)).cloned().collect()
        };
        slots.sort_by_key(|slot| std::cmp::Reverse(slot.hits()));
        slots
    }
}

/// The links, for a moment.
pub(super) fn lock(links: &Mutex<Links>) -> MutexGuard<'_, Links> {
    links.lock().unwrap_or_else(PoisonError::into_inner)
}
