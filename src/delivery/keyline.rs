//! The keys of a kept answer and of a change, as words.
//!
//! An answer keeps its keys only as the line that CDNs read: a set of them would take more memory than
//! the body of a short answer. Links and comparisons go by a hash of each word. Should two words share
//! one, an answer is built again without need; none is ever left old.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashSet};
use std::hash::{Hash as _, Hasher as _};
use std::ops::Range;

use crate::content::key::Key;

/// The longest list of keys that CDNs take, in bytes.
const MAX_KEYS: usize = 8 * 1024;

/// A key's word in eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Mark(u64);

impl Mark {
    fn of(word: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// The key that every answer carries: it is not linked, a change to it concerns everything.
fn concerns_all(key: &Key) -> bool {
    matches!(key, Key::Model)
}

/// Keys that only CDNs look at.
fn is_for_cdns(key: &Key) -> bool {
    matches!(key, Key::Schema(_))
}

/// Keys in the order of a line: those that links go by, then the one of all answers, then the coarse ones.
fn place(key: &Key) -> u8 {
    if is_for_cdns(key) { 2 } else { u8::from(concerns_all(key)) }
}

/// A line of keys, and which parts of it serve what.
pub(super) struct KeyLine {
    /// All keys.
    pub(super) line: String,
    /// The part of the line that links go by.
    pub(super) linked: Range<usize>,
    /// The keys as CDNs read them.
    pub(super) for_cdns: ForCdns,
}

/// Keys as CDNs read them.
pub(super) enum ForCdns {
    /// The beginning of the line.
    Beginning(usize),
    /// Of an answer with too many keys: coarse ones, which every change touches too.
    Coarse(String),
}

impl KeyLine {
    pub(super) fn of(keys: &BTreeSet<Key>) -> Self {
        let of_place = |wanted| spelled(keys.iter().filter(|key| place(key) == wanted));
        let mut line = of_place(0);
        let linked = 0..line.len();
        append(&mut line, &of_place(1));
        let fine = line.len();
        append(&mut line, &of_place(2));
        let for_cdns = if fine <= MAX_KEYS {
            ForCdns::Beginning(fine)
        } else {
            ForCdns::Coarse(spelled(keys.iter().filter(|key| is_for_cdns(key) || !is_of_schema(key))))
        };
        Self { line, linked, for_cdns }
    }
}

fn append(line: &mut String, words: &str) {
    if !line.is_empty() && !words.is_empty() {
        line.push(' ');
    }
    line.push_str(words);
}

fn spelled<'k>(keys: impl Iterator<Item = &'k Key>) -> String {
    keys.map(Key::to_string).collect::<Vec<_>>().join(" ")
}

/// Whether a change that touches this key touches the key of a schema too.
fn is_of_schema(key: &Key) -> bool {
    matches!(
        key,
        Key::Entry(_) | Key::List { .. } | Key::Search(..) | Key::Beside(_) | Key::Translations(_) | Key::Slug(_)
    )
}

/// The marks of a line's words.
pub(super) fn marks(line: &str) -> impl Iterator<Item = Mark> + '_ {
    line.split(' ').filter(|word| !word.is_empty()).map(Mark::of)
}

/// The keys of a line. Each was spelled by us, so it can be read.
pub(super) fn keys(line: &str) -> BTreeSet<Key> {
    line.split(' ').filter_map(|word| word.parse().ok()).collect()
}

/// What a change touches, as answers are held against it.
#[derive(Debug, Default)]
pub(super) struct Touch {
    /// Whether it makes every answer old.
    pub(super) everything: bool,
    pub(super) marks: HashSet<Mark>,
}

impl Touch {
    pub(super) fn of<'k>(keys: impl IntoIterator<Item = &'k Key>) -> Self {
        let mut touch = Self::default();
        for key in keys {
            touch.everything |= concerns_all(key);
            if place(key) == 0 {
                touch.marks.insert(Mark::of(&key.to_string()));
            }
        }
        touch
    }

    /// Whether it makes an answer old that carries the keys of a line.
    pub(super) fn makes_old(&self, linked: &str) -> bool {
        self.everything || marks(linked).any(|mark| self.marks.contains(&mark))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ForCdns, KeyLine, Touch, keys};
    use crate::content::definition::BLOG;
    use crate::content::entry::EntryId;
    use crate::content::key::Key;

    fn for_cdns(line: &KeyLine) -> &str {
        match &line.for_cdns {
            ForCdns::Beginning(end) => &line.line[..*end],
            ForCdns::Coarse(coarse) => coarse,
        }
    }

    #[test]
    fn too_many_keys_fall_back_to_coarse_ones() {
        let mut all: BTreeSet<Key> = (0..3).map(|id| Key::Entry(EntryId(id))).collect();
        all.extend([Key::Schema(BLOG), Key::Model]);
        assert_eq!(for_cdns(&KeyLine::of(&all)), "entry-0 entry-1 entry-2 model");
        all.extend((3..2000).map(|id| Key::Entry(EntryId(id))));
        let line = KeyLine::of(&all);
        assert_eq!(for_cdns(&line), "schema-1 model");
        assert_eq!(keys(&line.line), all, "the answer itself forgets none");
    }

    #[test]
    fn a_change_makes_old_what_carries_one_of_its_keys() {
        let carried = KeyLine::of(&BTreeSet::from([Key::Entry(EntryId(1)), Key::Model, Key::Schema(BLOG)]));
        let makes_old = |key: Key| Touch::of([&key]).makes_old(&carried.line[carried.linked.clone()]);
        assert!(makes_old(Key::Entry(EntryId(1))) && makes_old(Key::Model));
        assert!(!makes_old(Key::Entry(EntryId(11))) && !makes_old(Key::Schema(BLOG)), "coarse keys are for CDNs");
    }
}
