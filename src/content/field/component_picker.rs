//! An ordered choice of components.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::archive::{from_archive, to_archive};
use super::component::{self, schema_of};
use super::define::{Options, Reading, Writing, read_plain, write_plain};
use super::group::{self, elements, is_blank, parse_element, parse_elements};
use super::items::Count;
use super::{
    Expand, Field, FieldRules, FieldType, Group, IndexKey, Parsing, Walk, check_fields, fields_to_json, walk_fields,
};
use crate::content::schema::{Component, ComponentId, Model, in_use};

/// Options of the type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ComponentPicker {
    /// What can be chosen; every component when empty.
    pub components: Vec<ComponentId>,
    /// Fewest components, where there are any.
    pub min_items: Option<usize>,
    /// Most components.
    pub max_items: Option<usize>,
}

/// The options as schema files spell them.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Spelled {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_items: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_items: Option<usize>,
}

impl Options for ComponentPicker {
    fn read(name: &str, options: Value, cx: &mut Reading<'_>) -> Result<Self, String> {
        let Spelled { components, min_items, max_items } = read_plain(name, options)?;
        let components = components.iter().map(|key| component::find(name, key, cx)).collect::<Result<_, _>>()?;
        let picker = Self { components, min_items, max_items };
        picker.count().possible().map_err(|why| format!("options of {name}: {why}"))?;
        Ok(picker)
    }

    fn write(&self, cx: &Writing<'_>) -> Map<String, Value> {
        let key = |id: &ComponentId| cx.model.component(*id).map(|component| component.key.clone());
        let components = self.components.iter().filter_map(key).collect();
        write_plain(&Spelled { components, min_items: self.min_items, max_items: self.max_items })
    }
}

impl ComponentPicker {
    fn count(&self) -> Count {
        Count { min: self.min_items, max: self.max_items }
    }

    fn allows(&self, component: ComponentId) -> bool {
        self.components.is_empty() || self.components.contains(&component)
    }

    /// What can be chosen, in the editors' order.
    pub fn allowed<'m>(&self, model: &'m Model) -> impl Iterator<Item = &'m Component> {
        model.components.iter().filter(|component| self.allows(component.id))
    }

    fn parse_component(&self, input: &Value, cx: &mut Parsing<'_>) -> Result<Value, String> {
        let (key, members) = spelled(input).ok_or("Expected {\"<component>\": {<its fields>}}.")?;
        let model = cx.model;
        let component = self.allowed(model).find(|c| c.key == key).ok_or_else(|| self.not_allowed(key, model))?;
        let fields = parse_element(&component.fields, members, cx)?;
        Ok(json!({"component": component.id, "fields": fields}))
    }

    fn not_allowed(&self, key: &str, model: &Model) -> String {
        let names: Vec<&str> = self.allowed(model).map(|component| component.key.as_str()).collect();
        format!("There is no component \"{key}\" here; allowed are: {}.", names.join(", "))
    }
}

/// The component and the fields that input names: `{"hero": {..}}`, or as answers spell it,
/// `{"type": "hero", "fields": {..}}`.
fn spelled(input: &Value) -> Option<(&str, &Value)> {
    let members = input.as_object()?;
    if let (2, Some(Value::String(key)), Some(fields)) = (members.len(), members.get("type"), members.get("fields")) {
        return Some((key, fields));
    }
    let (key, fields) = members.iter().next().filter(|_| members.len() == 1)?;
    Some((key, fields))
}

/// One stored element: its component, when that still exists, and its fields.
fn stored<'v, 'm>(element: &'v Value, model: &'m Model) -> Option<(&'m Component, &'v Value)> {
    let id = element["component"].as_i64().map(ComponentId)?;
    Some((model.component(id)?, &element["fields"]))
}

