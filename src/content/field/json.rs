//! Any JSON, served as it was sent.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk};
use crate::content::schema::Model;

/// Options of the type: none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Json {}

plain_options!(Json);

impl FieldRules for Json {
    /// A text that spells an object or array becomes one: forms and some clients can only send text.
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        let value = match input {
            Value::String(text) if text.trim().is_empty() => Value::Null,
            Value::String(text) => match serde_json::from_str(text) {
                Ok(group @ (Value::Object(_) | Value::Array(_))) => group,
                _ => input.clone(),
            },
            _ => input.clone(),
        };
        if depth(&value) > MAX_DEPTH {
            return Err(format!("JSON may be nested {MAX_DEPTH} levels deep at most."));
        }
        Ok(value)
    }

    /// `{}` and `[]` are values; only `null` is none.
    fn is_empty(&self, value: &Value) -> bool {
        value.is_null()
    }

    fn to_json(&self, value: &Value, _expand: &mut dyn Expand<'_>) -> Value {
        value.clone()
    }

    /// Objects and arrays have no one value to compare.
    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        match value {
            Value::Null => walk.key(IndexKey::Empty),
            Value::String(text) => walk.key(IndexKey::text(text)),
            Value::Bool(_) | Value::Number(_) => walk.key(IndexKey::text(&value.to_string())),
            Value::Array(_) | Value::Object(_) => {}
        }
    }

    fn openapi(&self, _model: &Model) -> Value {
        json!({})
    }

    fn example(&self, _model: &Model) -> Value {
        json!({"jars": [1, 2, {"lid": null}]})
    }

    fn template(&self) -> &'static str {
        "field/json.html"
    }
}

/// The JSON reader gives up at 128 levels, and archives wrap values in some more.
const MAX_DEPTH: usize = 64;

fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(members) => members.values().map(depth).max(),
        _ => return 0,
    };
    1 + inner.unwrap_or(0)
}
