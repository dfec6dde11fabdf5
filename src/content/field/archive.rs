//! Stored values as archives spell them: by field key instead of id.

use serde_json::{Map, Value};

use super::Field;
use crate::content::schema::Model;

/// A stored group by key. Dropped fields stay under `~<id>`, so that an archive loses nothing.
pub fn to_archive(fields: &[Field], group: &Value, model: &Model) -> Value {
    let members = fields.iter().filter_map(|field| {
        let value = group.get(field.id.storage_key())?;
        Some((name(field), field.kind.rules().to_archive(value, model)))
    });
    Value::Object(members.collect())
}

/// The inverse of [`to_archive`]. Members the model does not know are left out.
pub fn from_archive(fields: &[Field], group: &Value, model: &Model) -> Value {
    let members: Map<String, Value> = fields
        .iter()
        .filter_map(|field| {
            let value = group.get(name(field))?;
            Some((field.id.storage_key(), field.kind.rules().from_archive(value, model)))
        })
        .collect();
    Value::Object(members)
}

fn name(field: &Field) -> String {
    match field.dropped {
        None => field.key.clone(),
        Some(_) => format!("~{}", field.id.0),
    }
}
