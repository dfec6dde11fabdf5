//! One server of a group: the thread that leads or follows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::super::media::{Receiving, Sending};
use super::super::place::{Address, Place, Trust};
use super::super::plan::Until;
use super::super::progress::Progress;
use super::super::restore::restore;
use super::super::status::Board;
use super::super::sync::{PATIENCE, Settings, Stop, Waiter};
use super::duty::{Duty, Station};
use super::epoch;
use super::error::Error;
use super::follow::Follower;
use super::lead::{Leader, Led};
use super::lease::Lessee;
use super::own::{Held, Own};
use super::promote::promote;
use super::request;
use crate::store::{FILE, Store};

/// How often it is asked whether another process has ended.
const ASK: Duration = Duration::from_millis(100);

/// How a server takes part.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Where the group's replica lies.
    pub root: Address,
    /// How its changes are copied while it leads; the address is that of the root.
    pub settings: Settings,
    /// Where this server is reached by people and programs that make changes.
    pub url: Option<String>,
    /// After how long without a word to the others a primary stops acknowledging changes; `None`: never.
    pub lease: Option<Duration>,
    /// How often a standby looks for what is new.
    pub poll: Duration,
    /// Whether a standby takes over by itself.
    pub takes_over: bool,
    /// Whether it begins as a standby.
    pub follows: bool,
}

/// One server of a group.
pub struct Member {
    stop: Arc<Stop>,
    threads: Vec<JoinHandle<()>>,
    station: Arc<Station>,
    board: Arc<Board>,
}

/// Brings a site's folder to where a standby can begin: from the replica when there is nothing, or when what is there
/// shall be moved aside.
///
/// # Errors
/// `NotAStandby` when a site is there that follows nobody; what is wrong with the replica.
pub fn prepare(folder: &Path, root: &Address, rebuild: bool, progress: &dyn Progress) -> Result<(), Error> {
    let is_there = folder.join(FILE).exists();
    if is_there && !rebuild {
        let own = Own::read(folder)?.filter(|own| own.place == root.to_string());
        return own.map(|_| ()).ok_or_else(|| Error::NotAStandby(folder.into()));
    }
    let address = root;
    let root = Place::open(address)?;
    let restored = restore(&root, Until::Latest, folder, rebuild, progress)?;
    Own::new(address, restored.epoch, Some(restored.transaction))?.write(folder)
}

impl Member {
    /// Starts the threads. Nothing is changed in the database before the place was asked whether this server leads. If
    /// it does not answer, and this server holds no lease, changes are taken all the same.
    ///
    /// # Errors
    /// When the system refuses threads.
    pub fn start(store: Arc<Store>, folder: &Path, terms: Terms) -> Result<Self, Error> {
        let (station, board) = (Arc::new(Station::open(folder)), Arc::new(Board::open(folder)));
        let stop = Arc::new(Stop::default());
        if terms.follows {
            store.mandate().follow(None);
        } else {
            store.mandate().lend(Instant::now());
        }
        station.change(|report| report.takes_over = terms.takes_over);
        let mut taking = Taking {
            store,
            folder: folder.into(),
            terms,
            station: station.clone(),
            board: board.clone(),
            stop: stop.clone(),
            trust: None,
        };
        let media = Media { taking: taking.clone(), sending: None, receiving: None };
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            thread::Builder::new().name(name.into()).spawn(run).map_err(|error| Error::disk(folder, error))
        };
        let threads = vec![
            spawn("larder-group", Box::new(move || taking.run()))?,
            spawn("larder-media", Box::new(move || media.run()))?,
        ];
        Ok(Self { stop, threads, station, board })
    }

    /// How this server stands.
    pub fn station(&self) -> &Arc<Station> {
        &self.station
    }

    /// How copying stands while it leads.
    pub fn board(&self) -> &Arc<Board> {
        &self.board
    }

    /// Copies the rest, when it leads, and ends.
    pub fn stop(self) {
        self.stop.set();
        for thread in self.threads {
            // A panic has reported itself.
            let _ = thread.join();
        }
    }
}

