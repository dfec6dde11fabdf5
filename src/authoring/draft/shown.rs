//! From what is stored back to what controls hold.

use serde_json::{Map, Value, json};

use super::form::Hop;
use super::form::{Form, Slot, get};
use super::list::List;
use super::path::{SLUG, TITLE, element_of};
use crate::content::entry::{Entry, EntryId, Revision, View};
use crate::content::field::text::plain_text;
use crate::content::field::{Field, FieldType, Walk, picked};
use crate::content::post::Filing;
use crate::content::sample;
use crate::content::schema::{Model, in_use};
use crate::store::{Error, Read};

/// What a control holds for a stored value: input that [`super::input::Reader`] reads back as that value.
pub(super) fn input(slot: Slot<'_>, stored: &Value, model: &Model) -> Value {
    match slot {
        Slot::Field(field) => field_input(field, stored, model),
        Slot::Title | Slot::Slug if stored.is_null() => json!(""),
        _ => stored.clone(),
    }
}

/// As [`input`], for a field.
pub(super) fn field_input(field: &Field, stored: &Value, model: &Model) -> Value {
    match (&field.kind, stored) {
        (FieldType::Component(kind), Value::Object(_)) => {
            let fields = model.component(kind.component).map_or(&[][..], |component| &component.fields);
            group_input(fields, stored, model)
        }
        (_, Value::Array(elements)) if List::of(field).is_some() => {
            let list = List::of(field);
            elements.iter().enumerate().filter_map(|(at, element)| element_input(list?, element, at, model)).collect()
        }
        (FieldType::Json(_), Value::Null) => json!(""),
        (FieldType::Json(_), value) => serde_json::to_string_pretty(value).unwrap_or_default().into(),
        _ => stored.clone(),
    }
}

fn group_input(fields: &[Field], stored: &Value, model: &Model) -> Value {
    in_use(fields).map(|field| (field.key.clone(), field_input(field, field.stored(stored), model))).collect()
}

/// An element of a list with its name; `None` when its component is no more.
pub(super) fn element_input(list: List<'_>, element: &Value, position: usize, model: &Model) -> Option<Value> {
    let id = list.id(element, position);
    match list {
        List::Repeater(repeater) => {
            let mut members = Map::from_iter([("_id".to_owned(), json!(id))]);
            if let Value::Object(group) = group_input(&repeater.fields, element, model) {
                members.extend(group);
            }
            Some(Value::Object(members))
        }
        List::Picker(_) => {
            let component = picked(element).and_then(|id| model.component(id))?;
            let value = group_input(&component.fields, &element["fields"], model);
            Some(json!({"_id": id, "component": component.key, "value": value}))
        }
    }
}

/// Everything in a sheet, by path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    /// What each control holds.
    pub values: Map<String, Value>,
    /// The elements of each list in order: `[{"id": "k3f9", "component": "hero"}]`.
    pub lists: Map<String, Value>,
}

/// What a form shows of a sheet.
pub(super) fn filled(form: Form<'_>, sheet: &Value) -> Filled {
    let mut filled = Filled::default();
    for key in [TITLE, SLUG, "author", "categories", "tags"] {
        if let Some(slot) = form.fixed(key) {
            let stored = get(sheet, &[Hop::Member(key.into())]);
            filled.values.insert(key.into(), input(slot, stored, form.model));
        }
    }
    for field in in_use(form.fields()) {
        let stored = get(sheet, &[Hop::Member(form.storage_key(field))]);
        filled.add(field, stored, &field.key, form.model);
    }
    filled
}

/// What a form shows in which every field is filled in with made-up values.
pub fn filled_sample(fields: &[Field], model: &Model) -> Filled {
    let mut filled = Filled::default();
    let values = sample::stored(fields, model);
    for field in in_use(fields) {
        filled.add(field, field.stored(&values), &field.key, model);
    }
    filled
}

impl Filled {
    fn add(&mut self, field: &Field, stored: &Value, path: &str, model: &Model) {
        if let FieldType::Component(kind) = &field.kind {
            if let Some(component) = model.component(kind.component) {
                self.add_group(&component.fields, stored, path, model);
            }
        } else if let Some(list) = List::of(field) {
            self.add_list(list, stored.as_array().map_or(&[], Vec::as_slice), path, model);
        } else {
            self.values.insert(path.into(), field_input(field, stored, model));
        }
    }

