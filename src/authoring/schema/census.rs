//! Counting what a change of the model does to content, before it is made.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::convert::Conversion;
use super::shape::reaches;
use crate::content::entry::{Entry, EntryId};
use crate::content::field::{Edit, Field, FieldId, FieldType, picked, rewrite_fields};
use crate::content::schema::{ComponentId, Model, Schema};
use crate::store::{Error, Read};

/// How many entries are read at a time.
pub(super) const BATCH: usize = 1000;

/// What is to be counted.
#[derive(Default)]
pub(super) struct Census {
    /// Fields that are dropped.
    pub(super) dropped: HashSet<FieldId>,
    /// Fields that get another type, as they will be.
    pub(super) converted: HashMap<FieldId, Field>,
    /// Components that go.
    pub(super) gone: HashSet<ComponentId>,
}

/// What was counted.
#[derive(Default)]
pub(super) struct Counts {
    /// Entries with a value in a field.
    pub(super) filled: HashMap<FieldId, u64>,
    /// Entries with a value that cannot be converted.
    pub(super) lost: HashMap<FieldId, u64>,
    /// Entries that show a component in a component picker.
    pub(super) shown: HashMap<ComponentId, u64>,
}

/// What one entry holds.
#[derive(Default)]
struct Holdings {
    filled: HashSet<FieldId>,
    lost: HashSet<FieldId>,
    shown: HashSet<ComponentId>,
}

impl Census {
    /// The fields whose values are looked at.
    pub(super) fn fields(&self) -> HashSet<FieldId> {
        self.dropped.iter().chain(self.converted.keys()).copied().collect()
    }

    /// Counts over the newest and the live version of every entry that is not deleted.
    pub(super) fn take(&self, read: &Read<'_>, old: &Model, new: &Model) -> Result<Counts, Error> {
        let mut counts = Counts::default();
        let fields = self.fields();
        let conversion = Conversion { read, old, new, fields: &self.converted };
        for schema in old.schemas.iter().filter(|schema| reaches(schema, old, &fields, &self.gone)) {
            for_each_entry(read, schema, &mut |entry| {
                if entry.deleted.is_some() {
                    return Ok(());
                }
                let mut holdings = Holdings::default();
                for values in shown_values(read, &entry)? {
                    self.look(schema, &values, &conversion, &mut holdings);
                }
                holdings.filled.into_iter().for_each(|id| *counts.filled.entry(id).or_default() += 1);
                holdings.lost.into_iter().for_each(|id| *counts.lost.entry(id).or_default() += 1);
                holdings.shown.into_iter().for_each(|id| *counts.shown.entry(id).or_default() += 1);
                Ok::<_, Error>(())
            })?;
        }
        Ok(counts)
    }

    fn look(&self, schema: &Schema, values: &Value, conversion: &Conversion<'_>, holdings: &mut Holdings) {
        rewrite_fields(&schema.fields, values, conversion.old, &mut |field, value| {
            if self.dropped.contains(&field.id) && !field.kind.rules().is_empty(value) {
                holdings.filled.insert(field.id);
            }
            if let FieldType::ComponentPicker(_) = field.kind {
                let elements = value.as_array().map_or(&[][..], Vec::as_slice);
                holdings.shown.extend(elements.iter().filter_map(picked).filter(|id| self.gone.contains(id)));
            }
            Edit::Descend
        });
        conversion.convert(schema, values, &mut |field, fits| {
            holdings.filled.insert(field);
            if !fits {
                holdings.lost.insert(field);
            }
        });
    }
}

/// The values of an entry's live and draft revisions in all locales.
fn shown_values(read: &Read<'_>, entry: &Entry) -> Result<Vec<Value>, Error> {
    let mut values = Vec::new();
    for variant in read.variants(entry.id)? {
        for id in [variant.live, variant.draft].into_iter().flatten() {
            values.extend(read.revision(id)?.map(|revision| revision.fields));
        }
    }
    Ok(values)
}

/// Calls `visit` for every entry of a schema, deleted ones included.
pub(super) fn for_each_entry<E: From<Error>>(
    read: &Read<'_>,
    schema: &Schema,
    visit: &mut dyn FnMut(Entry) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = EntryId(0);
    loop {
        let ids = read.entry_ids(schema.id, after, BATCH)?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = *last;
        for id in ids {
            if let Some(entry) = read.entry(id)? {
                visit(entry)?;
            }
        }
    }
}
