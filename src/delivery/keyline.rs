//! The keys of a kept answer and of a change, as words.
//!
//! An answer keeps its keys only as the line that CDNs read: a set of them would take more memory than
//! the body of a short answer. Links and comparisons go by a hash of each word. Should two words share
//! one, an answer is built again without need; none is ever left old.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashSet};
use std::hash::{Hash as _, Hasher as _};
use std::ops::Range;

use super::edge::Edge;
use crate::content::cdn::{ANY, coarse, is_for_cdns};
use crate::content::key::Key;

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
    /// A line of its own: spelled in another way, or of an answer with too many keys.
    Own(String),
}

impl KeyLine {
    pub(super) fn of(keys: &BTreeSet<Key>, edge: &Edge) -> Self {
        let of_place = |wanted| spelled(keys.iter().filter(|key| place(key) == wanted));
        let mut line = of_place(0);
        let linked = 0..line.len();
        append(&mut line, &of_place(1));
        let fine = line.len();
        append(&mut line, &of_place(2));
        let for_cdns = if fine > edge.longest {
            ForCdns::Own(in_short(keys, edge))
        } else if edge.separator == ' ' {
            ForCdns::Beginning(fine)
        } else {
            ForCdns::Own(line[..fine].replace(' ', &edge.separator.to_string()))
        };
        Self { line, linked, for_cdns }
    }
}

/// What stands for too many keys: coarse ones, which every change names too; and if these are too many, the one that
/// every change names.
fn in_short(keys: &BTreeSet<Key>, edge: &Edge) -> String {
    let separator = edge.separator.to_string();
    let coarse: BTreeSet<Key> = keys.iter().filter_map(coarse).collect();
    let line = coarse.iter().map(Key::to_string).collect::<Vec<_>>().join(&separator);
    if line.len() <= edge.longest { line } else { [ANY, &Key::Model.to_string()].join(&separator) }
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
    use crate::content::cdn::{By, Cdn, Provider, purged};
    use crate::content::definition::BLOG;
    use crate::content::entry::EntryId;
    use crate::content::key::Key;
    use crate::content::locale::LocaleId;
    use crate::content::schema::SchemaId;
    use crate::delivery::Edge;

    fn for_cdns(line: &KeyLine) -> &str {
        match &line.for_cdns {
            ForCdns::Beginning(end) => &line.line[..*end],
            ForCdns::Own(own) => own,
        }
    }

    #[test]
    fn too_many_keys_fall_back_to_coarse_ones() {
        let edge = Edge::default();
        let mut all: BTreeSet<Key> = (0..3).map(|id| Key::Entry(EntryId(id))).collect();
        all.extend([Key::Schema(BLOG), Key::Model]);
        assert_eq!(for_cdns(&KeyLine::of(&all, &edge)), "entry-0 entry-1 entry-2 model");
        all.extend((3..2000).map(|id| Key::Entry(EntryId(id))));
        let line = KeyLine::of(&all, &edge);
        assert_eq!(for_cdns(&line), "schema-1 model");
        assert_eq!(keys(&line.line), all, "the answer itself forgets none");
        all.extend((0..2000).map(|id| Key::Alt(id.to_string())));
        assert_eq!(for_cdns(&KeyLine::of(&all, &edge)), "any model");
    }

    #[test]
    fn a_cdn_gets_keys_as_it_spells_them_and_no_more_than_it_takes() {
        let edge = Edge::of(Some(&Cdn::new(Provider::Bunny { zone: "1".into(), by: By::Keys })));
        let keys = |count| (0..count).map(|id| Key::Slug(format!("pages/{id}"))).chain([Key::Model]).collect();
        assert_eq!(for_cdns(&KeyLine::of(&keys(1), &edge)), "slug-pages%2F0,model");
        assert_eq!(for_cdns(&KeyLine::of(&keys(100), &edge)), "any,model");
    }

    /// Whatever an answer carries, a change to one of its keys names something of it.
    #[test]
    fn a_change_reaches_answers_in_every_form() {
        let (schema, locale) = (SchemaId(3), LocaleId(1));
        let list = |schema| Key::List { schema, locale, path: "@published".into() };
        let all = [
            Key::Entry(EntryId(7)),
            Key::Author(1),
            Key::Authors,
            list(schema),
            list(SchemaId(0)),
            Key::Search(schema, locale),
            Key::Slug("pages/pie".into()),
            Key::Settings,
            Key::Media("plum".into()),
            Key::Redirects,
            Key::Alt("plum".into()),
        ];
        for touched in all {
            // As the recorder and the store note them: an entry with its schema, a list with its own.
            let beside = if matches!(touched, Key::Entry(_)) { vec![Key::Schema(schema)] } else { Vec::new() };
            let carried: BTreeSet<Key> = beside.iter().cloned().chain([touched.clone(), Key::Model]).collect();
            let words = purged(&beside.into_iter().chain([touched]).collect());
            for longest in [8_000, 30, 0] {
                let line = KeyLine::of(&carried, &Edge { longest, ..Edge::default() });
                let named = for_cdns(&line).split(' ').any(|word| words.iter().any(|one| one == word));
                assert!(named, "{} by {words:?}", for_cdns(&line));
            }
        }
    }

    #[test]
    fn a_change_makes_old_what_carries_one_of_its_keys() {
        let carried = BTreeSet::from([Key::Entry(EntryId(1)), Key::Model, Key::Schema(BLOG)]);
        let carried = KeyLine::of(&carried, &Edge::default());
        let makes_old = |key: Key| Touch::of([&key]).makes_old(&carried.line[carried.linked.clone()]);
        assert!(makes_old(Key::Entry(EntryId(1))) && makes_old(Key::Model));
        assert!(!makes_old(Key::Entry(EntryId(11))) && !makes_old(Key::Schema(BLOG)), "coarse keys are for CDNs");
    }
}
