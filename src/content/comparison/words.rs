//! Differences and values in words.

use serde_json::Value;

use super::{Change, Difference};
use crate::content::field::{Field, FieldType};
use crate::content::markup;

/// How many parts of an entry a sentence names.
const NAMED: usize = 4;

/// What changed, in a few words: `Hero 1: headline, image; title`.
pub fn in_words(changes: &[Change]) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for change in changes {
        let (group, word) = named(change);
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, words)) if words.contains(&word) => {}
            Some((_, words)) => words.push(word),
            None => groups.push((group, vec![word])),
        }
    }
    let rest = groups.len().saturating_sub(NAMED);
    let said = groups.iter().take(NAMED).map(|(group, words)| {
        let words = words.join(", ");
        if group.is_empty() { words } else { format!("{group}: {words}") }
    });
    let mut said = said.collect::<Vec<_>>().join("; ");
    if rest > 0 {
        said.push_str(&format!(" and {rest} more"));
    }
    said
}

/// The part of an entry that changed and the word for what changed of it.
fn named(change: &Change) -> (String, String) {
    let last = change.labels.last().cloned().unwrap_or_default();
    let above = change.labels.len().checked_sub(2).map(|place| change.labels[place].clone()).unwrap_or_default();
    match change.what {
        Difference::Moved { .. } => (last, "moved".into()),
        Difference::Added(_) => (last, "added".into()),
        Difference::Removed(_) => (last, "removed".into()),
        _ if above.is_empty() => (String::new(), last),
        _ => (above, lower(&last)),
    }
}

/// A label inside a sentence. Words such as SEO stay as they are.
fn lower(label: &str) -> String {
    let mut letters = label.chars();
    let (first, second) = (letters.next(), letters.next());
    match (first, second) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(label.chars().skip(1)).collect()
        }
        _ => label.to_owned(),
    }
}

/// A stored value of a field that holds no other fields, as text. Links are left out: they are ids.
pub fn shown_text(field: &Field, value: &Value) -> String {
    match (&field.kind, value) {
        (FieldType::Wysiwyg(_), Value::String(html)) => {
            let blocks = markup::blocks(html);
            blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n")
        }
        (FieldType::Media(_), value) => {
            let part = |name: &str| value[name].as_str().unwrap_or_default();
            if value["decorative"] == true {
                return format!("{} (decorative)", part("url"));
            }
            if part("alt").is_empty() { part("url").into() } else { format!("{} ({})", part("url"), part("alt")) }
        }
        (FieldType::Reference(_), _) | (_, Value::Null) => String::new(),
        (FieldType::Checkbox(_), Value::Bool(ticked)) => if *ticked { "Yes" } else { "No" }.into(),
        (_, Value::String(text)) => text.clone(),
        (FieldType::Json(_), value) => serde_json::to_string_pretty(value).unwrap_or_default(),
        (_, value) => value.to_string(),
    }
}
