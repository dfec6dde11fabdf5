//! What differs between two JSON values, place by place.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// Lists longer than this are compared place by place, not aligned: aligning takes the square of it.
const ALIGNED: usize = 200;
/// How much of a value is shown to people, in characters.
const SHOWN: usize = 100;
/// How much is shown before the place where two texts part, in characters.
const CONTEXT: usize = 20;

/// One place at which two values differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Where, as a JSON pointer (RFC 6901): into the old value for what is gone, else into the new one.
    pub at: String,
    /// What was there; `None` when there was nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What is there; `None` when there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.before, &self.after) {
            (None, Some(after)) => write!(f, "+ {}: {}", self.at, shortened(after)),
            (Some(before), None) => write!(f, "- {}: {}", self.at, shortened(before)),
            (Some(Value::String(before)), Some(Value::String(after))) => {
                let (before, after) = from_where_they_part(before, after);
                write!(f, "~ {}: {} -> {}", self.at, shortened(&before.into()), shortened(&after.into()))
            }
            (Some(before), Some(after)) => write!(f, "~ {}: {} -> {}", self.at, shortened(before), shortened(after)),
            (None, None) => f.write_str(&self.at),
        }
    }
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Two long texts without the beginning that they share, but for a few words.
fn from_where_they_part(before: &str, after: &str) -> (String, String) {
    let shared = before.chars().zip(after.chars()).take_while(|(old, new)| old == new).count();
    let cut = |text: &str| match shared.checked_sub(CONTEXT) {
        Some(skipped) if skipped > 0 => format!("…{}", text.chars().skip(skipped).collect::<String>()),
        _ => text.to_owned(),
    };
    (cut(before), cut(after))
}

/// Every place at which the values differ, in the order of the new one.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(&mut String::new(), before, after, &mut found);
    found
}

fn compare(at: &mut String, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in new {
                let old = old.get(key);
                below(at, &escaped(key), |at| either(at, old, Some(value), found));
            }
            for (key, value) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
                below(at, &escaped(key), |at| either(at, Some(value), None, found));
            }
        }
        (Value::Array(old), Value::Array(new)) => lists(at, old, new, found),
        _ => found.push(Difference { at: at.clone(), before: Some(before.clone()), after: Some(after.clone()) }),
    }
}

fn either(at: &mut String, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    match (before, after) {
        (Some(before), Some(after)) => compare(at, before, after, found),
        _ => found.push(Difference { at: at.clone(), before: before.cloned(), after: after.cloned() }),
    }
}

fn below(at: &mut String, step: &str, inside: impl FnOnce(&mut String)) {
    let length = at.len();
    at.push('/');
    at.push_str(step);
    inside(at);
    at.truncate(length);
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Lists are aligned by the elements they share, so that one more at the front is one difference.
fn lists(at: &mut String, old: &[Value], new: &[Value], found: &mut Vec<Difference>) {
    let (mut left, mut right) = (0, 0);
    let shared = shared(old, new);
    for (i, j) in shared.into_iter().chain([(old.len(), new.len())]) {
        gap(at, (left, &old[left..i]), (right, &new[right..j]), found);
        (left, right) = (i + 1, j + 1);
    }
}

/// What stands between two shared elements: changed ones when both sides have as many, else some that
/// came and some that went.
fn gap(at: &mut String, (left, old): (usize, &[Value]), (right, new): (usize, &[Value]), found: &mut Vec<Difference>) {
    if old.len() == new.len() {
        for (step, (old, new)) in old.iter().zip(new).enumerate() {
            below(at, &(right + step).to_string(), |at| compare(at, old, new, found));
        }
        return;
    }
    for (step, value) in old.iter().enumerate() {
        below(at, &(left + step).to_string(), |at| either(at, Some(value), None, found));
    }
    for (step, value) in new.iter().enumerate() {
        below(at, &(right + step).to_string(), |at| either(at, None, Some(value), found));
    }
}

/// The places of the longest run of elements that both lists have in the same order.
fn shared(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    if old.len() > ALIGNED || new.len() > ALIGNED {
        return old.iter().zip(new).enumerate().filter(|(_, (a, b))| a == b).map(|(place, _)| (place, place)).collect();
    }
    let width = new.len() + 1;
    // How many are shared from here to the ends.
    let mut lengths = vec![0_usize; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i * width + j] = if old[i] == new[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut places) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            places.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::differences;

    fn check(before: Value, after: Value, said: &[&str]) {
        let lines: Vec<String> = differences(&before, &after).iter().map(ToString::to_string).collect();
        assert_eq!(lines, said);
    }

    #[test]
    fn places_are_pointers() {
        check(
            json!({"a": {"b/c": 1, "d": 2}, "e": 3}),
            json!({"a": {"b/c": 5, "f": null}, "e": 3}),
            &["~ /a/b~1c: 1 -> 5", "+ /a/f: null", "- /a/d: 2"],
        );
        check(json!(1), json!("1"), &["~ : 1 -> \"1\""]);
        check(json!({"a": []}), json!({"a": []}), &[]);
    }

    #[test]
    fn one_more_at_the_front_of_a_page_is_not_ten_differences() {
        check(json!([1, 2, 3, 4]), json!([9, 1, 2, 3]), &["+ /0: 9", "- /3: 4"]);
        check(json!([{"n": 1}, {"n": 2}, {"n": 3}]), json!([{"n": 1}, {"n": 5}, {"n": 3}]), &["~ /1/n: 2 -> 5"]);
        check(json!([1, 2, 3]), json!([1]), &["- /1: 2", "- /2: 3"]);
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let [one] = &differences(&json!(null), &json!("ü".repeat(500)))[..] else { panic!("one place") };
        assert!(one.to_string().ends_with("ü…"));
        let long = |end: &str| json!("ä".repeat(500) + end);
        let part = "ä".repeat(20);
        check(long("old"), long("new"), &[&format!("~ : \"…{part}old\" -> \"…{part}new\"")]);
    }
}
