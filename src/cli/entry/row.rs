//! An entry as one line of a list.

use super::super::failure::Failure;
use crate::content::entry::{Entry, Variant};
use crate::content::schema::{Kind, Model, Schema};
use crate::store::Read;

/// `page:recipe`, `single`, `item:jars`, `post`.
pub(super) fn kind(schema: &Schema) -> String {
    match schema.kind {
        Kind::PageType => format!("page:{}", schema.key),
        Kind::SinglePage => "single".into(),
        Kind::Collection => format!("item:{}", schema.key),
        Kind::Post => "post".into(),
    }
}

/// Id, target, name and status of an entry.
pub(super) fn row(read: &Read<'_>, entry: &Entry, schema: &Schema, model: &Model) -> Result<[String; 4], Failure> {
    let variants = read.variants(entry.id)?;
    let newest = variants.first().and_then(|variant| variant.draft.or(variant.live));
    let name = match newest.map_or(Ok(None), |id| read.revision(id))? {
        Some(revision) if schema.kind == Kind::Collection => {
            let label = schema.label_field().map(|field| field.stored(&revision.fields).clone());
            label.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        }
        Some(revision) => revision.name,
        None => String::new(),
    };
    let slug = entry.slug.clone().unwrap_or_default();
    let target = match schema.kind {
        _ if entry.deleted.is_some() => format!("entry:{}", entry.id.0),
        Kind::PageType => format!("page:{}/{slug}", schema.key),
        Kind::SinglePage => format!("single:{slug}"),
        Kind::Collection => format!("item:{}", entry.id.0),
        Kind::Post => format!("post:{slug}"),
    };
    let status = variants.iter().map(|variant| status(variant, model)).collect::<Vec<_>>().join(", ");
    Ok([entry.id.0.to_string(), target, name, status])
}

/// `de published`, `draft`.
fn status(variant: &Variant, model: &Model) -> String {
    let word = match (variant.live, variant.draft, variant.scheduled) {
        (Some(_), None, _) => "published",
        (Some(_), Some(_), None) => "published with draft",
        (Some(_), Some(_), Some(_)) => "published, draft scheduled",
        (None, _, Some(_)) => "scheduled",
        (None, ..) => "draft",
    };
    model.locale_slug(variant.locale).map_or_else(|| word.to_owned(), |slug| format!("{slug} {word}"))
}
