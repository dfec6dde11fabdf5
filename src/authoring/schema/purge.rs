//! Removing for good what was dropped long enough ago.

use std::collections::HashSet;

use super::census::for_each_entry;
use super::shape::reaches;
use crate::authoring::{Authoring, Error, Signature};
use crate::content::field::{Edit, Field, FieldId, FieldType, rewrite_fields};
use crate::content::moment::Moment;
use crate::content::schema::Model;
use crate::store::Write;

/// How long the values of dropped fields are kept, in microseconds.
const KEPT: i64 = 30 * 24 * 60 * 60 * 1_000_000;

impl Authoring {
    /// Removes fields that were dropped more than 30 days ago, with all their values. Returns how many
    /// fields went. To be called once a day.
    ///
    /// # Errors
    /// The database's.
    pub fn purge_dropped(&self, now: Moment) -> Result<usize, Error> {
        let due = self.store().read(|read| Ok::<_, Error>(!old_fields(read.model(), now).is_empty()))?;
        if !due {
            return Ok(0);
        }
        let signature = Signature::at("larder", now);
        self.write(&signature, move |write| {
            let stored = write.stored_model()?;
            let gone = old_fields(&stored.model, now);
            remove_values(write, &stored.model, &gone)?;
            let mut model = stored.model;
            let schemas = model.schemas.iter_mut().map(|schema| &mut schema.fields);
            let components = model.components.iter_mut().map(|component| &mut component.fields);
            schemas.chain(components).for_each(|fields| remove_fields(fields, &gone));
            write.put_model(model, &stored.ids)?;
            Ok(gone.len())
        })
    }
}

fn old_fields(model: &Model, now: Moment) -> HashSet<FieldId> {
    fn search(fields: &[Field], before: i64, found: &mut HashSet<FieldId>) {
        for field in fields {
            if field.dropped.is_some_and(|dropped| dropped.micros() <= before) {
                found.insert(field.id);
            } else if let FieldType::Repeater(repeater) = &field.kind {
                search(&repeater.fields, before, found);
            }
        }
    }
    let mut found = HashSet::new();
    let before = now.micros() - KEPT;
    model.schemas.iter().for_each(|schema| search(&schema.fields, before, &mut found));
    model.components.iter().for_each(|component| search(&component.fields, before, &mut found));
    found
}

fn remove_fields(fields: &mut Vec<Field>, gone: &HashSet<FieldId>) {
    fields.retain(|field| !gone.contains(&field.id));
    for field in fields {
        if let FieldType::Repeater(repeater) = &mut field.kind {
            remove_fields(&mut repeater.fields, gone);
        }
    }
}

/// Rewrites every revision that holds a value of these fields. They are not indexed: that ended when
/// they were dropped.
fn remove_values(write: &mut Write<'_>, model: &Model, gone: &HashSet<FieldId>) -> Result<(), Error> {
    for schema in model.schemas.iter().filter(|schema| reaches(schema, model, gone, &HashSet::new())) {
        let mut entries = Vec::new();
        for_each_entry(write, schema, &mut |entry| {
            entries.push(entry.id);
            Ok::<_, Error>(())
        })?;
        for entry in entries {
            for variant in write.variants(entry)? {
                for revision in write.revisions(entry, variant.locale)? {
                    let left = rewrite_fields(&schema.fields, &revision.fields, model, &mut |field, _| {
                        if gone.contains(&field.id) { Edit::Remove } else { Edit::Descend }
                    });
                    if left != revision.fields {
                        write.put_revision_fields(revision.id, &left)?;
                    }
                }
            }
        }
    }
    Ok(())
}
