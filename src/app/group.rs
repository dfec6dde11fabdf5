//! This server among those that share a replica.

use std::thread;
use std::time::{Duration, Instant};

use super::Error;
use crate::config::Config;
use crate::replica::group::{Member, Terms, follows_at};
use crate::site::Site;
use crate::store::{self, Upkeep};

/// How often a primary looks whether it is time to say that it lives.
const LOOK: Duration = Duration::from_millis(200);

/// How long a start waits to know whether this server leads: until then it would refuse changes. A place that is slower
/// than that does not keep readers waiting.
const SETTLING: Duration = Duration::from_secs(5);
/// How often it looks.
const SOON: Duration = Duration::from_millis(10);

/// How a server follows a replica.
#[derive(Clone, Copy, Debug)]
pub struct Following {
    /// How often it asks for what is new.
    pub poll: Duration,
    /// Whether it takes over by itself.
    pub takes_over: bool,
}

/// Who brings the log into the database file, and who writes it at all.
///
/// # Errors
/// When the folder's part in its group cannot be read.
pub(super) fn upkeep(config: &Config) -> Result<Upkeep, Error> {
    let copied = if config.copying.is_copied() { Upkeep::Left } else { Upkeep::Own };
    let follows = follows_at(&config.data, config.copying.replica.as_ref())?;
    Ok(if follows { Upkeep::Follows } else { copied })
}

/// Begins to copy the site to its replica, or to follow that, when it has one. `address` is where the server listens.
///
/// # Errors
/// When the system refuses threads.
pub(super) fn join(
    site: &mut Site,
    config: &Config,
    following: Option<Following>,
    address: &str,
) -> Result<Option<Member>, Error> {
    let Some(settings) = config.copying.settings() else { return Ok(None) };
    let own = config.copying.own_url.clone().unwrap_or_else(|| address.to_owned());
    let terms = Terms {
        follows: follows_at(&config.data, Some(&settings.address))?,
        root: settings.address.clone(),
        settings,
        url: Some(own),
        lease: config.copying.lease_seconds.map(|seconds| Duration::from_secs(seconds.into())),
        poll: following.map_or(LOOK, |following| following.poll),
        takes_over: following.is_some_and(|following| following.takes_over),
    };
    let member = Member::start(site.store.clone(), &config.data, terms)?;
    site.copying = Some(member.board().clone());
    site.station = Some(member.station().clone());
    Ok(Some(member))
}

/// Waits until it is known whether the server leads, or why nobody knows.
pub(super) fn settle(site: &Site, member: &Member) {
    let began = Instant::now();
    let waits = || matches!(site.store.mandate().holds(), Err(store::Error::NoLease));
    while waits() && member.station().report().error.is_none() && began.elapsed() < SETTLING {
        thread::sleep(SOON);
    }
}
