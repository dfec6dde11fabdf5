//! What a change has to say on the page that comes after it, when it was sent without scripts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Serialize;

use super::Dashboard;
use super::guard::Signed;

/// How many sessions may have something waiting. More than that never fetched their page.
const SESSIONS: usize = 1_000;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Note {
    /// A bold fact.
    pub(super) title: String,
    /// More.
    pub(super) detail: String,
    /// `ok`, `warn`, `error` or `info`.
    pub(super) kind: &'static str,
}

impl Note {
    /// What went well.
    pub(super) fn ok(title: impl Into<String>) -> Self {
        Self { title: title.into(), detail: String::new(), kind: "ok" }
    }
}

/// What waits for each session's next page. Lost when the process ends, as its pages are.
#[derive(Default)]
pub(super) struct Notes(Mutex<HashMap<String, Vec<Note>>>);

impl Notes {
    /// Leaves a message for a session, by the hash of its secret.
    pub(super) fn leave(&self, session: &str, note: Note) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= SESSIONS {
            waiting.clear();
        }
        waiting.entry(session.into()).or_default().push(note);
    }

    /// What waits for a session; it waits no more.
    pub(super) fn take(&self, session: &str) -> Vec<Note> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(session).unwrap_or_default()
    }
}

impl Dashboard {
    /// A page to go on with, which says what happened.
    pub(super) fn go_on(&self, signed: &Signed, to: &str, note: Note) -> Response {
        self.notes.leave(&signed.session.hash, note);
        Redirect::to(to).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::{Note, Notes};

    #[test]
    fn a_message_is_shown_once_and_to_its_own_session() {
        let notes = Notes::default();
        let note = Note { title: "a".into(), detail: String::new(), kind: "ok" };
        notes.leave("one", note.clone());
        assert!(notes.take("other").is_empty());
        assert_eq!(notes.take("one"), [note]);
        assert!(notes.take("one").is_empty());
    }
}
