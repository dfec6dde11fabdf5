//! A picture or file: its address and alternative text.

use std::fmt;
use std::num::{NonZeroU32, NonZeroU64};

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
    /// The only shape the image tool cuts pictures to; any when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
    /// How many pixels a picture of our own must be wide, in the part of it that is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_width: Option<NonZeroU32>,
    /// How many bytes a file of our own may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_size: Option<NonZeroU64>,
}

/// A ratio of width to height, spelled `16:9`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shape {
    width: u16,
    height: u16,
}

impl Shape {
    /// Whether a part of a picture has this shape, as near as whole pixels come to it.
    pub fn fits(self, width: u32, height: u32) -> bool {
        let wanted = f64::from(width) * f64::from(self.height) / f64::from(self.width);
        (wanted - f64::from(height)).abs() <= 1.0
    }
}

impl TryFrom<String> for Shape {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let side = |side: &str| side.parse::<u16>().ok().filter(|side| (1..=1000).contains(side));
        let sides = text.split_once(':').and_then(|(width, height)| Some((side(width)?, side(height)?)));
        let (width, height) =
            sides.ok_or_else(|| format!("`{text}` is no shape: use two numbers up to 1000, like `16:9`"))?;
        Ok(Self { width, height })
    }
}

impl From<Shape> for String {
    fn from(shape: Shape) -> Self {
        shape.to_string()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.width, self.height)
    }
}

impl Media {
    /// What the field asks of a file beside its kind, for the person who chooses one; empty when nothing.
    pub fn limits(&self) -> String {
        let shape = self.shape.map(|shape| shape.to_string());
        let width = self.min_width.map(|width| format!("at least {width} px wide"));
        let size = self.max_size.map(|size| format!("at most {}", Bytes(size.get())));
        shape.into_iter().chain(width).chain(size).collect::<Vec<_>>().join(", ")
    }
}

/// A number of bytes as people say it.
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (megabytes, rest) = (self.0 / 1_000_000, self.0 % 1_000_000);
        match (megabytes, rest / 100_000) {
            (0, _) => write!(f, "{} KB", self.0.div_ceil(1000)),
            (megabytes, 0) => write!(f, "{megabytes} MB"),
            (megabytes, tenths) => write!(f, "{megabytes}.{tenths} MB"),
        }
    }
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
        let Some(sent) = sent(input)? else { return Ok(Value::Null) };
        if sent.url.contains('\0') || sent.alt.is_some_and(|alt| alt.contains('\0')) {
            return Err("Null characters are not allowed.".into());
        }
        let url = cx.find.media_url(sent.url);
        let kept = Some(&cx.old).filter(|old| cx.write == Write::Merge && url_of(old) == url);
        let alt = sent.alt.or_else(|| kept.map(alt_of)).unwrap_or_default();
        let decorative = sent.decorative.or_else(|| kept.map(is_decorative)).unwrap_or_default();
        let mut stored = json!({"url": url, "alt": alt});
        if decorative && alt.is_empty() {
            stored["decorative"] = json!(true);
        }
        Ok(stored)
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        // Files are often called `My photo.jpg`, and browsers write the space as they should.
        if !is_address(&url_of(value).trim().replace(' ', "%20")) {
            cx.problem("Enter a valid URL.");
        }
    }

    fn to_json(&self, value: &Value, expand: &mut dyn Expand<'_>) -> Value {
        expand.media(url_of(value), said(value))
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

/// The address in a stored value; empty when there is none.
pub fn url_of(value: &Value) -> &str {
    value["url"].as_str().unwrap_or_default()
}

fn alt_of(value: &Value) -> &str {
    value["alt"].as_str().unwrap_or_default()
}

/// What is said of the picture where it is used, `""` of a decorative one; `None` leaves it to its own text.
pub fn said(value: &Value) -> Option<&str> {
    if is_decorative(value) { Some("") } else { Some(alt_of(value)).filter(|alt| !alt.trim().is_empty()) }
}

fn is_decorative(value: &Value) -> bool {
    value["decorative"] == true
}

/// What was sent for a field. What may be kept of the stored value when the same file is sent again without it
/// is `None`: reading without `alt_media_text` and writing back must not lose it.
struct Sent<'v> {
    url: &'v str,
    alt: Option<&'v str>,
    decorative: Option<bool>,
}

/// What was sent; `None` when the field is cleared.
fn sent(input: &Value) -> Result<Option<Sent<'_>>, String> {
    let invalid = || Err("Expected the address of a file, or an object with \"url\" and \"alt\".".into());
    match input {
        input if is_blank(input) => Ok(None),
        Value::String(url) => Ok(Some(Sent { url, alt: None, decorative: None })),
        Value::Object(members) => {
            let alt = match members.get("alt") {
                None | Some(Value::Null) => None,
                Some(Value::String(alt)) => Some(alt.as_str()),
                Some(_) => return invalid(),
            };
            let decorative = match members.get("decorative") {
                None | Some(Value::Null) => None,
                Some(Value::Bool(decorative)) => Some(*decorative),
                Some(_) => return Err("Expected true or false in \"decorative\".".into()),
            };
            match members.get("url") {
                None => invalid(),
                Some(Value::String(url)) if !url.is_empty() => Ok(Some(Sent { url, alt, decorative })),
                Some(url) if is_blank(url) => Ok(None),
                Some(_) => invalid(),
            }
        }
        _ => invalid(),
    }
}
