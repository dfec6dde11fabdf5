//! Making what an address asks for, once however many ask at the same time, on threads of its own.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use quick_cache::sync::Cache;
use tokio::sync::watch;

use super::super::error::Refusal;
use super::ready::{Answered, Ready, Whole};
use crate::delivery::File;
use crate::media::decode::Unusable;
use crate::media::rendition::{Kept, Name, Renditions};
use crate::media::task::{Format, Tasks};
use crate::media::{Budget, Failure, Source, render};
use crate::work::{Undone, Work};

/// How many pictures may wait to be made: whoever comes later is told to come again.
const WAITING: usize = 64;
/// How much is remembered of what content asks for.
const REMEMBERED: usize = 4_096;
/// How long one waits for its turn. Ten large photos take a slow machine longer than most work may wait.
const PATIENCE: Duration = Duration::from_secs(60);

/// What makes pictures and keeps them.
pub struct Pictures {
    kept: Renditions,
    budget: Budget,
    work: Work,
    flights: Mutex<HashMap<Name, watch::Receiver<Landed>>>,
    ready: Ready,
    wanted: Cache<Wanted, ()>,
}

/// A picture's id, and what content asks to be done to it besides a known size.
type Wanted = (String, String);

/// How making a picture ended; `None` while it has not.
type Landed = Option<Result<Kept, Unmade>>;

/// A picture that somebody waits for.
#[derive(Clone)]
pub(super) struct Wish {
    pub(super) name: Name,
    pub(super) file: Arc<File>,
    pub(super) tasks: Tasks,
    pub(super) format: Format,
}

/// Why there is no picture.
#[derive(Clone, Debug)]
enum Unmade {
    /// The address makes no sense for this picture.
    Senseless(String),
    /// The original cannot be opened.
    Unusable(String),
    /// The original is not there.
    Gone,
    /// It was not tried, or broke off.
    Undone(Undone),
}

impl Pictures {
    /// Keeps what it makes in `kept`, and takes memory from `budget`.
    pub fn new(kept: Renditions, budget: Budget) -> Self {
        // Half of the processors at most: the others go on answering.
        let at_once = available_parallelism().map_or(1, NonZero::get).div_ceil(2);
        Self {
            kept,
            budget,
            work: Work::bounded(at_once, WAITING).waiting_for(PATIENCE),
            flights: Mutex::default(),
            ready: Ready::default(),
            wanted: Cache::new(REMEMBERED),
        }
    }

    /// The whole picture that a request was answered with before, if it is still in memory and no file has changed
    /// since. Never waits.
    pub(in crate::api) fn repeated(&self, line: &str, takes_webp: bool, turn: u64) -> Option<Whole> {
        let answered = self.ready.find(line, takes_webp, turn)?;
        let bytes = self.kept.at_hand(&answered.name)?;
        Some(Whole { headers: answered.headers.clone(), bytes })
    }

    /// Remembers what everybody who sends this request is answered with.
    pub(super) fn remember(&self, line: &str, takes_webp: bool, answered: Answered) {
        self.ready.put(line, takes_webp, answered);
    }

    /// Whether content was found to ask for this.
    pub(super) fn is_wanted(&self, wanted: &Wanted) -> bool {
        self.wanted.get(wanted).is_some()
    }

    /// Notes that content asks for this.
    pub(super) fn want(&self, wanted: Wanted) {
        self.wanted.insert(wanted, ());
    }

    /// What can be answered without waiting.
    pub(super) fn at_hand(&self, name: &Name) -> Option<Kept> {
        self.kept.at_hand(name).map(Kept::Bytes)
    }

    /// What is on disk. Blocks.
    pub(super) fn find(&self, name: &Name) -> Option<Kept> {
        self.kept.find(name)
    }

    /// The picture, made now unless somebody else is making it.
    pub(super) async fn make(self: &Arc<Self>, wish: Wish) -> Result<Kept, Refusal> {
        let mut landed = self.join(wish);
        let ended = landed.wait_for(Option::is_some).await.map(|landed| (*landed).clone());
        match ended.ok().flatten() {
            Some(made) => made.map_err(Refusal::from),
            None => Err(Refusal::internal()),
        }
    }

    /// A place among those who wait for a picture. The first one sets it going, for all: it does not stop when the
    /// first one leaves.
    fn join(self: &Arc<Self>, wish: Wish) -> watch::Receiver<Landed> {
        let mut flights = self.flights();
        match flights.entry(wish.name.clone()) {
            Entry::Occupied(flight) => flight.get().clone(),
            Entry::Vacant(place) => {
                let (landing, landed) = watch::channel(None);
                place.insert(landed.clone());
                let pictures = self.clone();
                tokio::spawn(async move {
                    let name = wish.name.clone();
                    let worker = pictures.clone();
                    let done = pictures.work.run(move || worker.made(&wish)).await;
                    pictures.flights().remove(&name);
                    landing.send_replace(Some(done.unwrap_or_else(|undone| Err(Unmade::Undone(undone)))));
                });
                landed
            }
        }
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<Name, watch::Receiver<Landed>>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn made(&self, wish: &Wish) -> Result<Kept, Unmade> {
        // It may have been made between the look at the disk and the place in the line.
        if let Some(kept) = self.kept.find(&wish.name) {
            return Ok(kept);
        }
        let Wish { name, file, tasks, format } = wish;
        let source = Source { path: &file.original, kind: &file.kind, focal: file.focal };
        let rendered = render(&source, tasks, *format, &self.budget)?;
        tracing::debug!(id = file.id, %tasks, bytes = rendered.bytes.len(), "a picture was made");
        Ok(Kept::Bytes(self.kept.keep(name, rendered)))
    }
}

impl From<Failure> for Unmade {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Senseless(why) => Self::Senseless(why),
            Failure::Unusable(Unusable::Unreadable(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                Self::Gone
            }
            Failure::Unusable(error) => Self::Unusable(error.to_string()),
        }
    }
}

impl From<Unmade> for Refusal {
    fn from(unmade: Unmade) -> Self {
        match unmade {
            Unmade::Senseless(why) => Self::general(&why),
            Unmade::Unusable(why) => Self::no_picture(&why),
            Unmade::Gone => Self::not_found(),
            Unmade::Undone(Undone::Busy) => Self::busy(),
            Unmade::Undone(Undone::Broken) => Self::internal(),
        }
    }
}
