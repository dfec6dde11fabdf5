//! HTML written in a rich text editor.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::text::{self, Lengths};
use super::{Expand, FieldRules, IndexKey, Parsing, Walk};
use crate::content::schema::Model;

/// Options of the type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wysiwyg {
    /// Fewest characters, tags included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    /// Most characters, tags included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
}

plain_options!(Wysiwyg, |options: &Wysiwyg| options.lengths().possible());

impl Wysiwyg {
    fn lengths(&self) -> Lengths {
        Lengths { min: self.min_length, max: self.max_length }
    }
}

impl FieldRules for Wysiwyg {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        text::parse(input)
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        self.lengths().check(text::of(value), cx);
    }

    fn to_json(&self, value: &Value, expand: &mut dyn Expand<'_>) -> Value {
        json!(expand.text(text::of(value)))
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        let html = text::of(value);
        walk.key(IndexKey::text(html));
        walk.search(&text::plain_text(html));
    }

    fn openapi(&self, _model: &Model) -> Value {
        text::schema()
    }

    fn example(&self, _model: &Model) -> Value {
        json!(self.lengths().fit("<p>Wash the <strong>jars</strong>.</p>"))
    }

    fn template(&self) -> &'static str {
        "field/wysiwyg.html"
    }
}
