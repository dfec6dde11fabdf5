//! `larder replicate`

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;

use super::failure::Failure;
use super::place::Place;
use super::status;
use super::terminal::note;
use crate::replica::group::copies_to;
use crate::replica::place::Address;
use crate::replica::{Error, Replicator, Settings, copy_once, read_status};
use crate::store::{Role, Store, Upkeep};

/// Copy a site that is not served, or not copied by its server, to a place
///
/// Runs until it is ended, or copies once what is not copied yet. `larder serve --replica` does the same while it serves.
/// Only one process copies a site at a time.
#[derive(Args)]
pub(super) struct Replicate {
    #[command(flatten)]
    place: Place,

    /// Where to: `file:///mnt/backup/site` or `s3://bucket/site`
    #[arg(long, value_name = "URL")]
    replica: Address,

    /// Copy what is not copied yet, then end
    #[arg(long)]
    once: bool,

    /// Go on from whatever the place has, although it has changes that this site does not know: those are kept there, and
    /// this site's state follows them. End every other server that copies to it first
    #[arg(long, requires = "once")]
    take_over: bool,

    /// With --once: restore the replica afterwards and compare it with the database, page by page
    #[arg(long, requires = "once")]
    verify: bool,

    /// With --once: print the status as JSON
    #[arg(long, requires = "once")]
    json: bool,
}

impl Replicate {
    pub(super) fn run(self) -> Result<(), Failure> {
        let store = Arc::new(Store::open_as(&self.place.data, Upkeep::Left)?);
        let address = copies_to(&self.place.data, &self.replica).map_err(|error| Failure::said(error.to_string()))?;
        let settings = Settings::to(address);
        if self.once {
            let board = copy_once(&store, &self.place.data, &settings, self.take_over, self.verify)?;
            return status::show(&board.status(), &self.place.data, self.json);
        }
        self.go_on(store, settings)
    }

    fn go_on(&self, store: Arc<Store>, settings: Settings) -> Result<(), Failure> {
        if Role::is_held(&self.place.data) {
            return Err(Error::RoleTaken.into());
        }
        let ended = end_signal()?;
        let replicator = Replicator::start(store.clone(), &self.place.data, settings)?;
        note(format_args!("copying to {}; ends with Ctrl-C", self.replica));
        let mut said = None;
        while !ended.load(Ordering::Acquire) {
            std::thread::sleep(Duration::from_millis(200));
            // What a server does five times a second.
            let trouble = store.tend().err().map(|error| error.to_string()).or(replicator.board().status().error);
            if trouble != said
                && let Some(trouble) = &trouble
            {
                note(trouble);
            }
            said = trouble;
        }
        replicator.stop();
        match read_status(&self.place.data).and_then(|status| status.error) {
            Some(error) => Err(Failure::said(error)),
            None => Ok(()),
        }
    }
}

/// Becomes true when the process is asked to end.
fn end_signal() -> Result<Arc<AtomicBool>, Failure> {
    let ended = Arc::new(AtomicBool::new(false));
    let set = ended.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut terminate, mut interrupt) = {
        use tokio::signal::unix::{SignalKind, signal};
        let _inside = runtime.enter();
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    std::thread::Builder::new().name("larder-signals".into()).spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        });
        set.store(true, Ordering::Release);
    })?;
    Ok(ended)
}
