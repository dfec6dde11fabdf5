//! How an answer comes about: for developers who wonder why it is slow, old or large.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::query::Query;
use super::{Answer, Built, Delivery, Encoding, Error, shape, value_of};
use crate::store::Traced;

/// How an answer came about.
#[derive(Debug)]
pub(super) struct Explanation {
    pub(super) url: String,
    /// What the cache had for the question.
    pub(super) cache: &'static str,
    /// The newest change that the answer knows.
    pub(super) change: i64,
    pub(super) statements: Vec<Traced>,
    /// The stages in order, with their times.
    pub(super) stages: Vec<(&'static str, Duration)>,
}

/// An answer with its explanation.
#[derive(Debug)]
pub struct Explained {
    /// The answer's status.
    pub status: u16,
    /// The answer, and beside its members one that explains it.
    pub json: Value,
}

impl Delivery {
    /// Builds an answer anew, watching how it is done; what is kept is looked at and not touched. Reading
    /// the question took `parsing`. Blocks.
    ///
    /// # Errors
    /// The database's.
    pub fn explain(&self, query: &Query, parsing: Duration) -> Result<Explained, Error> {
        let (cache, looking) = timed(|| self.look_up(query));
        let (built, building) = timed(|| {
            self.store
                .read_traced(|read| Ok::<_, Error>((value_of(read, query, &self.public_url)?, read.newest_change()?)))
        });
        let ((Built { status, value, keys }, change), mut statements) = built?;
        // The last one only asked for the number of the change.
        statements.pop();
        let (answer, serialising) = timed(|| Answer::new(status, &value, &keys, &self.edge()));
        let ((), compressing) = timed(|| answer.compress());
        let stages = vec![
            ("parse", parsing),
            ("look_up", looking),
            ("build", building),
            ("serialise", serialising),
            ("compress", compressing),
        ];
        let explanation = Explanation { url: query.url(), cache, change, statements, stages };
        Ok(Explained { status, json: shape::explained(value, &answer, &explanation) })
    }

    fn look_up(&self, query: &Query) -> &'static str {
        if query.is_preview() {
            return "bypass";
        }
        if self.kept(query).is_some() { "hit" } else { "miss" }
    }
}

impl Answer {
    /// How many bytes it is in each encoding it has.
    pub(super) fn sizes(&self) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        Encoding::ALL.into_iter().filter_map(|encoding| Some((encoding.name(), self.encoded(encoding)?.len())))
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}
