//! What editors see of all entries at a glance: lists in order, filtered, counted, page by page.
//!
//! One line stands for one variant in one lane: what readers get, or what editors work on. The database keeps the
//! lines and their counts in step itself (`migrations/0004_lists.sql`). A page is a range of one index, found by
//! the last line of the page before it, so that the thousandth page costs what the first does. Filters are
//! answered in one of two ways: the matches of the rarest are collected and sorted when they are few; else the
//! order's index is walked and each line tested.

use rusqlite::types::Value as SqlValue;
use rusqlite::{OptionalExtension, Row, params_from_iter};

use super::Read;
use super::error::Error;
use super::search::quoted_words;
use crate::content::entry::{EntryId, RevisionId, Status, Version};
use crate::content::index::Views;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::SchemaId;

/// How many matches of a filter are collected and sorted; when there are more, they are met soon enough by
/// walking.
const FEW: usize = 2000;

pub(super) const LINE: &str = "o.entry, o.locale, o.schema, o.standing, o.creator, o.revision, o.title, o.slug, o.edited, \
     o.editor, o.went_live, o.scheduled, o.picture, o.author, o.folded, o.position";

/// How far an entry has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Never published, or taken off.
    Draft,
    /// Live, and a newer draft waits.
    Changed,
    /// The draft goes live at a set time.
    Scheduled,
    /// Live as it is.
    Published,
    /// Put aside.
    Archived,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Changed, Self::Scheduled, Self::Published, Self::Archived];

    /// The word in addresses and for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Changed => "changed",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == word)
    }

    fn number(self) -> i64 {
        match self {
            Self::Draft => 1,
            Self::Changed => 2,
            Self::Scheduled => 3,
            Self::Published => 4,
            Self::Archived => 5,
        }
    }

    fn of(number: i64) -> Self {
        Self::ALL.into_iter().find(|standing| standing.number() == number).unwrap_or(Self::Draft)
    }
}

/// Whose drafts somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// Everybody's.
    All,
    /// Nobody's: what is live, as readers get it.
    Live,
    /// Their own, by their id; of everything else what is live.
    Own(i64),
}

/// The view in which the words of archived entries are kept.
pub(super) const ARCHIVED: Views = Views(4);

/// What readers get.
pub(super) const LIVE: i64 = 1;
/// What editors work on.
pub(super) const NEWEST: i64 = 2;

/// A lane, and whose lines of it are seen.
#[derive(Clone, Copy)]
pub(super) struct Lane {
    number: i64,
    own: Option<bool>,
}

impl Lane {
    /// The test of a line's creator. The second half lets SQLite use the index of those that have one.
    pub(super) fn seen_by(self, eyes: Eyes) -> String {
        let user = eyes.user();
        let seen = match self.own {
            None => "1".into(),
            Some(true) => format!("o.creator = {user} AND o.creator > 0"),
            Some(false) => format!("o.creator <> {user}"),
        };
        format!("o.lane = {} AND {seen}", self.number)
    }
}

impl Eyes {
    pub(super) fn lanes(self) -> &'static [Lane] {
        match self {
            Self::All => &[Lane { number: NEWEST, own: None }],
            Self::Live => &[Lane { number: LIVE, own: None }],
            Self::Own(_) => &[Lane { number: LIVE, own: Some(false) }, Lane { number: NEWEST, own: Some(true) }],
        }
    }

    fn user(self) -> i64 {
        match self {
            Self::Own(user) => user,
            Self::All | Self::Live => 0,
        }
    }

    /// The test of a line of work in progress that they see; `None` when they see none.
    pub(super) fn sees_drafts(self) -> Option<String> {
        self.lanes().iter().find(|lane| lane.number == NEWEST).map(|lane| lane.seen_by(self))
    }

    /// The test of one line for all lanes at once.
    pub(super) fn sees(self) -> String {
        let lanes = self.lanes().iter().map(|lane| format!("({})", lane.seen_by(self)));
        format!("({})", lanes.collect::<Vec<_>>().join(" OR "))
    }
}

/// Under what a post is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filed {
    /// An author, by id.
    Author(i64),
    /// A category, by id.
    Category(i64),
    /// A tag, by id.
    Tag(i64),
}

impl Filed {
    fn path_and_id(self) -> (&'static str, i64) {
        match self {
            Self::Author(id) => ("author", id),
            Self::Category(id) => ("category", id),
            Self::Tag(id) => ("tag", id),
        }
    }
}

/// By what lines are ordered. Equal ones follow by entry and locale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// When they were edited.
    Edited,
    /// What they are called.
    Title,
    /// Their place in the collection.
    Position,
}

impl By {
    fn column(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Title => "folded",
            Self::Position => "position",
        }
    }

    fn index(self) -> &'static str {
        match self {
            Self::Edited => "overview_edited",
            Self::Title => "overview_title",
            Self::Position => "overview_position",
        }
    }
}

