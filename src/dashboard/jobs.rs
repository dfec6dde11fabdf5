//! Work on many entries at once. It goes on when the browser leaves the page; what became of it is kept until
//! somebody has seen it, and longer while there is room.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::authoring::{Act, Undo, Wish};
use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::schema::{Schema, SchemaId};

/// How many jobs are kept.
const KEPT: usize = 100;
/// How many of one person's run at a time.
const RUNNING: usize = 3;

/// All jobs of this process, oldest first.
#[derive(Default)]
pub(super) struct Jobs {
    jobs: Mutex<VecDeque<Arc<Job>>>,
}

/// One thing done to many entries.
pub(super) struct Job {
    /// The word that the form carried: the same form sent twice is one job.
    pub(super) word: String,
    /// Whose.
    pub(super) user: i64,
    pub(super) schema: SchemaId,
    /// What is done.
    pub(super) act: Act,
    /// Where visitors of what goes are sent.
    pub(super) wish: Wish,
    progress: Mutex<Progress>,
}

/// How far a job has come.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    pub(super) items: Vec<Item>,
    /// Whether it is being undone, or was.
    pub(super) undoing: bool,
    pub(super) finished: bool,
    pub(super) seen: bool,
}

/// One entry of a job.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) entry: EntryId,
    pub(super) locale: LocaleId,
    pub(super) title: String,
    pub(super) href: String,
    pub(super) outcome: Outcome,
}

/// What became of an entry.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Waits,
    /// With what became of its visitors, in sentences.
    Done(Box<Undo>, String),
    Undone,
    /// A sentence says why not.
    Failed(String),
}

/// A job in one line, for the list it belongs to.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Note {
    word: String,
    summary: String,
    running: bool,
}

impl Jobs {
    /// The job of this person with this word.
    pub(super) fn find(&self, user: i64, word: &str) -> Option<Arc<Job>> {
        self.lock().iter().find(|job| job.user == user && job.word == word).cloned()
    }

    /// Adds a job, unless the same form was sent before; true when it is new. `None` when the person has too
    /// many running.
    pub(super) fn add(&self, job: Job) -> Option<(Arc<Job>, bool)> {
        let mut jobs = self.lock();
        if let Some(known) = jobs.iter().find(|known| known.user == job.user && known.word == job.word) {
            return Some((known.clone(), false));
        }
        if jobs.iter().filter(|known| known.user == job.user && !known.progress().finished).count() >= RUNNING {
            return None;
        }
        while jobs.len() >= KEPT {
            // One that was seen makes room first, one that runs never.
            let seen = jobs.iter().position(|job| job.progress().seen);
            let done = || jobs.iter().position(|job| job.progress().finished);
            let place = seen.or_else(done)?;
            jobs.remove(place);
        }
        let job = Arc::new(job);
        jobs.push_back(job.clone());
        Some((job, true))
    }

    /// A person's jobs on a list that run or that they have not seen the end of.
    pub(super) fn notes(&self, user: i64, schema: &Schema) -> Vec<Note> {
        let jobs = self.lock();
        let own = jobs.iter().filter(|job| job.user == user && job.schema == schema.id);
        let open = own.map(|job| (job, job.progress().clone())).filter(|(_, progress)| !progress.seen);
        open.map(|(job, progress)| Note {
            word: job.word.clone(),
            summary: job.summary(&progress),
            running: !progress.finished,
        })
        .collect()
    }

    /// Whether any has not come to its end.
    pub(super) fn run(&self) -> bool {
        self.lock().iter().any(|job| !job.progress().finished)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Job>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    pub(super) fn new(word: String, user: i64, schema: SchemaId, (act, wish): (Act, Wish), items: Vec<Item>) -> Self {
        let progress = Progress { items, undoing: false, finished: false, seen: false };
        Self { word, user, schema, act, wish, progress: Mutex::new(progress) }
    }

    pub(super) fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// "18 published, 2 need attention".
    pub(super) fn summary(&self, progress: &Progress) -> String {
        let count = |test: fn(&Outcome) -> bool| progress.items.iter().filter(|item| test(&item.outcome)).count();
        let all = progress.items.len();
        let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let waiting = count(|outcome| matches!(outcome, Outcome::Waits));
        let undone = count(|outcome| matches!(outcome, Outcome::Undone));
        if !progress.finished {
            let at = if progress.undoing { undone + failed } else { all - waiting };
            return format!("{at} of {all}");
        }
        let (done, word) =
            if progress.undoing { (undone, "taken back") } else { (all - failed - waiting, done_word(&self.act)) };
        let need = if failed == 1 { "needs" } else { "need" };
        match (done, failed) {
            (0, 0) => "There was nothing to do".into(),
            (done, 0) => format!("{done} {word}"),
            (0, failed) => format!("{failed} {need} attention"),
            (done, failed) => format!("{done} {word}, {failed} {need} attention"),
        }
    }
}

/// What was done, as in "18 published".
fn done_word(act: &Act) -> &'static str {
    match act {
        Act::Publish => "published",
        Act::Unpublish => "unpublished",
        Act::Schedule(_) => "scheduled",
        Act::Archive => "archived",
        Act::Unarchive => "brought back",
        Act::Delete => "moved to the trash",
        Act::File(_) | Act::Unfile(_) => "filed",
    }
}
