//! A picture or file: its address and alternative text.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::group::is_blank;
use super::url::is_address;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk, Write};
use crate::content::schema::Model;

/// Options of the type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Media {
    /// What the picker offers; everything when empty. Not checked: an address may lead to another server.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accept: Vec<Medium>,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sound.
    Audio,
    /// Anything else.
    Document,
}

impl Medium {
    /// The kind of files of a media type, such as `image/jpeg`.
    pub fn of(media_type: &str) -> Self {
        match media_type.split('/').next() {
            Some("image") => Self::Image,
            Some("video") => Self::Video,
            Some("audio") => Self::Audio,
            _ => Self::Document,
        }
    }
}

plain_options!(Media);

impl FieldRules for Media {
    fn parse(&self, input: &Value, cx: &mut Parsing<'_>) -> Result<Value, String> {
        let Some((url, alt)) = sent(input)? else { return Ok(Value::Null) };
        if url.contains('\0') || alt.is_some_and(|alt| alt.contains('\0')) {
            return Err("Null characters are not allowed.".into());
        }
        let url = cx.find.media_url(url);
        let alt = match alt {
            Some(alt) => alt.to_owned(),
            None => kept_alt(&url, cx).unwrap_or_default().to_owned(),
        };
        Ok(json!({"url": url, "alt": alt}))
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        // Files are often called `My photo.jpg`, and browsers write the space as they should.
        if !is_address(&url_of(value).trim().replace(' ', "%20")) {
            cx.problem("Enter a valid URL.");
        }
    }

    fn to_json(&self, value: &Value, expand: &mut dyn Expand<'_>) -> Value {
        expand.media(url_of(value), alt_of(value))
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        walk.key(IndexKey::text(url_of(value)));
        walk.search(alt_of(value));
    }

    fn openapi(&self, _model: &Model) -> Value {
        let text = json!({"type": "string"});
        let with_alt = json!({"type": "object", "required": ["url", "alt"], "properties": {"url": text, "alt": text}});
        json!({"anyOf": [text, with_alt]})
    }

    fn example(&self, _model: &Model) -> Value {
        json!({"url": "/media/k3Jq9mZbT0aQp2Lx7RwU", "alt": "Jars on a shelf"})
    }

    fn template(&self) -> &'static str {
        "field/media.html"
    }
}

fn url_of(value: &Value) -> &str {
    value["url"].as_str().unwrap_or_default()
}

fn alt_of(value: &Value) -> &str {
    value["alt"].as_str().unwrap_or_default()
}

/// The address and, where it was sent, the alternative text; `None` when the field is cleared.
fn sent(input: &Value) -> Result<Option<(&str, Option<&str>)>, String> {
    let invalid = || Err("Expected the address of a file, or an object with \"url\" and \"alt\".".into());
    match input {
        input if is_blank(input) => Ok(None),
        Value::String(url) => Ok(Some((url, None))),
        Value::Object(members) => {
            let alt = match members.get("alt") {
                None | Some(Value::Null) => None,
                Some(Value::String(alt)) => Some(alt.as_str()),
                Some(_) => return invalid(),
            };
            match members.get("url") {
                None => invalid(),
                Some(Value::String(url)) if !url.is_empty() => Ok(Some((url, alt))),
                Some(url) if is_blank(url) => Ok(None),
                Some(_) => invalid(),
            }
        }
        _ => invalid(),
    }
}

/// The stored alternative text, when the same file is sent again without one: reading without
/// `alt_media_text` and writing back must not lose it.
fn kept_alt<'v>(url: &str, cx: &'v Parsing<'_>) -> Option<&'v str> {
    (cx.write == Write::Merge && url_of(&cx.old) == url).then(|| alt_of(&cx.old))
}
