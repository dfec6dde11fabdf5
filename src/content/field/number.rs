//! A number.

use serde::{Deserialize, Serialize};
use serde_json::{Number as JsonNumber, Value, json};

use super::define::plain_options;
use super::group::is_blank;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk};
use crate::content::schema::Model;

/// Options of the type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Number {
    /// The smallest number allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<JsonNumber>,
    /// The largest number allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<JsonNumber>,
    /// Whether only whole numbers are allowed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
}

plain_options!(Number, Number::possible);

impl Number {
    fn min(&self) -> f64 {
        self.min.as_ref().and_then(JsonNumber::as_f64).unwrap_or(f64::NEG_INFINITY)
    }

    fn max(&self) -> f64 {
        self.max.as_ref().and_then(JsonNumber::as_f64).unwrap_or(f64::INFINITY)
    }

    fn possible(&self) -> Result<(), String> {
        let smallest = if self.whole { self.min().ceil() } else { self.min() };
        if smallest <= self.max() { Ok(()) } else { Err("no number lies between min and max".into()) }
    }
}

impl FieldRules for Number {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        match input {
            input if is_blank(input) => Ok(Value::Null),
            Value::Number(number) => Ok(Value::Number(number.clone())),
            Value::String(text) if text.trim().is_empty() => Ok(Value::Null),
            Value::String(text) => read(text).map(Value::Number).ok_or_else(|| INVALID.into()),
            _ => Err(INVALID.into()),
        }
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        let Some(number) = value.as_f64() else { return };
        if let Some(min) = self.min.as_ref().filter(|_| number < self.min()) {
            cx.problem(format!("Ensure this value is greater than or equal to {min}."));
        }
        if let Some(max) = self.max.as_ref().filter(|_| number > self.max()) {
            cx.problem(format!("Ensure this value is less than or equal to {max}."));
        }
        if self.whole && number.fract() != 0.0 {
            cx.problem("A whole number is required.");
        }
    }

    fn to_json(&self, value: &Value, _expand: &mut dyn Expand<'_>) -> Value {
        if value.is_number() { value.clone() } else { Value::Null }
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        walk.key(value.as_f64().map_or(IndexKey::Empty, IndexKey::Number));
    }

    fn filter(&self, text: &str) -> Option<IndexKey> {
        if text.trim().is_empty() {
            return Some(IndexKey::Empty);
        }
        read(text)?.as_f64().map(IndexKey::Number)
    }

    fn openapi(&self, _model: &Model) -> Value {
        json!({"type": ["number", "null"]})
    }

    fn example(&self, _model: &Model) -> Value {
        let usual = 400.0;
        match (&self.min, &self.max) {
            (Some(min), _) if self.min() > usual => inside(min, self.whole, f64::ceil),
            (_, Some(max)) if self.max() < usual => inside(max, self.whole, f64::floor),
            _ => json!(400),
        }
    }

    fn template(&self) -> &'static str {
        "field/number.html"
    }
}

const INVALID: &str = "A valid number is required.";

/// Reads a number as people type it. Integers stay integers: 400 is answered as 400, not as 400.0.
fn read(text: &str) -> Option<JsonNumber> {
    let text = text.trim();
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.into());
    }
    // Infinity and NaN parse as numbers, but JSON has none of them.
    text.parse().ok().and_then(JsonNumber::from_f64)
}

/// The limit, or the next whole number inside it.
fn inside(limit: &JsonNumber, whole: bool, round: fn(f64) -> f64) -> Value {
    match limit.as_f64() {
        Some(number) if whole && number.fract() != 0.0 => json!(round(number)),
        _ => json!(limit),
    }
}
