//! Which lines are asked for, in which order, and the page that answers.

use super::{Eyes, Line, Standing};
use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::schema::SchemaId;

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
    /// The person with this id has saved a version.
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
    pub(super) fn path_and_id(self) -> (&'static str, i64) {
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
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Title => "folded",
            Self::Position => "position",
        }
    }

    pub(super) fn index(self) -> &'static str {
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
