//! Removing what is dangerous from the HTML in stored values.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Edit, Field, FieldType, rewrite_fields};
use crate::content::html::{Cleaned, Cleaner, Danger};
use crate::content::schema::Model;

/// A stored group in which no HTML is dangerous, with what was removed. Embed codes of forms are scripts by
/// nature and stay: who may write them is decided elsewhere.
pub fn clean_fields(fields: &[Field], group: &Value, model: &Model, cleaner: &Cleaner) -> (Value, BTreeSet<Danger>) {
    let mut removed = BTreeSet::new();
    let cleaned = rewrite_fields(fields, group, model, &mut |field, value| match cleaned(field, value, cleaner) {
        Some(cleaned) => {
            removed.extend(cleaned.removed);
            Edit::Replace(cleaned.html.into())
        }
        None => Edit::Descend,
    });
    (cleaned, removed)
}

fn cleaned(field: &Field, value: &Value, cleaner: &Cleaner) -> Option<Cleaned> {
    let text = value.as_str()?;
    match field.kind {
        FieldType::Wysiwyg(_) | FieldType::Html(_) => cleaner.clean(text),
        FieldType::Markdown(_) => cleaner.clean_markdown(text),
        _ => None,
    }
}
