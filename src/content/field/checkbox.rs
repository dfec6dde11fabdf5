//! Yes or no.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::group::is_blank;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk};
use crate::content::schema::Model;

/// A checkbox has no options.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Checkbox {}

plain_options!(Checkbox);

impl FieldRules for Checkbox {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        let ticked = match input {
            input if is_blank(input) => Some(false),
            Value::Bool(ticked) => Some(*ticked),
            Value::Number(number) => read(&number.to_string()),
            Value::String(text) => read(text),
            _ => None,
        };
        ticked.map(Value::Bool).ok_or_else(|| "Must be a valid boolean.".into())
    }

    fn to_json(&self, value: &Value, _expand: &mut dyn Expand<'_>) -> Value {
        json!(is_ticked(value))
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        walk.key(key(is_ticked(value)));
    }

    fn filter(&self, text: &str) -> Option<IndexKey> {
        read(text).map(key)
    }

    fn openapi(&self, _model: &Model) -> Value {
        json!({"type": "boolean"})
    }

    fn example(&self, _model: &Model) -> Value {
        json!(true)
    }

    fn template(&self) -> &'static str {
        "field/checkbox.html"
    }
}

/// What was stored before the field existed is unticked.
fn is_ticked(value: &Value) -> bool {
    value.as_bool().unwrap_or(false)
}

/// The spellings of the API's query parameters.
fn read(text: &str) -> Option<bool> {
    match text {
        "1" | "true" | "True" | "TRUE" => Some(true),
        "0" | "false" | "False" | "FALSE" | "" => Some(false),
        _ => None,
    }
}

fn key(ticked: bool) -> IndexKey {
    IndexKey::Number(if ticked { 1.0 } else { 0.0 })
}
