//! Answers as they were at a moment. Never kept: what is made for them is only for who looks back.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::query::Query;
use super::{Answer, Delivery, Error, build};
use crate::content::moment::Moment;
use crate::store::Past;

/// How many entries, each of its locales counted, a site may have had for it to be asked so. As many are indexed in
/// some seconds.
pub const MOST_IN_THE_PAST: usize = 50_000;
/// How long the past of a site is held after the last question: whoever looks back asks more than once.
const HELD: Duration = Duration::from_secs(60);

/// The site as it was at a moment, while it is asked.
pub(super) struct HeldPast {
    at: Moment,
    /// The newest change when it was made: what is removed for good, or a new model, changes the past too.
    number: i64,
    past: Arc<Past>,
    asked: Instant,
}

/// What was answered then.
#[derive(Debug)]
pub struct Bygone {
    /// The answer.
    pub answer: Answer,
    /// Whether all that has happened since was recorded; else it is told from the history as far as that goes.
    pub exact: bool,
}

impl Delivery {
    /// Answers a question as it would have been answered at a moment, by today's content model; `None` when the site
    /// was larger than [`MOST_IN_THE_PAST`]. Blocks, the first time for seconds: one such question at a time.
    ///
    /// # Errors
    /// The database's.
    pub fn as_of(&self, query: &Query, at: Moment) -> Result<Option<Bygone>, Error> {
        let Some(past) = self.past_at(at)? else { return Ok(None) };
        let answer = past.read(|read| build(read, query, &self.public_url, &self.edge()))?;
        answer.compress();
        Ok(Some(Bygone { answer, exact: past.exact }))
    }

    /// Lets go of a past that nobody asks any more.
    pub fn forget_past(&self) {
        let mut held = self.held_past();
        if held.as_ref().is_some_and(|held| held.asked.elapsed() > HELD) {
            *held = None;
        }
    }

    fn past_at(&self, at: Moment) -> Result<Option<Arc<Past>>, Error> {
        let number = self.store.read(|read| read.newest_change())?;
        if let Some(held) = self.held_past().as_mut().filter(|held| (held.at, held.number) == (at, number)) {
            held.asked = Instant::now();
            return Ok(Some(held.past.clone()));
        }
        let Some(past) = self.store.past(at, MOST_IN_THE_PAST)?.map(Arc::new) else { return Ok(None) };
        *self.held_past() = Some(HeldPast { at, number, past: past.clone(), asked: Instant::now() });
        Ok(Some(past))
    }

    fn held_past(&self) -> MutexGuard<'_, Option<HeldPast>> {
        self.held_past.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
