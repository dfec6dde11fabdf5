//! Turning values of one field type into values of another.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::finding::Finder;
use crate::content::entry::EntryId;
use crate::content::field::{Edit, Expand, Field, FieldId, Parsing, Write, rewrite_fields};
use crate::content::schema::{Model, Schema};
use crate::store::Read;

/// The fields whose values must change, as they are in the new model.
pub(super) struct Conversion<'a> {
    /// Where references are looked up.
    pub(super) read: &'a Read<'a>,
    /// The model under which the values were stored.
    pub(super) old: &'a Model,
    /// The model to be.
    pub(super) new: &'a Model,
    /// The fields.
    pub(super) fields: &'a HashMap<FieldId, Field>,
    /// For a field, the one that keeps for a while what cannot be converted.
    pub(super) kept: &'a HashMap<FieldId, FieldId>,
}

impl Conversion<'_> {
    /// The values of an entry of `schema` (as the old model has it) in their new types. `report` is told
    /// of every value that was there, and what it became; `None` when it could not be converted.
    pub(super) fn convert(
        &self,
        schema: &Schema,
        values: &Value,
        report: &mut dyn FnMut(&Field, &Value, Option<&Value>),
    ) -> Value {
        rewrite_fields(&schema.fields, values, self.old, &mut |field, value| {
            let Some(new) = self.fields.get(&field.id) else { return Edit::Descend };
            if field.kind.rules().is_empty(value) {
                return Edit::Replace(self.empty(new));
            }
            let converted = self.convert_value(field, new, value);
            report(field, value, converted.as_ref());
            match (converted, self.kept.get(&field.id)) {
                (Some(converted), _) => Edit::Replace(converted),
                (None, Some(kept)) => Edit::SetAside(self.empty(new), *kept, value.clone()),
                (None, None) => Edit::Replace(self.empty(new)),
            }
        })
    }

    /// A value as people read it.
    pub(super) fn spoken(&self, field: &Field, value: &Value) -> Value {
        field.kind.rules().to_json(value, &mut Plain { model: self.old })
    }

    fn convert_value(&self, old: &Field, new: &Field, value: &Value) -> Option<Value> {
        let converted = self.parse(new, &self.spoken(old, value))?;
        // What became empty was lost: `parse` takes a blank text for nothing.
        (!new.kind.rules().is_empty(&converted)).then_some(converted)
    }

    fn empty(&self, field: &Field) -> Value {
        self.parse(field, &Value::Null).unwrap_or(Value::Null)
    }

    fn parse(&self, field: &Field, input: &Value) -> Option<Value> {
        let mut finder = Finder { read: self.read, public_url: "" };
        let mut parsing = Parsing::new(self.new, &mut finder, Write::Replace);
        let parsed = field.kind.rules().parse(input, &mut parsing).ok()?;
        parsing.problems.is_empty().then_some(parsed)
    }
}

/// Values as the API answers them, with nothing expanded.
struct Plain<'m> {
    model: &'m Model,
}

impl<'m> Expand<'m> for Plain<'m> {
    fn model(&self) -> &'m Model {
        self.model
    }

    fn reference(&mut self, to: EntryId) -> Option<Value> {
        Some(json!(to))
    }

    fn media(&mut self, url: &str, _alt: Option<&str>) -> Value {
        json!(url)
    }

    fn text(&self, text: &str) -> String {
        text.into()
    }
}
