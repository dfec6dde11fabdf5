//! Pages, items and posts: what they have in common.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::locale::LocaleId;
use super::moment::Moment;
use super::schema::SchemaId;

/// A page, an item or a post. Unique over the whole site and never changed; collection items show it as
/// `meta.id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub i64);

/// A saved copy of one entry in one locale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RevisionId(pub i64);

/// What an entry is in all its locales.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name in references, for ever.
    pub id: EntryId,
    /// The page type, single page, collection or blog it belongs to.
    pub schema: SchemaId,
    /// The URL name in force; `None` for items.
    pub slug: Option<String>,
    /// A URL name that a draft asks for and the next publish brings into force.
    pub draft_slug: Option<String>,
    /// When it was made.
    pub created: Moment,
    /// Its place in a collection's manual order.
    pub position: i64,
    /// When it was deleted, if it is.
    pub deleted: Option<Moment>,
    /// Who deleted it: a person's or token's name.
    pub deleted_by: Option<String>,
    /// When it was put aside, if it is: shown to nobody but in the list of what is archived.
    pub archived: Option<Moment>,
    /// The post that this post is a translation of.
    pub group: Option<EntryId>,
    /// The person who began it in the dashboard; `None` for programs and imports.
    pub creator: Option<i64>,
}

/// An entry in one locale: which revision is live, which is the draft, and when things happen.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Whose variant.
    pub entry: EntryId,
    /// In which locale.
    pub locale: LocaleId,
    /// What readers get.
    pub live: Option<RevisionId>,
    /// The newest revision that is not live.
    pub draft: Option<RevisionId>,
    /// When it first went live since it was last off; `None` when it is not live.
    pub published: Option<Moment>,
    /// When the live revision went live, or the draft was saved if nothing is live.
    pub updated: Moment,
    /// When the draft will go live.
    pub scheduled: Option<Moment>,
    /// Whether visitors of the address so far are sent to the new one when the draft goes live at that time.
    pub along: bool,
    /// When the live revision will be taken off.
    pub unpublish: Option<Moment>,
    /// Where its visitors are sent then.
    pub send_to: Option<String>,
}

/// A saved copy, never edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// Its number.
    pub id: RevisionId,
    /// Whose.
    pub entry: EntryId,
    /// In which locale.
    pub locale: LocaleId,
    /// The page's name or the post's title; empty for items.
    pub name: String,
    /// The slug it was saved with; `None` for items.
    pub slug: Option<String>,
    /// The values by field id: `{"12": "Welcome"}`. Ids, because renaming a field must not touch content.
    pub fields: Value,
    /// When it was saved.
    pub at: Moment,
    /// Who saved it: a person's name, a token's name.
    pub by: String,
    /// What for: `created`, `edited`, `restored from 12`.
    pub why: String,
    /// What made it.
    pub kind: Origin,
    /// What a person called it, to find it again.
    pub named: Option<String>,
}

/// What made a revision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A person who saved on purpose.
    #[default]
    Edit,
    /// The editor, while a person was writing. Later ones take the place of earlier ones.
    Autosave,
    /// Publishing: it was live once.
    Published,
    /// Going back to an earlier revision.
    Restored,
    /// Publishing at a set time.
    Scheduled,
    /// An archive or another system.
    Import,
    /// A program with a write token, or the command line.
    Api,
}

impl Origin {
    /// All origins.
    pub const ALL: [Self; 7] =
        [Self::Edit, Self::Autosave, Self::Published, Self::Restored, Self::Scheduled, Self::Import, Self::Api];

    /// The word the database uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Autosave => "autosave",
            Self::Published => "published",
            Self::Restored => "restored",
            Self::Scheduled => "scheduled",
            Self::Import => "import",
            Self::Api => "api",
        }
    }

    /// The origin with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == word)
    }
}

/// What a version of an entry is to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not live.
    Draft,
    /// Live.
    Published,
    /// Not live yet, with a time set.
    Scheduled,
}

impl Status {
    /// The word the API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Scheduled => "scheduled",
        }
    }
}

/// Which version of everything a reader sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum View {
    /// Published revisions only.
    Live,
    /// The newest revision of everything, drafts and scheduled ones included.
    Newest,
}

impl View {
    /// `Newest` for previews.
    pub fn preview(preview: bool) -> Self {
        if preview { Self::Newest } else { Self::Live }
    }
}

/// One entry as a reader sees it in one locale and view.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The entry.
    pub entry: Entry,
    /// The revision shown.
    pub revision: Revision,
    /// Its status.
    pub status: Status,
    /// When the entry first went live; the live one's date for a draft over it.
    pub published: Option<Moment>,
    /// When this revision was saved or went live.
    pub updated: Moment,
    /// When it will go live.
    pub scheduled: Option<Moment>,
}

impl Version {
    /// The slug a reader of this version sees: a draft shows the one it asks for.
    pub fn slug(&self) -> &str {
        self.revision.slug.as_deref().or(self.entry.slug.as_deref()).unwrap_or_default()
    }
}

/// Which revisions a variant shows in each view, with everything needed to find them again.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What readers get.
    pub live: Option<Version>,
    /// What previews get: the draft, else the live one.
    pub newest: Option<Version>,
}

impl Variant {
    /// The versions that `live` and `draft`, this variant's revisions, make; nothing of an entry that is deleted
    /// or archived.
    pub fn shown(&self, entry: &Entry, live: Option<Revision>, draft: Option<Revision>) -> Shown {
        if entry.deleted.is_some() || entry.archived.is_some() {
            return Shown { live: None, newest: None };
        }
        let live = live.map(|revision| Version {
            entry: entry.clone(),
            // The live slug is the entry's: another locale's publish may have changed it since.
            revision: Revision { slug: entry.slug.clone(), ..revision },
            status: Status::Published,
            published: self.published,
            updated: self.updated,
            scheduled: None,
        });
        let newest = draft.map(|revision| Version {
            entry: entry.clone(),
            status: if self.scheduled.is_some() { Status::Scheduled } else { Status::Draft },
            published: self.published,
            updated: revision.at,
            scheduled: self.scheduled,
            revision,
        });
        Shown { newest: newest.or_else(|| live.clone()), live }
    }
}
