//! What narrows a list down by more than its own indexes.

use rusqlite::types::Value as SqlValue;

use super::eyes::Lane;
use super::{By, Filed, Standing, Survey};
use crate::content::index::Views;
use crate::content::schema::SchemaId;

/// The view in which the words of archived entries are kept.
pub(in crate::store) const ARCHIVED: Views = Views(4);

/// The values of a statement; `bind` says how the statement names one.
#[derive(Default)]
pub(super) struct Values(pub(super) Vec<SqlValue>);

impl Values {
    pub(super) fn bind(&mut self, value: impl Into<SqlValue>) -> String {
        self.0.push(value.into());
        format!("?{}", self.0.len())
    }
}

/// What narrows a list down by more than the list's own indexes.
#[derive(Clone, Debug)]
pub(super) enum Filter {
    Words { expression: String, views: i64 },
    Filed(Filed),
    EditedBy(i64),
    Standing(Standing),
}

impl Filter {
    pub(super) fn of(survey: &Survey<'_>, lane: Lane, words: Option<&str>) -> Vec<Self> {
        // Archived entries are searched where nobody else looks.
        let views = if survey.standing == Some(Standing::Archived) { i64::from(ARCHIVED.0) } else { lane.number };
        let standing = survey.standing.filter(|_| survey.by != By::Edited);
        let mut filters: Vec<Self> = survey.filed.iter().copied().map(Self::Filed).collect();
        filters.extend(survey.edited_by.map(Self::EditedBy));
        filters.extend(standing.map(Self::Standing));
        filters.extend(words.map(|words| Self::Words { expression: words.into(), views }));
        filters
    }

    /// The entries and locales of all matches, by an index of their own.
    pub(super) fn matches(&self, schema: SchemaId, lane: Lane, values: &mut Values) -> String {
        let mut bind = |value: SqlValue| values.bind(value);
        match self {
            Self::Words { expression, views } => format!(
                "SELECT r.entry, r.locale FROM search JOIN search_row AS r ON r.id = search.rowid
                 WHERE search MATCH {} AND r.views & {views} AND r.schema = {}",
                bind(expression.clone().into()),
                schema.0
            ),
            Self::Filed(filed) => {
                let (path, id) = filed.path_and_id();
                let (path, id) = (bind(path.to_owned().into()), bind(id.into()));
                format!("SELECT entry, locale FROM filed WHERE lane = {} AND path = {path} AND id = {id}", lane.number)
            }
            Self::EditedBy(by) => {
                format!(
                    "SELECT entry, locale FROM revision INDEXED BY revision_user WHERE user = {}",
                    bind((*by).into())
                )
            }
            Self::Standing(standing) => format!(
                "SELECT entry, locale FROM overview INDEXED BY overview_standing
                 WHERE schema = {} AND lane = {} AND standing = {}",
                schema.0,
                lane.number,
                standing.number()
            ),
        }
    }

    /// Whether the line at hand matches.
    pub(super) fn test(&self, values: &mut Values) -> String {
        let mut bind = |value: SqlValue| values.bind(value);
        match self {
            // A list that is made once: asking the index for each line anew costs milliseconds each time.
            Self::Words { expression, views } => format!(
                "(o.entry, o.locale) IN (SELECT r.entry, r.locale FROM search JOIN search_row AS r ON r.id = search.rowid
                   WHERE search MATCH {} AND r.views & {views})",
                bind(expression.clone().into())
            ),
            Self::Filed(filed) => {
                let (path, id) = filed.path_and_id();
                let (path, id) = (bind(path.to_owned().into()), bind(id.into()));
                format!(
                    "EXISTS (SELECT 1 FROM filed WHERE filed.lane = o.lane AND filed.path = {path} AND filed.id = {id}
                       AND filed.entry = o.entry AND filed.locale = o.locale)"
                )
            }
            Self::EditedBy(by) => format!(
                "EXISTS (SELECT 1 FROM revision INDEXED BY revision_entry
                   WHERE revision.entry = o.entry AND revision.locale = o.locale AND revision.user = {})",
                bind((*by).into())
            ),
            Self::Standing(standing) => format!("o.standing = {}", standing.number()),
        }
    }
}