/// The thread's own.
#[derive(Clone)]
struct Taking {
    store: Arc<Store>,
    folder: PathBuf,
    terms: Terms,
    station: Arc<Station>,
    board: Arc<Board>,
    stop: Arc<Stop>,
    /// What is known of the store, once it was tried.
    trust: Option<Trust>,
}

/// What a server is doing.
enum Part {
    Begins,
    Leads(Box<Leader>),
    Follows(Box<Follower>),
}

impl Taking {
    fn run(&mut self) {
        let waiter = self.stop.waiter();
        let Some(_held) = self.hold(&waiter) else { return };
        let mut part = Part::Begins;
        loop {
            // A panic has reported itself.
            let turned = catch_unwind(AssertUnwindSafe(|| self.turn(&mut part)));
            match turned {
                Ok(Ok(())) | Err(_) => {}
                Ok(Err(error)) => self.failed(&error),
            }
            if waiter.wait(self.terms.poll) {
                break;
            }
        }
        // Who leads copies the rest; what waits even then was never copied.
        drop(part);
        self.store.commits().hold_back(false);
    }

    /// Waits until no other process plays this folder's part: the one before an upgrade ends soon.
    fn hold(&self, waiter: &Waiter) -> Option<Held> {
        loop {
            match Held::take(&self.folder) {
                Ok(Some(held)) => return Some(held),
                Ok(None) => {}
                Err(error) => self.failed(&error),
            }
            if waiter.wait(ASK) {
                return None;
            }
        }
    }

    fn failed(&self, error: &Error) {
        let says = error.to_string();
        if self.station.report().error.as_deref() != Some(&says) {
            tracing::error!(%error, "this server cannot do its part in its group");
        }
        self.station.change(|report| report.error = Some(says));
    }

    fn turn(&mut self, part: &mut Part) -> Result<(), Error> {
        match part {
            Part::Begins => {
                // Before the first change is taken: as long as nothing can be copied, none may be called copied.
                self.store.commits().hold_back(self.terms.settings.acknowledge);
                let begun = self.begin();
                if self.terms.lease.is_none() && !matches!(begun, Ok(Part::Follows(_))) {
                    self.store.mandate().free();
                }
                *part = begun.inspect_err(|error| self.store.commits().give_up(PATIENCE, &error.to_string()))?;
            }
            Part::Leads(leader) => {
                self.refuse_promotion()?;
                if matches!(leader.turn(&self.station)?, Led::Over) {
                    // Its folder says that it led, so that it begins as one that was taken over.
                    *part = Part::Begins;
                }
            }
            Part::Follows(follower) => {
                let followed = follower.turn(&self.station);
                if let Some(leader) = self.take_over(follower)? {
                    *part = Part::Leads(Box::new(leader));
                    return Ok(());
                }
                followed?;
            }
        }
        Ok(())
    }

    /// Sees what this server is.
    fn begin(&mut self) -> Result<Part, Error> {
        let root = Place::open(&self.terms.root)?;
        let current = epoch::current(&root).map(|(current, _)| current.epoch);
        let own = Own::read(&self.folder)?.filter(|own| own.place == self.terms.root.to_string());
        let Some(own) = own else {
            // A site that was restored from here goes on where it was restored from.
            Own::new(&self.terms.root, current?, None)?.write(&self.folder)?;
            return Ok(Part::Begins);
        };
        // When nobody can be asked, it goes on as before: without the lease it acknowledges nothing.
        if own.follows.is_none() && current.map_or(true, |current| own.epoch >= current) {
            let url = self.terms.url.clone().unwrap_or_default();
            let lessee = Lessee::new(root.clone(), own.epoch, own.node.clone(), url, self.terms.lease);
            let (store, terms) = (&self.store, &self.terms);
            let leader = Leader::begin(store, &self.folder, &root, own, lessee, terms, &self.board)?;
            return Ok(Part::Leads(Box::new(leader)));
        }
        self.store.mandate().follow(None);
        // What a standby is given lies in the replica already.
        self.store.commits().hold_back(false);
        self.station.change(|report| report.duty = Duty::Standby);
        let follower = Follower::new(self.store.clone(), &self.folder, root, own)?;
        Ok(Part::Follows(Box::new(follower)))
    }

