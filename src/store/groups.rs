//! The values of an order, each with the number of entries that hold it.

use rusqlite::params;
use rusqlite::types::Value as SqlValue;

use super::Read;
use super::error::Error;
use super::facets::{IndexValue, column};
use super::list::Listing;
use crate::content::entry::View;

/// The next groups of equal values behind one, with their sizes.
pub(super) fn groups_sql(view: View, descending: bool) -> String {
    let (after, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
    let count = column(view);
    // Every value is smaller than an empty blob (missing) and larger than NULL (the start).
    format!(
        "SELECT key, sum({count}) FROM facet WHERE slot = ?1 AND key {after} ?2 AND key < x''
         GROUP BY key ORDER BY key {direction} LIMIT {GROUPS}"
    )
}

/// The values of an order with their sizes, in its direction, the missing ones last.
pub(super) struct Groups<'a> {
    statement: rusqlite::CachedStatement<'a>,
    order: i64,
    buffered: std::vec::IntoIter<(SqlValue, u64)>,
    last: Option<SqlValue>,
    missing: Option<u64>,
}

/// How many groups are fetched at a time.
const GROUPS: usize = 64;

impl<'a> Groups<'a> {
    pub(super) fn of(read: &'a Read<'_>, order: i64, listing: &Listing<'_>) -> Result<Self, Error> {
        let sql = groups_sql(listing.view, listing.order.descending);
        let nothing = IndexValue { key: SqlValue::Blob(Vec::new()), exact: String::new() };
        let missing = read.facet(order, &nothing, listing.view)?;
        Ok(Self {
            statement: read.connection.prepare_cached(&sql)?,
            order,
            buffered: Vec::new().into_iter(),
            last: Some(if listing.order.descending {
                SqlValue::Blob(Vec::new())
            } else {
                SqlValue::Real(f64::NEG_INFINITY)
            }),
            missing: Some(missing),
        })
    }

    pub(super) fn next(&mut self) -> Result<Option<(SqlValue, u64)>, Error> {
        loop {
            if let Some((key, size)) = self.buffered.next() {
                if size > 0 {
                    return Ok(Some((key, size)));
                }
                continue;
            }
            let Some(last) = self.last.take() else {
                let missing = self.missing.take().filter(|size| *size > 0);
                return Ok(missing.map(|size| (SqlValue::Blob(Vec::new()), size)));
            };
            let rows = self.statement.query_map(params![self.order, last], |row| {
                Ok((row.get::<_, SqlValue>(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
            })?;
            let groups = rows.collect::<Result<Vec<_>, _>>()?;
            // A short page is the last one.
            self.last = (groups.len() == GROUPS).then(|| groups[GROUPS - 1].0.clone());
            self.buffered = groups.into_iter();
        }
    }
}
