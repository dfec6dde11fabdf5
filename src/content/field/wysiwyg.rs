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
    /// What the editor offers; everything when empty. Not checked: programs may write any HTML.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<Format>,
}

/// Something that a text can have in the rich text editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// All three levels of headings.
    Headings,
    /// The largest heading.
    H2,
    /// The middle heading.
    H3,
    /// The smallest heading.
    H4,
    /// Bold letters.
    Bold,
    /// Slanted letters.
    Italic,
    /// Struck through.
    Strike,
    /// Code in a line.
    Code,
    /// Links.
    Link,
    /// Both kinds of lists.
    Lists,
    /// Lists with dots.
    Bullets,
    /// Numbered lists.
    Numbers,
    /// Quotes.
    Quote,
    /// Blocks of code.
    CodeBlock,
    /// Pictures.
    Image,
    /// Tables.
    Table,
    /// Films and the like.
    Embed,
    /// Call-outs.
    Callout,
    /// Lines between paragraphs.
    Rule,
}

impl Format {
    /// All formats, without the words for several.
    pub const ALL: [Self; 17] = [
        Self::H2,
        Self::H3,
        Self::H4,
        Self::Bold,
        Self::Italic,
        Self::Strike,
        Self::Code,
        Self::Link,
        Self::Bullets,
        Self::Numbers,
        Self::Quote,
        Self::CodeBlock,
        Self::Image,
        Self::Table,
        Self::Embed,
        Self::Callout,
        Self::Rule,
    ];
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
