//! From input to stored values: parsing and checking groups of fields.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Field, FieldType};
use crate::content::entry::EntryId;
use crate::content::schema::{Model, SchemaId, in_use};

/// One thing that is wrong with what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where: field keys joined by dots, list positions as numbers from 0: `body.2.headline`.
    pub path: String,
    /// A sentence for the sender.
    pub text: String,
}

/// How input names an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// By id.
    Id(EntryId),
    /// By slug.
    Slug(&'a str),
}

/// Finds what input refers to; implemented where content can be read.
pub trait Find {
    /// The entry of `schema` that is wanted, or of any single page when `schema` is `None`.
    fn entry(&mut self, schema: Option<SchemaId>, wanted: Wanted<'_>) -> Option<EntryId>;

    /// The address to store for a media address that was sent: our own are made site-relative.
    fn media_url(&mut self, url: &str) -> String;
}

/// How sent members meet stored ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// Members that were not sent become their default.
    Create,
    /// Members that were not sent become empty.
    Replace,
    /// Members that were not sent stay as they are; components merge key by key.
    Merge,
}

/// The state of parsing or checking one entry's values.
pub struct Parsing<'a> {
    /// The content model.
    pub model: &'a Model,
    /// Finds what input refers to.
    pub find: &'a mut dyn Find,
    /// How sent members meet stored ones.
    pub write: Write,
    /// The stored value that the input changes: set for the field being parsed, `null` when new.
    pub old: Value,
    /// What was found wrong so far.
    pub problems: Vec<Problem>,
    path: Vec<String>,
}

impl<'a> Parsing<'a> {
    /// Nothing parsed yet.
    pub fn new(model: &'a Model, find: &'a mut dyn Find, write: Write) -> Self {
        Self { model, find, write, old: Value::Null, problems: Vec::new(), path: Vec::new() }
    }

    /// Reports what is wrong where parsing stands.
    pub fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(Problem { path: self.path.join("."), text: text.into() });
    }

    /// Runs `inner` one step deeper: in a field or list position.
    pub fn within<T>(&mut self, step: &str, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step.to_owned());
        let result = inner(self);
        self.path.pop();
        result
    }
}

/// Parses a sent group against its fields and returns the group to store.
///
/// Problems are reported through `cx`; the returned group is only worth storing when there are none.
/// Values of dropped fields in `old` are kept.
pub fn parse_fields(fields: &[Field], input: &Map<String, Value>, old: &Value, cx: &mut Parsing<'_>) -> Value {
    let mut group = match (cx.write, old) {
        (Write::Merge, Value::Object(old)) => old.clone(),
        (_, Value::Object(old)) => kept_of_dropped(fields, old),
        _ => Map::new(),
    };
    for key in input.keys() {
        if !in_use(fields).any(|field| field.is_called(key)) {
            cx.within(key, |cx| cx.problem("There is no field with this key."));
        }
    }
    for field in in_use(fields) {
        let Some(value) = sent(field, input, old, cx.write) else { continue };
        let parsed = cx.within(&field.key, |cx| parse_one(field, value, field.stored(old), cx));
        group.insert(field.id.storage_key(), parsed);
    }
    Value::Object(group)
}

/// The input for a field: what was sent, else its default when that applies.
fn sent<'v>(field: &'v Field, input: &'v Map<String, Value>, old: &Value, write: Write) -> Option<&'v Value> {
    let aliased = || field.aliases.iter().find_map(|alias| input.get(alias));
    if let Some(value) = input.get(&field.key).or_else(aliased) {
        return Some(value);
    }
    let new = old.is_null();
    match write {
        Write::Merge if !new => None,
        Write::Replace => Some(&Value::Null),
        Write::Create | Write::Merge => Some(field.default.as_ref().unwrap_or(&Value::Null)),
    }
}

fn parse_one(field: &Field, input: &Value, old: &Value, cx: &mut Parsing<'_>) -> Value {
    if has_null_character(input) {
        cx.problem("Null characters are not allowed.");
        return Value::Null;
    }
    let outer = std::mem::replace(&mut cx.old, old.clone());
    let parsed = field.kind.rules().parse(input, cx);
    cx.old = outer;
    parsed.unwrap_or_else(|why| {
        cx.problem(why);
        Value::Null
    })
}

fn has_null_character(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        // Lists and groups report it at the member that holds it; JSON fields hold anything.
        _ => false,
    }
}

fn kept_of_dropped(fields: &[Field], old: &Map<String, Value>) -> Map<String, Value> {
    fields
        .iter()
        .filter(|field| field.dropped.is_some())
        .filter_map(|field| {
            let key = field.id.storage_key();
            old.get(&key).map(|value| (key.clone(), value.clone()))
        })
        .collect()
}

/// Reports what keeps a stored group from going live: missing required values and broken rules. A field that the form
/// does not show breaks none.
pub fn check_fields(fields: &[Field], group: &Value, cx: &mut Parsing<'_>) {
    for field in in_use(fields).filter(|field| field.is_shown(fields, group)) {
        let value = field.stored(group);
        let rules = field.kind.rules();
        cx.within(&field.key, |cx| {
            let empty = rules.is_empty(value);
            if empty && field.required {
                cx.problem("This field is required.");
            }
            if !empty || matches!(field.kind, FieldType::Component(_)) {
                rules.check(value, cx);
            }
        });
    }
}
