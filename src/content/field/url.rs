//! A web address.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk, text};
use crate::content::schema::Model;

/// A web address has no options.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Url {}

plain_options!(Url);

impl FieldRules for Url {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        text::parse(input)
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        if !is_address(text::of(value)) {
            cx.problem("Enter a valid URL: https://..., mailto:..., tel:..., /path or #place.");
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
        json!("https://example.com/jam?page=2#jars")
    }

    fn template(&self) -> &'static str {
        "field/url.html"
    }
}

/// Whether a link may lead there: the web, mail, a telephone, or a place on the site itself. Everything
/// else, `javascript:` above all, could run in the reader's browser.
pub(super) fn is_address(text: &str) -> bool {
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return false;
    }
    if text.starts_with(['/', '#']) {
        return true;
    }
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => rest.strip_prefix("//").is_some_and(begins_with_host),
        "mailto" | "tel" => !rest.is_empty(),
        _ => false,
    }
}

fn begins_with_host(rest: &str) -> bool {
    !rest.is_empty() && !rest.starts_with(['/', '?', '#'])
}
