//! From the site's folder to the place: file after file, each only where nothing lies yet.

use std::collections::VecDeque;
use std::sync::Arc;

use super::error::Error;
use super::local::Local;
use super::place::{Content, Level, Part, Place, Stored};
use super::plan::{Until, all, newest, plan};

/// Brings files to a place.
pub(super) struct Shipper {
    place: Arc<Place>,
    /// What is there already.
    pub(super) shipped: u64,
    /// Whether what is there and what will be brought does not lead to the newest state: it lacks the beginning or
    /// a part.
    pub(super) broken: bool,
    /// The newest file that lies here, which is kept when it is there.
    kept: Option<Part>,
    waiting: VecDeque<Part>,
}

impl Shipper {
    /// Sees what the place has, and whether what lies here follows it.
    pub(super) fn join(place: Arc<Place>, local: &Local, transaction: u64) -> Result<Self, Error> {
        let there = all(&place)?;
        let theirs = newest(&there);
        if theirs > transaction {
            return Err(Error::Ahead { place: place.address().to_string(), theirs, ours: transaction });
        }
        let mut shipper = Self { place, shipped: theirs, broken: false, kept: None, waiting: VecDeque::new() };
        let here = local.list()?;
        let mut follows = there.is_empty() || plan("", &there, Until::Latest).is_ok();
        for part in here {
            if part.span.last > theirs {
                follows &= part.span.first <= shipper.expected() + 1;
                shipper.waiting.push_back(part);
            } else {
                if part.span.last == theirs && !local.is_marker(part.span)? {
                    shipper.put(part, local)?;
                }
                shipper.keep(part, local)?;
            }
        }
        // An empty place has no beginning unless this is one.
        let begins = !there.is_empty() || shipper.waiting.front().is_some_and(|part| part.span.is_whole());
        shipper.broken = !(follows && begins);
        Ok(shipper)
    }

    fn expected(&self) -> u64 {
        self.waiting.back().map_or(self.shipped, |part| part.span.last)
    }

    /// Brings what lies here and is not there yet.
    pub(super) fn ship(&mut self, local: &Local) -> Result<(), Error> {
        let known = self.expected();
        self.waiting.extend(local.list()?.into_iter().filter(|part| part.span.last > known));
        while let Some(part) = self.waiting.front().copied() {
            self.put(part, local)?;
            self.shipped = part.span.last;
            self.waiting.pop_front();
            self.keep(part, local)?;
        }
        Ok(())
    }

    /// Puts a file there, or sees that it is there already and the very same.
    fn put(&self, part: Part, local: &Local) -> Result<(), Error> {
        let path = local.path(part.span);
        match self.place.put_new(Level::RAW, part.span, &Content::File(&path), part.time)? {
            Stored::Created | Stored::Same => Ok(()),
            Stored::Other => {
                let (place, file) = (self.place.address().to_string(), part.span.to_string());
                Err(Error::AnotherWriter { place, file })
            }
        }
    }

    /// Keeps a file that is there, instead of the one before it.
    fn keep(&mut self, part: Part, local: &Local) -> Result<(), Error> {
        match self.kept.replace(part) {
            Some(before) => local.remove(before.span),
            None => Ok(()),
        }
    }

    /// How much waits, in files and bytes.
    pub(super) fn backlog(&self) -> (usize, u64) {
        (self.waiting.len(), self.waiting.iter().map(|part| part.size).sum())
    }
}
