//! `larder cdn set`

use clap::{Args, Subcommand, ValueEnum};

use crate::authoring::CdnSecret;
use crate::cli::failure::Failure;
use crate::cli::place::{Place, signature};
use crate::cli::terminal;
use crate::content::cdn::{By, Cdn, Means, Provider, Separator, Template};

/// Say which CDN stands in front of the site; everything that it holds is dropped then
#[derive(Args)]
pub(in crate::cli) struct Set {
    #[command(subcommand)]
    which: Which,
}

/// What can be said of every CDN.
#[derive(Args)]
struct Common {
    #[command(flatten)]
    place: Place,
    /// Read the token from standard input; otherwise the stored one is kept. With `LARDER_CDN_TOKEN` in the environment,
    /// here and of the server, none is stored
    #[arg(long)]
    token_stdin: bool,
    /// Remove what is purged at once. Otherwise it is marked as old where the provider can do that, and is shown while
    /// larder cannot be reached
    #[arg(long)]
    hard: bool,
    /// How long answers may be shown old while new ones are fetched, in seconds; then a purge does not show at once
    #[arg(long, value_name = "N", default_value_t = 0)]
    stale_while_revalidate: u32,
    /// After how many seconds a purge is said once more, for answers that were on their way when it came; 0 never
    #[arg(long, value_name = "N", default_value_t = 2)]
    again_after: u16,
    /// Let purges go to addresses that are not on the public internet
    #[arg(long)]
    allow_private: bool,
    /// Where the provider's API is, when that is not its usual address
    #[arg(long, value_name = "URL")]
    api: Option<String>,
}

#[derive(Subcommand)]
enum Which {
    /// Fastly
    Fastly {
        /// The service's id
        #[arg(long, value_name = "ID")]
        service: String,
        #[command(flatten)]
        common: Common,
    },
    /// Cloudflare
    Cloudflare {
        /// The zone's id
        #[arg(long, value_name = "ID")]
        zone: String,
        /// By what answers are purged
        #[arg(long, default_value = "keys")]
        by: ByWhat,
        #[command(flatten)]
        common: Common,
    },
    /// bunny.net
    Bunny {
        /// The pull zone's id, a number
        #[arg(long, value_name = "ID")]
        zone: String,
        /// By what answers are purged
        #[arg(long, default_value = "keys")]
        by: ByWhat,
        #[command(flatten)]
        common: Common,
    },
    /// Varnish, with deploy/varnish/default.vcl
    Varnish {
        /// A server: `http://127.0.0.1:6081`; may be given several times
        #[arg(long, value_name = "URL", required = true)]
        server: Vec<String>,
        /// Use bans, for a Varnish without `vmod_xkey`
        #[arg(long)]
        bans: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Anything else, by a template
    ///
    /// In the address, headers and the body, `{keys}`, `{keys_json}`, `{token}` and `{soft}` are filled in.
    Http {
        /// The method
        #[arg(long, default_value = "POST")]
        method: String,
        /// The address
        #[arg(long, value_name = "URL")]
        address: String,
        /// A header: "X-Purge-Token: {token}"; may be given several times
        #[arg(long, value_name = "LINE")]
        header: Vec<String>,
        /// What is sent along
        #[arg(long, default_value = "")]
        body: String,
        /// The header by which answers carry their keys
        #[arg(long, value_name = "NAME", default_value = "Surrogate-Key")]
        carries: String,
        /// What stands between keys
        #[arg(long, default_value = "space")]
        separator: Between,
        /// How many keys one request names at most
        #[arg(long, value_name = "N", default_value_t = 100)]
        at_once: u16,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum ByWhat {
    /// By the keys they carry
    Keys,
    /// By the beginnings of their addresses: every change purges all answers of the API
    Addresses,
    /// All of them, with every change
    Everything,
}

#[derive(Clone, Copy, ValueEnum)]
enum Between {
    Space,
    Comma,
}

impl From<ByWhat> for By {
    fn from(by: ByWhat) -> Self {
        match by {
            ByWhat::Keys => Self::Keys,
            ByWhat::Addresses => Self::Addresses,
            ByWhat::Everything => Self::Everything,
        }
    }
}

impl Set {
    pub(super) fn run(self) -> Result<(), Failure> {
        let (provider, common) = self.which.read()?;
        let Common { place, token_stdin, hard, stale_while_revalidate, again_after, allow_private, api } = common;
        let cdn = Cdn { provider, soft: !hard, stale_while_revalidate, again_after, allow_private, api };
        let secret = if token_stdin {
            CdnSecret::Given(terminal::password(true)?)
        } else if std::env::var_os("LARDER_CDN_TOKEN").is_some() {
            CdnSecret::Elsewhere
        } else {
            CdnSecret::Kept
        };
        let title = cdn.provider.title();
        place.open()?.set_cdn(cdn, secret, &signature())?;
        terminal::note(format_args!("{title} is told of every change from now on; `larder cdn test` tries it"));
        Ok(())
    }
}

impl Which {
    fn read(self) -> Result<(Provider, Common), Failure> {
        Ok(match self {
            Self::Fastly { service, common } => (Provider::Fastly { service }, common),
            Self::Cloudflare { zone, by, common } => (Provider::Cloudflare { zone, by: by.into() }, common),
            Self::Bunny { zone, by, common } => (Provider::Bunny { zone, by: by.into() }, common),
            Self::Varnish { server, bans, common } => {
                let servers = server.iter().map(|server| server.trim_end_matches('/').to_owned()).collect();
                (Provider::Varnish { servers, with: if bans { Means::Bans } else { Means::Xkey } }, common)
            }
            Self::Http { method, address, header, body, carries, separator, at_once, common } => {
                let headers = header.iter().map(|line| split(line)).collect::<Result<_, _>>()?;
                let separator = match separator {
                    Between::Space => Separator::Space,
                    Between::Comma => Separator::Comma,
                };
                (Provider::Http(Template { method, address, headers, body, carries, separator, at_once }), common)
            }
        })
    }
}

fn split(line: &str) -> Result<(String, String), Failure> {
    let split = line.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
    split.ok_or_else(|| Failure::said(format!("`{line}` is no header; one is written \"X-Purge-Token: {{token}}\"")))
}
