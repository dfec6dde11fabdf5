//! Where a cached answer sits while it changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use arc_swap::ArcSwap;

use super::Answer;
use super::query::Query;

/// Where a cached answer sits while it changes.
pub struct Slot {
    /// Never given twice: whoever took another slot's place in the links would keep it from being refreshed.
    pub(super) id: u64,
    /// What it answers. Apart: requests that were answered before may keep a slot's own place for long.
    pub(super) query: Box<Query>,
    pub(super) versions: ArcSwap<Versions>,
    pub(super) hits: AtomicU32,
    /// It is being put back under another weight: what the cache pushes out is itself.
    pub(super) weighing: AtomicBool,
}

/// The answers of a slot on both sides of a change.
pub(super) struct Versions {
    /// The answer from change `since` on; `None` when it was dropped.
    pub(super) now: Option<Arc<Answer>>,
    pub(super) since: i64,
    /// The answer until then.
    pub(super) before: Option<Arc<Answer>>,
}

impl Versions {
    /// An answer that was always this one; `None` when there is none.
    pub(super) fn only(now: Option<Arc<Answer>>) -> Self {
        Self { now, since: i64::MIN, before: None }
    }
}

impl Slot {
    /// The place of an answer that was asked for once.
    pub(super) fn new(id: u64, query: Query, answer: Arc<Answer>) -> Self {
        let versions = ArcSwap::from_pointee(Versions::only(Some(answer)));
        Self { id, query: Box::new(query), versions, hits: AtomicU32::new(1), weighing: AtomicBool::new(false) }
    }

    /// The answer that readers see while `visible` is the newest change shown.
    pub(super) fn answer(&self, visible: i64) -> Option<Arc<Answer>> {
        let versions = self.versions.load();
        let answer = if versions.since <= visible { &versions.now } else { &versions.before };
        answer.clone()
    }

    /// How often it was asked for lately.
    pub(super) fn hits(&self) -> u32 {
        self.hits.load(Ordering::Relaxed)
    }
}