impl FieldRules for ComponentPicker {
    fn parse(&self, input: &Value, cx: &mut Parsing<'_>) -> Result<Value, String> {
        match input {
            input if is_blank(input) => Ok(json!([])),
            Value::Array(inputs) => Ok(parse_elements(inputs, cx, |input, cx| self.parse_component(input, cx))),
            _ => Err("Expected a list of components.".into()),
        }
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        let model = cx.model;
        let elements = elements(value);
        self.count().check(elements.len(), cx);
        for (position, element) in elements.iter().enumerate() {
            let Some((component, fields)) = stored(element, model) else { continue };
            cx.within(&position.to_string(), |cx| {
                if !self.allows(component.id) {
                    cx.problem(self.not_allowed(&component.key, model));
                }
                check_fields(&component.fields, fields, cx);
            });
        }
    }

    /// Components that no longer exist are left out.
    fn to_json(&self, value: &Value, expand: &mut dyn Expand<'_>) -> Value {
        let model = expand.model();
        let shown = elements(value).iter().filter_map(|element| stored(element, model));
        shown.map(|(c, fields)| json!({"type": c.key, "fields": fields_to_json(c.fields(), fields, expand)})).collect()
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        let model = walk.model;
        for (component, fields) in elements(value).iter().filter_map(|element| stored(element, model)) {
            walk_fields(&component.fields, fields, walk);
        }
        if elements(value).is_empty() {
            walk.key(IndexKey::Empty);
        }
    }

    /// Only members can be compared, and whether there are any.
    fn filter(&self, text: &str) -> Option<IndexKey> {
        text.is_empty().then_some(IndexKey::Empty)
    }

    fn groups<'a>(&'a self, model: &'a Model) -> Vec<Group<'a>> {
        self.allowed(model).map(|c| Group { component: Some(&c.key), fields: &c.fields }).collect()
    }

    fn to_archive(&self, value: &Value, model: &Model) -> Value {
        let kept = elements(value).iter().filter_map(|element| stored(element, model));
        kept.map(|(c, fields)| json!({"type": c.key, "fields": to_archive(&c.fields, fields, model)})).collect()
    }

    fn from_archive(&self, value: &Value, model: &Model) -> Value {
        let known = elements(value).iter().filter_map(|element| {
            Some((model.component_by_key(element["type"].as_str()?)?, &element["fields"]))
        });
        known
            .map(|(c, fields)| json!({"component": c.id, "fields": from_archive(&c.fields, fields, model)}))
            .collect()
    }

    fn openapi(&self, model: &Model) -> Value {
        let one = |component: &Component| {
            let properties = json!({"type": {"const": component.key}, "fields": schema_of(component.id, model)});
            json!({"type": "object", "required": ["type", "fields"], "properties": properties})
        };
        // What was chosen before the options changed is answered too.
        let any: Vec<Value> = model.components.iter().map(one).collect();
        let items = if any.is_empty() { json!({"type": "object"}) } else { json!({"anyOf": any}) };
        json!({"type": "array", "items": items})
    }

    /// Shows a component without pickers of its own: those may lead back to it and never end.
    fn example(&self, model: &Model) -> Value {
        let Some(first) = self.allowed(model).next() else { return json!([]) };
        let shown = match self.allowed(model).find(|component| !holds_picker(&component.fields, model)) {
            Some(plain) => json!({plain.key.clone(): group::example(&plain.fields, model)}),
            None => json!({first.key.clone(): {}}),
        };
        Value::Array(vec![shown; self.count().example()])
    }

    fn template(&self) -> &'static str {
        "field/component_picker.html"
    }
}

/// Ends because no component contains itself without a picker in between.
fn holds_picker(fields: &[Field], model: &Model) -> bool {
    in_use(fields).any(|field| match &field.kind {
        FieldType::ComponentPicker(_) => true,
        FieldType::Component(inner) => {
            model.component(inner.component).is_some_and(|inner| holds_picker(&inner.fields, model))
        }
        _ => false,
    })
}
