//! An e-mail address.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::{Expand, FieldRules, Parsing, Walk, text};
use crate::content::schema::Model;

/// An e-mail address has no options.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Email {}

plain_options!(Email);

impl FieldRules for Email {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        text::parse(input)
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        if !is_email(text::of(value)) {
            cx.problem("Enter a valid email address.");
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

    fn example(&self, _model: &Model) -> Value {
        json!("ada@example.com")
    }

    fn template(&self) -> &'static str {
        "field/email.html"
    }
}

/// Whether mail could go there: one `@`, a name before it and a dotted host after it. Everything finer
/// would refuse addresses that work.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let fits = !name.is_empty() && name.len() <= 64 && host.len() <= 253;
    let dotted = host.contains('.') && host.split('.').all(|label| !label.is_empty());
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '<' | '>' | ',' | ';');
    fits && dotted && !name.contains(odd) && !host.contains(odd)
}
