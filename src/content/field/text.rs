//! What all texts have in common: how they are read, their limits, and HTML without its tags.

mod plain;

use regex::Regex;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::parsing::Parsing;

pub use plain::plain_text;

/// Reads a text; numbers and booleans count as their text.
pub(super) fn parse(input: &Value) -> Result<Value, String> {
    match input {
        Value::Null => Ok(json!("")),
        Value::String(_) => Ok(input.clone()),
        Value::Number(number) => Ok(number.to_string().into()),
        Value::Bool(truth) => Ok(truth.to_string().into()),
        Value::Array(items) if items.is_empty() => Ok(json!("")),
        Value::Array(_) | Value::Object(_) => Err("Not a valid string.".into()),
    }
}

/// The text of a stored value.
pub(super) fn of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The schema of every text.
pub(super) fn schema() -> Value {
    json!({"type": "string"})
}

/// How many characters a text may have, tags included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lengths {
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
}

impl Lengths {
    /// Refuses limits that no text can keep.
    pub(super) fn possible(self) -> Result<(), String> {
        match (self.min, self.max) {
            (_, Some(0)) => Err("max_length must be at least 1".into()),
            (Some(min), Some(max)) if min > max => Err(format!("min_length ({min}) is larger than max_length ({max})")),
            _ => Ok(()),
        }
    }

    /// Reports a text that is too short or too long.
    pub(super) fn check(self, text: &str, cx: &mut Parsing<'_>) {
        let length = text.chars().count();
        if let Some(min) = self.min.filter(|min| length < *min) {
            cx.problem(format!("Ensure this field has at least {min} characters."));
        }
        if let Some(max) = self.max.filter(|max| length > *max) {
            cx.problem(format!("Ensure this field has no more than {max} characters."));
        }
    }

    /// `text`, repeated or cut until it fits.
    pub(super) fn fit(self, text: &str) -> String {
        let length = text.chars().count();
        let wanted = length.max(self.min.unwrap_or(0)).min(self.max.unwrap_or(usize::MAX));
        text.chars().cycle().take(wanted).collect()
    }
}

/// A regular expression that a whole text must match.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    whole: Regex,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(source: &str) -> Result<Self, String> {
        let explain = |error: regex::Error| format!("the pattern `{source}` is no regular expression: {error}");
        // By itself first: `a)|(b` would only be valid inside our parentheses.
        Regex::new(source).map_err(explain)?;
        let whole = Regex::new(&format!(r"\A(?:{source})\z")).map_err(explain)?;
        Ok(Self { source: source.into(), whole })
    }

    /// Reports a text that does not match.
    pub(super) fn check(&self, text: &str, cx: &mut Parsing<'_>) {
        if !self.whole.is_match(text) {
            cx.problem("This value does not match the required pattern.");
        }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = String::deserialize(deserializer)?;
        Self::parse(&source).map_err(D::Error::custom)
    }
}
