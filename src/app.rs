//! The process that serves a site: it listens, starts the tasks and stops them.

mod clock;
mod connection;
mod group;
mod library;
mod patience;
mod server;
mod welcome;

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use crate::api::{self, Door};
use crate::config::Config;
use crate::dashboard::{self, Dashboard};
use crate::fetch::Fetch;
use crate::replica::group::Error as GroupError;
use crate::site::Site;
use crate::store;

pub use group::Following;

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

/// Serves a site until the process is asked to end; as a standby when it is told how to follow.
///
/// # Errors
/// When the site cannot be opened or the address not be listened on.
pub fn serve(config: &Config, following: Option<Following>) -> Result<(), Error> {
    let listen = |error| Error::Listen { address: config.listen.clone(), error };
    let listener = TcpListener::bind(&config.listen).map_err(listen)?;
    let address = format!("http://{}", listener.local_addr().map_err(listen)?);
    let public_url = config.public_url.as_deref().unwrap_or(&address);
    let reach = &config.reach;
    let fetch = Fetch::new(reach.allow_private_fetch.clone(), reach.name_server)
        .trusting(&reach.fetch_ca.clone().unwrap_or_default());
    let budget = u64::from(config.cache_mb) << 20;
    let mut site = Site::open_as(&config.data, public_url, budget, group::upkeep(config)?)?
        .reaching(fetch, Duration::from_secs(u64::from(reach.fetch_seconds)));
    warm(&site);
    let member = group::join(&mut site, config, following, &address)?;
    let clock = clock::Clock::start(&site)?;
    library::tidy(&site)?;
    let runtime = runtime(config.threads)?;
    let dashboard = site.dashboard();
    let mut said = format!("larder is listening on {address}\n");
    let leads = site.store.mandate().holds().is_ok();
    if let Some(setup) = leads.then(|| dashboard.first_run()).transpose()?.flatten() {
        said += &format!("Set it up here, with a code that works until larder is started again:\n{setup}\n");
    }
    let tending = runtime.spawn(site.intake.clone().tend());
    let outcome = runtime.block_on(answer(listener, door(&site, &dashboard), dashboard, &said));
    tending.abort();
    clock.stop();
    clock::remember_questions(&site.delivery);
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
fn door(site: &Site, dashboard: &Dashboard) -> Door {
    let api = site.api();
    let routes =
        api::routes(&api).merge(dashboard::routes(dashboard)).merge(welcome::routes(site.delivery.public_url()));
    Door::new(api, routes)
}

async fn answer(listener: TcpListener, door: Door, dashboard: Dashboard, said: &str) -> Result<(), Error> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut ended = Ended::watch()?;
    // At once: whoever waits for the first line may go away after it.
    io::stdout().write_all(said.as_bytes())?;
    let ended = async move {
        ended.wait().await;
        // Streams of events never end by themselves.
        dashboard.end_streams();
    };
    server::serve(listener, door, ended).await;
    Ok(())
}

/// The signals that end the process.
struct Ended {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Ended {
    fn watch() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
