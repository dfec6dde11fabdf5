//! What a change has done to entries: how each was before, for whoever tells others what happened. Whoever writes need
//! not say so.

use std::collections::BTreeMap;

use super::error::Error;
use super::{Read, Write};
use crate::content::entry::{Entry, EntryId, Revision, Variant};
use crate::content::locale::LocaleId;
use crate::content::outbox::TargetKind;

/// An entry in a locale before a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    /// The entry.
    pub entry: Entry,
    /// Its variant.
    pub variant: Variant,
    /// What was to be seen of it, when the change has removed it for good.
    pub removed: Option<Revision>,
}

/// Entries in locales that a change has written, each as it was before; `None` where nothing was.
pub type Altered = BTreeMap<(EntryId, LocaleId), Option<Before>>;

/// What is remembered during a change.
#[derive(Default)]
pub(super) struct Witness {
    /// Whether anybody wants to know, once that was asked.
    listens: Option<bool>,
    altered: Altered,
}

impl Write<'_> {
    /// What this change has altered so far; nothing when nobody listens.
    pub fn altered(&mut self) -> Altered {
        std::mem::take(&mut self.witness.altered)
    }

    /// A draft that was there already is one from here on that somebody saved on purpose.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn witness_saved(&mut self, entry: EntryId, locale: LocaleId) -> Result<(), Error> {
        self.witness(entry, locale)?;
        if let Some(Some(before)) = self.witness.altered.get_mut(&(entry, locale)) {
            before.variant.draft = None;
        }
        Ok(())
    }

    /// Remembers how an entry stands in a locale before it is written for the first time.
    pub(super) fn witness(&mut self, entry: EntryId, locale: LocaleId) -> Result<(), Error> {
        if self.is_heard()? && !self.witness.altered.contains_key(&(entry, locale)) {
            let before = before(self, entry, locale)?;
            self.witness.altered.insert((entry, locale), before);
        }
        Ok(())
    }

    /// As [`Write::witness`], in all locales.
    pub(super) fn witness_entry(&mut self, entry: EntryId) -> Result<(), Error> {
        if self.is_heard()? {
            for variant in self.variants(entry)? {
                self.witness(entry, variant.locale)?;
            }
        }
        Ok(())
    }

    /// Remembers what is about to be removed for good, in this locale or in all.
    pub(super) fn witness_removal(&mut self, entry: EntryId, locale: Option<LocaleId>) -> Result<(), Error> {
        if !self.is_heard()? {
            return Ok(());
        }
        for variant in self.variants(entry)?.into_iter().filter(|one| locale.is_none_or(|only| only == one.locale)) {
            self.witness(entry, variant.locale)?;
            let shown = variant.live.or(variant.draft).map_or(Ok(None), |id| self.revision(id))?;
            if let Some(Some(before)) = self.witness.altered.get_mut(&(entry, variant.locale)) {
                before.removed = shown;
            }
        }
        Ok(())
    }

    /// As [`Write::witness_removal`], of everything.
    pub(super) fn witness_wipe(&mut self) -> Result<(), Error> {
        if !self.is_heard()? {
            return Ok(());
        }
        let mut last = EntryId(0);
        loop {
            let entries = self.all_entries(last, 500)?;
            let Some(end) = entries.last() else { return Ok(()) };
            last = end.id;
            for entry in entries.iter().filter(|entry| entry.deleted.is_none()) {
                self.witness_removal(entry.id, None)?;
            }
        }
    }

    fn is_heard(&mut self) -> Result<bool, Error> {
        if let Some(listens) = self.witness.listens {
            return Ok(listens);
        }
        let listens = self.listens(TargetKind::Webhook)?;
        self.witness.listens = Some(listens);
        Ok(listens)
    }
}

fn before(read: &Read<'_>, entry: EntryId, locale: LocaleId) -> Result<Option<Before>, Error> {
    let Some(entry) = read.entry(entry)? else { return Ok(None) };
    let variant = read.variant(entry.id, locale)?;
    Ok(variant.map(|variant| Before { entry, variant, removed: None }))
}
