//! Markdown, served as typed or rendered.

use pulldown_cmark::{Options, Parser, html};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::text::{self, Lengths};
use super::{Expand, FieldRules, IndexKey, Parsing, Walk};
use crate::content::schema::Model;

/// Options of the type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Markdown {
    /// Whether the API answers HTML instead of the text as typed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rendered: bool,
    /// Fewest characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    /// Most characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
}

plain_options!(Markdown, |options: &Markdown| options.lengths().possible());

impl Markdown {
    fn lengths(&self) -> Lengths {
        Lengths { min: self.min_length, max: self.max_length }
    }
}

impl FieldRules for Markdown {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        text::parse(input)
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        self.lengths().check(text::of(value), cx);
    }

    fn to_json(&self, value: &Value, expand: &mut dyn Expand<'_>) -> Value {
        let typed = text::of(value);
        if self.rendered { json!(expand.text(&render(typed))) } else { json!(expand.text(typed)) }
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        let typed = text::of(value);
        walk.key(IndexKey::text(typed));
        walk.search(&text::plain_text(&render(typed)));
    }

    fn openapi(&self, _model: &Model) -> Value {
        text::schema()
    }

    fn example(&self, _model: &Model) -> Value {
        json!(self.lengths().fit("Wash the **jars**.\n\n- [x] lids"))
    }

    fn template(&self) -> &'static str {
        "field/markdown.html"
    }
}

/// What is read beyond plain Markdown.
pub const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_TASKLISTS);

/// The HTML that Markdown stands for.
pub fn render(markdown: &str) -> String {
    let mut rendered = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut rendered, Parser::new_ext(markdown, OPTIONS));
    rendered
}
