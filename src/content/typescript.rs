//! The types of answers, for sites written in TypeScript.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::field::reference::Target;
use super::field::{Field, FieldType};
use super::schema::{Component, ComponentId, Kind, Model, Schema, SchemaId, in_use};

/// What the types are of.
#[derive(Clone, Copy, Debug)]
pub enum Of<'m> {
    /// The fields of a schema's entries.
    Schema(&'m Schema),
    /// A component's fields.
    Component(&'m Component),
}

/// The interface of a group's fields, followed by those of what it holds and links to.
pub fn interfaces(of: Of<'_>, model: &Model) -> String {
    let mut writer = Writer { model, text: String::new(), schemas: Vec::new(), components: Vec::new() };
    match of {
        Of::Schema(schema) => writer.schemas.push(schema.id),
        Of::Component(component) => writer.components.push(component.id),
    }
    let (mut schemas, mut components) = (0, 0);
    loop {
        if let Some(schema) = writer.schemas.get(schemas).and_then(|id| model.schema(*id)) {
            schemas += 1;
            writer.interface(&name_of(schema), &schema.fields, schema.kind == Kind::Collection);
        } else if let Some(component) = writer.components.get(components).and_then(|id| model.component(*id)) {
            components += 1;
            writer.interface(&pascal(&component.key), &component.fields, false);
        } else {
            return writer.text;
        }
    }
}

struct Writer<'m> {
    model: &'m Model,
    text: String,
    /// What has an interface or will get one.
    schemas: Vec<SchemaId>,
    components: Vec<ComponentId>,
}

impl Writer<'_> {
    fn interface(&mut self, name: &str, fields: &[Field], item: bool) {
        let meta = if item { "  meta: { id: number };\n" } else { "" };
        let members = self.members(fields, 1);
        let gap = if self.text.is_empty() { "" } else { "\n" };
        // Writing to a text does not fail.
        let _ = write!(self.text, "{gap}export interface {name} {{\n{meta}{members}}}\n");
    }

    fn members(&mut self, fields: &[Field], depth: usize) -> String {
        let indent = "  ".repeat(depth);
        let mut text = String::new();
        for field in in_use(fields) {
            if !field.help.is_empty() {
                let _ = writeln!(text, "{indent}/** {} */", field.help.replace("*/", "* /").replace('\n', " "));
            }
            let kind = self.kind(&field.kind, depth);
            for name in std::iter::once(&field.key).chain(&field.aliases) {
                let _ = writeln!(text, "{indent}{}: {kind};", member(name));
            }
        }
        text
    }

    fn kind(&mut self, kind: &FieldType, depth: usize) -> String {
        match kind {
            FieldType::Number(_) => "number | null".into(),
            FieldType::Checkbox(_) => "boolean".into(),
            FieldType::Date(_) | FieldType::DateTime(_) => "string | null".into(),
            FieldType::Json(_) => "unknown".into(),
            FieldType::Dropdown(dropdown) => {
                let values: BTreeSet<&str> = dropdown.options.iter().map(|choice| choice.value.as_str()).collect();
                let literals = values.into_iter().chain([""]).map(|value| serde_json::Value::from(value).to_string());
                literals.collect::<Vec<_>>().join(" | ")
            }
            FieldType::Reference(reference) => {
                let target = self.target(reference.to);
                if reference.many { format!("({target} | string)[]") } else { format!("{target} | string | null") }
            }
            FieldType::Component(component) => self.component(component.component),
            FieldType::ComponentPicker(picker) => {
                let allowed: Vec<(String, ComponentId)> =
                    picker.allowed(self.model).map(|component| (component.key.clone(), component.id)).collect();
                let one = |(key, id): &(String, ComponentId)| {
                    format!("{{ type: \"{key}\"; fields: {} }}", self.component(*id))
                };
                let all: Vec<String> = allowed.iter().map(one).collect();
                if all.is_empty() { "never[]".into() } else { format!("({})[]", all.join(" | ")) }
            }
            FieldType::Repeater(repeater) => {
                let members = self.members(&repeater.fields, depth + 1);
                format!("{{\n{members}{}}}[]", "  ".repeat(depth))
            }
            _ => "string".into(),
        }
    }

    /// What a link leads to: the item itself, the page around its fields.
    fn target(&mut self, target: Target) -> String {
        let Some(schema) = target.schema().and_then(|id| self.model.schema(id)) else { return "object".into() };
        if !self.schemas.contains(&schema.id) {
            self.schemas.push(schema.id);
        }
        let name = name_of(schema);
        if schema.kind == Kind::Collection { name } else { format!("{{ slug: string; name: string; fields: {name} }}") }
    }

    fn component(&mut self, id: ComponentId) -> String {
        if !self.components.contains(&id) {
            self.components.push(id);
        }
        self.model.component(id).map_or_else(|| "object".into(), |component| pascal(&component.key))
    }
}

fn name_of(schema: &Schema) -> String {
    let end = if schema.kind == Kind::Collection { "Item" } else { "Fields" };
    format!("{}{end}", pascal(&schema.key))
}

/// `landing-page` is `LandingPage`.
fn pascal(key: &str) -> String {
    let words = key.split(['-', '_']).filter(|word| !word.is_empty());
    let upper = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let name: String = words.map(upper).collect();
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// A member's name, in quotes where it is no identifier.
fn member(key: &str) -> String {
    let starts = key.starts_with(|first: char| first.is_ascii_digit());
    if starts || key.contains('-') { format!("\"{key}\"") } else { key.into() }
}
