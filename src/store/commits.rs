//! What has been committed, for whoever copies it elsewhere: they are woken, and if they want it so, nobody is
//! told that a change is saved before it is saved elsewhere too.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::error::Error;
use super::mandate::Mandate;
use super::writer::Job;

/// Counts the commits of this process.
#[derive(Default)]
pub struct Commits {
    state: Mutex<State>,
    changed: Condvar,
    mandate: Mandate,
}

#[derive(Default)]
struct State {
    count: u64,
    /// Whether reports wait for [`Commits::release`].
    held: bool,
    waiting: VecDeque<Waiting>,
}

/// Changes that are committed and not reported yet.
struct Waiting {
    commit: u64,
    since: Instant,
    jobs: Vec<Box<dyn Job>>,
}

impl Waiting {
    fn report(self, end: &Result<(), Error>) {
        for job in self.jobs {
            job.report(end.clone());
        }
    }
}

impl Commits {
    /// Tells the callers of changes how their transaction ended: at once, or when it was copied elsewhere.
    pub(super) fn report(&self, jobs: Vec<Box<dyn Job>>, end: Result<(), Error>) {
        let end = end.and_then(|()| self.mandate.confirm());
        let mut state = self.state();
        state.count += 1;
        let done = Waiting { commit: state.count, since: Instant::now(), jobs };
        if state.held && end.is_ok() {
            state.waiting.push_back(done);
            drop(state);
        } else {
            drop(state);
            done.report(&end);
        }
        self.changed.notify_all();
    }

    /// Whether this process may change the database at all.
    pub(super) fn mandate(&self) -> &Mandate {
        &self.mandate
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.state().count
    }

    /// Waits until there are more than `seen`, for no longer than `most`.
    pub fn wait(&self, seen: u64, most: Duration) {
        let waited = self.changed.wait_timeout_while(self.state(), most, |state| state.count == seen);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Ends the wait of whoever waits for more.
    pub fn wake(&self) {
        self.state().count += 1;
        self.changed.notify_all();
    }

    /// From here on changes are reported only when they were released; or at once again, and those that wait
    /// with an error.
    pub fn hold_back(&self, held: bool) {
        let mut state = self.state();
        state.held = held;
        let waiting = if held { VecDeque::new() } else { std::mem::take(&mut state.waiting) };
        drop(state);
        waiting.into_iter().for_each(|one| one.report(&not_copied("copying has ended")));
    }

    /// Reports what was committed up to here: it is saved elsewhere.
    pub fn release(&self, commit: u64) {
        self.take(|first| first.commit <= commit).for_each(|one| one.report(&self.mandate.confirm()));
    }

    /// Gives up on what has waited for longer than `most`.
    pub fn give_up(&self, most: Duration, why: &str) {
        self.take(|first| first.since.elapsed() > most).for_each(|one| one.report(&not_copied(why)));
    }

    fn take(&self, is_due: impl Fn(&Waiting) -> bool) -> std::vec::IntoIter<Waiting> {
        let mut state = self.state();
        let due = state.waiting.iter().take_while(|first| is_due(first)).count();
        state.waiting.drain(..due).collect::<Vec<_>>().into_iter()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn not_copied(why: &str) -> Result<(), Error> {
    Err(Error::Unknown(Arc::new(Error::NotCopied(why.to_owned()))))
}
