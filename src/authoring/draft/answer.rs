//! What an editor is told after a save.

use std::collections::BTreeMap;

use serde::Serialize;

use super::merge::{Conflict, News};
use crate::authoring::Error;
use crate::authoring::checklist::blocking;
use crate::content::entry::{Entry, EntryId, Revision, RevisionId, Variant};
use crate::content::moment::Moment;
use crate::store::Read;

/// What would keep an entry from going live: sentences by path.
pub type Problems = BTreeMap<String, Vec<String>>;

/// A save of which everything that could be stored is stored.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Saved {
    pub(super) rev: RevisionId,
    pub(super) id: EntryId,
    pub(super) saved_at: Moment,
    /// `null` for items.
    pub(super) slug: Option<String>,
    pub(super) title: String,
    pub(super) status: &'static str,
    /// What could not be stored, and why.
    pub(super) refused: BTreeMap<String, String>,
    /// What was removed from HTML because it is dangerous.
    pub(super) cleaned: BTreeMap<String, Vec<&'static str>>,
    pub(super) problems: Problems,
    /// What others have changed since the base, where this save changed nothing: a form that goes on with
    /// the new `rev` must show it, or the next save would undo it unseen.
    pub(super) theirs: Vec<News>,
}

/// A save of which some was not stored because somebody else had changed the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Conflicted<'a> {
    pub(super) conflicts: &'a [Conflict],
    pub(super) rev: RevisionId,
    pub(super) saved: &'a Saved,
}

/// The word for an entry's state in a locale.
pub fn status(variant: Option<&Variant>) -> &'static str {
    match variant {
        Some(variant) if variant.scheduled.is_some() => "scheduled",
        Some(Variant { live: Some(_), draft: Some(_), .. }) => "changed",
        Some(Variant { live: Some(_), .. }) => "published",
        _ => "draft",
    }
}

/// What keeps a revision from going live in the dashboard.
pub(super) fn problems(read: &Read<'_>, entry: &Entry, revision: &Revision) -> Result<Problems, Error> {
    let mut problems = Problems::new();
    for problem in blocking(read, entry, revision)? {
        problems.entry(problem.path).or_default().push(problem.text);
    }
    Ok(problems)
}
