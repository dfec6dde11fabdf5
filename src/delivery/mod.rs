//! From a question to ready bytes.
//!
//! Every answer is built on one snapshot by a [`recorder`] that notes the key of everything it looks
//! for, found or not. What an answer depends on is therefore read off it, never declared.

mod addresses;
mod answer;
mod body;
mod cache;
mod canonical;
mod collections;
mod compressed;
mod compressor;
mod counts;
mod difference;
mod edge;
mod explain;
mod feed;
mod file;
mod flight;
mod keyline;
mod links;
mod pages;
mod past;
mod picture_sizes;
mod posts;
mod query;
mod radius;
mod recorder;
mod redirects;
mod refresh;
mod refusal;
mod report;
mod sample;
mod shape;
mod slot;
mod target;
mod taxonomy;
#[cfg(test)]
mod tests;
mod url;
mod warm;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use arc_swap::ArcSwap;
use serde_json::Value;

use crate::content::entry::EntryId;
use crate::content::key::Key;
use crate::content::locale::LocaleId;
use crate::content::picture_sizes::PictureSizes;
use crate::content::schema::Model;
use crate::store::{self, Read, Store};

use cache::Cache;
use compressor::Compressor;
use file::Files;
use flight::Flights;
use past::HeldPast;
use refresh::{Followed, Missing};
use target::Targets;

pub use answer::{Answer, Encoding};
pub use cache::Weight;
pub use canonical::canonical_questions;
pub use counts::{Counts, Timings};
pub use difference::{Difference, differences};
pub use edge::Edge;
pub use explain::Explained;
pub use file::{FOLDER as MEDIA_FOLDER, File};
pub use flight::{Ticket, Wait};
pub use past::{Bygone, MOST_IN_THE_PAST};
pub use query::{
    ANY, Feed, FeedKind, ItemList, ItemLists, LEVELS, Look, MAX_LEVELS, MAX_PAGE_SIZE, OneItem, OnePage, OnePost,
    PAGE_SIZE, PageList, PageSearch, Paging, PostList, PostSearch, Query, Recent, Wanted,
};
pub use radius::{Comparison, Radius, Side, Sort, Touched, depending};
pub use refresh::Refreshed;
pub use refusal::Refusal;
pub use sample::sample;
pub use shape::detail;
pub use slot::Slot;
pub use target::Known;
pub use warm::{Warmed, remembered_questions};

/// How often a build is repeated when changes overtake it. After that its answer is given but not kept.
const ATTEMPTS: usize = 4;

/// The database did not answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] store::Error);

impl Error {
    /// What strangers may know of it.
    pub fn in_public(&self) -> &'static str {
        self.0.in_public()
    }
}

impl From<Error> for store::Error {
    fn from(error: Error) -> Self {
        error.0
    }
}

/// Answers questions about one site.
pub struct Delivery {
    store: Arc<Store>,
    /// The site's folder.
    folder: PathBuf,
    /// Where the site is reached, without a slash at the end.
    public_url: String,
    /// How much memory kept answers may take, in bytes.
    budget: u64,
    cache: Cache,
    targets: Targets,
    flights: Flights,
    files: Files,
    picture_sizes: ArcSwap<PictureSizes>,
    edge: ArcSwap<Edge>,
    compressor: Compressor,
    followed: Mutex<Followed>,
    missing: Missing,
    /// The list of kept questions as it was last written.
    list: Mutex<Vec<u8>>,
    held_past: Mutex<Option<HeldPast>>,
    counts: Counts,
}

impl Delivery {
    /// Answers from this store, whose files lie in `folder`, keeping about `budget` bytes of answers.
    ///
    /// # Errors
    /// The database's.
    pub fn open(
        store: Arc<Store>,
        folder: impl Into<PathBuf>,
        public_url: &str,
        budget: u64,
    ) -> Result<Self, store::Error> {
        let (newest, sizes, edge) = store.read(|read| {
            Ok::<_, store::Error>((read.newest_change()?, picture_sizes::read_from(read)?, edge::read_from(read)?))
        })?;
        Ok(Self {
            store,
            folder: folder.into(),
            public_url: public_url.trim_end_matches('/').into(),
            budget,
            cache: Cache::new(budget, newest),
            targets: Targets::new(budget / 16),
            flights: Flights::default(),
            files: Files::default(),
            picture_sizes: ArcSwap::from_pointee(sizes),
            edge: ArcSwap::from_pointee(edge),
            compressor: Compressor::start().map_err(store::Error::thread)?,
            followed: Mutex::new(Followed::up_to(newest)),
            missing: Missing::default(),
            list: Mutex::default(),
            held_past: Mutex::default(),
            counts: Counts::default(),
        })
    }

    /// The kept answer to a question, and the slot it sits in. Never waits.
    pub fn kept(&self, query: &Query) -> Option<(Arc<Slot>, Arc<Answer>)> {
        let slot = self.cache.find(query)?;
        let answer = self.cache.answer(&slot)?;
        Some((slot, answer))
    }

