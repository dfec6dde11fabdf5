//! The process that serves a site: it listens, starts the tasks and stops them.

mod change;
mod clock;
mod connection;
mod duties;
mod group;
mod inherited;
mod library;
mod patience;
mod role;
mod server;
mod signals;
mod successor;
mod welcome;

use std::cell::Cell;
use std::future::pending;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sd_notify::NotifyState;
use tokio::runtime::{Builder, Runtime};

use crate::api::{self, Api, Door};
use crate::config::Config;
use crate::dashboard::{self, Dashboard};
use crate::fetch::Fetch;
use crate::replica::group::Error as GroupError;
use crate::site::Site;
use crate::store;

use change::{Change, tell_systemd};
use clock::{Clock, remember_questions};
use duties::Duties;
use signals::Signals;

pub use group::Following;
pub use inherited::{Inherited, Predecessor};
pub use role::{Serving, Upgrade};

/// How long work on many entries may go on once the last connection is closed.
const LAST_JOBS: Duration = Duration::from_secs(60);

/// Why the process cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The site cannot be opened.
    #[error(transparent)]
    Site(#[from] store::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Which.
        address: String,
        /// Why.
        error: io::Error,
    },
    /// The site cannot be copied elsewhere.
    #[error(transparent)]
    Replica(#[from] GroupError),
    /// The system refuses threads, signals or sockets.
    #[error("the system refuses what a server needs: {0}")]
    System(#[from] io::Error),
}

/// Serves a site until the process is asked to end, or another has taken its place; as a standby when it is told how
/// to follow.
///
/// # Errors
/// When the site cannot be opened or the address not be listened on.
pub fn serve(config: &Config, inherited: Inherited, following: Option<Following>) -> Result<(), Error> {
    let program = config.leave.binary.clone().map_or_else(successor::own_path, std::path::absolute)?;
    let listen = |error| Error::Listen { address: config.listen.clone(), error };
    let listener = inherited.listener.map_or_else(|| TcpListener::bind(&config.listen), Ok).map_err(listen)?;
    let address = format!("http://{}", listener.local_addr().map_err(listen)?);
    let public_url = config.public_url.as_deref().unwrap_or(&address);
    let reach = &config.reach;
    let fetch = Fetch::new(reach.allow_private_fetch.clone(), reach.name_server)
        .trusting(&reach.fetch_ca.clone().unwrap_or_default());
    let budget = u64::from(config.cache_mb) << 20;
    let mut site = Site::open_as(&config.data, public_url, budget, group::upkeep(config)?)?
        .reaching(fetch.clone(), Duration::from_secs(u64::from(reach.fetch_seconds)))
        .purging(fetch.clone(), config.cdn_token.clone());
    warm(&site);
    let member = group::join(&mut site, config, following, &address)?;
    // What is succeeded leads, and goes on doing so until this process answers.
    if let Some(member) = member.as_ref().filter(|_| inherited.predecessor.is_none()) {
        group::settle(&site, member);
    }
    let runtime = runtime(config.threads)?;
    let duties = Arc::new(Duties::of(&site, &config.data, fetch, runtime.handle().clone()));
    let clock = Clock::start(&site, duties.clone())?;
    let dashboard = site.dashboard();
    let mut said = format!("larder is listening on {address}\n");
    let leads = site.store.mandate().holds().is_ok();
    if let Some(setup) = leads.then(|| dashboard.first_run()).transpose()?.flatten() {
        said += &format!("Set it up here, with a code that works until larder is started again:\n{setup}\n");
    }
    let api = site.api();
    let change = Change {
        listener: listener.try_clone()?,
        program,
        leave: config.leave.clone(),
        delivery: site.delivery.clone(),
        duties: duties.clone(),
        overlaps: clock.overlaps(),
        leaving: api.leaving.clone(),
    };
    let door = door(&site, api, &dashboard);
    let outcome = runtime.block_on(answer(listener, door, dashboard, &said, change, inherited.predecessor));
    clock.stop();
    if duties.are_ours() {
        remember_questions(&site.delivery);
    }
    duties.give_up();
    // Whatever still waits for a slow client does not keep the process.
    runtime.shutdown_timeout(Duration::from_secs(1));
    if let Some(member) = member {
        member.stop();
    }
    outcome
}

/// Answers what will be asked first. A server that cannot do so serves all the same.
fn warm(site: &Site) {
    match catch_unwind(AssertUnwindSafe(|| site.delivery.warm())) {
        Ok(Ok(warmed)) => tracing::info!(answers = warmed.answers, took = ?warmed.took, "warm"),
        Ok(Err(error)) => tracing::warn!(%error, "not all that will be asked first could be answered"),
        // A panic has reported itself.
        Err(_) => {}
    }
}

fn runtime(threads: Option<NonZeroUsize>) -> io::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    if let Some(threads) = threads {
        builder.worker_threads(threads.get());
    }
    builder.enable_all().build()
}

/// Everything the process answers.
fn door(site: &Site, api: Api, dashboard: &Dashboard) -> Door {
    let routes =
        api::routes(&api).merge(dashboard::routes(dashboard)).merge(welcome::routes(site.delivery.public_url()));
    Door::new(api, routes)
}

async fn answer(
    listener: TcpListener,
    door: Door,
    dashboard: Dashboard,
    said: &str,
    change: Change,
    predecessor: Option<Predecessor>,
) -> Result<(), Error> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut signals = Signals::watch()?;
    // At once: whoever waits for the first line may go away after it, and need not be there for a second process.
    let _ = io::stdout().write_all(said.as_bytes());
    tell_systemd(&[NotifyState::Ready, NotifyState::MainPid(std::process::id())]);
    if let Some(predecessor) = predecessor {
        predecessor.tell_ready();
        change.overlap_with(predecessor);
    }
    let successor = Cell::new(None);
    let leaving = async {
        let (limit, heir) = change.leaving(&mut signals).await;
        successor.set(heir);
        // Streams of events never end by themselves.
        dashboard.end_streams();
        limit
    };
    server::serve(listener, door, leaving, told_again()).await;
    finish_jobs(&dashboard).await;
    Ok(())
}

/// Waits until an end is wanted; what was told before this begins to wait is not heard.
async fn told_again() {
    match Signals::watch() {
        Ok(mut signals) => drop(signals.end().await),
        Err(_) => pending().await,
    }
}

/// Waits for work that goes on without a request, which nobody would take up again.
async fn finish_jobs(dashboard: &Dashboard) {
    let began = Instant::now();
    while dashboard.is_at_work() && began.elapsed() < LAST_JOBS {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
