//! Which answers a change would make different, known before it is made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::difference::{Difference, differences};
use super::keyline::Touch;
use super::query::Query;
use super::{Answer, build};
use crate::content::key::Key;
use crate::content::post::Filing;
use crate::store::{Error, Read};

/// How many answers are compared at most: nobody can write meanwhile.
const MOST: usize = 2_000;
/// How long building one side may take.
const LONGEST: Duration = Duration::from_millis(500);

/// The answers that a change would make different.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Radius {
    /// Each of them, hottest first where that is known.
    pub answers: Vec<Touched>,
    /// How many more depend on what changes, but were not compared because there are too many.
    pub unexamined: usize,
}

/// An answer that would be different.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Touched {
    /// The address that asks for it, without a token.
    pub url: String,
    /// What it shows.
    pub kind: Sort,
    /// How it is.
    pub before: Side,
    /// How it would be.
    pub after: Side,
    /// What differs; `None` when that was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differences: Option<Vec<Difference>>,
}

/// An answer on one side of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Its status.
    pub status: u16,
    /// Its body's fingerprint.
    pub etag: String,
}

/// What answers show, in the order in which they are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Sort {
    Page,
    Post,
    Item,
    Author,
    Category,
    Tag,
    List,
    Search,
    Feed,
}

impl Sort {
    fn of(query: &Query) -> Self {
        match query {
            Query::Page(_) => Self::Page,
            Query::Post(_) => Self::Post,
            Query::Item(_) => Self::Item,
            Query::Author(..) => Self::Author,
            Query::Term(Filing::Category, ..) => Self::Category,
            Query::Term(Filing::Tag, ..) => Self::Tag,
            Query::PostSearch(_) | Query::PageSearch(_) => Self::Search,
            Query::Feed(_) | Query::RedirectFeed(_) => Self::Feed,
            Query::Posts(_)
            | Query::Authors(_)
            | Query::Terms(..)
            | Query::Pages(_)
            | Query::Collection(_)
            | Query::Collections(_)
            | Query::Redirects(_) => Self::List,
        }
    }

    /// One of them and several.
    fn nouns(self) -> (&'static str, &'static str) {
        match self {
            Self::Page => ("page", "pages"),
            Self::Post => ("post", "posts"),
            Self::Item => ("item", "items"),
            Self::Author => ("author", "authors"),
            Self::Category => ("category", "categories"),
            Self::Tag => ("tag", "tags"),
            Self::List => ("list", "lists"),
            Self::Search => ("search", "searches"),
            Self::Feed => ("feed", "feeds"),
        }
    }

    fn counted(self, count: usize) -> String {
        let (one, several) = self.nouns();
        format!("{count} {}", if count == 1 { one } else { several })
    }
}

impl Radius {
    /// How many answers there are of each sort.
    pub fn counts(&self) -> BTreeMap<Sort, usize> {
        self.answers.iter().fold(BTreeMap::new(), |mut counts, touched| {
            *counts.entry(touched.kind).or_default() += 1;
            counts
        })
    }
}

impl fmt::Display for Radius {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.answers.len() {
            0 => f.write_str("changes no answers")?,
            1 => f.write_str("changes 1 answer: ")?,
            count => write!(f, "changes {count} answers: ")?,
        }
        let counted: Vec<String> = self.counts().into_iter().map(|(sort, count)| sort.counted(count)).collect();
        f.write_str(&counted.join(", "))?;
        if self.unexamined > 0 {
            write!(f, " ({} more that depend on it were not compared)", self.unexamined)?;
        }
        Ok(())
    }
}

impl Serialize for Radius {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Told<'a> {
            summary: String,
            counts: BTreeMap<&'static str, usize>,
            unexamined: usize,
            answers: &'a [Touched],
        }
        let counts = self.counts().into_iter().map(|(sort, count)| (sort.nouns().1, count)).collect();
        Told { summary: self.to_string(), counts, unexamined: self.unexamined, answers: &self.answers }
            .serialize(serializer)
    }
}

/// The questions among these whose answers carry one of the keys.
///
/// # Errors
/// The database's.
pub fn depending(
    read: &Read<'_>,
    public_url: &str,
    questions: Vec<Query>,
    keys: &BTreeSet<Key>,
) -> Result<Vec<Query>, Error> {
    let (touch, unsent, mut found) = (Touch::of(keys), Arc::default(), Vec::new());
    for query in questions {
        let answer = build(read, &query, public_url, &unsent)?;
        if answer.is_touched(&touch) {
            found.push(query);
        }
    }
    Ok(found)
}

/// Answers to be compared on both sides of a change.
pub struct Comparison {
    /// The questions, the most important first.
    pub questions: Vec<Query>,
    /// Where the site is reached, without a slash at the end.
    pub public_url: String,
    /// Whether to tell what differs, and not only that something does.
    pub differences: bool,
}

impl Comparison {
    /// The answers after the change, as many as there is time for.
    ///
    /// # Errors
    /// The database's.
    pub fn after(&self, read: &Read<'_>) -> Result<Vec<Answer>, Error> {
        let (began, unsent) = (Instant::now(), Arc::default());
        let in_time = self.questions.iter().take(MOST).take_while(|_| began.elapsed() < LONGEST);
        in_time.map(|query| build(read, query, &self.public_url, &unsent)).collect()
    }

    /// What differs between the answers as they are and as they were after the change.
    ///
    /// # Errors
    /// The database's.
    pub fn before(&self, read: &Read<'_>, after: &[Answer]) -> Result<Radius, Error> {
        let unsent = Arc::default();
        let mut radius = Radius { unexamined: self.questions.len() - after.len(), ..Radius::default() };
        for (query, after) in self.questions.iter().zip(after) {
            let before = build(read, query, &self.public_url, &unsent)?;
            if (before.status, before.etag()) != (after.status, after.etag()) {
                radius.answers.push(self.touched(query, &before, after));
            }
        }
        Ok(radius)
    }

    fn touched(&self, query: &Query, before: &Answer, after: &Answer) -> Touched {
        let side = |answer: &Answer| Side { status: answer.status, etag: answer.etag().to_owned() };
        Touched {
            url: query.url(),
            kind: Sort::of(query),
            before: side(before),
            after: side(after),
            differences: self.differences.then(|| differences(&json(before), &json(after))),
        }
    }
}

/// The answer as data. We made it of JSON, so it is.
fn json(answer: &Answer) -> Value {
    serde_json::from_slice(answer.body()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Radius, Side, Sort, Touched};

    #[test]
    fn a_radius_is_said_in_a_sentence() {
        let touched = |kind| {
            let side = Side { status: 200, etag: String::new() };
            Touched { url: String::new(), kind, before: side.clone(), after: side, differences: None }
        };
        let said = |sorts: &[Sort], unexamined| {
            Radius { answers: sorts.iter().map(|sort| touched(*sort)).collect(), unexamined }.to_string()
        };
        assert_eq!(said(&[], 0), "changes no answers");
        assert_eq!(said(&[Sort::Page], 0), "changes 1 answer: 1 page");
        let several = [Sort::List, Sort::Page, Sort::List];
        assert_eq!(
            said(&several, 2),
            "changes 3 answers: 1 page, 2 lists (2 more that depend on it were not compared)"
        );
    }
}
