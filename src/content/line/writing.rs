//! From a field to a line.

use serde_json::{Map, Value};

use super::scanning::{in_quotes, is_bare, quoted};
use super::words::{LISTS, TEXTS, limited, word_of};
use crate::content::field::define::title_from_key;
use crate::content::field::{Condition, Definition};

/// The line that describes a field. Its number and the time of its removal are not in it.
pub fn write(field: &Definition) -> String {
    let mut rest = field.options.clone();
    let mut line = format!("{} {}", field.key, kind(field, &mut rest));
    if field.required {
        line.push('!');
    }
    if field.kind == "reference" && rest.get("many") == Some(&Value::Bool(true)) {
        rest.remove("many");
        line.push('*');
    }
    let mut say = |name: &str, value: Option<String>| {
        line.push(' ');
        line.push_str(name);
        if let Some(value) = value {
            line.push(':');
            line.push_str(&value);
        }
    };
    if !field.name.is_empty() && field.name != title_from_key(&field.key) {
        say("label", Some(quoted(&field.name)));
    }
    for (name, value) in &rest {
        let (name, value) = option(name, value, &field.kind);
        say(&name, value);
    }
    if field.unique {
        say("unique", None);
    }
    if let Some(default) = &field.default {
        say("default", Some(any(default)));
    }
    if let Some(width) = &field.width {
        say("width", Some(quoted(width)));
    }
    if let Some(only) = &field.only {
        say("only", Some(quoted(only)));
    }
    if let Some(condition) = &field.show_if {
        say("if", Some(self::condition(condition)));
    }
    if !field.aliases.is_empty() {
        say("alias", Some(list(&field.aliases)));
    }
    if !field.help.is_empty() {
        say("help", Some(quoted(&field.help)));
    }
    if let Some(was) = &field.was {
        say("was", Some(quoted(was)));
    }
    line
}

/// The type with its arguments, which are taken out of the options.
fn kind(field: &Definition, rest: &mut Map<String, Value>) -> String {
    if field.kind == "media" && rest.get("accept") == Some(&serde_json::json!(["image"])) {
        rest.remove("accept");
        return "image".into();
    }
    let word = word_of(&field.kind).unwrap_or(&field.kind);
    let arguments = match field.kind.as_str() {
        "reference" => rest.remove("to").map(|to| target(&to)),
        "component" => rest.remove("component").and_then(|key| key.as_str().map(str::to_owned)),
        "component_picker" => rest.remove("components").map(|keys| texts(&keys).join(",")),
        "dropdown" => rest.remove("options").map(|choices| each(&choices, choice).join(",")),
        "repeater" => rest.remove("fields").map(|fields| each(&fields, inner).join("; ")),
        _ => None,
    };
    arguments.map_or_else(|| word.to_owned(), |arguments| format!("{word}({arguments})"))
}

fn target(to: &Value) -> String {
    match to["page_type"].as_str() {
        Some(key) => format!("page:{key}"),
        None => to["collection"].as_str().unwrap_or_default().to_owned(),
    }
}

fn choice(choice: &Value) -> String {
    let value = bare_choice(choice["value"].as_str().unwrap_or_default());
    match choice["label"].as_str() {
        Some(label) => format!("{value}={}", in_quotes(label)),
        None => value,
    }
}

fn bare_choice(value: &str) -> String {
    if is_bare(value) { value.into() } else { in_quotes(value) }
}

fn inner(field: &Value) -> String {
    serde_json::from_value(field.clone()).map(|field| write(&field)).unwrap_or_default()
}

fn each(list: &Value, write: fn(&Value) -> String) -> Vec<String> {
    list.as_array().map_or(&[][..], Vec::as_slice).iter().map(write).collect()
}

fn texts(list: &Value) -> Vec<String> {
    each(list, |text| text.as_str().unwrap_or_default().to_owned())
}

/// An option of the type under its short name.
fn option(name: &str, value: &Value, kind: &str) -> (String, Option<String>) {
    let short = match (name, limited(kind)) {
        ("shape", _) => "ratio",
        ("min_length", Some("_length")) | ("min_items", Some("_items")) => "min",
        ("max_length", Some("_length")) | ("max_items", Some("_items")) => "max",
        _ => name,
    };
    let written = match value {
        Value::Bool(true) => None,
        Value::String(text) if TEXTS.contains(&name) => Some(quoted(text)),
        Value::Array(_) if LISTS.contains(&name) => Some(list(&texts(value))),
        other => Some(any(other)),
    };
    (short.to_owned(), written)
}

fn list(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(",")
}

/// A text stands alone where it cannot be taken for anything else.
fn any(value: &Value) -> String {
    match value {
        Value::String(text) if is_bare(text) && serde_json::from_str::<Value>(text).is_err() => text.clone(),
        other => other.to_string(),
    }
}

fn condition(condition: &Condition) -> String {
    let wanted: Vec<String> = condition.is.iter().map(|value| quoted(value)).collect();
    format!("{}={}", condition.field, wanted.join("|"))
}
