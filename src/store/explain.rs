//! How SQLite goes about the statements whose speed the product promises.

use super::error::Error;
use super::filters::{HELD, HOLDING};
use super::groups::groups_sql;
use super::list::{MATCHING, MEMBERS, SORTED_BY};
use super::{Read, facets};
use crate::content::entry::View;

impl Read<'_> {
    /// Every statement that lists, filters and counts are made of, with SQLite's plan for it: for tests,
    /// and for whoever wonders why a list is slow.
    ///
    /// # Errors
    /// The database's.
    pub fn explain_lists(&self) -> Result<Vec<(String, Vec<String>)>, Error> {
        let mut statements = vec![HOLDING.to_owned(), HELD.into(), MEMBERS.into(), MATCHING.into(), SORTED_BY.into()];
        for view in [View::Live, View::Newest] {
            statements.extend([groups_sql(view, true), groups_sql(view, false), facets::count_sql(view)]);
        }
        statements.into_iter().map(|sql| self.plan(&sql).map(|plan| (sql, plan))).collect()
    }

    fn plan(&self, sql: &str) -> Result<Vec<String>, Error> {
        let mut statement = self.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let rows = statement.raw_query().mapped(|row| row.get(3)).collect::<Result<_, _>>()?;
        Ok(rows)
    }
}
