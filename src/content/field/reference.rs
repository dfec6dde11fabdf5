//! Links to pages or items.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::define::{Options, Reading, Writing, read_plain, write_plain};
use super::group::{elements, is_blank, parse_elements};
use super::items::Count;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk, Wanted};
use crate::content::entry::EntryId;
use crate::content::schema::{Kind, Model, SchemaId};

/// Options of the type.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// What can be linked to.
    pub to: Target,
    /// Whether it is a list of links.
    pub many: bool,
    /// Fewest links, where there are any (lists only).
    pub min_items: Option<usize>,
    /// Most links (lists only).
    pub max_items: Option<usize>,
}

/// What a reference links to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Items of this collection.
    Collection(SchemaId),
    /// Pages of this type.
    PageType(SchemaId),
    /// Any single page.
    SinglePages,
}

impl Target {
    /// The schema of what is linked to; `None` for single pages, which have one each.
    pub fn schema(self) -> Option<SchemaId> {
        match self {
            Self::Collection(id) | Self::PageType(id) => Some(id),
            Self::SinglePages => None,
        }
    }

    fn is_page(self) -> bool {
        !matches!(self, Self::Collection(_))
    }

    /// The name in URLs.
    fn key(self, model: &Model) -> &str {
        match self.schema() {
            Some(id) => model.schema(id).map_or("", |schema| &schema.key),
            None => SINGLE_PAGES,
        }
    }
}

/// What stands for single pages in the place of a page type's key.
const SINGLE_PAGES: &str = "*";

/// The options as schema files spell them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelled {
    to: SpelledTarget,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    many: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_items: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_items: Option<usize>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SpelledTarget {
    Collection(String),
    PageType(String),
}

impl Options for Reference {
    fn read(name: &str, options: Value, cx: &mut Reading<'_>) -> Result<Self, String> {
        let spelled: Spelled = read_plain(name, options)?;
        let find = |kind: Kind, key: String| {
            let missing = format!("options of {name}: there is no {} `{key}`", kind.noun());
            cx.schemas.get(&(kind, key)).copied().ok_or(missing)
        };
        let to = match spelled.to {
            SpelledTarget::Collection(key) => Target::Collection(find(Kind::Collection, key)?),
            SpelledTarget::PageType(key) if key == SINGLE_PAGES => Target::SinglePages,
            SpelledTarget::PageType(key) => Target::PageType(find(Kind::PageType, key)?),
        };
        let reference = Self { to, many: spelled.many, min_items: spelled.min_items, max_items: spelled.max_items };
        reference.possible().map_err(|why| format!("options of {name}: {why}"))?;
        Ok(reference)
    }

    fn write(&self, cx: &Writing<'_>) -> Map<String, Value> {
        let key = self.to.key(cx.model).to_owned();
        let to = if self.to.is_page() { SpelledTarget::PageType(key) } else { SpelledTarget::Collection(key) };
        write_plain(&Spelled { to, many: self.many, min_items: self.min_items, max_items: self.max_items })
    }
}

impl Reference {
    fn count(&self) -> Count {
        Count { min: self.min_items, max: self.max_items }
    }

    fn possible(&self) -> Result<(), String> {
        if !self.many && (self.min_items.is_some() || self.max_items.is_some()) {
            return Err("min_items and max_items need \"many\": true".into());
        }
        self.count().possible()
    }

    /// The entry that one piece of input names.
    fn find(&self, input: &Value, cx: &mut Parsing<'_>) -> Result<EntryId, String> {
        let wanted = self.wanted(input, cx.model).ok_or_else(|| self.not_understood(input))?;
        cx.find.entry(self.to.schema(), wanted).ok_or_else(|| match wanted {
            Wanted::Id(id) => format!("Object with id {} does not exist.", id.0),
            Wanted::Slug(slug) => format!("Page with slug \"{slug}\" does not exist."),
        })
    }

    /// The entries that a list names. Blank elements are left out: a form sends one to say "none".
    fn find_all(&self, inputs: &[Value], cx: &mut Parsing<'_>) -> Value {
        let found = parse_elements(inputs, cx, |input, cx| match input {
            input if is_blank(input) => Ok(Value::Null),
            input => self.find(input, cx).map(|id| json!(id)),
        });
        elements(&found).iter().filter(|id| !id.is_null()).cloned().collect()
    }

