//! Made-up values that fit a model, for screens that show what content will be like.

use serde_json::{Map, Value};

use super::entry::EntryId;
use super::field::{Expand, Field, Find, Parsing, Wanted, Write, fields_to_json, parse_fields};
use super::schema::{Kind, Model, SchemaId, in_use};

/// A stored group in which every field is filled in.
pub fn stored(fields: &[Field], model: &Model) -> Value {
    let example = |field: &Field| (field.key.clone(), field.kind.rules().example(model));
    let input: Map<String, Value> = in_use(fields).map(example).collect();
    let mut find = MadeUp { model };
    parse_fields(fields, &input, &Value::Null, &mut Parsing::new(model, &mut find, Write::Create))
}

/// The same as the API answers it; `link` shows what is linked to.
pub fn answered(
    fields: &[Field],
    model: &Model,
    link: &mut dyn FnMut(SchemaId) -> Option<Value>,
) -> Map<String, Value> {
    fields_to_json(in_use(fields), &stored(fields, model), &mut Shown { model, link })
}

/// Links lead to an entry with the number of its schema.
struct MadeUp<'m> {
    model: &'m Model,
}

impl Find for MadeUp<'_> {
    fn entry(&mut self, schema: Option<SchemaId>, _: Wanted<'_>) -> Option<EntryId> {
        let single =
            || self.model.schemas.iter().find(|schema| schema.kind == Kind::SinglePage).map(|schema| schema.id);
        schema.or_else(single).map(|schema| EntryId(schema.0))
    }

    fn media_url(&mut self, url: &str) -> String {
        url.into()
    }
}

struct Shown<'m, 'l> {
    model: &'m Model,
    link: &'l mut dyn FnMut(SchemaId) -> Option<Value>,
}

impl<'m> Expand<'m> for Shown<'m, '_> {
    fn model(&self) -> &'m Model {
        self.model
    }

    fn reference(&mut self, to: EntryId) -> Option<Value> {
        (self.link)(SchemaId(to.0))
    }

    fn media(&mut self, url: &str, _: Option<&str>) -> Value {
        url.into()
    }

    fn text(&self, text: &str) -> String {
        text.into()
    }
}
