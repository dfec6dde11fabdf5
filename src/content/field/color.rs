//! A colour.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk, text};
use crate::content::schema::Model;

/// A colour has no options.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Color {}

plain_options!(Color);

impl FieldRules for Color {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        text::parse(input)
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        if !is_color(text::of(value)) {
            cx.problem("Enter a color such as #F53 or #FF5733.");
        }
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
        json!("#FF5733")
    }

    fn template(&self) -> &'static str {
        "field/color.html"
    }
}

/// `#RGB`, `#RRGGBB` or `#RRGGBBAA`.
fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6 | 8) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}
