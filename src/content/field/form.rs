//! A form of another service: its embed code or id.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk, text};
use crate::content::schema::Model;

/// A form has no options.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Form {}

plain_options!(Form);

impl FieldRules for Form {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        text::parse(input)
    }

    fn to_json(&self, value: &Value, _expand: &mut dyn Expand<'_>) -> Value {
        json!(text::of(value))
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        walk.key(IndexKey::text(text::of(value)));
    }

    fn openapi(&self, _model: &Model) -> Value {
        text::schema()
    }

    fn example(&self, _model: &Model) -> Value {
        json!("jotform-233151")
    }

    fn template(&self) -> &'static str {
        "field/form.html"
    }
}
