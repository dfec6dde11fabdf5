//! One line of text.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::text::{self, Lengths, Pattern};
use super::{Expand, FieldRules, Parsing, Walk};
use crate::content::schema::Model;

/// Options of the type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShortText {
    /// Fewest characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    /// Most characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// What the whole text must look like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
}

plain_options!(ShortText, |options: &ShortText| options.lengths().possible());

impl ShortText {
    fn lengths(&self) -> Lengths {
        Lengths { min: self.min_length, max: self.max_length }
    }
}

impl FieldRules for ShortText {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        text::parse(input)
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        let text = text::of(value);
        self.lengths().check(text, cx);
        if let Some(pattern) = &self.pattern {
            pattern.check(text, cx);
        }
    }

    fn to_json(&self, value: &Value, _expand: &mut dyn Expand<'_>) -> Value {
        json!(text::of(value))
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        walk.text(text::of(value));
    }

    fn openapi(&self, _model: &Model) -> Value {
        text::schema()
    }

    /// A text of a fitting length; nobody can make up one for any pattern.
    fn example(&self, _model: &Model) -> Value {
        json!(self.lengths().fit("Jam season"))
    }

    fn template(&self) -> &'static str {
        "field/short_text.html"
    }
}
