//! The statement that finds the lines of a survey.

use rusqlite::types::Value as SqlValue;

use super::eyes::{Lane, NEWEST};
use super::filter::{Filter, Values};
use super::{By, Place, Standing, Survey};

/// A statement being put together.
pub(super) struct Asking {
    from: String,
    tests: Vec<String>,
    pub(super) values: Values,
}

impl Asking {
    /// The lines of a survey in one lane, by way of one of its filters or of an index.
    pub(super) fn lines(survey: &Survey<'_>, lane: Lane, filters: &[Filter], by_way_of: Option<usize>) -> Self {
        let mut values = Values::default();
        let own = survey.eyes.user() > 0 && lane.number == NEWEST;
        let from = match by_way_of.and_then(|place| filters.get(place)) {
            // CROSS JOIN: SQLite then keeps the order in which the tables are named.
            Some(filter) => format!(
                "(SELECT DISTINCT entry, locale FROM ({})) AS found
                 CROSS JOIN overview AS o ON o.entry = found.entry AND o.locale = found.locale",
                filter.matches(survey.schema, lane, &mut values)
            ),
            None if own => "overview AS o INDEXED BY overview_creator".into(),
            None if survey.by == By::Edited && survey.standing.is_some() => {
                "overview AS o INDEXED BY overview_standing".into()
            }
            None => format!("overview AS o INDEXED BY {}", survey.by.index()),
        };
        let mut tests = vec![format!("o.schema = {}", survey.schema.0), lane.seen_by(survey.eyes)];
        tests.push(match survey.standing {
            Some(standing) => format!("o.standing = {}", standing.number()),
            None => format!("o.standing < {}", Standing::Archived.number()),
        });
        tests.extend(survey.locale.map(|locale| format!("o.locale = {}", locale.0)));
        if survey.once {
            tests.push(
                "o.locale = (SELECT min(other.locale) FROM overview AS other
                   WHERE other.entry = o.entry AND other.lane = o.lane)"
                    .into(),
            );
        }
        let others = filters.iter().enumerate().filter(|(place, _)| Some(*place) != by_way_of);
        for (_, filter) in others {
            tests.push(filter.test(&mut values));
        }
        Self { from, tests, values }
    }

    /// Only what stands on one side of a place.
    pub(super) fn beyond(&mut self, place: &Place, by: By, descending: bool) {
        let value = match by {
            By::Title => SqlValue::Text(place.value.clone()),
            // No number stands before all others: whoever made the address up gets the first page or none.
            By::Edited | By::Position => SqlValue::Integer(place.value.parse().unwrap_or_default()),
        };
        let side = if descending { "<" } else { ">" };
        let value = self.values.bind(value);
        let test =
            format!("(o.{}, o.entry, o.locale) {side} ({value}, {}, {})", by.column(), place.entry.0, place.locale.0);
        self.tests.push(test);
    }

    pub(super) fn sql(&self, what: &str, rest: &str) -> String {
        format!("SELECT {what} FROM {} WHERE {} {rest}", self.from, self.tests.join(" AND "))
    }
}
