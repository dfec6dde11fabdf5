//! What happened to an entry beside being written. Revisions say what it was; events, what became of it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::entry::{EntryId, RevisionId};
use super::locale::LocaleId;
use super::moment::Moment;

/// Something that happened to an entry in a locale. Never changed afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number; later events have larger ones.
    pub id: i64,
    /// To which entry.
    pub entry: EntryId,
    /// In which locale.
    pub locale: LocaleId,
    /// When.
    pub at: Moment,
    /// Who did it: a person's name, a token's name, `schedule`.
    pub by: String,
    /// What.
    pub kind: EventKind,
    /// The revision it concerns: what went live, what was taken off or dropped.
    pub revision: Option<RevisionId>,
    /// What was live before.
    pub previous: Option<RevisionId>,
    /// What only this kind of event has; see [`EventKind`].
    pub detail: Value,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// It went live. detail: `slug` and `published` of what was live before; by the clock,
    /// `planned` and `done`, which is later when the server was off.
    Published,
    /// It was taken off. detail: as above, by the clock.
    Unpublished,
    /// Publishing it was taken back.
    PublishUndone,
    /// It shall go live. detail: `at`.
    Scheduled,
    /// It shall not go live by itself any more.
    Unscheduled,
    /// It shall be taken off. detail: `at`.
    UnpublishScheduled,
    /// It shall not be taken off by itself any more.
    UnpublishUnscheduled,
    /// The clock could not publish it. detail: `planned` and `why`.
    Failed,
    /// Its draft was dropped.
    Discarded,
    /// Its writer asked for a review.
    ReviewAsked,
    /// The review is over without publishing.
    ReviewEnded,
    /// It was moved to the trash.
    Deleted,
    /// It was taken out of the trash.
    Undeleted,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::Published,
        Self::Unpublished,
        Self::PublishUndone,
        Self::Scheduled,
        Self::Unscheduled,
        Self::UnpublishScheduled,
        Self::UnpublishUnscheduled,
        Self::Failed,
        Self::Discarded,
        Self::ReviewAsked,
        Self::ReviewEnded,
        Self::Deleted,
        Self::Undeleted,
    ];

    /// The word it is stored as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Unpublished => "unpublished",
            Self::PublishUndone => "publish_undone",
            Self::Scheduled => "scheduled",
            Self::Unscheduled => "unscheduled",
            Self::UnpublishScheduled => "unpublish_scheduled",
            Self::UnpublishUnscheduled => "unpublish_unscheduled",
            Self::Failed => "failed",
            Self::Discarded => "discarded",
            Self::ReviewAsked => "review_asked",
            Self::ReviewEnded => "review_ended",
            Self::Deleted => "deleted",
            Self::Undeleted => "undeleted",
        }
    }

    /// The kind stored as this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What an event did to the answers that were kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// From taking the request to fresh answers in memory, in milliseconds.
    pub ms: f64,
    /// How many answers were built again.
    pub rebuilt: usize,
    /// How many were dropped.
    pub evicted: usize,
    /// The addresses of those that were built again, hottest first.
    pub urls: Vec<String>,
}

/// A draft whose writer waits for somebody to look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Whose draft.
    pub entry: EntryId,
    /// In which locale.
    pub locale: LocaleId,
    /// Who asked, by id.
    pub user: i64,
    /// Who asked, by name.
    pub by: String,
    /// Since when.
    pub at: Moment,
}