    /// A place among those who wait for an answer that is not kept, and for the first of them the duty
    /// to [`Delivery::land`] it.
    pub fn join(&self, query: &Query) -> (Wait, Option<Ticket>) {
        self.flights.join(query)
    }

    /// Builds an answer, keeps it, and hands it to everybody who waits for it. Blocks.
    pub fn land(&self, ticket: Ticket) {
        let began = Instant::now();
        let built = self.build_and_keep(&ticket).inspect_err(|error| self.store.note(&error.0));
        self.counts.builds.count(began.elapsed());
        ticket.land(built);
    }

    fn build_and_keep(&self, ticket: &Ticket) -> Result<Arc<Answer>, Error> {
        let query = ticket.query();
        if self.kept(query).is_some() {
            // Another build has landed since this one's asker looked. What is kept now is new enough only
            // for those who have joined by now.
            ticket.close();
            if let Some((_, answer)) = self.kept(query) {
                return Ok(answer);
            }
        }
        for _ in 1..ATTEMPTS {
            let (answer, number) = self.build_with_number(query)?;
            if let Some(slot) = self.cache.keep(query, answer, number) {
                ticket.close();
                // Not what was built, but what it has become: see `Ticket::close`.
                if let Some(current) = self.cache.answer(&slot) {
                    return Ok(current);
                }
            }
        }
        // Changes keep overtaking the builds. Built after the last one has joined, an answer is new enough for all.
        ticket.close();
        let (answer, number) = self.build_with_number(query)?;
        self.cache.keep(query, answer.clone(), number);
        Ok(answer)
    }

    /// Builds an answer, and tells the newest change it has seen.
    fn build_with_number(&self, query: &Query) -> Result<(Arc<Answer>, i64), Error> {
        let (answer, number) = self.store.read(|read| {
            let number = read.newest_change()?;
            Ok::<_, Error>((Arc::new(self.build_on(read, query)?), number))
        })?;
        answer.compress();
        Ok((answer, number))
    }

    /// Answers a question anew, without looking at what is kept and without keeping it. Blocks.
    ///
    /// # Errors
    /// The database's. What the content says no to is an answer too.
    pub fn answer(&self, query: &Query) -> Result<Answer, Error> {
        let answer = self.store.read(|read| self.build_on(read, query))?;
        answer.compress();
        Ok(answer)
    }

    /// Answers for somebody who may see the draft of one entry in one locale, and everything else as readers
    /// get it. Never kept. Blocks.
    ///
    /// # Errors
    /// The database's.
    pub fn preview(&self, query: &Query, entry: EntryId, locale: LocaleId) -> Result<Answer, Error> {
        let answer = self.store.read(|read| {
            let built = value_for(read, query, &self.public_url, Some((entry, locale)))?;
            Ok::<_, Error>(Answer::new(built.status, &built.value, &built.keys, &self.edge()))
        })?;
        answer.compress();
        Ok(answer)
    }

    /// Builds an answer on a snapshot.
    fn build_on(&self, read: &Read<'_>, query: &Query) -> Result<Answer, Error> {
        Ok(build(read, query, &self.public_url, &self.edge())?)
    }

    /// The content model, for descriptions of the API. Blocks.
    ///
    /// # Errors
    /// The database's.
    pub fn model(&self) -> Result<Arc<Model>, Error> {
        self.store.read(|read| Ok(read.model().clone()))
    }

    /// Whether questions can be answered. Blocks.
    ///
    /// # Errors
    /// The database's.
    pub fn is_ready(&self) -> Result<(), Error> {
        self.store.read(|read| read.newest_change().map(|_| ()).map_err(Error))
    }

    /// How much is kept.
    pub fn weight(&self) -> Weight {
        self.cache.weight()
    }

    /// How answers came about since the process began.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Where the site is reached, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }
}

/// Builds an answer on a snapshot, not compressed yet.
fn build(read: &Read<'_>, query: &Query, public_url: &str, edge: &Arc<Edge>) -> Result<Answer, store::Error> {
    let built = value_of(read, query, public_url)?;
    Ok(Answer::new(built.status, &built.value, &built.keys, edge))
}

/// What an answer says, and what it was made from.
struct Built {
    status: u16,
    value: Value,
    keys: BTreeSet<Key>,
}

fn value_of(read: &Read<'_>, query: &Query, public_url: &str) -> Result<Built, store::Error> {
    value_for(read, query, public_url, None)
}

fn value_for(
    read: &Read<'_>,
    query: &Query,
    public_url: &str,
    only: Option<(EntryId, LocaleId)>,
) -> Result<Built, store::Error> {
    let mut build = body::Build { recorder: recorder::Recorder::new(read), public_url, only };
    let value = build.value(query);
    let keys = build.recorder.into_keys();
    match value {
        Ok(value) => Ok(Built { status: 200, value, keys }),
        Err(body::Stop::Refused(refusal)) => {
            Ok(Built { status: refusal.status(), value: shape::detail(&refusal.to_string()), keys })
        }
        Err(body::Stop::Failed(error)) => Err(error),
    }
}