/// Where a page begins or ends: a line, by what it is ordered by, so that it need not exist any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is ordered by, as text.
    pub value: String,
    /// The entry.
    pub entry: EntryId,
    /// The locale.
    pub locale: LocaleId,
}

/// Which lines are wanted.
#[derive(Clone, Debug)]
pub struct Survey<'a> {
    /// Of this schema.
    pub schema: SchemaId,
    /// For whom.
    pub eyes: Eyes,
    /// How far they have come; all but the archived ones without.
    pub standing: Option<Standing>,
    /// Title and text hold all of these words, the last one as a beginning.
    pub words: Option<&'a str>,
    /// All of these.
    pub filed: &'a [Filed],
    /// In this locale.
    pub locale: Option<LocaleId>,
    /// Each entry once, in the first of its locales. How many there are is then not known.
    pub once: bool,
    /// The person or program with this name has saved a version.
    pub edited_by: Option<i64>,
    /// The order.
    pub by: By,
    /// Largest or latest first.
    pub descending: bool,
    /// Those behind this place.
    pub after: Option<&'a Place>,
    /// Those before this place; the nearest ones.
    pub before: Option<&'a Place>,
    /// How many at most.
    pub limit: usize,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The entry.
    pub entry: EntryId,
    /// Its locale.
    pub locale: LocaleId,
    /// Its schema.
    pub schema: SchemaId,
    /// How far it has come.
    pub standing: Standing,
    /// Who began it in the dashboard.
    pub creator: Option<i64>,
    /// The revision that is shown.
    pub revision: RevisionId,
    /// What it is called; may be empty.
    pub title: String,
    /// Its slug.
    pub slug: Option<String>,
    /// When that revision was saved.
    pub edited: Moment,
    /// By whom.
    pub editor: String,
    /// When the live one went live.
    pub went_live: Option<Moment>,
    /// When the draft goes live.
    pub scheduled: Option<Moment>,
    /// The address of its first picture.
    pub picture: Option<String>,
    /// A post's author.
    pub author: Option<i64>,
    folded: String,
    position: i64,
}

impl Line {
    /// Where it stands in an order.
    pub fn place(&self, by: By) -> Place {
        let value = match by {
            By::Edited => self.edited.micros().to_string(),
            By::Title => self.folded.clone(),
            By::Position => self.position.to_string(),
        };
        Place { value, entry: self.entry, locale: self.locale }
    }

    fn compare(&self, other: &Self, by: By) -> std::cmp::Ordering {
        let first = match by {
            By::Edited => self.edited.cmp(&other.edited),
            By::Title => self.folded.as_bytes().cmp(other.folded.as_bytes()),
            By::Position => self.position.cmp(&other.position),
        };
        first.then((self.entry, self.locale).cmp(&(other.entry, other.locale)))
    }
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// Whether more follow in the direction that was asked for.
    pub more: bool,
    /// How many match in all; `None` when filters leave too many to count.
    pub count: Option<u64>,
}

/// How many lines there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    by_standing: [u64; 5],
}

impl Tally {
    /// Of one standing.
    pub fn of(&self, standing: Standing) -> u64 {
        self.by_standing[(standing.number() - 1) as usize]
    }

    /// All but the archived ones.
    pub fn all(&self) -> u64 {
        self.by_standing[..4].iter().sum()
    }
}

/// The values of a statement; `bind` says how the statement names one.
#[derive(Default)]
struct Values(Vec<SqlValue>);

impl Values {
    fn bind(&mut self, value: impl Into<SqlValue>) -> String {
        self.0.push(value.into());
        format!("?{}", self.0.len())
    }
}

/// What narrows a list down by more than the list's own indexes.
#[derive(Clone, Debug)]
enum Filter {
    Words { expression: String, views: i64 },
    Filed(Filed),
    EditedBy(i64),
    Standing(Standing),
}

