//! Which element of an earlier list is which of a later one.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::content::field::Element;

/// An element in one or both lists, by position from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    /// In both.
    Both {
        /// In the earlier list.
        old: usize,
        /// In the later one.
        new: usize,
        /// Whether it changed its place among those that are in both.
        moved: bool,
    },
    /// Only in the earlier list.
    Old(usize),
    /// Only in the later list.
    New(usize),
}

/// Pairs the elements of two lists, in the order of the later one; those that went come last. Elements are the
/// same when they have the same id. Where ids do not tell: when they hold the same, else when they are of the
/// same kind and hold a value or most words in common, or stand at the same place.
pub fn align(old: &[Element<'_>], new: &[Element<'_>]) -> Vec<Pair> {
    let mut pairing = Pairing { old, new, partners: vec![None; new.len()], taken: vec![false; old.len()] };
    for rule in [same_id, same_content, alike] {
        pairing.apply(rule);
    }
    pairing.told()
}

/// How well two elements at these places match; `None` when they are not the same.
type Rule = fn(&Element<'_>, &Element<'_>, same_place: bool) -> Option<usize>;

fn same_id(old: &Element<'_>, new: &Element<'_>, _: bool) -> Option<usize> {
    (old.has_id && new.has_id && old.id == new.id && kind(old) == kind(new)).then_some(1)
}

fn same_content(old: &Element<'_>, new: &Element<'_>, _: bool) -> Option<usize> {
    (may_be_same(old, new) && held(old) == held(new)).then_some(1)
}

fn alike(old: &Element<'_>, new: &Element<'_>, same_place: bool) -> Option<usize> {
    let (before, after) = (held(old), held(new));
    let common = before.iter().filter(|value| after.contains(value)).count();
    if !may_be_same(old, new) {
        return None;
    }
    let shared = shared_words(old.members, new.members);
    (common > 0 || same_place || shared >= ENOUGH).then_some(common * 100 + shared)
}

/// How many of a hundred words two elements must share to be taken for the same.
const ENOUGH: usize = 50;

/// How many of a hundred words two values share.
fn shared_words(old: &Value, new: &Value) -> usize {
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    words(old, &mut before);
    words(new, &mut after);
    let all = before.union(&after).count();
    (before.intersection(&after).count() * 100).checked_div(all).unwrap_or(0)
}

fn words<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
    match value {
        Value::String(text) => {
            found.extend(text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()));
        }
        Value::Array(values) => values.iter().for_each(|value| words(value, found)),
        Value::Object(members) => members.values().for_each(|value| words(value, found)),
        _ => {}
    }
}

/// Two ids that differ are of two elements.
fn may_be_same(old: &Element<'_>, new: &Element<'_>) -> bool {
    kind(old) == kind(new) && !(old.has_id && new.has_id)
}

fn kind(element: &Element<'_>) -> Option<i64> {
    element.component.map(|component| component.id.0)
}

/// What an element holds, its id and what is empty left out.
fn held<'e>(element: &Element<'e>) -> Vec<(&'e String, &'e Value)> {
    let members = element.members.as_object().into_iter().flatten();
    let blank =
        |value: &Value| value.is_null() || *value == false || *value == "" || *value == Value::Array(Vec::new());
    members.filter(|(key, value)| *key != "_id" && !blank(value)).collect()
}

struct Pairing<'a, 'e> {
    old: &'a [Element<'e>],
    new: &'a [Element<'e>],
    /// Of each new element, its old place.
    partners: Vec<Option<usize>>,
    /// Whether an old element has a partner.
    taken: Vec<bool>,
}

impl Pairing<'_, '_> {
    /// Gives every new element without a partner the one that matches best; of equals, the nearest.
    fn apply(&mut self, rule: Rule) {
        for place in 0..self.new.len() {
            if self.partners[place].is_some() {
                continue;
            }
            let free = (0..self.old.len()).filter(|other| !self.taken[*other]);
            let scored = free.filter_map(|other| {
                let score = rule(&self.old[other], &self.new[place], other == place)?;
                Some((score, std::cmp::Reverse(other.abs_diff(place)), other))
            });
            if let Some((_, _, other)) = scored.max() {
                self.partners[place] = Some(other);
                self.taken[other] = true;
            }
        }
    }

    fn told(&self) -> Vec<Pair> {
        let order: Vec<usize> = self.partners.iter().flatten().copied().collect();
        let stayed = longest_rising(&order);
        let new = self.partners.iter().enumerate().map(|(new, partner)| match partner {
            Some(old) => Pair::Both { old: *old, new, moved: !stayed.contains(old) },
            None => Pair::New(new),
        });
        let gone = (0..self.old.len()).filter(|old| !self.taken[*old]).map(Pair::Old);
        new.chain(gone).collect()
    }
}

/// The longest part of a list that rises: what keeps its order, so that moving one past many is one move.
fn longest_rising(places: &[usize]) -> Vec<usize> {
    // Of each place, how long a rising part that ends there can be, and what stands before it.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let before = (0..at).filter(|earlier| places[*earlier] < *place).max_by_key(|earlier| best[*earlier].0);
        best.push((before.map_or(1, |earlier| best[earlier].0 + 1), before));
    }
    let mut at = (0..places.len()).max_by_key(|at| best[*at].0);
    let mut rising = Vec::new();
    while let Some(place) = at {
        rising.push(places[place]);
        at = best[place].1;
    }
    rising
}

#[cfg(test)]
mod tests {
    use super::longest_rising;

    #[test]
    fn one_that_moves_past_many_is_the_only_one_that_moved() {
        let mut stayed = longest_rising(&[1, 2, 3, 0]);
        stayed.sort_unstable();
        assert_eq!(stayed, [1, 2, 3]);
        assert_eq!(longest_rising(&[]), [0; 0]);
    }
}
