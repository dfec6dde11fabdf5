//! Counting what a change of the model does to content, before it is made.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde_json::Value;

use super::convert::Conversion;
use super::shape::reaches;
use crate::authoring::finding::Finder;
use crate::content::entry::{Entry, EntryId};
use crate::content::field::{
    Edit, Field, FieldId, FieldType, Parsing, Write as Writing, picked, rewrite_fields, visit_all_fields,
};
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
    /// Fields whose rules change, as they will be.
    pub(super) ruled: HashMap<FieldId, Field>,
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
    /// Entries whose value of a field does not keep its new rules.
    pub(super) failing: HashMap<FieldId, u64>,
    /// Entries whose value of a field another one has too.
    pub(super) shared: HashMap<FieldId, u64>,
    /// Some values that are converted: first those that cannot be.
    pub(super) examples: HashMap<FieldId, Vec<Example>>,
}

/// A value that is converted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Whose it is.
    pub entry: EntryId,
    /// As it is.
    pub from: String,
    /// What it becomes; `None` when it cannot be converted.
    pub to: Option<String>,
}

/// How many examples of each kind are kept.
const EXAMPLES: usize = 5;
/// The longest example, in characters.
const LENGTH: usize = 80;

/// What one entry holds.
#[derive(Default)]
struct Holdings {
    filled: HashSet<FieldId>,
    lost: HashSet<FieldId>,
    shown: HashSet<ComponentId>,
    failing: HashSet<FieldId>,
    /// Values of fields that are to be unique.
    values: HashSet<(FieldId, String)>,
}

impl Census {
    /// The fields whose values are looked at.
    pub(super) fn fields(&self) -> HashSet<FieldId> {
        self.dropped.iter().chain(self.converted.keys()).chain(self.ruled.keys()).copied().collect()
    }

    /// Counts over the newest and the live version of every entry that is not deleted.
    pub(super) fn take(&self, read: &Read<'_>, old: &Model, new: &Model) -> Result<Counts, Error> {
        let mut counts = Counts::default();
        let fields = self.fields();
        let kept = HashMap::new();
        let conversion = Conversion { read, old, new, fields: &self.converted, kept: &kept };
        let mut owners: HashMap<(FieldId, String), u64> = HashMap::new();
        for schema in old.schemas.iter().filter(|schema| reaches(schema, old, &fields, &self.gone)) {
            for_each_entry(read, schema, &mut |entry| {
                if entry.deleted.is_some() {
                    return Ok(());
                }
                let mut holdings = Holdings::default();
                for values in shown_values(read, &entry)? {
                    self.look(schema, &entry, &values, &conversion, &mut holdings, &mut counts.examples);
                }
                holdings.failing.into_iter().for_each(|id| *counts.failing.entry(id).or_default() += 1);
                holdings.values.into_iter().for_each(|value| *owners.entry(value).or_default() += 1);
                holdings.filled.into_iter().for_each(|id| *counts.filled.entry(id).or_default() += 1);
                holdings.lost.into_iter().for_each(|id| *counts.lost.entry(id).or_default() += 1);
                holdings.shown.into_iter().for_each(|id| *counts.shown.entry(id).or_default() += 1);
                Ok::<_, Error>(())
            })?;
        }
        for ((id, _), entries) in owners.into_iter().filter(|(_, entries)| *entries > 1) {
            *counts.shared.entry(id).or_default() += entries;
        }
        Ok(counts)
    }

    fn look(
        &self,
        schema: &Schema,
        entry: &Entry,
        values: &Value,
        conversion: &Conversion<'_>,
        holdings: &mut Holdings,
        examples: &mut HashMap<FieldId, Vec<Example>>,
    ) {
        self.look_at_rules(schema, values, conversion, holdings);
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
        conversion.convert(schema, values, &mut |field, value, converted| {
            holdings.filled.insert(field.id);
            if converted.is_none() {
                holdings.lost.insert(field.id);
            }
            let known = examples.entry(field.id).or_default();
            if known.iter().filter(|example| example.to.is_none() == converted.is_none()).count() < EXAMPLES {
                let new = self.converted.get(&field.id);
                let to = new.zip(converted).map(|(new, value)| in_words(&conversion.spoken(new, value)));
                let example = Example { entry: entry.id, from: in_words(&conversion.spoken(field, value)), to };
                if !known.contains(&example) {
                    known.push(example);
                }
            }
        });
    }

    /// Whether an entry keeps the rules that are to come.
    fn look_at_rules(&self, schema: &Schema, values: &Value, conversion: &Conversion<'_>, holdings: &mut Holdings) {
        if self.ruled.is_empty() {
            return;
        }
        let mut finder = Finder { read: conversion.read, public_url: "" };
        visit_all_fields(&schema.fields, values, conversion.old, &mut |field, value| {
            let Some(new) = self.ruled.get(&field.id) else { return };
            let rules = new.kind.rules();
            let mut parsing = Parsing::new(conversion.new, &mut finder, Writing::Replace);
            let empty = rules.is_empty(value);
            if !empty {
                rules.check(value, &mut parsing);
            }
            if (empty && new.required) || !parsing.problems.is_empty() {
                holdings.failing.insert(field.id);
            }
            if new.unique && !empty {
                holdings.values.insert((field.id, value.to_string()));
            }
        });
    }
}

/// A value in a few words.
fn in_words(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
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