impl Filter {
    fn of(survey: &Survey<'_>, lane: Lane, words: Option<&str>) -> Vec<Self> {
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
    fn matches(&self, schema: SchemaId, lane: Lane, values: &mut Values) -> String {
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
    fn test(&self, values: &mut Values) -> String {
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

/// A statement being put together.
struct Asking {
    from: String,
    tests: Vec<String>,
    values: Values,
}

impl Asking {
    /// The lines of a survey in one lane, by way of one of its filters or of an index.
    fn lines(survey: &Survey<'_>, lane: Lane, filters: &[Filter], by_way_of: Option<usize>) -> Self {
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
    fn beyond(&mut self, place: &Place, by: By, descending: bool) {
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

    fn sql(&self, what: &str, rest: &str) -> String {
        format!("SELECT {what} FROM {} WHERE {} {rest}", self.from, self.tests.join(" AND "))
    }
}

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

pub(super) fn read_line(row: &Row<'_>) -> rusqlite::Result<Line> {
    let moment = |index| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(index)?.map(Moment::from_micros));
    Ok(Line {
        entry: EntryId(row.get(0)?),
        locale: LocaleId(row.get(1)?),
        schema: SchemaId(row.get(2)?),
        standing: Standing::of(row.get(3)?),
        creator: Some(row.get(4)?).filter(|creator| *creator > 0),
        revision: RevisionId(row.get(5)?),
        title: row.get(6)?,
        slug: row.get(7)?,
        edited: Moment::from_micros(row.get(8)?),
        editor: row.get(9)?,
        went_live: moment(10)?,
        scheduled: moment(11)?,
        picture: row.get(12)?,
        author: row.get(13)?,
        folded: row.get(14)?,
        position: row.get(15)?,
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{By, Eyes, Standing, Survey};
    use crate::authoring::{Act, Authoring, NewItem, Signature, State};
    use crate::content::definition::{BLOG, Definition};
    use crate::content::entry::EntryId;
    use crate::content::locale::LocaleId;
    use crate::content::moment::Moment;
    use crate::content::schema::SchemaId;
    use crate::store::Store;

    /// Rows that are in one of two queries and not in the other.
    fn different(connection: &Connection, one: &str, other: &str) -> i64 {
        let sql = format!(
            "SELECT (SELECT count(*) FROM ({one} EXCEPT {other})) + (SELECT count(*) FROM ({other} EXCEPT {one}))"
        );
        connection.query_row(&sql, [], |row| row.get(0)).expect("counted")
    }

    fn assert_true(store: &Store, after: &str) {
        let connection = Connection::open(store.path()).expect("open");
        assert_eq!(
            different(&connection, "SELECT * FROM overview", "SELECT * FROM overview_now"),
            0,
            "lines after {after}"
        );
        let counted = "SELECT schema, lane, standing, creator, count(*) FROM overview GROUP BY 1, 2, 3, 4";
        assert_eq!(different(&connection, "SELECT * FROM tally WHERE lines <> 0", counted), 0, "counts after {after}");
    }

    fn titles(store: &Store, schema: SchemaId, standing: Option<Standing>) -> Vec<String> {
        let found = store.read(|read| {
            read.survey(&Survey {
                schema,
                eyes: Eyes::All,
                standing,
                words: None,
                filed: &[],
                locale: None,
                once: false,
                edited_by: None,
                by: By::Position,
                descending: false,
                after: None,
                before: None,
                limit: 10,
            })
        });
        found.expect("read").lines.into_iter().map(|line| line.title).collect()
    }

    #[test]
    fn lines_and_counts_follow_whatever_is_done() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = std::sync::Arc::new(Store::create(folder.path()).expect("a site"));
        let authoring = Authoring::new(store.clone(), "");
        let sign = || Signature::now("Ada");
        let define = |label: &str| {
            let text = format!(
                r#"{{"larder_schema": 1, "collections": [{{"key": "jars", "label": "{label}", "fields":
                    [{{"key": "name", "type": "short_text"}}, {{"key": "taste", "type": "short_text"}}]}}]}}"#
            );
            let definition = Definition::parse(&text).expect("a definition");
            let plan = authoring.plan_schema(&definition).expect("a plan");
            authoring.change_schema(definition, plan.model, true, sign()).expect("changed");
        };
        define("name");
        let schema = authoring.model().expect("a model").collection("jars").expect("jars").id;
        assert_ne!(schema, BLOG);
        let make = |name: &str, taste: &str| {
            let fields = serde_json::json!({"name": name, "taste": taste}).as_object().cloned();
            let contents = vec![crate::authoring::Sent { locale: LocaleId(0), fields }];
            let item = NewItem { schema, contents, state: State::Published };
            authoring.create_items(vec![item], sign()).expect("made")[0].id
        };
        let jars = [make("Plum", "sweet"), make("Quince", "sour")];
        assert_true(&store, "making");
        assert_eq!(titles(&store, schema, None), ["Plum", "Quince"]);
        for act in [
            Act::Unpublish,
            Act::Publish,
            Act::Archive,
            Act::Unarchive,
            Act::Schedule(Moment::from_micros(9_000_000_000_000_000)),
            Act::Delete,
        ] {
            let name = format!("{act:?}");
            let undo = authoring.act(jars[0], LocaleId(0), act.clone(), sign()).expect(&name);
            assert_true(&store, &name);
            if act == Act::Archive {
                assert_eq!(titles(&store, schema, None), ["Quince"]);
                assert_eq!(titles(&store, schema, Some(Standing::Archived)), ["Plum"]);
            }
            if act == Act::Publish {
                authoring.undo(undo, sign()).expect("undone");
                assert_true(&store, "undoing");
            }
        }
        authoring.undelete(jars[0], sign()).expect("back");
        define("taste");
        assert_true(&store, "another label");
        assert_eq!(titles(&store, schema, None), ["sweet", "sour"]);
        authoring.delete(jars[0], true, sign()).expect("deleted");
        authoring.purge_one(jars[0], sign()).expect("purged");
        assert_true(&store, "purging");
        assert!(store.read(|read| read.entry(EntryId(jars[0].0))).expect("read").is_none());
    }
}
