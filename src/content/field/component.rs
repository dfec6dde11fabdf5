//! One component.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::archive::{from_archive, to_archive};
use super::define::{Options, Reading, Writing, read_plain, write_plain};
use super::group::{self, is_blank, is_untouched};
use super::{
    Expand, Field, FieldRules, Group, IndexKey, Parsing, Walk, Write, check_fields, fields_to_json, parse_fields,
    walk_fields,
};
use crate::content::schema::{ComponentId, Model, in_use};

/// Options of the type.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Which component.
    pub component: ComponentId,
}

/// The options as schema files spell them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelled {
    component: String,
}

impl Options for Component {
    fn read(name: &str, options: Value, cx: &mut Reading<'_>) -> Result<Self, String> {
        let Spelled { component } = read_plain(name, options)?;
        find(name, &component, cx).map(|component| Self { component })
    }

    fn write(&self, cx: &Writing<'_>) -> Map<String, Value> {
        let component = cx.model.component(self.component).map(|component| component.key.clone());
        write_plain(&Spelled { component: component.unwrap_or_default() })
    }
}

/// The component with this key.
pub(super) fn find(name: &str, key: &str, cx: &Reading<'_>) -> Result<ComponentId, String> {
    let missing = || format!("options of {name}: there is no component `{key}`");
    cx.components.get(key).copied().ok_or_else(missing)
}

impl Component {
    fn fields<'m>(&self, model: &'m Model) -> &'m [Field] {
        model.component(self.component).map_or(&[], |component| &component.fields)
    }
}

impl FieldRules for Component {
    fn parse(&self, input: &Value, cx: &mut Parsing<'_>) -> Result<Value, String> {
        let fields = self.fields(cx.model);
        let old = std::mem::take(&mut cx.old);
        match input {
            Value::Object(members) => Ok(parse_fields(fields, members, &old, cx)),
            // PHP writes an empty object as `[]`.
            Value::Array(members) if members.is_empty() => Ok(parse_fields(fields, &Map::new(), &old, cx)),
            // Not sent with something new: its members were not sent either.
            Value::Null if old.is_null() => Ok(parse_fields(fields, &Map::new(), &old, cx)),
            input if is_blank(input) => Ok(clear(fields, &old, cx)),
            _ => Err("Expected an object with the fields of this component.".into()),
        }
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        check_fields(self.fields(cx.model), value, cx);
    }

    fn is_empty(&self, value: &Value) -> bool {
        is_untouched(value)
    }

    fn to_json(&self, value: &Value, expand: &mut dyn Expand<'_>) -> Value {
        let fields = self.fields(expand.model());
        Value::Object(fields_to_json(in_use(fields), value, expand))
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        walk_fields(self.fields(walk.model), value, walk);
    }

    /// Only its members can be compared.
    fn filter(&self, _text: &str) -> Option<IndexKey> {
        None
    }

    fn groups<'a>(&'a self, model: &'a Model) -> Vec<Group<'a>> {
        vec![Group { component: None, fields: self.fields(model) }]
    }

    fn to_archive(&self, value: &Value, model: &Model) -> Value {
        if value.is_object() { to_archive(self.fields(model), value, model) } else { Value::Null }
    }

    fn from_archive(&self, value: &Value, model: &Model) -> Value {
        if value.is_object() { from_archive(self.fields(model), value, model) } else { Value::Null }
    }

    fn openapi(&self, model: &Model) -> Value {
        schema_of(self.component, model)
    }

    fn example(&self, model: &Model) -> Value {
        group::example(self.fields(model), model)
    }

    fn template(&self) -> &'static str {
        "field/component.html"
    }
}

/// Empties every field in use.
fn clear(fields: &[Field], old: &Value, cx: &mut Parsing<'_>) -> Value {
    let outer = std::mem::replace(&mut cx.write, Write::Replace);
    let cleared = parse_fields(fields, &Map::new(), old, cx);
    cx.write = outer;
    cleared
}

/// The schemas of all components, by the names that [`super::FieldRules::openapi`] refers to below
/// `#/components/schemas/`. They refer to each other, because a component picker may offer the very
/// component it is in.
pub fn schemas(model: &Model) -> Map<String, Value> {
    let schema = |fields| group::schema(fields, model);
    model.components.iter().map(|c| (schema_name(&c.key), schema(&c.fields))).collect()
}

/// A reference to the schema of a component.
pub(super) fn schema_of(component: ComponentId, model: &Model) -> Value {
    match model.component(component) {
        Some(component) => json!({"$ref": format!("#/components/schemas/{}", schema_name(&component.key))}),
        None => json!({"type": "object"}),
    }
}

fn schema_name(key: &str) -> String {
    format!("component-{key}")
}
