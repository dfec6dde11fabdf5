//! How a server is told what to do: one `Config`, read and checked once.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::fetch::{Authorities, Network};
use crate::replica::Settings;
use crate::replica::place::Address;
use crate::tls::Domain;

/// What `larder serve` needs to know.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// The site's folder; a new site is made in it when it holds none
    #[arg(long, env = "LARDER_DATA", value_name = "DIR")]
    pub data: PathBuf,

    /// Address and port to listen on; port 0 takes a free one. 127.0.0.1:8787 unless told otherwise, and with --domain
    /// port 443 of every address
    #[arg(long, env = "LARDER_LISTEN", value_name = "ADDR")]
    pub listen: Option<String>,

    /// Where readers reach the site, when that is neither the first domain nor the address it listens on:
    /// `https://cms.example.com`
    #[arg(long, env = "LARDER_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<String>,

    /// How many threads answer requests; the number of processors unless told otherwise
    #[arg(long, env = "LARDER_THREADS", value_name = "N")]
    pub threads: Option<NonZeroUsize>,

    /// How much memory answers kept ready may take, in MiB
    #[arg(long, env = "LARDER_CACHE_MB", value_name = "N", default_value_t = CACHE_MB)]
    pub cache_mb: u32,

    /// How clients reach it encrypted.
    #[command(flatten)]
    pub tls: Tls,

    /// What stands in front of it.
    #[command(flatten)]
    pub front: Front,

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

/// How clients reach the server encrypted: with a certificate from files, or one that it gets by itself.
#[derive(Args, Clone, Debug, Default)]
pub struct Tls {
    /// Speak HTTPS, with the certificate in this file (PEM), its own first; read again when it changes
    #[arg(long, env = "LARDER_TLS_CERT", value_name = "FILE", requires = "tls_key", group = "certificate")]
    pub tls_cert: Option<PathBuf>,

    /// The certificate's private key (PEM)
    #[arg(long, env = "LARDER_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// Speak HTTPS, with a certificate for this name that is asked of an authority by ACME and renewed in time; may be
    /// given more than once. Whoever gives it agrees to the authority's terms
    #[arg(
        long,
        env = "LARDER_DOMAIN",
        value_name = "NAME",
        value_delimiter = ',',
        group = "certificate",
        conflicts_with = "tls_cert"
    )]
    pub domain: Vec<Domain>,

    /// Where the authority may write when something is wrong with a certificate
    #[arg(long, env = "LARDER_ACME_EMAIL", value_name = "EMAIL", requires = "domain")]
    pub acme_email: Option<String>,

    /// The authority's directory; Let's Encrypt's unless told otherwise
    #[arg(long, env = "LARDER_ACME_DIRECTORY", value_name = "URL", default_value = LETS_ENCRYPT)]
    pub acme_directory: String,

    /// A file with certificates (PEM) of whoever vouches for the authority's own server, besides those whom browsers
    /// trust
    #[arg(long, env = "LARDER_ACME_CA", value_name = "FILE", value_parser = Authorities::read, requires = "domain")]
    pub acme_ca: Option<Authorities>,

    /// How long to wait, in seconds, before a certificate is asked for again that was refused; each further refusal
    /// doubles it, up to six hours
    #[arg(long, env = "LARDER_ACME_RETRY_SECONDS", value_name = "N", default_value_t = ACME_RETRY, value_parser = clap::value_parser!(u32).range(1..=21_600))]
    pub acme_retry_seconds: u32,

    /// A second address, which answers plain HTTP and sends everybody to HTTPS; `none` for none. With --domain port 80
    /// of every address unless told otherwise
    #[arg(long, env = "LARDER_HTTP_LISTEN", value_name = "ADDR", requires = "certificate")]
    pub http_listen: Option<String>,

    /// For how many seconds browsers shall ask by HTTPS only once they have been here (HSTS); 31536000 is a year
    #[arg(long, env = "LARDER_HSTS_SECONDS", value_name = "N", requires = "certificate")]
    pub hsts_seconds: Option<u32>,

    /// The same for all names below this one
    #[arg(long, env = "LARDER_HSTS_SUBDOMAINS", requires = "hsts_seconds")]
    pub hsts_subdomains: bool,
}

/// Whose certificates are free, and trusted by every browser.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";
/// Enough for a name server that has just been told to say it.
const ACME_RETRY: u32 = 60;

impl Tls {
    /// Whether HTTPS is spoken.
    pub fn is_on(&self) -> bool {
        self.tls_cert.is_some() || !self.domain.is_empty()
    }

    /// What answers say about HTTPS, if they shall (RFC 6797, 6.1).
    pub fn hsts(&self) -> Option<String> {
        let subdomains = if self.hsts_subdomains { "; includeSubDomains" } else { "" };
        self.hsts_seconds.map(|seconds| format!("max-age={seconds}{subdomains}"))
    }
}

/// What stands between clients and the server.
#[derive(Args, Clone, Debug, Default)]
pub struct Front {
    /// Addresses and networks of proxies, with commas between: what they say about whom they ask for is believed
    /// (X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, Forwarded), and nobody else
    #[arg(long, env = "LARDER_TRUSTED_PROXY", value_name = "NETS", value_delimiter = ',')]
    pub trusted_proxy: Vec<Network>,

    /// Expect each connection from a trusted proxy to begin with a PROXY protocol header, version 1 or 2
    #[arg(long, env = "LARDER_PROXY_PROTOCOL", requires = "trusted_proxy")]
    pub proxy_protocol: bool,
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
