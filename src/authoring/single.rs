//! Single pages, which exist as soon as the model defines them.

use serde_json::Map;

use super::create::new_entry;
use super::saving::{Copy, new_variant, save, set_draft};
use super::{Error, Signature};
use crate::content::entry::EntryId;
use crate::content::field::Write as Writing;
use crate::content::schema::{Kind, Schema};
use crate::store::Write;

/// Makes the page of every single page schema that has none: an empty draft in the default locale.
///
/// # Errors
/// The database's.
pub(crate) fn make_single_pages(write: &mut Write<'_>, signature: &Signature) -> Result<(), Error> {
    let model = write.model().clone();
    for schema in model.schemas.iter().filter(|schema| schema.kind == Kind::SinglePage) {
        if write.entry_ids(schema.id, EntryId(0), 1)?.is_empty() {
            make(write, schema, signature)?;
        }
    }
    Ok(())
}

fn make(write: &mut Write<'_>, schema: &Schema, signature: &Signature) -> Result<(), Error> {
    let mut entry = new_entry(schema.id, Some(&schema.key), signature);
    entry.id = write.add_entry(&entry)?;
    entry.position = entry.id.0;
    let locale = write.model().default_locale();
    let copy = Copy {
        schema,
        entry: &entry,
        locale,
        base: None,
        name: Some(&schema.name),
        slug: Some(&schema.key),
        fields: Some(&Map::new()),
        mode: Writing::Create,
    };
    let revision = save(write, &copy, "", signature, "created")?;
    let mut variant = new_variant(&entry, locale, signature);
    set_draft(write, &mut entry, &mut variant, &revision)
}
