//! Noting what happened to an entry, in the transaction in which it does.

use serde_json::{Value, json};

use super::{Error, Signature};
use crate::content::entry::{RevisionId, Variant};
use crate::content::event::{Event, EventKind};
use crate::store::Write;

/// An event to be noted.
pub(super) struct Happened {
    pub(super) kind: EventKind,
    /// What it concerns.
    pub(super) revision: Option<RevisionId>,
    /// What was live before.
    pub(super) previous: Option<RevisionId>,
    pub(super) detail: Value,
}

impl Happened {
    /// Something about a revision, with nothing else to tell.
    pub(super) fn to(revision: Option<RevisionId>, kind: EventKind) -> Self {
        Self { kind, revision, previous: None, detail: json!({}) }
    }

    /// Notes it and returns its number.
    pub(super) fn note(self, write: &mut Write<'_>, variant: &Variant, signature: &Signature) -> Result<i64, Error> {
        let event = Event {
            id: 0,
            entry: variant.entry,
            locale: variant.locale,
            at: signature.at,
            by: signature.by.clone(),
            kind: self.kind,
            revision: self.revision,
            previous: self.previous,
            detail: self.detail,
        };
        Ok(write.add_event(&event)?)
    }
}
