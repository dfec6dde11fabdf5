//! Following the primary: whatever it brings to the replica is applied here, while readers read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::local;
use super::super::ltx::Header;
use super::super::place::{Level, Part, Place, Span, Tag};
use super::super::plan::{Copied, all};
use super::super::progress::Silent;
use super::super::restore::open;
use super::duty::{Duty, Station};
use super::epoch::{self, Current};
use super::error::Error;
use super::lease::{self, Lease};
use super::lost::put_aside;
use super::own::Own;
use crate::content::moment::Moment;
use crate::replica;
use crate::store::Store;

/// How often everything in the replica is listed when the next file is not there: it may have been merged.
const LIST: Duration = Duration::from_secs(2);

/// A server that follows.
pub(super) struct Follower {
    pub(super) store: Arc<Store>,
    pub(super) folder: PathBuf,
    pub(super) root: Place,
    /// Where the epoch's files lie.
    place: Place,
    pub(super) own: Own,
    /// Whether it led in `own`'s epoch: what it has beyond the next one's beginning is put aside first.
    led: bool,
    pub(super) seen: Seen,
    listed: Option<Instant>,
    /// Whether the last list held nothing that leads on.
    stuck: bool,
    current_at: Option<Moment>,
}

/// What was last seen of the group.
pub(super) struct Seen {
    pub(super) current: Current,
    pub(super) current_tag: Option<Tag>,
    pub(super) lease: Option<(Lease, Tag)>,
    /// Since when the lease is as it is, by our own clock.
    pub(super) since: Instant,
}

impl Seen {
    /// Whether the primary may be taken for gone: it stops acknowledging changes before this is so.
    pub(super) fn is_abandoned(&self) -> bool {
        self.lease.as_ref().and_then(|(lease, _)| lease.patience()).is_some_and(|most| self.since.elapsed() >= most)
    }

    fn look(&mut self, root: &Place) -> Result<(), Error> {
        let lease = lease::find(root)?;
        let tag = |lease: &Option<(Lease, Tag)>| lease.as_ref().map(|(_, tag)| tag.clone());
        if tag(&lease) != tag(&self.lease) {
            self.since = Instant::now();
        }
        self.lease = lease;
        (self.current, self.current_tag) = epoch::current(root)?;
        Ok(())
    }
}

impl Follower {
    pub(super) fn new(store: Arc<Store>, folder: &Path, root: Place, own: Own) -> Result<Self, Error> {
        let (current, current_tag) = epoch::current(&root)?;
        let place = epoch::at(&root, own.epoch)?;
        let seen = Seen { current, current_tag, lease: None, since: Instant::now() };
        let led = own.follows.is_none();
        let folder = folder.to_owned();
        Ok(Self { store, folder, root, place, own, led, seen, listed: None, stuck: false, current_at: None })
    }

    /// The transaction that the database is at.
    pub(super) fn position(&self) -> u64 {
        self.own.follows.unwrap_or(0)
    }

    /// Sees who leads, and takes over what there is.
    pub(super) fn turn(&mut self, station: &Station) -> Result<(), Error> {
        self.seen.look(&self.root)?;
        let primary = self.seen.lease.as_ref().and_then(|(lease, _)| lease.whereabouts());
        self.store.mandate().follow(primary.clone());
        station.change(|report| (report.duty, report.primary) = (Duty::Standby, primary));
        self.enter_epoch(station)?;
        if self.led {
            return Ok(());
        }
        self.catch_up()?;
        if let Some((lease, _)) = self.seen.lease.as_ref().filter(|(lease, _)| lease.transaction <= self.position()) {
            self.current_at = self.current_at.max(Some(lease.at));
        }
        if self.stuck {
            return Err(Error::NothingFollows(self.position()));
        }
        station.change(|report| {
            (report.epoch, report.transaction) = (self.own.epoch, self.position());
            (report.current_at, report.error) = (self.current_at, None);
        });
        Ok(())
    }

    /// Applies all that there is.
    pub(super) fn catch_up(&mut self) -> Result<(), Error> {
        while let Some(header) = self.apply_next()? {
            self.current_at = self.current_at.max(Some(local::time_of(&header)));
        }
        Ok(())
    }

    /// Goes over to the epoch that the replica is in by now.
    fn enter_epoch(&mut self, station: &Station) -> Result<(), Error> {
        let current = &self.seen.current;
        if current.epoch <= self.own.epoch {
            return Ok(());
        }
        let strays = self.led || self.position() > current.from;
        if self.led {
            let lost = put_aside(&self.store, &self.folder, &self.place, self.own.epoch, current.from)?;
            station.change(|report| report.lost = lost.or(report.lost.take()));
        }
        self.place = epoch::at(&self.root, current.epoch)?;
        // Its own beginning is an image of everything, so that it does not matter how far this one had come.
        let own = Own { epoch: current.epoch, follows: Some(0), ..self.own.clone() };
        tracing::warn!(epoch = own.epoch, "another server has become the primary; it is followed from here on");
        if strays {
            self.apply_image(own)?;
        } else {
            own.write(&self.folder)?;
            self.own = own;
        }
        self.led = false;
        Ok(())
    }

    /// Applies an image of everything in place of a history that went another way.
    fn apply_image(&mut self, own: Own) -> Result<(), Error> {
        let before = std::mem::replace(&mut self.own, own);
        let applied = match self.listed_next() {
            Ok(Some(file)) => self.apply(&file).map(|_| ()),
            Ok(None) => Err(Error::NothingFollows(0)),
            Err(error) => Err(error),
        };
        if let Err(error) = applied {
            self.own = before;
            return Err(error);
        }
        // Numbers of changes are given anew: whatever was made of the other history is old.
        Ok(self.store.begin_anew()?)
    }

    fn apply_next(&mut self) -> Result<Option<Header>, Error> {
        let next = Span::one(self.position() + 1);
        let raw = Copied { level: Level::RAW, part: Part { span: next, size: 0, time: Moment::from_micros(0) } };
        match self.apply(&raw) {
            Err(error) if error.is_missing() => {}
            other => return other.map(Some),
        }
        let announced = self.seen.lease.as_ref().map_or(0, |(lease, _)| lease.transaction);
        let is_behind = announced > self.position() || self.position() == 0;
        if !is_behind || self.listed.is_some_and(|listed| listed.elapsed() < LIST) {
            return Ok(None);
        }
        match self.listed_next()? {
            Some(file) => self.apply(&file).map(Some),
            None => Ok(None),
        }
    }

    /// The file that leads on furthest, on whatever level.
    fn listed_next(&mut self) -> Result<Option<Copied>, Error> {
        let position = self.position();
        let leads_on = |file: &Copied| file.part.span.first <= position + 1 && file.part.span.last > position;
        let files = all(&self.place)?;
        self.listed = Some(Instant::now());
        self.stuck = !files.iter().any(leads_on) && files.iter().any(|file| file.part.span.last > position);
        Ok(files.into_iter().filter(leads_on).max_by_key(|file| file.part.span.last))
    }

    /// Applies one file as one transaction.
    fn apply(&mut self, file: &Copied) -> Result<Header, Error> {
        let mut decoder = open(&self.place, file, &Silent)?;
        let header = *decoder.header();
        let name = file.name();
        self.store.apply(header.commit, move |page| {
            decoder.next_page(page).map_err(|error| replica::Error::file(&name, error))
        })?;
        self.own.follows = Some(header.span.last);
        self.own.write(&self.folder)?;
        self.stuck = false;
        Ok(header)
    }
}
