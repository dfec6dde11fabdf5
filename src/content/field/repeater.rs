//! A list of one group of fields.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::archive::{from_archive, to_archive};
use super::define::{Definition, Options, Reading, Writing, read_fields, read_plain, write_fields, write_plain};
use super::group::{self, elements, is_blank, parse_element, parse_elements};
use super::items::Count;
use super::{
    Expand, Field, FieldRules, FieldType, Group, IndexKey, Parsing, Walk, check_fields, fields_to_json, walk_fields,
};
use crate::content::schema::{Model, in_use};

/// Options of the type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Repeater {
    /// The fields of each element, dropped ones included.
    pub fields: Vec<Field>,
    /// Fewest elements, where there are any.
    pub min_items: Option<usize>,
    /// Most elements.
    pub max_items: Option<usize>,
}

/// The options as schema files spell them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelled {
    fields: Vec<Definition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_items: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_items: Option<usize>,
}

impl Options for Repeater {
    fn read(name: &str, options: Value, cx: &mut Reading<'_>) -> Result<Self, String> {
        let Spelled { fields, min_items, max_items } = read_plain(name, options)?;
        let repeater = Self { fields: read_fields(&fields, cx)?, min_items, max_items };
        repeater.possible().map_err(|why| format!("options of {name}: {why}"))?;
        Ok(repeater)
    }

    fn write(&self, cx: &Writing<'_>) -> Map<String, Value> {
        let fields = write_fields(&self.fields, cx);
        write_plain(&Spelled { fields, min_items: self.min_items, max_items: self.max_items })
    }
}

impl Repeater {
    fn count(&self) -> Count {
        Count { min: self.min_items, max: self.max_items }
    }

    fn possible(&self) -> Result<(), String> {
        let nests = |field: &&Field| {
            matches!(field.kind, FieldType::Component(_) | FieldType::ComponentPicker(_) | FieldType::Repeater(_))
        };
        if let Some(field) = self.fields.iter().find(nests) {
            return Err(format!("a repeater holds plain fields, but `{}` is a {}", field.key, field.kind.name()));
        }
        self.count().possible()
    }
}

impl FieldRules for Repeater {
    fn parse(&self, input: &Value, cx: &mut Parsing<'_>) -> Result<Value, String> {
        match input {
            input if is_blank(input) => Ok(json!([])),
            Value::Array(inputs) => Ok(parse_elements(inputs, cx, |input, cx| parse_element(&self.fields, input, cx))),
            _ => Err("Expected a list of objects.".into()),
        }
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        self.count().check(elements(value).len(), cx);
        for (position, element) in elements(value).iter().enumerate() {
            cx.within(&position.to_string(), |cx| check_fields(&self.fields, element, cx));
        }
    }

    fn to_json(&self, value: &Value, expand: &mut dyn Expand<'_>) -> Value {
        let group = |element| Value::Object(fields_to_json(in_use(&self.fields), element, expand));
        elements(value).iter().map(group).collect()
    }

    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        for element in elements(value) {
            walk_fields(&self.fields, element, walk);
        }
        if elements(value).is_empty() {
            walk.key(IndexKey::Empty);
        }
    }

    /// Only members can be compared, and whether there are any.
    fn filter(&self, text: &str) -> Option<IndexKey> {
        text.is_empty().then_some(IndexKey::Empty)
    }

    fn groups<'a>(&'a self, _model: &'a Model) -> Vec<Group<'a>> {
        vec![Group { component: None, fields: &self.fields }]
    }

    fn to_archive(&self, value: &Value, model: &Model) -> Value {
        elements(value).iter().map(|element| to_archive(&self.fields, element, model)).collect()
    }

    fn from_archive(&self, value: &Value, model: &Model) -> Value {
        elements(value).iter().map(|element| from_archive(&self.fields, element, model)).collect()
    }

    fn openapi(&self, model: &Model) -> Value {
        json!({"type": "array", "items": group::schema(&self.fields, model)})
    }

    fn example(&self, model: &Model) -> Value {
        Value::Array(vec![group::example(&self.fields, model); self.count().example()])
    }

    fn template(&self) -> &'static str {
        "field/repeater.html"
    }
}
