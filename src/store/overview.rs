//! What editors see of all entries at a glance: lists in order, filtered, counted, page by page.
//!
//! One line stands for one variant in one lane: what readers get, or what editors work on. The database keeps the
//! lines and their counts in step itself (`migrations/0004_lists.sql`). A page is a range of one index, found by
//! the last line of the page before it, so that the thousandth page costs what the first does. Filters are
//! answered in one of two ways: the matches of the rarest are collected and sorted when they are few; else the
//! order's index is walked and each line tested.

mod asking;
mod eyes;
mod filter;
mod line;
mod standing;
mod survey;
mod tally;
#[cfg(test)]
mod tests;

use rusqlite::{OptionalExtension, params_from_iter};

use super::Read;
use super::error::Error;
use super::search::quoted_words;
use crate::content::entry::{EntryId, Status, Version};
use crate::content::locale::LocaleId;
use crate::content::schema::SchemaId;

use asking::Asking;
use eyes::Lane;
use filter::{Filter, Values};

pub use eyes::Eyes;
pub(super) use eyes::{LIVE, NEWEST};
pub(super) use filter::ARCHIVED;
pub use line::Line;
pub(super) use line::{LINE, read_line};
pub use standing::Standing;
pub use survey::{By, Filed, Place, Survey, Surveyed};
pub use tally::Tally;

/// How many matches of a filter are collected and sorted; when there are more, they are met soon enough by
/// walking.
const FEW: usize = 2000;

impl Read<'_> {
    /// One page of a list.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn survey(&self, survey: &Survey<'_>) -> Result<Surveyed, Error> {
        let words = survey.words.map(|text| quoted_words(text).join(" "));
        if words.as_deref() == Some("") {
            return Ok(Surveyed { count: Some(0), ..Surveyed::default() });
        }
        let (mut lines, mut count) = (Vec::new(), Some(0));
        for lane in survey.eyes.lanes() {
            let found = self.survey_lane(survey, *lane, words.as_deref())?;
            lines.extend(found.0);
            count = count.zip(found.1).map(|(count, more)| count + more);
        }
        let backwards = survey.before.is_some();
        let descending = survey.descending != backwards;
        lines.sort_by(|a, b| if descending { b.compare(a, survey.by) } else { a.compare(b, survey.by) });
        let more = lines.len() > survey.limit;
        lines.truncate(survey.limit);
        if backwards {
            lines.reverse();
        }
        if survey.once {
            count = None;
        } else if is_plain(survey) {
            let tally = self.tally(survey.schema, survey.eyes)?;
            count = Some(survey.standing.map_or_else(|| tally.all(), |standing| tally.of(standing)));
        }
        Ok(Surveyed { lines, more, count })
    }

    /// How many lines of a schema there are.
    pub fn tally(&self, schema: SchemaId, eyes: Eyes) -> Result<Tally, Error> {
        let mut tally = Tally::default();
        let sql = format!(
            "SELECT standing, sum(lines) FROM tally AS o WHERE schema = ? AND {} GROUP BY standing",
            eyes.sees()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([schema.0])?;
        while let Some(row) = rows.next()? {
            let (standing, lines): (i64, i64) = (row.get(0)?, row.get(1)?);
            tally.by_standing[(Standing::of(standing).number() - 1) as usize] += lines.unsigned_abs();
        }
        Ok(tally)
    }

    /// The line of a variant as somebody sees it; `None` when they see nothing of it.
    pub fn line(&self, entry: EntryId, locale: LocaleId, eyes: Eyes) -> Result<Option<Line>, Error> {
        let sql = format!("SELECT {LINE} FROM overview AS o WHERE o.entry = ? AND o.locale = ? AND {}", eyes.sees());
        Ok(self.connection.prepare_cached(&sql)?.query_row([entry.0, locale.0], read_line).optional()?)
    }

    /// The categories that a line's post is filed under, by id.
    pub fn categories_of(&self, line: &Line) -> Result<Vec<i64>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT filed.id FROM overview AS o CROSS JOIN filed INDEXED BY filed_entry
               ON filed.entry = o.entry AND filed.locale = o.locale AND filed.lane = o.lane
             WHERE o.entry = ? AND o.locale = ? AND o.revision = ? AND filed.path = 'category' GROUP BY filed.id",
        )?;
        let rows = statement.query_map([line.entry.0, line.locale.0, line.revision.0], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The version that a line shows.
    pub fn version_of(&self, line: &Line) -> Result<Option<Version>, Error> {
        let (Some(entry), Some(revision)) = (self.entry(line.entry)?, self.revision(line.revision)?) else {
            return Ok(None);
        };
        Ok(Some(Version {
            entry,
            revision,
            status: match line.standing {
                Standing::Published => Status::Published,
                Standing::Scheduled => Status::Scheduled,
                Standing::Draft | Standing::Changed | Standing::Archived => Status::Draft,
            },
            published: line.went_live,
            updated: line.edited,
            scheduled: line.scheduled,
        }))
    }

    /// The lines of one lane, in the order asked for (the reverse for what stands before a place), one more than
    /// the limit if there is one; and how many match, when that is known.
    fn survey_lane(
        &self,
        survey: &Survey<'_>,
        lane: Lane,
        words: Option<&str>,
    ) -> Result<(Vec<Line>, Option<u64>), Error> {
        let filters = Filter::of(survey, lane, words);
        let rarest = self.rarest(survey, lane, &filters)?;
        let mut asking = Asking::lines(survey, lane, &filters, rarest);
        let count = match rarest {
            Some(_) => Some(self.count_lines(&asking)?),
            None => None,
        };
        let descending = survey.descending != survey.before.is_some();
        if let Some(place) = survey.after.or(survey.before) {
            asking.beyond(place, survey.by, descending);
        }
        let (column, direction) = (survey.by.column(), if descending { "DESC" } else { "ASC" });
        let order = format!(
            "ORDER BY o.{column} {direction}, o.entry {direction}, o.locale {direction} LIMIT {}",
            survey.limit + 1
        );
        let mut statement = self.connection.prepare_cached(&asking.sql(LINE, &order))?;
        let rows = statement.query_map(params_from_iter(&asking.values.0), read_line)?;
        Ok((rows.collect::<Result<_, _>>()?, count))
    }

    /// The filter with the fewest matches, if those are few.
    fn rarest(&self, survey: &Survey<'_>, lane: Lane, filters: &[Filter]) -> Result<Option<usize>, Error> {
        let mut rarest: Option<(usize, usize)> = None;
        for (place, filter) in filters.iter().enumerate() {
            let mut values = Values::default();
            let matches = filter.matches(survey.schema, lane, &mut values);
            let sql = format!("SELECT count(*) FROM (SELECT 1 FROM ({matches}) LIMIT {})", FEW + 1);
            let count: i64 =
                self.connection.prepare_cached(&sql)?.query_row(params_from_iter(&values.0), |row| row.get(0))?;
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            if count <= FEW && rarest.is_none_or(|(least, _)| count < least) {
                rarest = Some((count, place));
            }
        }
        Ok(rarest.map(|(_, place)| place))
    }

    fn count_lines(&self, asking: &Asking) -> Result<u64, Error> {
        let mut statement = self.connection.prepare_cached(&asking.sql("count(*)", ""))?;
        let count: i64 = statement.query_row(params_from_iter(&asking.values.0), |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}

/// Whether the tally already knows how many there are.
fn is_plain(survey: &Survey<'_>) -> bool {
    survey.words.is_none() && survey.filed.is_empty() && survey.locale.is_none() && survey.edited_by.is_none()
}