    /// Takes over when that was asked for, or when the primary is gone and the store can decide between several that
    /// want to.
    fn take_over(&mut self, follower: &mut Follower) -> Result<Option<Leader>, Error> {
        let began = Instant::now();
        if let Some(request) = request::asked(&self.folder) {
            let trust = self.trust(&follower.root).ok();
            let outcome = promote(follower, &self.terms, trust, request.force, &self.board);
            let outcome = outcome.map(|leader| self.led(leader, began));
            let told = outcome.as_ref().map(|leader| leader.own.epoch).map_err(|error| Error::Told(error.to_string()));
            if let Err(error) = request::answer(&self.folder, request, &told, began.elapsed()) {
                self.failed(&error);
            }
            return outcome.map(Some);
        }
        if !self.terms.takes_over || !follower.seen.is_abandoned() {
            return Ok(None);
        }
        match self.trust(&follower.root)? {
            Trust::Decides => {}
            Trust::Ignores => return Err(Error::Lies),
            Trust::Local => return Err(Error::Local),
        }
        let leader = promote(follower, &self.terms, self.trust, false, &self.board)?;
        Ok(Some(self.led(leader, began)))
    }

    /// A leader that takes changes from here on, if the place still agrees.
    fn led(&self, mut leader: Leader, began: Instant) -> Leader {
        match leader.turn(&self.station) {
            Ok(_) => tracing::warn!(took = ?began.elapsed(), "this server is the primary"),
            Err(error) => self.failed(&error),
        }
        leader
    }

    fn trust(&mut self, root: &Place) -> Result<Trust, Error> {
        match self.trust {
            Some(trust) => Ok(trust),
            None => Ok(*self.trust.insert(root.probe()?)),
        }
    }

    fn refuse_promotion(&self) -> Result<(), Error> {
        match request::asked(&self.folder) {
            Some(asked) => request::answer(&self.folder, asked, &Err(Error::LeadsAlready), Duration::ZERO),
            None => Ok(()),
        }
    }
}

/// The thread that copies pictures and files: to the place while this server leads, from it while it follows.
struct Media {
    taking: Taking,
    sending: Option<Sending>,
    receiving: Option<Receiving>,
}

impl Media {
    fn run(mut self) {
        let waiter = self.taking.stop.waiter();
        let mut said = None;
        while !waiter.wait(self.taking.terms.poll) {
            // A panic has reported itself.
            let Ok(turned) = catch_unwind(AssertUnwindSafe(|| self.turn())) else { continue };
            let says = turned.err().map(|error| error.to_string());
            if let Some(error) = says.as_ref().filter(|_| says != said) {
                tracing::error!(%error, "pictures and files are not copied");
            }
            said = says;
        }
    }

    fn turn(&mut self) -> Result<(), Error> {
        let Taking { store, folder, terms, .. } = &self.taking;
        match self.taking.station.report().duty {
            Duty::Unknown => Ok(()),
            Duty::Primary => {
                self.receiving = None;
                let sending = match &mut self.sending {
                    Some(sending) => sending,
                    None => {
                        let root = Place::open(&terms.root)?;
                        self.sending.insert(Sending::new(root, folder, terms.settings.retention))
                    }
                };
                Ok(sending.turn()?)
            }
            Duty::Standby => {
                self.sending = None;
                let receiving = match &mut self.receiving {
                    Some(receiving) => receiving,
                    None => self.receiving.insert(Receiving::new(Place::open(&terms.root)?, folder)),
                };
                Ok(receiving.turn(store)?)
            }
        }
    }
}
