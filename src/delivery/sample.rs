//! What the API would answer for entries of a model that is not in force yet.

use serde_json::{Map, Value, json};

use super::query::Paging;
use super::shape;
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Status, Version};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::sample::answered;
use crate::content::schema::{Kind, Model, Schema, SchemaId};

/// When made-up entries went live: 1 March 2026, 9:00.
const AT: Moment = Moment::from_micros(1_772_355_600_000_000);
/// How deep made-up links are shown, as with `levels=2`.
const LEVELS: usize = 1;

/// The answer for one page, or for a list with one item, with made-up values in every field.
pub fn sample(schema: &Schema, model: &Model) -> Value {
    let Some(entry) = shown(schema, model, LEVELS) else { return Value::Null };
    match schema.kind {
        Kind::Collection => {
            let data = Map::from_iter([(schema.key.clone(), json!([entry]))]);
            shape::with_meta(shape::items_meta(Paging::default(), 1), Value::Object(data))
        }
        _ => shape::one(entry),
    }
}

fn shown(schema: &Schema, model: &Model, levels: usize) -> Option<Value> {
    let mut link = |to: SchemaId| {
        let to = model.schema(to)?;
        if levels > 0 { shown(to, model, levels - 1) } else { shape::address(to, &version(to)) }
    };
    let fields = answered(&schema.fields, model, &mut link);
    shape::entry(schema, &version(schema), fields)
}

/// A live entry, without values.
fn version(schema: &Schema) -> Version {
    let slug = match schema.kind {
        Kind::Collection => None,
        Kind::SinglePage => Some(schema.key.clone()),
        Kind::PageType | Kind::Post => Some(format!("my-{}", schema.key)),
    };
    let id = EntryId(101);
    let entry = Entry {
        id,
        schema: schema.id,
        slug: slug.clone(),
        draft_slug: None,
        created: AT,
        position: 1,
        deleted: None,
        deleted_by: None,
        archived: None,
        group: None,
        creator: None,
    };
    let revision = Revision {
        id: RevisionId(1),
        entry: id,
        locale: LocaleId(0),
        name: if schema.kind == Kind::SinglePage { schema.name.clone() } else { format!("My {}", schema.name) },
        slug,
        fields: Value::Null,
        at: AT,
        by: String::new(),
        why: String::new(),
        kind: Origin::Edit,
        named: None,
    };
    Version { entry, revision, status: Status::Published, published: Some(AT), updated: AT, scheduled: None }
}
