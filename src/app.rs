//! The process that serves a site: it listens, starts the tasks and stops them.

mod certificate;
mod change;
mod clock;
mod connection;
mod duties;
mod group;
mod inherited;
mod library;
mod moved;
mod patience;
mod ports;
mod proxied;
mod role;
mod secured;
mod server;
mod signals;
mod successor;
mod welcome;

use std::cell::Cell;
use std::future::pending;
use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sd_notify::NotifyState;
use tokio::runtime::{Builder, Runtime};

use crate::api::{self, Api, Door};
use crate::auth::proxies::Proxies;
use crate::config::Config;
use crate::dashboard::{self, Dashboard};
use crate::fetch::Fetch;
use crate::replica::group::Error as GroupError;
use crate::site::Site;
use crate::store;
use crate::tls::Wrong;

use change::{Change, tell_systemd};
use clock::{Clock, remember_questions};
use duties::Duties;
use ports::Ports;
use server::Front;
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
    /// A socket was handed over that is for nothing.
    #[error(
        "two sockets were handed over (LISTEN_FDS); the second is for plain HTTP beside HTTPS, which is not spoken \
         without --tls-cert or --domain"
    )]
    SecondSocket,
    /// HTTPS cannot be spoken.
    #[error("{0} ({path})", path = .1.display())]
    Certificate(#[source] Wrong, PathBuf),
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
pub fn serve(config: &Config, mut inherited: Inherited, following: Option<Following>) -> Result<(), Error> {
    let program = config.leave.binary.clone().map_or_else(successor::own_path, std::path::absolute)?;
    let certificate = certificate::of(config)?;
    let ports = Ports::open(config, &mut inherited)?;
    let address = ports.address(config)?;
    let public_url = config.public_url.as_ref().unwrap_or(&address);
    let reach = &config.reach;
    let fetch = Fetch::new(reach.allow_private_fetch.clone(), reach.name_server)
        .trusting(&reach.fetch_ca.clone().unwrap_or_default());
    let budget = u64::from(config.cache_mb) << 20;
    let mut site = Site::open_as(&config.data, public_url, budget, group::upkeep(config)?)?
        .reaching(fetch.clone(), Duration::from_secs(u64::from(reach.fetch_seconds)))
        .purging(fetch.clone(), config.cdn_token.clone());
    site.certificate = certificate.as_ref().map(|certificate| certificate.board().clone());
    warm(&site);
    let member = group::join(&mut site, config, following, &address)?;
    // What is succeeded leads, and goes on doing so until this process answers.
    if let Some(member) = member.as_ref().filter(|_| inherited.predecessor.is_none()) {
        group::settle(&site, member);
    }
    let runtime = runtime(config.threads)?;
    let duties = Arc::new(Duties::of(&site, &config.data, fetch, runtime.handle().clone()));
    let clock = Clock::start(&site, duties.clone())?;
    let named = config.public_url.is_some() || !config.tls.domain.is_empty();
    let dashboard = site.dashboard().following_browsers(!named);
    let mut said = format!("larder is listening on {address}{}\n", ports.also()?);
    let leads = site.store.mandate().holds().is_ok();
    if let Some(setup) = leads.then(|| dashboard.first_run()).transpose()?.flatten() {
        said += &format!("Set it up here, with a code that works until larder is started again:\n{setup}\n");
    }
    let api = site.api();
    let change = Change {
        ports: ports.try_clone()?,
        program,
        leave: config.leave.clone(),
        delivery: site.delivery.clone(),
        duties: duties.clone(),
        overlaps: clock.overlaps(),
        leaving: api.leaving.clone(),
    };
    let front = Front {
        door: door(&site, api, &dashboard).behind(Proxies::new(config.front.trusted_proxy.clone())),
        secured: certificate.as_ref().map(|certificate| certificate::secured(config, certificate, public_url)),
        proxy_protocol: config.front.proxy_protocol,
    };
    if let Some(certificate) = certificate {
        certificate::keep(config, certificate, &site, duties.clone())?;
    }
    let outcome = runtime.block_on(answer(ports, front, dashboard, &said, change, inherited.predecessor));
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
    ports: Ports,
    front: Front,
    dashboard: Dashboard,
    said: &str,
    change: Change,
    predecessor: Option<Predecessor>,
) -> Result<(), Error> {
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
    server::serve(ports, Arc::new(front), leaving, told_again()).await?;
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
