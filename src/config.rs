//! How a server is told what to do: one `Config`, read and checked once.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::fetch::{Authorities, Network};
use crate::replica::Settings;
use crate::replica::place::Address;

/// What `larder serve` needs to know.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// The site's folder; a new site is made in it when it holds none
    #[arg(long, env = "LARDER_DATA", value_name = "DIR")]
    pub data: PathBuf,

    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "LARDER_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:8787")]
    pub listen: String,

    /// Where readers reach the site, when a proxy stands in front: `https://cms.example.com`
    #[arg(long, env = "LARDER_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<String>,

    /// How many threads answer requests; the number of processors unless told otherwise
    #[arg(long, env = "LARDER_THREADS", value_name = "N")]
    pub threads: Option<NonZeroUsize>,

    /// How much memory answers kept ready may take, in MiB
    #[arg(long, env = "LARDER_CACHE_MB", value_name = "N", default_value_t = CACHE_MB)]
    pub cache_mb: u32,

    /// How other servers are asked.
    #[command(flatten)]
    pub reach: Reach,

    /// The token by which the CDN is purged, in the place of a stored one; better as a variable, because others can
    /// read arguments
    #[arg(long, env = "LARDER_CDN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub cdn_token: Option<String>,

    /// How the site is copied elsewhere.
    #[command(flatten)]
    pub copying: Copying,

    /// How the process leaves, and how another takes its place.
    #[command(flatten)]
    pub leave: Leave,
}

/// How the site is copied elsewhere while it is served.
#[derive(Args, Clone, Debug)]
pub struct Copying {
    /// Copy every change to this place, in the format of Litestream: `file:///mnt/backup/site` or
    /// `s3://bucket/site?region=eu-central-1`; credentials come from the usual AWS_* variables
    #[arg(long, env = "LARDER_REPLICA", value_name = "URL")]
    pub replica: Option<Address>,

    /// Acknowledge a change only when its copy is stored: nothing acknowledged is lost with the machine, and each
    /// change waits for the place
    #[arg(long, env = "LARDER_REPLICA_ACK", requires = "replica")]
    pub replica_ack: bool,

    /// How often changes are copied, in milliseconds
    #[arg(long, env = "LARDER_REPLICA_INTERVAL_MS", value_name = "N", default_value_t = INTERVAL_MS, value_parser = clap::value_parser!(u32).range(50..=3_600_000))]
    pub replica_interval_ms: u32,

    /// How often the replica gets an image of the whole database, in hours
    #[arg(long, env = "LARDER_REPLICA_SNAPSHOT_HOURS", value_name = "N", default_value_t = DAY, value_parser = clap::value_parser!(u16).range(1..))]
    pub replica_snapshot_hours: u16,

    /// For how many hours the replica can be restored to earlier moments
    #[arg(long, env = "LARDER_REPLICA_RETENTION_HOURS", value_name = "N", default_value_t = DAY, value_parser = clap::value_parser!(u16).range(1..))]
    pub replica_retention_hours: u16,

    /// How often the replica is restored and compared with the database, in hours; 0 never
    #[arg(long, env = "LARDER_REPLICA_VERIFY_HOURS", value_name = "N", default_value_t = DAY)]
    pub replica_verify_hours: u16,

    /// After how many seconds without a word to the replica this server stops acknowledging changes, so that a standby
    /// may take over by itself. Without it, no standby takes over by itself, and changes go on while the place is out
    /// of reach
    #[arg(long, env = "LARDER_LEASE_SECONDS", value_name = "N", requires = "replica", value_parser = clap::value_parser!(u16).range(2..=3_600))]
    pub lease_seconds: Option<u16>,

    /// Where this very server is reached by people and programs that make changes, for standbys to point to; the
    /// address it listens on unless told otherwise
    #[arg(long, env = "LARDER_OWN_URL", value_name = "URL", value_parser = public_url)]
    pub own_url: Option<String>,

    /// Leave the database's log to Litestream, which copies this site: larder neither shortens nor removes it
    #[arg(long, env = "LARDER_EXTERNAL_REPLICA", conflicts_with = "replica")]
    pub external_replica: bool,
}

impl Default for Copying {
    fn default() -> Self {
        Self {
            replica: None,
            replica_ack: false,
            replica_interval_ms: INTERVAL_MS,
            replica_snapshot_hours: DAY,
            replica_retention_hours: DAY,
            replica_verify_hours: DAY,
            lease_seconds: None,
            own_url: None,
            external_replica: false,
        }
    }
}

