//! Lists: filtered, ordered, counted, cut into pages.
//!
//! There are two ways to answer. *In order*: walk the order's index from its beginning, skipping whole
//! groups of equal values by their counts, and test each entry against the filters. *By filter*: collect
//! all matches of the rarest filter, test them against the others, and sort. The counts say which is
//! cheaper; neither reads an entry's values, and neither grows with the number of entries of a list
//! that is asked for its first page.

use std::cmp::Ordering;
use std::collections::HashSet;

use rusqlite::params;
use rusqlite::types::Value as SqlValue;

use super::Read;
use super::error::Error;
use super::facets::{IndexValue, bit};
use super::filters::{Scope, Wanted};
use super::groups::Groups;
use super::indexing::ALL_SINGLES;
use crate::content::entry::{EntryId, View};
use crate::content::filter::{Filter, Order};
use crate::content::index;
use crate::content::locale::LocaleId;
use crate::content::schema::SchemaId;

/// The entries of one group of equal values, in order.
pub(super) const MEMBERS: &str =
    "SELECT entry FROM field_index WHERE slot = ? AND key = ? AND views & ? ORDER BY tie, entry LIMIT ? OFFSET ?";
/// The entries among the first of a group that hold a value of another slot. One statement, because asking
/// for each entry by itself costs four times as much.
pub(super) const MATCHING: &str = "SELECT entry FROM (
       SELECT entry FROM field_index WHERE slot = ?1 AND key = ?2 AND views & ?3 ORDER BY tie, entry LIMIT ?4
     ) AS listed WHERE EXISTS (
       SELECT 1 FROM field_index AS held INDEXED BY field_index_entry
       WHERE held.entry = listed.entry AND held.slot = ?5 AND held.key = ?6 AND held.exact = ?7 AND held.views & ?3)";
/// What an entry is sorted by. Left to itself, SQLite reads all rows of the slot.
pub(super) const SORTED_BY: &str = "SELECT key, exact, tie FROM field_index INDEXED BY field_index_entry
     WHERE entry = ? AND slot = ? AND views & ?";

/// What is to be listed.
#[derive(Clone, Debug)]
pub struct Listing<'a> {
    /// The schema; `None` for all single pages together.
    pub schema: Option<SchemaId>,
    /// In which locale.
    pub locale: LocaleId,
    /// What the reader sees.
    pub view: View,
    /// All of them must match.
    pub filters: &'a [Filter],
    /// The order; equal values follow by slug, then id.
    pub order: Order,
    /// How many to skip.
    pub offset: u64,
    /// How many to return at most.
    pub limit: u64,
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The entries, in order.
    pub ids: Vec<EntryId>,
    /// How many match in all.
    pub count: u64,
}

/// An entry with what it is sorted by.
struct Sorted {
    value: IndexValue,
    tie: String,
    id: EntryId,
}

/// A page of a list being filled.
struct Page {
    ids: Vec<EntryId>,
    /// An entry stands in a list once, however many values it has.
    seen: HashSet<EntryId>,
    skip: u64,
    limit: usize,
}

impl Page {
    fn of(listing: &Listing<'_>) -> Self {
        let limit = usize::try_from(listing.limit).unwrap_or(usize::MAX);
        Self { ids: Vec::new(), seen: HashSet::new(), skip: listing.offset, limit }
    }

    fn is_full(&self) -> bool {
        self.ids.len() >= self.limit
    }

    fn add(&mut self, id: EntryId) {
        if self.is_full() || !self.seen.insert(id) {
            return;
        }
        match self.skip {
            0 => self.ids.push(id),
            _ => self.skip -= 1,
        }
    }
}

