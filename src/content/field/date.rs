//! A day, perhaps with a time.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::group::is_blank;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk};
use crate::content::moment::Moment;
use crate::content::schema::Model;

/// Options of the type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Date {
    /// The first day allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Moment>,
    /// The last day allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Moment>,
}

plain_options!(Date, |options: &Date| options.range().possible());

impl Date {
    fn range(&self) -> Range {
        Range { min: self.min, max: self.max, precision: DAY }
    }
}

impl FieldRules for Date {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        parse(input)
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        self.range().check(value, cx);
    }

    fn to_json(&self, value: &Value, _expand: &mut dyn Expand<'_>) -> Value {
        to_json(value)
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        walk.key(key(value));
    }

    fn filter(&self, text: &str) -> Option<IndexKey> {
        filter(text)
    }

    fn openapi(&self, _model: &Model) -> Value {
        schema()
    }

    fn example(&self, _model: &Model) -> Value {
        self.range().example("2025-03-15")
    }

    fn template(&self) -> &'static str {
        "field/date.html"
    }
}

/// `2025-03-15`: a range of days includes all of its last day.
const DAY: usize = 10;

/// Reads any spelling of a date, with or without time and zone.
pub(super) fn parse(input: &Value) -> Result<Value, String> {
    let invalid = || Err("Enter a valid date, such as 2025-03-15 or 2025-03-15T08:00:00.".into());
    match input {
        input if is_blank(input) => Ok(Value::Null),
        Value::String(text) if text.trim().is_empty() => Ok(Value::Null),
        Value::String(text) => plain(text).map_or_else(invalid, |plain| Ok(plain.into())),
        _ => invalid(),
    }
}

pub(super) fn to_json(value: &Value) -> Value {
    if value.is_string() { value.clone() } else { Value::Null }
}

/// The stored text sorts by time.
pub(super) fn key(value: &Value) -> IndexKey {
    IndexKey::text(value.as_str().unwrap_or_default())
}

/// Compares the instant, whatever the spelling.
pub(super) fn filter(text: &str) -> Option<IndexKey> {
    if text.trim().is_empty() {
        return Some(IndexKey::Empty);
    }
    // `+` in a query is a space: `2025-03-15T08:00:00+02:00` arrives damaged when not escaped.
    plain(text).or_else(|| plain(&text.replacen(' ', "+", 1))).map(|plain| IndexKey::text(&plain))
}

pub(super) fn schema() -> Value {
    json!({"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"})
}

/// The moment as it is stored, `None` when it is none or lies before the year 0: the stored form has no
/// spelling for those.
fn plain(text: &str) -> Option<String> {
    let plain = Moment::parse(text)?.to_plain();
    (!plain.starts_with('-')).then_some(plain)
}

/// The dates a field allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) min: Option<Moment>,
    pub(super) max: Option<Moment>,
    /// How many letters of the stored text count.
    pub(super) precision: usize,
}

impl Range {
    /// Refuses limits between which there is no date.
    pub(super) fn possible(self) -> Result<(), String> {
        match (self.shown(self.min), self.shown(self.max)) {
            (Some(min), Some(max)) if min > max => Err(format!("min ({min}) is later than max ({max})")),
            _ => Ok(()),
        }
    }

    /// Reports a date outside the range.
    pub(super) fn check(self, value: &Value, cx: &mut Parsing<'_>) {
        let Some(date) = value.as_str().and_then(|text| text.get(..self.precision)) else { return };
        if let Some(min) = self.shown(self.min).filter(|min| date < min.as_str()) {
            cx.problem(format!("Ensure this date is not before {min}."));
        }
        if let Some(max) = self.shown(self.max).filter(|max| date > max.as_str()) {
            cx.problem(format!("Ensure this date is not after {max}."));
        }
    }

    /// `usual`, or a limit where that lies outside.
    pub(super) fn example(self, usual: &str) -> Value {
        let usual = usual.to_owned();
        let late_enough = self.shown(self.min).map_or(usual.clone(), |min| min.max(usual));
        self.shown(self.max).map_or(late_enough.clone(), |max| max.min(late_enough)).into()
    }

    fn shown(self, limit: Option<Moment>) -> Option<String> {
        limit.map(|moment| moment.to_plain().chars().take(self.precision).collect())
    }
}
