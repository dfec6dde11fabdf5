//! A day and a time. Values are those of [`super::date`]; only the control and the limits differ.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::date::{self, Range};
use super::define::plain_options;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk};
use crate::content::moment::Moment;
use crate::content::schema::Model;

/// Options of the type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DateTime {
    /// The first moment allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Moment>,
    /// The last moment allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Moment>,
}

plain_options!(DateTime, |options: &DateTime| options.range().possible());

impl DateTime {
    fn range(&self) -> Range {
        Range { min: self.min, max: self.max, precision: SECOND }
    }
}

impl FieldRules for DateTime {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        date::parse(input)
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        self.range().check(value, cx);
    }

    fn to_json(&self, value: &Value, _expand: &mut dyn Expand<'_>) -> Value {
        date::to_json(value)
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        walk.key(date::key(value));
    }

    fn filter(&self, text: &str) -> Option<IndexKey> {
        date::filter(text)
    }

    fn openapi(&self, _model: &Model) -> Value {
        date::schema()
    }

    fn example(&self, _model: &Model) -> Value {
        self.range().example("2025-03-15T08:00:00")
    }

    fn template(&self) -> &'static str {
        "field/date_time.html"
    }
}

/// `2025-03-15T08:00:00`: limits are exact.
const SECOND: usize = 19;
