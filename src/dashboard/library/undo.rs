//! Undoing what was done to files of the library.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;

use super::LIBRARY;
use crate::account::Right;
use crate::authoring::{Authoring, Error, MediaEdit, Signature};
use crate::content::media::FolderId;
use crate::dashboard::Dashboard;
use crate::dashboard::bulk::word;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;

/// How many changes can be undone, of all people together. The oldest is forgotten first.
const KEPT: usize = 500;

/// The routes of undoing.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/media/undo/{word}", post(undo))
}

/// What undoes a change of one file.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Bring it back.
    Restore(String),
    /// Give it the tags it had.
    Tags(String, Vec<String>),
    /// Put it where it lay.
    Move(String, Option<FolderId>),
}

/// What can be undone, while the process runs. What was deleted can be brought back from the trash all the same.
#[derive(Default)]
pub(in crate::dashboard) struct Undos(Mutex<VecDeque<Undo>>);

struct Undo {
    word: String,
    user: i64,
    steps: Vec<Step>,
}

impl Undos {
    /// Keeps how a person's change is undone, and says where that is asked for.
    pub(super) fn keep(&self, user: i64, steps: Vec<Step>) -> Option<String> {
        if steps.is_empty() {
            return None;
        }
        let word = word();
        let address = format!("{LIBRARY}/undo/{word}");
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back(Undo { word, user, steps });
        Some(address)
    }

    fn take(&self, user: i64, word: &str) -> Option<Vec<Step>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|undo| undo.user == user && undo.word == word)?;
        kept.remove(at).map(|undo| undo.steps)
    }
}

impl Step {
    fn need(&self) -> (Right, &'static str) {
        match self {
            Self::Restore(_) => (Right::Delete, "bring back what was deleted"),
            Self::Tags(..) | Self::Move(..) => (Right::WriteOwn, "change files of the library"),
        }
    }

    fn take(self, authoring: &Authoring, signature: Signature) -> Result<(), Error> {
        let edit = match self {
            Self::Restore(id) => return authoring.undelete_media(&id, signature).map(drop),
            Self::Tags(id, tags) => (id, MediaEdit { tags: Some(tags), ..MediaEdit::default() }),
            Self::Move(id, folder) => (id, MediaEdit { folder: Some(folder), ..MediaEdit::default() }),
        };
        authoring.edit_media(&edit.0, edit.1, signature).map(drop)
    }
}

async fn undo(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(word): Path<String>,
) -> Result<Response, Refused> {
    let steps = dashboard.undos.take(signed.user.id, &word).ok_or_else(|| {
        Refused::new(StatusCode::GONE, "gone", "This was undone already, or the server was started again since.")
    })?;
    for step in &steps {
        let (right, what) = step.need();
        signed.need(right, what)?;
    }
    let signature = signed.signature();
    let undone = move |authoring: &Authoring| {
        for step in steps {
            match step.take(authoring, signature.clone()) {
                // What has gone since, or lies where it is wanted, needs no undoing.
                Ok(()) | Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    };
    dashboard.change(undone).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
