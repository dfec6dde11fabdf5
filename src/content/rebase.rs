//! Bringing one's own changes of a document onto what others have made of it meanwhile.
//!
//! Documents are JSON. Members of objects are compared one by one; the things of a list are known by their `id`, or
//! while they have none by their `key` or `slug`. What only one side changed is taken from it; what both changed is a
//! [`Clash`], for which a person chooses.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Something both sides changed, in different ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    /// Where: members and things joined by dots: `page_types.landing.fields.teaser.max_length`.
    pub path: String,
    /// What it was.
    pub base: Value,
    /// What I made of it; null when I took it away.
    pub mine: Value,
    /// What others made of it; null when they took it away.
    pub theirs: Value,
}

/// Whose change counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Mine.
    Mine,
    /// That of others.
    Theirs,
}

/// Both changes in one document, and what nobody has chosen for yet; there, `mine` stands in the document.
pub fn rebase(base: &Value, mine: &Value, theirs: &Value, chosen: &BTreeMap<String, Side>) -> (Value, Vec<Clash>) {
    let mut merge = Merge { chosen, clashes: Vec::new() };
    let merged = merge.values(Some(base), Some(mine), Some(theirs), "");
    (merged.unwrap_or(Value::Null), merge.clashes)
}

struct Merge<'a> {
    chosen: &'a BTreeMap<String, Side>,
    clashes: Vec<Clash>,
}

type Found<'v> = Option<&'v Value>;

impl Merge<'_> {
    fn values(&mut self, base: Found<'_>, mine: Found<'_>, theirs: Found<'_>, path: &str) -> Option<Value> {
        if mine == theirs || theirs == base {
            return mine.cloned();
        }
        if mine == base {
            return theirs.cloned();
        }
        match (base, mine, theirs) {
            (base, Some(Value::Object(mine)), Some(Value::Object(theirs))) => {
                let nothing = Map::new();
                let base = base.and_then(Value::as_object).unwrap_or(&nothing);
                Some(Value::Object(self.members(base, mine, theirs, path)))
            }
            (base, Some(Value::Array(mine)), Some(Value::Array(theirs))) if are_things(mine) && are_things(theirs) => {
                let base = base.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                Some(Value::Array(self.things(base, mine, theirs, path)))
            }
            _ => self.clash(base, mine, theirs, path),
        }
    }

    fn clash(&mut self, base: Found<'_>, mine: Found<'_>, theirs: Found<'_>, path: &str) -> Option<Value> {
        match self.chosen.get(path) {
            Some(Side::Mine) => mine.cloned(),
            Some(Side::Theirs) => theirs.cloned(),
            None => {
                let value = |found: Found<'_>| found.cloned().unwrap_or(Value::Null);
                let clash = Clash { path: path.into(), base: value(base), mine: value(mine), theirs: value(theirs) };
                self.clashes.push(clash);
                mine.cloned()
            }
        }
    }

    fn members(
        &mut self,
        base: &Map<String, Value>,
        mine: &Map<String, Value>,
        theirs: &Map<String, Value>,
        path: &str,
    ) -> Map<String, Value> {
        let new = theirs.keys().filter(|key| !mine.contains_key(*key));
        let mut merged = Map::new();
        for key in mine.keys().chain(new) {
            let inner = inside(path, key);
            if let Some(value) = self.values(base.get(key), mine.get(key), theirs.get(key), &inner) {
                merged.insert(key.clone(), value);
            }
        }
        merged
    }

    /// The order is mine where I changed it, else theirs; what only one side has stands behind what it stood behind.
    fn things(&mut self, base: &[Value], mine: &[Value], theirs: &[Value], path: &str) -> Vec<Value> {
        let mine_moved = order(base, mine) != order(mine, base);
        let (first, second) = if mine_moved { (mine, theirs) } else { (theirs, mine) };
        let mut sequence: Vec<&Value> = first.iter().collect();
        for (place, thing) in second.iter().enumerate() {
            if find(first, thing).is_some() {
                continue;
            }
            let before = second[..place].iter().rev().find_map(|one| position(&sequence, one));
            sequence.insert(before.map_or(0, |before| before + 1), thing);
        }
        let mut merged = Vec::new();
        for thing in sequence {
            let inner = inside(path, name(thing));
            let found = |list| find(list, thing);
            merged.extend(self.values(found(base), found(mine), found(theirs), &inner));
        }
        merged
    }
}

fn inside(path: &str, step: &str) -> String {
    if path.is_empty() { step.into() } else { format!("{path}.{step}") }
}

