//! Pictures that were answered before, found by the request as it was sent: the door answers them without reading the
//! address or asking whether it may be asked for.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderMap;
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};

use crate::media::rendition::Name;

/// What all that is remembered may take in memory, about, in bytes. The pictures themselves are counted elsewhere.
const BUDGET: u64 = 6 << 20;
/// What the headers of an answer take, about.
const WEIGHT: u64 = 2 << 10;
/// The longest address that is remembered, in bytes.
const LONGEST: usize = 1_024;

/// A request as it was sent: path and query, and whether the client can show WebP.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Target {
    line: Box<str>,
    takes_webp: bool,
}

/// A [`Target`] to be looked for.
#[derive(Hash)]
struct Sought<'r> {
    line: &'r str,
    takes_webp: bool,
}

impl Equivalent<Target> for Sought<'_> {
    fn equivalent(&self, target: &Target) -> bool {
        self.takes_webp == target.takes_webp && *self.line == *target.line
    }
}

/// What a request was answered with.
pub(in crate::api) struct Answered {
    /// See `Delivery::files_turn`: read before anything that the answer follows from.
    pub(in crate::api) turn: u64,
    /// The picture.
    pub(in crate::api) name: Name,
    /// All headers of the whole picture.
    pub(in crate::api) headers: HeaderMap,
}

#[derive(Clone)]
struct ByLine;

impl Weighter<Target, Arc<Answered>> for ByLine {
    fn weight(&self, target: &Target, _answered: &Arc<Answered>) -> u64 {
        WEIGHT + target.line.len() as u64
    }
}

/// The requests that were answered.
pub(super) struct Ready(Cache<Target, Arc<Answered>, ByLine>);

impl Default for Ready {
    fn default() -> Self {
        Self(Cache::with_weighter(64, BUDGET, ByLine))
    }
}

impl Ready {
    /// How a request was answered, if nothing that matters has changed since.
    pub(super) fn find(&self, line: &str, takes_webp: bool, turn: u64) -> Option<Arc<Answered>> {
        self.0.get(&Sought { line, takes_webp }).filter(|answered| answered.turn == turn)
    }

    /// Remembers what a request was answered with.
    pub(super) fn put(&self, line: &str, takes_webp: bool, answered: Answered) {
        if line.len() <= LONGEST {
            self.0.insert(Target { line: line.into(), takes_webp }, Arc::new(answered));
        }
    }
}

/// A whole picture that can be sent at once.
pub(in crate::api) struct Whole {
    /// Its headers.
    pub(in crate::api) headers: HeaderMap,
    /// Its bytes.
    pub(in crate::api) bytes: Bytes,
}
