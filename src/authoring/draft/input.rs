//! From what controls hold to what is stored: every value by its field's own rules, HTML cleaned.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::form::Slot;
use super::list::{List, is_id};
use super::path::element_of;
use crate::authoring::finding::Finder;
use crate::authoring::saving::check_slug;
use crate::content::entry::Entry;
use crate::content::field::short_text::ShortText;
use crate::content::field::{Field, FieldRules as _, FieldType, Parsing, Write as Writing, clean_fields, parse_fields};
use crate::content::html::{Cleaner, Danger};
use crate::content::post::Filing;
use crate::content::schema::{Model, Schema, in_use};
use crate::store::Read;

/// Reads values, and remembers what could not be stored and what was removed, by path.
pub(super) struct Reader<'a> {
    pub(super) read: &'a Read<'a>,
    pub(super) model: &'a Model,
    pub(super) schema: &'a Schema,
    pub(super) entry: &'a Entry,
    pub(super) public_url: &'a str,
    pub(super) cleaner: &'a Cleaner,
    /// Whether the person may write embed codes.
    pub(super) may_embed: bool,
    pub(super) refused: BTreeMap<String, String>,
    pub(super) cleaned: BTreeMap<String, BTreeSet<Danger>>,
}

impl Reader<'_> {
    pub(super) fn refuse(&mut self, path: impl Into<String>, why: impl Into<String>) {
        self.refused.insert(path.into(), why.into());
    }

    /// The value to store, `old` being the one stored so far; `None` when it was refused.
    pub(super) fn value(&mut self, slot: Slot<'_>, input: &Value, old: &Value, path: &str) -> Option<Value> {
        let read = match slot {
            Slot::Field(field) => return self.field(field, input, old, path),
            Slot::Title => self.text(input),
            Slot::Slug => self.slug(input),
            Slot::Author => self.author(input),
            Slot::Terms(filing) => self.terms(filing, input),
        };
        read.map_err(|why| self.refuse(path, why)).ok()
    }

    fn text(&self, input: &Value) -> Result<Value, String> {
        let mut finder = Finder { read: self.read, public_url: self.public_url };
        let parsed = ShortText::default().parse(input, &mut Parsing::new(self.model, &mut finder, Writing::Replace))?;
        if parsed.as_str().is_some_and(|text| text.contains('\0')) {
            return Err("Null characters are not allowed.".into());
        }
        Ok(parsed)
    }

    fn slug(&self, input: &Value) -> Result<Value, String> {
        let slug = self.text(input)?;
        let text = slug.as_str().unwrap_or_default();
        check_slug(self.read, self.schema, Some(self.entry), text).map_err(|problem| problem.text)?;
        Ok(slug)
    }

    fn author(&self, input: &Value) -> Result<Value, String> {
        let id = number(input).ok_or("Choose an author.")?;
        match self.read.author(id) {
            Ok(Some(_)) => Ok(json!(id)),
            _ => Err("This author is no longer there; choose another.".into()),
        }
    }

    fn terms(&self, filing: Filing, input: &Value) -> Result<Value, String> {
        let inputs = match input {
            Value::Array(inputs) => inputs.as_slice(),
            Value::Null => &[],
            Value::String(text) if text.is_empty() => &[],
            one => std::slice::from_ref(one),
        };
        let mut ids: Vec<i64> = Vec::new();
        for input in inputs.iter().filter(|input| input.as_str() != Some("")) {
            let id = number(input).ok_or("Choose from the list.")?;
            // A database error meets the write that follows, which reports it.
            if !matches!(self.read.term(filing, id), Ok(Some(_))) {
                return Err("One of these is no longer there; choose again.".into());
            }
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(json!(ids))
    }

    fn field(&mut self, field: &Field, input: &Value, old: &Value, path: &str) -> Option<Value> {
        match (&field.kind, input) {
            (FieldType::Component(kind), Value::Object(members)) => {
                let fields = self.model.component(kind.component).map_or(&[][..], |component| &component.fields);
                Some(self.group(fields, members, old, path))
            }
            (_, Value::Array(inputs)) if List::of(field).is_some() => Some(self.list(List::of(field)?, inputs, path)),
            _ => self.plain(field, input, old, path),
        }
    }

    /// A group, of which only what was sent is filled in; what else is new gets its default.
    pub(super) fn group(&mut self, fields: &[Field], members: &Map<String, Value>, old: &Value, path: &str) -> Value {
        let mut group = old.as_object().cloned().unwrap_or_default();
        for key in members.keys().filter(|key| !in_use(fields).any(|field| field.key == **key)) {
            self.refuse(format!("{path}.{key}"), GONE);
        }
        for field in in_use(fields) {
            let key = field.id.storage_key();
            let path = format!("{path}.{}", field.key);
            let value = match members.get(&field.key) {
                Some(input) => self.field(field, input, field.stored(old), &path),
                None if old.is_null() => self.plain(field, field.default.as_ref().unwrap_or(&Value::Null), old, &path),
                None => None,
            };
            if let Some(value) = value {
                group.insert(key, value);
            }
        }
        Value::Object(group)
    }

    fn list(&mut self, list: List<'_>, inputs: &[Value], path: &str) -> Value {
        let mut elements = Vec::with_capacity(inputs.len());
        for (position, input) in inputs.iter().enumerate() {
            let id = input["_id"].as_str().filter(|id| is_id(id)).map(str::to_owned);
            let name = id.clone().unwrap_or_else(|| format!("at{position}"));
            let path = element_of(path, &name);
            let (component, members) = match list {
                List::Repeater(_) => (None, input),
                List::Picker(_) => (input["component"].as_str(), &input["value"]),
            };
            let mut members = members.clone();
            if let Some(members) = members.as_object_mut() {
                members.shift_remove("_id");
            }
            if let Some(mut element) = self.element(list, component, &members, &path) {
                if let (Some(id), Some(members)) = (id, element.as_object_mut()) {
                    members.insert(list.member().into(), id.into());
                }
                elements.push(element);
            }
        }
        if elements.iter().any(|element| !element[list.member()].is_null()) {
            list.name_all(&mut elements);
        }
        Value::Array(elements)
    }

    /// A new element of a list, without its name; `None` when it was refused.
    pub(super) fn element(
        &mut self,
        list: List<'_>,
        component: Option<&str>,
        members: &Value,
        path: &str,
    ) -> Option<Value> {
        let nothing = Map::new();
        let members = members.as_object().unwrap_or(&nothing);
        match list {
            List::Repeater(repeater) => Some(self.group(&repeater.fields, members, &Value::Null, path)),
            List::Picker(picker) => {
                let model = self.model;
                let Some(component) = picker.allowed(model).find(|one| Some(one.key.as_str()) == component) else {
                    self.refuse(path, "This component is not offered here any more; choose another.");
                    return None;
                };
                let fields = self.group(&component.fields, members, &Value::Null, path);
                Some(json!({"component": component.id, "fields": fields}))
            }
        }
    }

    /// A value by its type's own rules.
    fn plain(&mut self, field: &Field, input: &Value, old: &Value, path: &str) -> Option<Value> {
        let key = field.id.storage_key();
        let old = if old.is_null() { Value::Null } else { json!({key.clone(): old}) };
        let mut finder = Finder { read: self.read, public_url: self.public_url };
        let mut parsing = Parsing::new(self.model, &mut finder, Writing::Replace);
        let sent = Map::from_iter([(field.key.clone(), input.clone())]);
        let group = parse_fields(std::slice::from_ref(field), &sent, &old, &mut parsing);
        if let Some(problem) = parsing.problems.first() {
            let inside = problem.path.strip_prefix(&field.key).unwrap_or_default().trim_start_matches('.');
            let why = if inside.is_empty() { problem.text.clone() } else { format!("{inside}: {}", problem.text) };
            self.refuse(path, why);
            return None;
        }
        if matches!(field.kind, FieldType::Form(_)) && !self.may_embed && group != old && holds_markup(&group[&key]) {
            self.refuse(path, "Embed codes run on the site: ask a developer to change this one.");
            return None;
        }
        let (mut group, removed) = clean_fields(std::slice::from_ref(field), &group, self.model, self.cleaner);
        if !removed.is_empty() {
            self.cleaned.insert(path.into(), removed);
        }
        group.as_object_mut()?.shift_remove(&key)
    }
}

/// Said of a field that the model no longer has.
pub(super) const GONE: &str = "This field was renamed or removed meanwhile. Copy your text and reload the page.";

fn holds_markup(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains('<'))
}

fn number(input: &Value) -> Option<i64> {
    input.as_i64().or_else(|| input.as_str()?.trim().parse().ok())
}
