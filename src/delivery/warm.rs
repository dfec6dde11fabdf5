//! Warm from the first request on: which questions are kept is remembered across restarts, and the hottest
//! are answered before anybody asks.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::canonical::first_questions;
use super::query::Query;
use super::{Delivery, Error};

/// The list's name in a site's folder.
const FILE: &str = "warm.json";
/// The format of the list. Others are not read.
const FORMAT: u32 = 1;
/// How many questions are remembered: no more than can wait to be compressed.
const MOST: usize = 4_000;
/// How long answers are built before the first request is taken.
const LONGEST: Duration = Duration::from_secs(2);
/// How many of the newest entries are answered when there is no list.
const NEWEST: usize = 100;

/// What was made ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Warmed {
    /// How many answers.
    pub answers: usize,
    /// How long it took.
    pub took: Duration,
}

/// The list as it is written. Requests as they were sent are not in it: they hold tokens.
#[derive(Serialize)]
struct List<'a> {
    larder_warm: u32,
    queries: &'a [Query],
}

/// The list as it is read: a question this version does not know is left out.
#[derive(Deserialize)]
struct Remembered {
    larder_warm: u32,
    queries: Vec<Value>,
}

impl Delivery {
    /// Builds the answers that were hottest when the list was kept; without a list, the first pages of all
    /// lists and the newest entries. Stops when it has taken long enough or half of the memory. Blocks.
    ///
    /// # Errors
    /// The database's: what was built until then is kept.
    pub fn warm(&self) -> Result<Warmed, Error> {
        let began = Instant::now();
        let remembered = remembered_questions(&self.folder);
        let answers = self.store.read(|read| {
            let number = read.newest_change()?;
            let questions = match remembered {
                Some(questions) => questions,
                None => first_questions(read, NEWEST)?,
            };
            let mut answers = 0;
            for query in &questions {
                if began.elapsed() > LONGEST || self.cache.weight().bytes > self.budget / 2 {
                    break;
                }
                let answer = Arc::new(self.build_on(read, query)?);
                // What is gone meanwhile is not worth a place.
                if !answer.is_unknown() && self.cache.keep(query, answer.clone(), number).is_some() {
                    self.compressor.compress(&answer);
                    answers += 1;
                }
            }
            Ok::<_, Error>(answers)
        })?;
        Ok(Warmed { answers, took: began.elapsed() })
    }

    /// Writes the list of questions whose answers are kept, hottest first, unless it says the same already.
    /// Blocks.
    ///
    /// # Errors
    /// The disk's; the list that was there stays.
    pub fn remember_questions(&self) -> io::Result<()> {
        let queries = self.cache.hottest(MOST);
        let list = serde_json::to_vec(&List { larder_warm: FORMAT, queries: &queries })?;
        let mut written = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        if *written == list {
            return Ok(());
        }
        let mut file = tempfile::Builder::new().prefix(".tmp-warm-").tempfile_in(&self.folder)?;
        file.write_all(&list)?;
        file.persist(self.folder.join(FILE))?;
        *written = list;
        Ok(())
    }
}

/// The questions whose answers the process that serves the site in a folder keeps, or kept last, hottest
/// first; `None` without a list that this version can read.
pub fn remembered_questions(folder: &Path) -> Option<Vec<Query>> {
    let text = std::fs::read(folder.join(FILE)).ok()?;
    let list: Remembered = serde_json::from_slice(&text).ok()?;
    if list.larder_warm != FORMAT {
        return None;
    }
    let known = list.queries.into_iter().filter_map(|query| serde_json::from_value(query).ok());
    let questions: Vec<Query> = known.filter(|query: &Query| !query.is_preview()).take(MOST).collect();
    (!questions.is_empty()).then_some(questions)
}
