//! Copying an entry.

use serde_json::{Value, json};

use super::create::new_entry;
use super::saving::{add, check_slug, new_variant, set_draft};
use super::{Authoring, Error, Signature, Written};
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Variant, View};
use crate::content::field::FieldType;
use crate::content::schema::{Kind, Schema};
use crate::store::Read;

impl Authoring {
    /// Makes a draft called "Copy of …" from what `view` shows of an entry, in every locale in which that is
    /// anything. `creator` is the person who begins it.
    ///
    /// # Errors
    /// `NotFound` when there is nothing to copy; `Refused` for single pages.
    pub fn duplicate(&self, entry: EntryId, view: View, creator: i64, signature: Signature) -> Result<Written, Error> {
        self.write(&signature.clone(), move |write| {
            let source = write.entry(entry)?.filter(|entry| entry.deleted.is_none()).ok_or(Error::NotFound("entry"))?;
            let model = write.model().clone();
            let schema = model.schema(source.schema).ok_or(Error::NotFound("content type"))?;
            if schema.kind == Kind::SinglePage {
                return Err(Error::Refused("There can be only one page of this kind, so it cannot be copied.".into()));
            }
            let versions = shown(write, &source, view)?;
            let Some((first, _)) = versions.first() else { return Err(Error::NotFound("entry")) };
            let slug = match first.slug.as_deref().or(source.slug.as_deref()) {
                Some(slug) => Some(free_slug(write, schema, slug)?),
                None => None,
            };
            let mut copy = Entry { creator: Some(creator), ..new_entry(schema.id, slug.as_deref(), &signature) };
            let id = write.add_entry(&copy)?;
            copy = write.entry(id)?.ok_or(Error::NotFound("entry"))?;
            let mut newest = None;
            for (revision, variant) in versions {
                let revision = copied(schema, &copy, revision, &signature);
                let revision = add(write, revision)?;
                let mut variant = new_variant(&copy, variant.locale, &signature);
                set_draft(write, &mut copy, &mut variant, &revision)?;
                newest = Some(revision.id);
            }
            Ok(Written { id, slug: copy.slug, revision: newest })
        })
    }
}

fn shown(read: &Read<'_>, entry: &Entry, view: View) -> Result<Vec<(Revision, Variant)>, Error> {
    let mut shown = Vec::new();
    for variant in read.variants(entry.id)? {
        if let Some(version) = read.version(entry, variant.locale, view)? {
            shown.push((version.revision, variant));
        }
    }
    Ok(shown)
}

/// `oak-copy`, `oak-copy-2`, …
fn free_slug(read: &Read<'_>, schema: &Schema, slug: &str) -> Result<String, Error> {
    for number in 1.. {
        let wanted = if number == 1 { format!("{slug}-copy") } else { format!("{slug}-copy-{number}") };
        if check_slug(read, schema, None, &wanted).is_ok() {
            return Ok(wanted);
        }
        if number > 1000 {
            break;
        }
    }
    Err(Error::Refused("There are too many copies already: rename some of them first.".into()))
}

fn copied(schema: &Schema, copy: &Entry, revision: Revision, signature: &Signature) -> Revision {
    let name = if revision.name.is_empty() { String::new() } else { format!("Copy of {}", revision.name) };
    let mut fields = revision.fields.clone();
    if schema.id == BLOG {
        fields["title"] = json!(name);
    } else if schema.kind == Kind::Collection {
        rename_item(schema, &mut fields);
    }
    Revision {
        id: RevisionId(0),
        entry: copy.id,
        name,
        slug: copy.slug.clone(),
        fields,
        at: signature.at,
        by: signature.by.clone(),
        why: format!("copied from {}", revision.entry.0),
        kind: Origin::Edit,
        named: None,
        ..revision
    }
}

/// An item is called what its label field says.
fn rename_item(schema: &Schema, fields: &mut Value) {
    let Some(label) = schema.label_field().filter(|field| matches!(field.kind, FieldType::ShortText(_))) else {
        return;
    };
    if let Some(Value::String(text)) = fields.get_mut(label.id.storage_key()).filter(|text| **text != "") {
        *text = format!("Copy of {text}");
    }
}
