//! Fields in few words: what type, which rules, which icon.

use serde_json::Value;

use crate::content::field::Definition as Field;

/// The icon of a field type.
pub(super) fn icon(kind: &str) -> &'static str {
    match kind {
        "short_text" => "type",
        "long_text" => "pilcrow",
        "wysiwyg" => "bold",
        "html" => "code-xml",
        "markdown" => "hash",
        "number" => "hash",
        "checkbox" => "square-check",
        "date" => "calendar",
        "date_time" => "clock",
        "dropdown" => "list-filter",
        "color" => "palette",
        "url" => "link",
        "email" => "mail",
        "json" => "braces",
        "form" => "square-code",
        "media" => "image",
        "reference" => "external-link",
        "component" => "component",
        "component_picker" => "layers",
        "repeater" => "list",
        _ => "circle",
    }
}

/// The word for a field's type, as it is typed.
pub(super) fn word(field: &Field) -> String {
    let line = crate::content::line::write(field);
    let kind = line.split_whitespace().nth(1).unwrap_or_default();
    kind.split(['(', '!', '*']).next().unwrap_or_default().to_owned()
}

/// Rules in short: "required, max 60".
pub(super) fn rules(field: &Field) -> String {
    let mut said = Vec::new();
    if field.required {
        said.push("required".to_owned());
    }
    if field.unique {
        said.push("unique".into());
    }
    let option = |name: &str| field.options.get(name);
    if let Some(to) = option("to") {
        let key = to["collection"].as_str().or_else(|| to["page_type"].as_str()).unwrap_or_default();
        said.push(if key == "*" { "to single pages".into() } else { format!("to {key}") });
    }
    if option("many") == Some(&Value::Bool(true)) {
        said.push("many".into());
    }
    said.extend(option("component").and_then(Value::as_str).map(str::to_owned));
    let words = |name: &str| {
        let list = option(name).and_then(Value::as_array).filter(|list| !list.is_empty())?;
        Some(
            list.iter()
                .filter_map(|word| word.as_str().or_else(|| word["value"].as_str()))
                .collect::<Vec<_>>()
                .join(", "),
        )
    };
    said.extend(["components", "options", "accept", "formats"].into_iter().filter_map(words));
    said.extend(option("shape").and_then(Value::as_str).map(str::to_owned));
    for (name, word) in [("min", "min"), ("max", "max")] {
        for end in ["", "_length", "_items"] {
            if let Some(limit) = option(&format!("{name}{end}")) {
                said.push(format!("{word} {}", plain(limit)));
            }
        }
    }
    said.extend(option("min_width").map(|width| format!("at least {} px wide", plain(width))));
    for (name, word) in [("whole", "whole numbers"), ("rendered", "answered as HTML")] {
        said.extend(option(name).filter(|on| **on == Value::Bool(true)).map(|_| word.to_owned()));
    }
    said.extend(option("pattern").map(|_| "pattern".to_owned()));
    said.extend(field.only.as_ref().map(|only| format!("{only}s and up")));
    said.extend(
        field.show_if.as_ref().map(|condition| format!("if {} is {}", condition.field, condition.is.join(" or "))),
    );
    if !field.aliases.is_empty() {
        said.push(format!("also {}", field.aliases.join(", ")));
    }
    said.join(", ")
}

/// A value without quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A reason as people read it: without the quotes of source code.
pub(super) fn sentence(why: &str) -> String {
    let why = why.replace('`', "");
    let mut letters = why.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if why.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// How many of something.
pub(super) fn many(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}