/// One file a second on a busy site.
const INTERVAL_MS: u32 = 1_000;
/// Hours.
const DAY: u16 = 24;

impl Copying {
    /// How this site is copied, if it is.
    pub fn settings(&self) -> Option<Settings> {
        let hours = |hours: u16| Duration::from_secs(u64::from(hours) * 3_600);
        let address = self.replica.clone()?;
        Some(Settings {
            address,
            interval: Duration::from_millis(u64::from(self.replica_interval_ms)),
            acknowledge: self.replica_ack,
            snapshot: hours(self.replica_snapshot_hours),
            retention: hours(self.replica_retention_hours),
            verify: hours(self.replica_verify_hours),
        })
    }

    /// Whether somebody copies the database's log and brings it into the file, so that the store must not.
    pub fn is_copied(&self) -> bool {
        self.external_replica || self.replica.is_some()
    }
}

/// How the process ends without failing a request, alone or after an upgrade.
#[derive(Args, Clone, Debug)]
pub struct Leave {
    /// The program that an upgrade starts; the one that was started, found again by the name it was called by,
    /// unless told otherwise
    #[arg(long, env = "LARDER_BINARY", value_name = "FILE")]
    pub binary: Option<PathBuf>,

    /// How long a new program may take in an upgrade until it answers, in seconds; then the old one stays
    #[arg(long, env = "LARDER_UPGRADE_SECONDS", value_name = "N", default_value_t = UPGRADE_SECONDS)]
    pub upgrade_seconds: u16,

    /// How long, after an upgrade, clients may take to ask once more on connections that are open; longer than a
    /// proxy in front keeps its own open
    #[arg(long, env = "LARDER_DRAIN_SECONDS", value_name = "N", default_value_t = DRAIN_SECONDS)]
    pub drain_seconds: u16,

    /// How long /readyz answers 503, and everything else as always, before the process begins to end: long enough
    /// for a balancer to notice
    #[arg(long, env = "LARDER_DRAIN_WAIT", value_name = "N", default_value_t = 0)]
    pub drain_wait: u16,
}

impl Default for Leave {
    fn default() -> Self {
        Self { binary: None, upgrade_seconds: UPGRADE_SECONDS, drain_seconds: DRAIN_SECONDS, drain_wait: 0 }
    }
}

/// Enough for a migration of a large site.
const UPGRADE_SECONDS: u16 = 60;
/// Longer than most clients think before they ask again.
const DRAIN_SECONDS: u16 = 15;

/// How the server asks others: for pictures by address, for example.
#[derive(Args, Clone, Debug)]
pub struct Reach {
    /// Addresses and networks that are not on the public internet from which files may be fetched all the same,
    /// with commas between: `10.1.0.0/16,127.0.0.1`
    #[arg(long, env = "LARDER_ALLOW_PRIVATE_FETCH", value_name = "NETS", value_delimiter = ',')]
    pub allow_private_fetch: Vec<Network>,

    /// The name server that is asked for other servers' addresses; those of the system unless told otherwise
    #[arg(long, env = "LARDER_NAME_SERVER", value_name = "ADDR")]
    pub name_server: Option<SocketAddr>,

    /// A file with certificates (PEM) of authorities that vouch for servers from which files are fetched, besides
    /// those whom browsers trust
    #[arg(long, env = "LARDER_FETCH_CA", value_name = "FILE", value_parser = Authorities::read)]
    pub fetch_ca: Option<Authorities>,

    /// How long fetching one file from another server may take, in seconds
    #[arg(long, env = "LARDER_FETCH_SECONDS", value_name = "N", default_value_t = FETCH_SECONDS)]
    pub fetch_seconds: u16,
}

impl Default for Reach {
    fn default() -> Self {
        Self { allow_private_fetch: Vec::new(), name_server: None, fetch_ca: None, fetch_seconds: FETCH_SECONDS }
    }
}

/// Enough for a large photo on a slow line.
const FETCH_SECONDS: u16 = 60;

/// Enough for tens of thousands of answers, and no burden to a machine with 512 MB.
pub const CACHE_MB: u32 = 128;

/// Checks a public address and removes what follows it: media addresses are appended to it.
///
/// # Errors
/// A sentence that says what is expected.
pub fn public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.starts_with('/') && !text.contains(['?', '#', ' ']) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("expected an address such as https://cms.example.com".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::public_url;

    #[test]
    fn a_public_address_loses_its_last_slash() {
        assert_eq!(public_url("https://cms.example.com/"), Ok("https://cms.example.com".into()));
        assert!(public_url("cms.example.com").is_err());
        assert!(public_url("http://").is_err());
    }
}
