//! Visiting every value of an entry, with its address in the editor.

use serde_json::Value;

use super::{Field, FieldType, picked};
use crate::content::schema::{Component, Model, in_use};

/// One field of one entry, where it stands.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// Its address in the editor: keys joined by dots, elements of lists by id: `body[k3f9].headline`.
    pub path: String,
    /// What people call it: `["Body", "Hero 2", "Headline"]`.
    pub labels: Vec<String>,
    /// The field.
    pub field: &'a Field,
    /// Its stored value.
    pub value: &'a Value,
}

/// An element of a component picker or repeater.
#[derive(Clone, Debug)]
pub struct Element<'a> {
    /// What it is called in addresses: its stored id, else `at` and its position.
    pub id: String,
    /// Its component; `None` in repeaters.
    pub component: Option<&'a Component>,
    /// Its fields.
    pub fields: &'a [Field],
    /// Its stored members.
    pub members: &'a Value,
    /// The element as it is stored.
    pub stored: &'a Value,
    /// Whether `id` is stored with it, so that it is the same element wherever it stands.
    pub has_id: bool,
}

impl Element<'_> {
    /// What people call it, standing in a list at a position from 0.
    pub fn label(&self, list: &Field, position: usize) -> String {
        let name = self.component.map_or(list.name.as_str(), |component| component.name.as_str());
        format!("{name} {}", position + 1)
    }
}

/// The elements of a field that holds a list of groups; `None` for all others. What the model does not know
/// any more is left out.
pub fn list_elements<'a>(kind: &'a FieldType, value: &'a Value, model: &'a Model) -> Option<Vec<Element<'a>>> {
    let stored = value.as_array().map_or(&[][..], Vec::as_slice);
    let id = |element: &Value, name: &str, position: usize| match element[name].as_str() {
        Some(id) => (id.to_owned(), true),
        None => (format!("at{position}"), false),
    };
    match kind {
        FieldType::Repeater(repeater) => {
            let element = |(position, stored): (usize, &'a Value)| {
                let (id, has_id) = id(stored, "_id", position);
                Element { id, component: None, fields: &repeater.fields, members: stored, stored, has_id }
            };
            Some(stored.iter().enumerate().map(element).collect())
        }
        FieldType::ComponentPicker(_) => {
            let element = |(position, stored): (usize, &'a Value)| {
                let component = model.component(picked(stored)?)?;
                let (id, has_id) = id(stored, "id", position);
                let fields = &component.fields;
                Some(Element { id, component: Some(component), fields, members: &stored["fields"], stored, has_id })
            };
            Some(stored.iter().enumerate().filter_map(element).collect())
        }
        _ => None,
    }
}

/// Shows `seen` every field of a stored group that holds no other fields, in order. Components and lists are
/// gone through.
pub fn visit_fields<'a>(fields: &'a [Field], group: &'a Value, model: &'a Model, seen: &mut dyn FnMut(Place<'a>)) {
    visit(fields, group, model, &Above::default(), seen);
}

/// Shows `seen` every field in use of a stored group with its value, those that hold other fields and those inside
/// included.
pub fn visit_all_fields(fields: &[Field], group: &Value, model: &Model, seen: &mut dyn FnMut(&Field, &Value)) {
    for field in in_use(fields) {
        let value = field.stored(group);
        seen(field, value);
        if let FieldType::Component(kind) = &field.kind {
            let inner = model.component(kind.component).map_or(&[][..], |component| &component.fields);
            visit_all_fields(inner, value, model, seen);
        }
        for element in list_elements(&field.kind, value, model).unwrap_or_default() {
            visit_all_fields(element.fields, element.members, model, seen);
        }
    }
}

/// Where a group stands.
#[derive(Clone, Default)]
pub(in crate::content) struct Above {
    /// Its address in the editor; empty for the entry itself.
    pub(in crate::content) path: String,
    /// What people call it.
    pub(in crate::content) labels: Vec<String>,
}

impl Above {
    /// A field of the group.
    pub(in crate::content) fn field(&self, field: &Field) -> Self {
        let path = if self.path.is_empty() { field.key.clone() } else { format!("{}.{}", self.path, field.key) };
        Self { path, labels: self.with(&field.name) }
    }

    /// An element of the list that stands here.
    pub(in crate::content) fn element(&self, field: &Field, element: &Element<'_>, position: usize) -> Self {
        Self { path: format!("{}[{}]", self.path, element.id), labels: self.with(&element.label(field, position)) }
    }

    fn with(&self, label: &str) -> Vec<String> {
        self.labels.iter().cloned().chain([label.to_owned()]).collect()
    }
}

fn visit<'a>(fields: &'a [Field], group: &'a Value, model: &'a Model, above: &Above, seen: &mut dyn FnMut(Place<'a>)) {
    for field in in_use(fields) {
        let (value, here) = (field.stored(group), above.field(field));
        if let FieldType::Component(kind) = &field.kind {
            let inner = model.component(kind.component).map_or(&[][..], |component| &component.fields);
            visit(inner, value, model, &here, seen);
        } else if let Some(elements) = list_elements(&field.kind, value, model) {
            for (position, element) in elements.into_iter().enumerate() {
                let here = here.element(field, &element, position);
                visit(element.fields, element.members, model, &here, seen);
            }
        } else {
            seen(Place { path: here.path, labels: here.labels, field, value });
        }
    }
}

/// The address in the editor of what a [`super::Problem`] names by keys and positions, and what people call
/// it: `body.2.headline` is `body[k3f9].headline`.
pub fn place_of(path: &str, fields: &[Field], group: &Value, model: &Model) -> (String, Vec<String>) {
    let mut here = Above::default();
    let mut steps = path.split('.').peekable();
    let (mut fields, mut group) = (fields, group);
    while let Some(key) = steps.next() {
        let Some(field) = in_use(fields).find(|field| field.key == key) else { break };
        here = here.field(field);
        let value = field.stored(group);
        if let FieldType::Component(kind) = &field.kind {
            fields = model.component(kind.component).map_or(&[][..], |component| &component.fields);
            group = value;
            continue;
        }
        let Some(elements) = list_elements(&field.kind, value, model) else { break };
        let Some(position) = steps.next().and_then(|step| step.parse::<usize>().ok()) else { break };
        // Positions count stored elements, which may be more than the model still knows.
        let stored = value.as_array().and_then(|stored| stored.get(position));
        let is_it = |element: &Element<'_>| stored.is_some_and(|stored| std::ptr::eq(stored, element.stored));
        let known = elements.into_iter().enumerate().find(|(_, element)| is_it(element));
        let Some((position, element)) = known else { break };
        here = here.element(field, &element, position);
        (fields, group) = (element.fields, element.members);
    }
    if here.path.is_empty() { (path.to_owned(), vec![path.to_owned()]) } else { (here.path, here.labels) }
}
