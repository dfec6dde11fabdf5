//! The entries that a field links to, as somebody may see them.

use serde_json::{Value, json};

use crate::authoring::{called, status};
use crate::content::entry::{EntryId, Revision};
use crate::content::field::FieldType;
use crate::content::schema::Schema;
use crate::dashboard::address;
use crate::dashboard::error::Refused;
use crate::dashboard::sight::Sight;
use crate::store::Read;

/// The linked entries in order: `{id, title, status, picture, href}`.
pub(super) fn chosen(read: &Read<'_>, sight: Sight, value: &Value) -> Result<Value, Refused> {
    let ids = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    ids.iter().filter_map(Value::as_i64).map(|id| one(read, sight, EntryId(id))).collect()
}

fn one(read: &Read<'_>, sight: Sight, id: EntryId) -> Result<Value, Refused> {
    let unknown = json!({"id": id, "title": format!("Entry {}", id.0), "status": "archived"});
    let Some(entry) = read.entry(id)?.filter(|entry| entry.deleted.is_none()) else { return Ok(unknown) };
    let model = read.model().clone();
    let Some(schema) = model.schema(entry.schema) else { return Ok(unknown) };
    for variant in read.variants(id)? {
        if let Some(version) = read.version(&entry, variant.locale, sight.view(entry.creator))? {
            let title = called(&model, &entry, &version.revision);
            return Ok(json!({
                "id": id,
                "title": if title.is_empty() { "Untitled".to_owned() } else { title },
                "status": status(Some(&variant)),
                "picture": picture(schema, &version.revision),
                "href": address::entry(schema, id),
            }));
        }
    }
    // A draft of somebody else: that it is linked to is all that is told.
    Ok(json!({"id": id, "title": format!("Entry {}", id.0), "status": "draft"}))
}

/// The first picture of our own in an entry.
fn picture(schema: &Schema, revision: &Revision) -> Option<String> {
    let pictures = schema.fields().filter(|field| matches!(field.kind, FieldType::Media(_)));
    let urls = pictures.filter_map(|field| field.stored(&revision.fields)["url"].as_str());
    urls.chain(revision.fields["featured_image"]["url"].as_str())
        .find(|url| url.starts_with("/media/"))
        .map(str::to_owned)
}
