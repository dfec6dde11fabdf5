//! A line of a list.

use rusqlite::Row;

use super::{By, Place, Standing};
use crate::content::entry::{EntryId, RevisionId};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::SchemaId;

pub(in crate::store) const LINE: &str = "o.entry, o.locale, o.schema, o.standing, o.creator, o.revision, o.title, o.slug, o.edited, \
     o.editor, o.went_live, o.scheduled, o.picture, o.author, o.folded, o.position";

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

    pub(super) fn compare(&self, other: &Self, by: By) -> std::cmp::Ordering {
        let first = match by {
            By::Edited => self.edited.cmp(&other.edited),
            By::Title => self.folded.as_bytes().cmp(other.folded.as_bytes()),
            By::Position => self.position.cmp(&other.position),
        };
        first.then((self.entry, self.locale).cmp(&(other.entry, other.locale)))
    }
}

pub(in crate::store) fn read_line(row: &Row<'_>) -> rusqlite::Result<Line> {
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