/// What a person calls a thing.
fn name(thing: &Value) -> &str {
    thing["key"].as_str().or_else(|| thing["slug"].as_str()).unwrap_or_default()
}

fn are_things(list: &[Value]) -> bool {
    list.iter().all(|thing| !name(thing).is_empty())
}

/// Whether two spellings are of one thing: by id, or by name when one has no id yet.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one.get("id"), other.get("id")) {
        (Some(one), Some(other)) => one == other,
        _ => name(one) == name(other),
    }
}

fn find<'v>(list: &'v [Value], thing: &Value) -> Option<&'v Value> {
    list.iter().find(|other| is_same(other, thing))
}

fn position(list: &[&Value], thing: &Value) -> Option<usize> {
    list.iter().position(|other| is_same(other, thing))
}

/// The things of one list that are in the other too, in their order.
fn order<'v>(list: &'v [Value], other: &[Value]) -> Vec<&'v str> {
    list.iter().filter(|thing| find(other, thing).is_some()).map(name).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::{Side, rebase};

    fn field(id: u32, key: &str) -> Value {
        json!({"id": id, "key": key})
    }

    fn merged(base: &Value, mine: &Value, theirs: &Value) -> (Value, Vec<String>) {
        let (merged, clashes) = rebase(base, mine, theirs, &BTreeMap::new());
        (merged, clashes.into_iter().map(|clash| clash.path).collect())
    }

    #[test]
    fn what_one_side_changed_is_taken_from_it() {
        let base = json!({"fields": [field(1, "a"), field(2, "b"), field(3, "c")]});
        let mine =
            json!({"fields": [field(1, "a"), {"id": 2, "key": "b", "help": "x"}, field(3, "c"), {"key": "new"}]});
        let theirs = json!({"fields": [field(3, "c"), field(1, "aa"), field(2, "b"), field(4, "d")]});
        let both = json!({"fields": [
            field(3, "c"), {"key": "new"}, field(1, "aa"), {"id": 2, "key": "b", "help": "x"}, field(4, "d")]});
        assert_eq!(merged(&base, &mine, &theirs), (both, Vec::new()));
    }

    #[test]
    fn what_both_changed_waits_for_a_choice_and_loses_neither() {
        let base = json!({"fields": [{"id": 1, "key": "a", "max": 5}]});
        let mine = json!({"fields": [{"id": 1, "key": "a", "max": 6}]});
        let theirs = json!({"fields": [{"id": 1, "key": "a", "max": 7, "help": "t"}]});
        let (_, clashes) = rebase(&base, &mine, &theirs, &BTreeMap::new());
        assert_eq!(
            (clashes[0].path.as_str(), &clashes[0].mine, &clashes[0].theirs),
            ("fields.a.max", &json!(6), &json!(7))
        );
        for (side, max) in [(Side::Mine, 6), (Side::Theirs, 7)] {
            let chosen = BTreeMap::from([("fields.a.max".to_owned(), side)]);
            let (merged, clashes) = rebase(&base, &mine, &theirs, &chosen);
            assert_eq!((&merged["fields"][0]["max"], &merged["fields"][0]["help"]), (&json!(max), &json!("t")));
            assert!(clashes.is_empty());
        }
    }

    #[test]
    fn what_one_removed_and_the_other_changed_is_a_clash() {
        let base = json!({"types": [field(1, "a"), field(2, "b")]});
        let mine = json!({"types": [field(2, "b")]});
        let theirs = json!({"types": [{"id": 1, "key": "a", "help": "h"}, field(2, "b")]});
        assert_eq!(merged(&base, &mine, &theirs).1, ["types.a"]);
        assert_eq!(merged(&base, &mine, &base), (mine.clone(), Vec::new()), "removed by one, untouched by the other");
    }

    #[test]
    fn the_same_thing_added_by_both_becomes_one() {
        let base = json!({"types": []});
        let mine = json!({"types": [{"key": "a", "name": "A"}]});
        let theirs = json!({"types": [{"id": 4, "key": "a", "name": "A", "help": "h"}]});
        let one = json!({"types": [{"id": 4, "key": "a", "name": "A", "help": "h"}]});
        let (found, clashes) = merged(&base, &mine, &theirs);
        assert_eq!((found["types"][0]["id"].clone(), found["types"].as_array().map(Vec::len)), (json!(4), Some(1)));
        assert_eq!((found, clashes), (one, Vec::new()));
    }
}
