//! What the types that hold other fields have in common.

use serde_json::{Map, Value, json};

use super::Field;
use super::parsing::{Parsing, parse_fields};
use crate::content::schema::{Model, in_use};

/// Whether input means "nothing": `null`, `""` or `[]`.
pub(super) fn is_blank(input: &Value) -> bool {
    match input {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Whether nobody has filled in anything. An unticked checkbox says nothing: it looks the same untouched.
pub(super) fn is_untouched(value: &Value) -> bool {
    match value {
        Value::Bool(ticked) => !ticked,
        Value::Object(members) => members.values().all(is_untouched),
        other => is_blank(other),
    }
}

/// Parses one element of a list. Lists are replaced as a whole, so an element never has an old value.
///
/// # Errors
/// A sentence when the element is not an object.
pub(super) fn parse_element(fields: &[Field], input: &Value, cx: &mut Parsing<'_>) -> Result<Value, String> {
    let blank = Map::new();
    let members = match input {
        Value::Object(members) => members,
        // PHP writes an empty object as `[]`.
        input if is_blank(input) => &blank,
        _ => return Err("Expected an object with the fields of this group.".into()),
    };
    Ok(parse_fields(fields, members, &Value::Null, cx))
}

/// Parses every element of a list where it stands. Elements that cannot be read are reported and left out.
pub(super) fn parse_elements(
    input: &[Value],
    cx: &mut Parsing<'_>,
    mut parse: impl FnMut(&Value, &mut Parsing<'_>) -> Result<Value, String>,
) -> Value {
    let mut elements = Vec::new();
    for (position, element) in input.iter().enumerate() {
        cx.within(&position.to_string(), |cx| match parse(element, cx) {
            Ok(value) => elements.push(value),
            Err(why) => cx.problem(why),
        });
    }
    Value::Array(elements)
}

/// The elements of a stored list.
pub(super) fn elements(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The JSON Schema of an answered group: every field is there, even when empty.
pub(super) fn schema(fields: &[Field], model: &Model) -> Value {
    let mut properties = Map::new();
    for field in in_use(fields) {
        let schema = field.kind.rules().openapi(model);
        let names = field.aliases.iter().chain([&field.key]);
        properties.extend(names.map(|name| (name.clone(), schema.clone())));
    }
    let required: Vec<&String> = properties.keys().collect();
    json!({"type": "object", "required": required, "properties": properties})
}

/// Input for every field of a group.
pub(super) fn example(fields: &[Field], model: &Model) -> Value {
    in_use(fields).map(|field| (field.key.clone(), field.kind.rules().example(model))).collect()
}
