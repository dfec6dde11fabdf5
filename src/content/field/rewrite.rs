//! Going through a stored value with all its groups, to count, change or remove parts of it.

use serde_json::{Map, Value, json};

use super::{Field, FieldId, FieldType};
use crate::content::schema::{ComponentId, Model};

/// What shall become of one field's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// It stays; what it holds inside is looked at next.
    Descend,
    /// This takes its place.
    Replace(Value),
    /// The first takes its place; another field of the group gets the second.
    SetAside(Value, FieldId, Value),
    /// It goes.
    Remove,
}

/// A stored group as `edit` wants it. Every field is looked at, dropped ones and those inside components
/// and repeaters included, outer ones first. What no field of the model claims stays as it is.
pub fn rewrite_fields(
    fields: &[Field],
    group: &Value,
    model: &Model,
    edit: &mut dyn FnMut(&Field, &Value) -> Edit,
) -> Value {
    let Value::Object(members) = group else { return group.clone() };
    let mut members = members.clone();
    for field in fields {
        let key = field.id.storage_key();
        let Some(value) = members.get(&key) else { continue };
        match edit(field, value) {
            Edit::Descend => {
                if let Some(inner) = rewrite_inside(field, value, model, edit) {
                    members.insert(key, inner);
                }
            }
            Edit::Replace(value) => {
                members.insert(key, value);
            }
            Edit::SetAside(value, other, old) => {
                members.insert(key, value);
                members.insert(other.storage_key(), old);
            }
            Edit::Remove => {
                members.shift_remove(&key);
            }
        }
    }
    Value::Object(members)
}

/// The value of a field that holds other fields; `None` for all others.
fn rewrite_inside(
    field: &Field,
    value: &Value,
    model: &Model,
    edit: &mut dyn FnMut(&Field, &Value) -> Edit,
) -> Option<Value> {
    match (&field.kind, value) {
        (FieldType::Component(kind), Value::Object(_)) => {
            let component = model.component(kind.component)?;
            Some(rewrite_fields(&component.fields, value, model, edit))
        }
        (FieldType::Repeater(repeater), Value::Array(elements)) => {
            let element = |element: &Value| rewrite_fields(&repeater.fields, element, model, edit);
            Some(elements.iter().map(element).collect())
        }
        (FieldType::ComponentPicker(_), Value::Array(elements)) => {
            Some(elements.iter().map(|element| rewrite_picked(element, model, edit)).collect())
        }
        _ => None,
    }
}

fn rewrite_picked(element: &Value, model: &Model, edit: &mut dyn FnMut(&Field, &Value) -> Edit) -> Value {
    let Some(component) = picked(element).and_then(|id| model.component(id)) else { return element.clone() };
    let fields = rewrite_fields(&component.fields, &element["fields"], model, edit);
    let mut members = element.as_object().cloned().unwrap_or_else(Map::new);
    members.insert("fields".into(), fields);
    json!(members)
}

/// The component that an element of a component picker's stored value was made from.
pub fn picked(element: &Value) -> Option<ComponentId> {
    element["component"].as_i64().map(ComponentId)
}
