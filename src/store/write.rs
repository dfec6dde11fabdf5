//! One change: a transaction's state beyond the rows themselves.

use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use rusqlite::Connection;

use super::altered::Witness;
use super::audit::Actor;
use super::changes::Change;
use super::era::Era;
use super::error::Error;
use super::facets::FacetChanges;
use super::indexing::IndexRow;
use super::{Read, models};
use crate::content::entry::EntryId;
use crate::content::key::Key;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::{Model, SchemaId};

/// What the writer remembers from one change to the next.
#[derive(Default)]
pub(super) struct Scratch {
    era: Era,
    model: Arc<Model>,
    known: bool,
    seen: i64,
    /// Slot ids by schema, locale and path.
    pub(super) slots: HashMap<(SchemaId, LocaleId), HashMap<String, i64>>,
}

impl Scratch {
    /// Remembers nothing yet.
    pub(super) fn of(era: Era) -> Self {
        Self { era, ..Self::default() }
    }

    /// Makes sure that what is remembered holds in the transaction that has just begun.
    pub(super) fn begin(&mut self, connection: &Connection) -> Result<(), Error> {
        let seen: i64 = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
        if seen != self.seen {
            self.forget();
            self.seen = seen;
        }
        if !self.known || self.model.number != models::number(connection)? {
            self.model = Arc::new(models::load(connection)?.model);
            self.known = true;
        }
        Ok(())
    }

    /// Forgets everything: what was remembered may have been rolled back.
    pub(super) fn forget(&mut self) {
        self.known = false;
        self.slots.clear();
    }
}

/// A change to the database: everything [`Read`] can do, and writing. Its methods stand in the file of
/// what they write.
pub struct Write<'a> {
    read: Read<'a>,
    pub(super) scratch: &'a mut Scratch,
    pub(super) facets: FacetChanges,
    /// Index rows that wait to be written in order, when there are many.
    pub(super) queued: Vec<(IndexRow, EntryId)>,
    keys: BTreeSet<Key>,
    everything: bool,
    now: Option<Moment>,
    /// The person who makes this change.
    pub(super) user: Option<i64>,
    /// Who makes it, as the audit log tells of it.
    pub(super) actor: Actor,
    /// Whether something was posted.
    pub(super) posted: bool,
    pub(super) witness: Witness,
}

impl<'a> Deref for Write<'a> {
    type Target = Read<'a>;

    fn deref(&self) -> &Self::Target {
        &self.read
    }
}

impl<'a> Write<'a> {
    pub(super) fn new(connection: &'a Connection, scratch: &'a mut Scratch) -> Self {
        let read = Read { connection, model: scratch.model.clone(), era: scratch.era };
        Self {
            read,
            scratch,
            facets: FacetChanges::default(),
            queued: Vec::new(),
            keys: BTreeSet::new(),
            everything: false,
            now: None,
            user: None,
            actor: Actor::default(),
            posted: false,
            witness: Witness::default(),
        }
    }

    /// Notes that answers carrying `key` are old once this change is committed.
    pub fn touch(&mut self, key: Key) {
        if !self.everything {
            self.keys.insert(key);
        }
    }

    /// Notes that every answer is old, so that single keys need not be gathered: every answer depends on
    /// the model.
    pub fn touch_everything(&mut self) {
        self.keys = BTreeSet::from([Key::Model]);
        self.everything = true;
    }

    /// Whether every answer is old anyway.
    pub(super) fn touches_everything(&self) -> bool {
        self.everything
    }

    /// The keys touched so far.
    pub fn touched(&self) -> &BTreeSet<Key> {
        &self.keys
    }

    /// Sets the moment at which this change happens in the change log.
    pub fn happens_at(&mut self, now: Moment) {
        self.now = Some(now);
    }

    /// The moment at which this change happens.
    pub(super) fn moment(&self) -> Moment {
        self.now.unwrap_or(Moment::from_micros(0))
    }

    /// Sets the person whose revisions are written from here on; none for tokens, programs and the clock.
    pub fn made_by(&mut self, user: Option<i64>) {
        self.user = user;
    }

    /// Uses another model from here on, which has just been written.
    pub(super) fn adopt(&mut self, model: Arc<Model>) {
        self.scratch.model = model.clone();
        self.read.model = model;
    }

    /// Writes the facet counts gathered so far when they have become many.
    pub(super) fn spill_facets(&mut self) -> Result<(), Error> {
        if self.facets.is_large() {
            std::mem::take(&mut self.facets).write(self.connection)?;
        }
        Ok(())
    }

    /// Writes the index rows and facet counts gathered during the change, so that reading sees all of it,
    /// and returns the keys it touched.
    pub(super) fn settled(&mut self) -> Result<BTreeSet<Key>, Error> {
        self.settle()?;
        Ok(std::mem::take(&mut self.keys))
    }

    /// Writes the index rows and counts gathered so far, for a change that reads what it has changed.
    ///
    /// # Errors
    /// The database's.
    pub fn settle(&mut self) -> Result<(), Error> {
        self.insert_queued()?;
        std::mem::take(&mut self.facets).write(self.connection)
    }

    /// Writes what was gathered during the change, and the change log.
    pub(super) fn finish(&mut self) -> Result<Option<Change>, Error> {
        let keys = self.settled()?;
        if keys.is_empty() {
            return Ok(None);
        }
        let now = self.moment();
        let mut change = self.log_change(keys, now)?;
        self.post_purge(&change, now)?;
        change.posted = self.posted;
        Ok(Some(change))
    }
}