impl Read<'_> {
    /// One page of a list, and how long the list is.
    ///
    /// # Errors
    /// The database's.
    pub fn list(&self, listing: &Listing<'_>) -> Result<Listed, Error> {
        let scope = Scope { schema: listing.schema.unwrap_or(ALL_SINGLES), locale: listing.locale, view: listing.view };
        let Some(order) = self.slot(scope.schema, scope.locale, &listing.order.path)? else {
            return Ok(Listed::default());
        };
        let mut filters = Vec::new();
        for filter in listing.filters {
            filters.push(self.wanted(scope, filter)?);
        }
        filters.sort_by_key(|wanted| wanted.rows);
        let Some(rarest) = filters.first() else {
            let count = self.count_all(scope)?;
            let ids = self.in_order(listing, order, None, u64::MAX)?.unwrap_or_default();
            return Ok(Listed { ids, count });
        };
        if rarest.rows == 0 {
            return Ok(Listed::default());
        }
        if let [only] = filters.as_slice()
            && only.is_counted()
            && let Some(budget) = self.cheaper_in_order(scope, only, listing)?
            && let Some(ids) = self.in_order(listing, order, Some(only), budget)?
        {
            return Ok(Listed { ids, count: only.rows });
        }
        self.by_filter(listing, order, &filters)
    }

    fn count_all(&self, scope: Scope) -> Result<u64, Error> {
        match self.slot(scope.schema, scope.locale, index::ALL)? {
            Some(slot) => {
                let zero = IndexValue { key: SqlValue::Real(0.0), exact: String::new() };
                self.facet(slot, &zero, scope.view)
            }
            None => Ok(0),
        }
    }

    /// How many entries may be tested before collecting the filter's matches would have been cheaper;
    /// `None` when that is to be expected from the start.
    fn cheaper_in_order(&self, scope: Scope, filter: &Wanted, page: &Listing<'_>) -> Result<Option<u64>, Error> {
        let all = self.count_all(scope)?;
        let needed = page.offset.saturating_add(page.limit);
        let expected = needed.saturating_mul(all) / filter.rows.max(1);
        Ok((expected < filter.rows).then_some(filter.rows.max(1000)))
    }

    /// Walks the order's index. Gives up (`None`) after testing `budget` entries.
    fn in_order(
        &self,
        listing: &Listing<'_>,
        order: i64,
        filter: Option<&Wanted>,
        mut budget: u64,
    ) -> Result<Option<Vec<EntryId>>, Error> {
        let mut page = Page::of(listing);
        let mut groups = Groups::of(self, order, listing)?;
        while !page.is_full()
            && let Some((key, size)) = groups.next()?
        {
            match filter.and_then(|filter| filter.values.first()) {
                None if page.skip >= size => page.skip -= size,
                None => self.add_members(&mut page, order, &key, listing.view)?,
                Some(wanted) => {
                    self.add_matching(&mut page, order, &key, wanted, budget, listing.view)?;
                    if !page.is_full() && size > budget {
                        return Ok(None);
                    }
                    budget = budget.saturating_sub(size);
                }
            }
        }
        Ok(Some(page.ids))
    }

    /// Adds the members of a group, leaving out those that the page skips.
    fn add_members(&self, page: &mut Page, order: i64, key: &SqlValue, view: View) -> Result<(), Error> {
        let mut statement = self.connection.prepare_cached(MEMBERS)?;
        let left = i64::try_from(page.limit - page.ids.len()).unwrap_or(i64::MAX);
        let skip = std::mem::take(&mut page.skip) as i64;
        let mut rows = statement.query(params![order, key, bit(view), left, skip])?;
        while let Some(row) = rows.next()? {
            page.add(EntryId(row.get(0)?));
        }
        Ok(())
    }

    /// Adds those among the first `budget` members of a group that hold a value.
    fn add_matching(
        &self,
        page: &mut Page,
        order: i64,
        key: &SqlValue,
        (slot, value): &(i64, IndexValue),
        budget: u64,
        view: View,
    ) -> Result<(), Error> {
        let mut statement = self.connection.prepare_cached(MATCHING)?;
        let budget = i64::try_from(budget).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![order, key, bit(view), budget, slot, value, value.exact])?;
        while !page.is_full()
            && let Some(row) = rows.next()?
        {
            page.add(EntryId(row.get(0)?));
        }
        Ok(())
    }

    /// Collects the matches of the rarest filter, tests them against the others, and sorts.
    fn by_filter(&self, listing: &Listing<'_>, order: i64, filters: &[Wanted]) -> Result<Listed, Error> {
        let Some((rarest, others)) = filters.split_first() else { return Ok(Listed::default()) };
        let mut matches = Vec::new();
        for id in self.holding(rarest, listing.view)? {
            let mut all = true;
            for other in others {
                all = all && self.holds(id, other, listing.view)?;
            }
            if all {
                matches.push(self.sorted(id, order, listing)?);
            }
        }
        let count = matches.len() as u64;
        matches.sort_by(|a, b| a.compare(b, listing.order.descending));
        let skip = usize::try_from(listing.offset).unwrap_or(usize::MAX);
        let take = usize::try_from(listing.limit).unwrap_or(usize::MAX);
        let ids = matches.into_iter().skip(skip).take(take).map(|sorted| sorted.id).collect();
        Ok(Listed { ids, count })
    }

    /// What an entry is sorted by: its first value in the direction of the order.
    fn sorted(&self, id: EntryId, order: i64, listing: &Listing<'_>) -> Result<Sorted, Error> {
        let mut statement = self.connection.prepare_cached(SORTED_BY)?;
        let rows = statement.query_map(params![id.0, order, bit(listing.view)], |row| {
            Ok(Sorted { value: IndexValue { key: row.get(0)?, exact: row.get(1)? }, tie: row.get(2)?, id })
        })?;
        let mut first: Option<Sorted> = None;
        for row in rows {
            let row = row?;
            let earlier = |other: &Sorted| row.compare(other, listing.order.descending) == Ordering::Less;
            if first.as_ref().is_none_or(earlier) {
                first = Some(row);
            }
        }
        let nothing = || Sorted {
            value: IndexValue { key: SqlValue::Blob(Vec::new()), exact: String::new() },
            tie: String::new(),
            id,
        };
        Ok(first.unwrap_or_else(nothing))
    }
}

impl Sorted {
    /// The order of lists: by value (missing last in both directions), then slug, then id.
    fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let missing = |sorted: &Self| matches!(sorted.value.key, SqlValue::Blob(_));
        let by_value = match compare_values(&self.value.key, &other.value.key) {
            ordering if descending => ordering.reverse(),
            ordering => ordering,
        };
        missing(self)
            .cmp(&missing(other))
            .then(by_value)
            .then_with(|| self.tie.cmp(&other.tie))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// Compares as SQLite does: numbers, then text by bytes, then blobs.
pub(super) fn compare_values(a: &SqlValue, b: &SqlValue) -> Ordering {
    let rank = |value: &SqlValue| match value {
        SqlValue::Null => 0,
        SqlValue::Integer(_) | SqlValue::Real(_) => 1,
        SqlValue::Text(_) => 2,
        SqlValue::Blob(_) => 3,
    };
    match (a, b) {
        (SqlValue::Real(a), SqlValue::Real(b)) => a.total_cmp(b),
        (SqlValue::Text(a), SqlValue::Text(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}
