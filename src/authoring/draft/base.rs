//! What has changed since the revision that a person saw.

use serde_json::Value;

use super::form::sheet_of;
use super::path::overlap;
use crate::content::entry::{Revision, RevisionId};
use crate::store::{Error, Read};

/// What a person saw when they made their changes.
pub(super) enum Base {
    /// What is there now.
    Newest,
    /// An earlier revision, or one that follows it closely: what differs between the two stands in `changed`.
    Earlier { sheet: Value, changed: Vec<String> },
    /// Nobody knows any more.
    Unknown,
}

impl Base {
    /// Finds the revision `seen`. One that later autosaves took the place of is followed to the first that is
    /// still there.
    pub(super) fn find(read: &Read<'_>, seen: Option<RevisionId>, newest: Option<&Revision>) -> Result<Self, Error> {
        let Some(newest) = newest else { return Ok(Self::Newest) };
        let Some(mut seen) = seen else { return Ok(Self::Unknown) };
        let mut changed = Vec::new();
        loop {
            if seen == newest.id && changed.is_empty() {
                return Ok(Self::Newest);
            }
            if let Some(revision) = read.revision(seen)? {
                let same = (revision.entry, revision.locale) == (newest.entry, newest.locale);
                return Ok(if same { Self::Earlier { sheet: sheet_of(&revision), changed } } else { Self::Unknown });
            }
            // Each took the place of an earlier one, so that this ends.
            let Some(folded) = read.folded(seen)?.filter(|folded| folded.next > seen) else {
                return Ok(Self::Unknown);
            };
            changed.extend(folded.paths);
            seen = folded.next;
        }
    }

    /// Whether what stands at `path` is known to be the same now; `then` finds it in the base.
    pub(super) fn is_unchanged(&self, path: &str, now: &Value, then: impl FnOnce(&Value) -> Option<Value>) -> bool {
        match self {
            Self::Newest => true,
            Self::Unknown => false,
            Self::Earlier { sheet, changed } => {
                !changed.iter().any(|other| overlap(path, other)) && then(sheet).as_ref() == Some(now)
            }
        }
    }
}
