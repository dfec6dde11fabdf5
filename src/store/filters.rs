//! From a filter to the values that satisfy it.

use std::collections::HashSet;

use rusqlite::params;

use super::Read;
use super::error::Error;
use super::facets::{HashedValue, IndexValue, bit};
use crate::content::entry::{EntryId, View};
use crate::content::field::IndexKey;
use crate::content::filter::{Condition, Filter, Linked};
use crate::content::locale::LocaleId;
use crate::content::schema::{Kind, SchemaId};

/// The entries that hold a value.
pub(super) const HOLDING: &str = "SELECT entry FROM field_index WHERE slot = ? AND key = ? AND exact = ? AND views & ?";
/// The values that an entry holds. Left to itself, SQLite reads all rows of the slot.
pub(super) const HELD: &str =
    "SELECT key, exact FROM field_index INDEXED BY field_index_entry WHERE entry = ? AND slot = ? AND views & ?";

/// Where a filter is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    pub(super) schema: SchemaId,
    pub(super) locale: LocaleId,
    pub(super) view: View,
}

/// A filter as values in the index: an entry matches when it holds any of them.
pub(super) struct Wanted {
    pub(super) values: Vec<(i64, IndexValue)>,
    set: HashSet<(i64, HashedValue)>,
    slots: Vec<i64>,
    /// How many rows hold one of the values: the number of matches, if there is only one value.
    pub(super) rows: u64,
}

impl Wanted {
    /// Whether `rows` is the exact number of matching entries.
    pub(super) fn is_counted(&self) -> bool {
        self.values.len() <= 1
    }
}

impl Read<'_> {
    /// Finds out which index values satisfy a filter.
    pub(super) fn wanted(&self, scope: Scope, filter: &Filter) -> Result<Wanted, Error> {
        let mut wanted = Wanted { values: Vec::new(), set: HashSet::new(), slots: Vec::new(), rows: 0 };
        for condition in &filter.any_of {
            let (path, keys) = match condition {
                Condition::Is { path, key } => (path, vec![key.clone()]),
                Condition::LinksTo { path, target } => (path, self.link_keys(scope, target)?),
                Condition::Never => continue,
            };
            let Some(slot) = self.slot(scope.schema, scope.locale, path)? else { continue };
            for key in keys {
                let value = IndexValue::of(&key);
                let count = self.facet(slot, &value, scope.view)?;
                if count > 0 && wanted.set.insert((slot, value.hashed())) {
                    wanted.rows += count;
                    wanted.values.push((slot, value));
                    if !wanted.slots.contains(&slot) {
                        wanted.slots.push(slot);
                    }
                }
            }
        }
        Ok(wanted)
    }

    /// The index values of links to what is asked for.
    fn link_keys(&self, scope: Scope, target: &Linked) -> Result<Vec<IndexKey>, Error> {
        let ids = match target {
            Linked::Nothing => return Ok(vec![IndexKey::Empty]),
            Linked::Slug { schema, slug } => self.slugged(*schema, slug, scope.view)?,
            Linked::Named { schema, label, id, name } => {
                let mut ids = match (label, schema) {
                    (Some(label), Some(schema)) => self.matching(Scope { schema: *schema, ..scope }, label)?,
                    _ => self.slugged(*schema, name, scope.view)?,
                };
                ids.extend(*id);
                ids
            }
            Linked::Field(schemas) => {
                let mut ids = Vec::new();
                for (schema, filter) in schemas {
                    ids.extend(self.matching(Scope { schema: *schema, ..scope }, filter)?);
                }
                ids
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "ids stay below 2^53")]
        let key = |id: EntryId| IndexKey::Number(id.0 as f64);
        Ok(ids.into_iter().map(key).collect())
    }

    fn slugged(&self, schema: Option<SchemaId>, slug: &str, view: View) -> Result<Vec<EntryId>, Error> {
        let model = self.model();
        let found = self.entries_by_slug(slug, view)?.into_iter().filter(|entry| match schema {
            Some(schema) => entry.schema == schema,
            None => model.schema(entry.schema).is_some_and(|schema| schema.kind == Kind::SinglePage),
        });
        Ok(found.map(|entry| entry.id).collect())
    }

    /// The entries that match one filter, in no particular order.
    pub(super) fn matching(&self, scope: Scope, filter: &Filter) -> Result<Vec<EntryId>, Error> {
        let wanted = self.wanted(scope, filter)?;
        self.holding(&wanted, scope.view)
    }

    /// The entries that hold one of the wanted values, each once.
    pub(super) fn holding(&self, wanted: &Wanted, view: View) -> Result<Vec<EntryId>, Error> {
        let mut statement = self.connection.prepare_cached(HOLDING)?;
        let mut ids = Vec::new();
        for (slot, value) in &wanted.values {
            let rows =
                statement.query_map(params![slot, value, value.exact, bit(view)], |row| row.get(0).map(EntryId))?;
            for id in rows {
                ids.push(id?);
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// Whether an entry holds one of the wanted values.
    pub(super) fn holds(&self, entry: EntryId, wanted: &Wanted, view: View) -> Result<bool, Error> {
        let mut statement = self.connection.prepare_cached(HELD)?;
        for slot in &wanted.slots {
            let rows = statement.query_map(params![entry.0, slot, bit(view)], |row| {
                Ok(IndexValue { key: row.get(0)?, exact: row.get(1)? })
            })?;
            for value in rows {
                if wanted.set.contains(&(*slot, value?.hashed())) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