    fn add_list(&mut self, list: List<'_>, elements: &[Value], path: &str, model: &Model) {
        let mut order = Vec::with_capacity(elements.len());
        for (position, element) in elements.iter().enumerate() {
            let id = list.id(element, position);
            let path = element_of(path, &id);
            match list {
                List::Repeater(repeater) => {
                    order.push(json!({"id": id}));
                    self.add_group(&repeater.fields, element, &path, model);
                }
                List::Picker(_) => {
                    let Some(component) = picked(element).and_then(|id| model.component(id)) else { continue };
                    order.push(json!({"id": id, "component": component.key}));
                    self.add_group(&component.fields, &element["fields"], &path, model);
                }
            }
        }
        self.lists.insert(path.into(), Value::Array(order));
    }

    fn add_group(&mut self, fields: &[Field], group: &Value, path: &str, model: &Model) {
        for field in in_use(fields) {
            self.add(field, field.stored(group), &format!("{path}.{}", field.key), model);
        }
    }
}

/// A stored value in words, for people who compare two of them.
pub(super) fn words(read: &Read<'_>, slot: Slot<'_>, stored: &Value) -> Result<String, Error> {
    Ok(match slot {
        Slot::Title | Slot::Slug => stored.as_str().unwrap_or_default().to_owned(),
        Slot::Author => match stored.as_i64() {
            Some(id) => read.author(id)?.map(|author| author.full_name()).unwrap_or_default(),
            None => String::new(),
        },
        Slot::Terms(filing) => term_names(read, filing, stored)?,
        Slot::Field(field) => field_words(read, field, stored)?,
    })
}

fn term_names(read: &Read<'_>, filing: Filing, stored: &Value) -> Result<String, Error> {
    let ids = stored.as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_i64);
    let mut names = Vec::new();
    for id in ids {
        names.extend(read.term(filing, id)?.map(|term| term.name));
    }
    Ok(names.join(", "))
}

fn field_words(read: &Read<'_>, field: &Field, stored: &Value) -> Result<String, Error> {
    Ok(match (&field.kind, stored) {
        (_, Value::Null) => String::new(),
        (FieldType::Wysiwyg(_) | FieldType::Html(_), Value::String(html)) => plain_text(html),
        (FieldType::Media(_), media) => {
            let alt = media["alt"].as_str().unwrap_or_default();
            let url = media["url"].as_str().unwrap_or_default();
            if alt.is_empty() { url.to_owned() } else { format!("{alt} ({url})") }
        }
        (FieldType::Reference(_), value) => {
            let mut names = Vec::new();
            let many = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for id in many.iter().filter_map(Value::as_i64) {
                names.push(title_of(read, EntryId(id))?);
            }
            names.join(", ")
        }
        (FieldType::Component(_) | FieldType::ComponentPicker(_) | FieldType::Repeater(_), value) => {
            let mut walk = Walk::new(read.model());
            field.kind.rules().walk(value, &mut walk);
            walk.found.text
        }
        (FieldType::Json(_), value) => serde_json::to_string_pretty(value).unwrap_or_default(),
        (_, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    })
}

/// What an entry is called that somebody links to. Only what readers see: a draft may be another person's.
fn title_of(read: &Read<'_>, id: EntryId) -> Result<String, Error> {
    let unknown = || format!("Entry {}", id.0);
    let Some(entry) = read.entry(id)? else { return Ok(unknown()) };
    for variant in read.variants(id)? {
        if let Some(version) = read.version(&entry, variant.locale, View::Live)? {
            return Ok(called(read.model(), &entry, &version.revision));
        }
    }
    Ok(unknown())
}

/// What an entry is called: its title, or the value of the field that names an item; empty when it has none.
pub fn called(model: &Model, entry: &Entry, revision: &Revision) -> String {
    if !revision.name.is_empty() {
        return revision.name.clone();
    }
    let field = model.schema(entry.schema).and_then(|schema| schema.label_field());
    let Some(field) = field else { return String::new() };
    match field.stored(&revision.fields) {
        Value::String(text) => plain_text(text),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
        other => other.to_string(),
    }
}