    fn wanted<'v>(&self, input: &'v Value, model: &Model) -> Option<Wanted<'v>> {
        match input {
            Value::Number(_) => id_of(input),
            Value::String(text) if self.to.is_page() => self.page(text, model).map(Wanted::Slug),
            Value::String(text) => item(text),
            // Answers in their expanded form are sent back as they were read.
            Value::Object(members) => {
                let slug = || members.get("slug").and_then(Value::as_str).filter(|_| self.to.is_page());
                let id = || members.get("id").and_then(id_of);
                id_of(&input["meta"]["id"]).or_else(|| slug().map(Wanted::Slug)).or_else(id)
            }
            _ => None,
        }
    }

    /// The slug in `/v2/pages/<type or *>/<slug>/`, or a slug by itself.
    fn page<'v>(&self, text: &'v str, model: &Model) -> Option<&'v str> {
        let Some((_, way)) = text.split_once("/v2/pages/") else { return Some(text) };
        let (kind, slug) = way.trim_end_matches('/').split_once('/')?;
        (kind == SINGLE_PAGES || kind == self.to.key(model)).then_some(slug)
    }

    fn not_understood(&self, input: &Value) -> String {
        match input.as_str() {
            Some(text) if self.to.is_page() => format!("Page with slug \"{text}\" does not exist."),
            Some(text) => format!("Object with id {text} does not exist."),
            None if self.to.is_page() => "Expected the slug of a page.".into(),
            None => "Expected the id of an item.".into(),
        }
    }
}

fn id_of(value: &Value) -> Option<Wanted<'static>> {
    value.as_i64().map(EntryId).map(Wanted::Id)
}

/// The id in `/v2/content/?keys=<key>[_id=<id>]`, or an id by itself.
fn item(text: &str) -> Option<Wanted<'_>> {
    let id = match text.split_once("[_id=") {
        Some((_, rest)) => rest.strip_suffix(']')?,
        None => text.trim(),
    };
    id.parse().ok().map(EntryId).map(Wanted::Id)
}

/// The links in a stored value.
fn links(value: &Value) -> impl Iterator<Item = EntryId> {
    let one = value.as_i64().into_iter();
    one.chain(elements(value).iter().filter_map(Value::as_i64)).map(EntryId)
}

impl FieldRules for Reference {
    fn parse(&self, input: &Value, cx: &mut Parsing<'_>) -> Result<Value, String> {
        let find = |input: &Value, cx: &mut Parsing<'_>| self.find(input, cx).map(|id| json!(id));
        match (self.many, input) {
            (true, input) if is_blank(input) => Ok(json!([])),
            (true, Value::Array(inputs)) => Ok(self.find_all(inputs, cx)),
            (true, one) => Ok(json!([find(one, cx)?])),
            (false, input) if is_blank(input) => Ok(Value::Null),
            (false, Value::Array(inputs)) => match inputs.as_slice() {
                [one] if is_blank(one) => Ok(Value::Null),
                [one] => find(one, cx),
                _ => Err("Only one reference is allowed here.".into()),
            },
            (false, one) => find(one, cx),
        }
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        if self.many {
            self.count().check(links(value).count(), cx);
        }
    }

    fn to_json(&self, value: &Value, expand: &mut dyn Expand<'_>) -> Value {
        let mut shown = links(value).filter_map(|id| expand.reference(id));
        if self.many { shown.collect() } else { shown.next().unwrap_or(Value::Null) }
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        for id in links(value) {
            walk.reference(id);
            walk.key(key(id));
        }
        if links(value).next().is_none() {
            walk.key(IndexKey::Empty);
        }
    }

    /// What a reference's filter compares is a matter of its target: [`crate::content::filter`].
    fn filter(&self, _text: &str) -> Option<IndexKey> {
        None
    }

    fn openapi(&self, _model: &Model) -> Value {
        let linked = json!([{"type": "object"}, {"type": "string"}]);
        if self.many {
            return json!({"type": "array", "items": {"anyOf": linked}});
        }
        json!({"anyOf": [{"type": "object"}, {"type": "string"}, {"type": "null"}]})
    }

    fn example(&self, _model: &Model) -> Value {
        let one = if self.to.is_page() { json!("home") } else { json!(12) };
        if self.many { Value::Array(vec![one; self.count().example()]) } else { one }
    }

    fn template(&self) -> &'static str {
        "field/reference.html"
    }
}

#[expect(clippy::cast_precision_loss, reason = "ids stay far below 2^53")]
fn key(id: EntryId) -> IndexKey {
    IndexKey::Number(id.0 as f64)
}
