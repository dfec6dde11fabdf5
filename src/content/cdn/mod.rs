//! The CDN or cache in front of a site: which it is, and what it is told.

mod words;

use serde::{Deserialize, Serialize};

use super::field::Problem;
use super::settings::origin;

pub use words::{ANY, coarse, is_for_cdns, purged};

/// The longest name, address or template.
const LONGEST: usize = 4_000;
/// How many Varnish servers are told.
const MOST_SERVERS: usize = 32;
/// How long answers may be shown old while new ones are fetched, in seconds: a day.
const LONGEST_STALE: u32 = 86_400;
/// How long after a purge it is said again, in seconds.
const LONGEST_PAUSE: u16 = 300;
/// How many keys a template may put into one request.
const MOST_KEYS: u16 = 1_000;

/// The CDN or cache in front of the site, and how it is told what to drop. Its secret is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cdn {
    /// Whose it is.
    #[serde(flatten)]
    pub provider: Provider,
    /// Whether what is purged is marked as old and not removed, where that can be chosen: it can be shown then while
    /// this server cannot be reached.
    #[serde(default)]
    pub soft: bool,
    /// How long answers may be shown old while new ones are fetched, in seconds; 0 not at all.
    #[serde(default)]
    pub stale_while_revalidate: u32,
    /// After how many seconds a purge is said once more, for answers that were on their way when it came; 0 not at all.
    #[serde(default = "usual_pause")]
    pub again_after: u16,
    /// Whether it may be in a private network. Only who runs the server says so.
    #[serde(default)]
    pub allow_private: bool,
    /// Where the provider's API is, when that is not where the provider has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
}

/// The providers that are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", rename_all = "lowercase")]
pub enum Provider {
    /// Fastly: one service of it.
    Fastly {
        /// Its id.
        service: String,
    },
    /// Cloudflare: one zone of it.
    Cloudflare {
        /// Its id.
        zone: String,
        /// By what answers are purged.
        by: By,
    },
    /// bunny.net: one pull zone of it.
    Bunny {
        /// Its number.
        zone: String,
        /// By what answers are purged.
        by: By,
    },
    /// Varnish servers.
    Varnish {
        /// Their addresses.
        servers: Vec<String>,
        /// How they find what to drop.
        with: Means,
    },
    /// Anything that can be told by HTTP.
    Http(Template),
}

/// By what answers are purged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// By the keys they carry.
    #[default]
    Keys,
    /// By the beginnings of their addresses, for plans without tags: every change purges all answers of the API.
    Addresses,
    /// All of them, with every change.
    Everything,
}

/// How a Varnish finds what to drop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Means {
    /// With `vmod_xkey`, of Debian's `varnish-modules`.
    #[default]
    Xkey,
    /// With bans, which every Varnish has.
    Bans,
}

/// How a request is made of what shall be dropped.
///
/// In the address, the values of headers and the body, `{token}` stands for the secret, `{keys}` for the keys of one
/// request with the separator between them, `{keys_json}` for the same as a JSON array, and `{soft}` for 1 or 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The method, such as `POST` or `PURGE`.
    pub method: String,
    /// The address.
    pub address: String,
    /// Names and values of headers.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// What is sent along.
    #[serde(default)]
    pub body: String,
    /// The header by which answers carry their keys.
    pub carries: String,
    /// What stands between keys, there and in `{keys}`.
    pub separator: Separator,
    /// How many keys one request names at most.
    pub at_once: u16,
}

/// What stands between keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Separator {
    /// A space.
    #[default]
    Space,
    /// A comma.
    Comma,
}

impl Separator {
    /// As it is written.
    pub fn as_char(self) -> char {
        match self {
            Self::Space => ' ',
            Self::Comma => ',',
        }
    }
}

/// Fastly asks for two seconds between two purges by key: see "Purging" in its documentation of concepts, "Race
/// conditions". Others have the same races and say nothing about them.
fn usual_pause() -> u16 {
    2
}

impl Cdn {
    /// As it is set up unless told otherwise.
    pub fn new(provider: Provider) -> Self {
        Self {
            provider,
            soft: true,
            stale_while_revalidate: 0,
            again_after: usual_pause(),
            allow_private: false,
            api: None,
        }
    }

    /// Who is told: each server on its own, so that one that cannot be reached keeps no other one old.
    pub fn targets(&self) -> Vec<String> {
        match &self.provider {
            Provider::Varnish { servers, .. } => {
                let mut servers = servers.clone();
                servers.sort_unstable();
                servers.dedup();
                servers
            }
            other => vec![other.name().to_owned()],
        }
    }

    /// What is wrong with it, by the names of fields. `secret` is whether there is one.
    pub fn problems(&self, secret: bool) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |path: &str, text: &str| problems.push(Problem { path: path.into(), text: text.into() });
        let is_id = |id: &str| {
            !id.is_empty() && id.len() <= 100 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        match &self.provider {
            Provider::Fastly { service } if !is_id(service) => {
                wrong("service", "The service's id has letters and digits only: SU1Z0isxPaozGVKXdv0eY.");
            }
            Provider::Cloudflare { zone, .. } if !is_id(zone) => {
                wrong("zone", "The zone's id has letters and digits only; it stands on the zone's overview.");
            }
            Provider::Bunny { zone, .. } if zone.is_empty() || !zone.bytes().all(|byte| byte.is_ascii_digit()) => {
                wrong("zone", "The pull zone's id is a number; it stands in the address of its page.");
            }
            Provider::Varnish { servers, .. } => {
                if servers.is_empty() {
                    wrong("servers", "Name at least one server: http://varnish.example:6081");
                }
                if servers.len() > MOST_SERVERS {
                    wrong("servers", "These are too many: at most 32 servers are told.");
                }
                if let Some(odd) = servers.iter().find(|server| origin(server) != Some(server.as_str())) {
                    wrong("servers", &format!("{odd} is no server: one is written http://varnish.example:6081"));
                }
            }
            Provider::Http(template) => template.check(&mut wrong),
            _ => {}
        }
        if self.provider.needs_secret() && !secret {
            wrong("token", "A token of the provider is needed to purge.");
        }
        if self.api.as_deref().is_some_and(|api| api.len() > LONGEST || origin(api).is_none()) {
            wrong("api", "An address begins with https:// or http:// and the name of a server.");
        }
        if self.stale_while_revalidate > LONGEST_STALE {
            wrong("stale_while_revalidate", "At most a day: 86400 seconds.");
        }
        if self.again_after > LONGEST_PAUSE {
            wrong("again_after", "At most five minutes: 300 seconds.");
        }
        problems
    }
}

impl Provider {
    /// Its name, as it is written.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fastly { .. } => "fastly",
            Self::Cloudflare { .. } => "cloudflare",
            Self::Bunny { .. } => "bunny",
            Self::Varnish { .. } => "varnish",
            Self::Http(_) => "http",
        }
    }

    /// Its name, as people read it.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Fastly { .. } => "Fastly",
            Self::Cloudflare { .. } => "Cloudflare",
            Self::Bunny { .. } => "bunny.net",
            Self::Varnish { .. } => "Varnish",
            Self::Http(_) => "HTTP",
        }
    }

    /// Whether nothing can be purged without a secret.
    pub fn needs_secret(&self) -> bool {
        match self {
            Self::Fastly { .. } | Self::Cloudflare { .. } | Self::Bunny { .. } => true,
            Self::Varnish { .. } => false,
            Self::Http(template) => template.all().any(|text| text.contains("{token}")),
        }
    }

    /// Whether what is purged can be marked as old instead of removed.
    pub fn can_be_soft(&self) -> bool {
        match self {
            Self::Fastly { .. } | Self::Cloudflare { .. } => true,
            Self::Varnish { with, .. } => *with == Means::Xkey,
            Self::Bunny { .. } => false,
            Self::Http(template) => template.all().any(|text| text.contains("{soft}")),
        }
    }
}

impl Template {
    /// Every text that may hold something in braces.
    fn all(&self) -> impl Iterator<Item = &str> {
        let values = self.headers.iter().map(|(_, value)| value.as_str());
        [self.address.as_str(), self.body.as_str()].into_iter().chain(values)
    }

    fn check(&self, wrong: &mut impl FnMut(&str, &str)) {
        let is_name = |name: &str| {
            !name.is_empty()
                && name.len() <= 100
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if self.all().any(|text| text.len() > LONGEST) {
            wrong("body", "This is too long: at most 4,000 characters.");
        }
        if !is_name(&self.method) {
            wrong("method", "A method is one word, such as POST or PURGE.");
        }
        if origin(&self.address).is_none() {
            wrong("address", "An address begins with https:// or http:// and the name of a server.");
        }
        if self.headers.iter().any(|(name, value)| !is_name(name) || value.chars().any(char::is_control)) {
            wrong("headers", "A header is written on a line of its own: X-Purge-Token: {token}");
        }
        if !is_name(&self.carries) {
            wrong("carries", "The name of a header, such as Surrogate-Key.");
        }
        if !self.all().any(|text| text.contains("{keys}") || text.contains("{keys_json}")) {
            wrong(
                "address",
                "Nothing says what shall be dropped: put {keys} or {keys_json} into the address, a header or the body.",
            );
        }
        if !(1..=MOST_KEYS).contains(&self.at_once) {
            wrong("at_once", "One request names from 1 to 1000 keys.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{By, Cdn, Means, Provider, Separator, Template};

    fn template() -> Template {
        Template {
            method: "PURGE".into(),
            address: "https://edge.example/?keys={keys}".into(),
            headers: vec![("X-Token".into(), "{token}".into())],
            body: String::new(),
            carries: "X-Keys".into(),
            separator: Separator::Comma,
            at_once: 10,
        }
    }

    fn wrong(provider: Provider, secret: bool) -> Vec<String> {
        Cdn::new(provider).problems(secret).into_iter().map(|problem| problem.path).collect()
    }

    #[test]
    fn what_is_kept_is_read_as_it_was() {
        let all = [
            Provider::Fastly { service: "SU1Z".into() },
            Provider::Cloudflare { zone: "023e".into(), by: By::Addresses },
            Provider::Bunny { zone: "7".into(), by: By::Keys },
            Provider::Varnish { servers: vec!["http://a:6081".into()], with: Means::Bans },
            Provider::Http(template()),
        ];
        for provider in all {
            let cdn = Cdn::new(provider);
            let kept = serde_json::to_string(&cdn).expect("JSON");
            assert_eq!(serde_json::from_str::<Cdn>(&kept).expect("read"), cdn, "{kept}");
            assert_eq!(cdn.problems(true), []);
        }
    }

    #[test]
    fn what_cannot_work_is_refused_by_field() {
        assert_eq!(wrong(Provider::Fastly { service: "a/../b".into() }, false), ["service", "token"]);
        assert_eq!(wrong(Provider::Cloudflare { zone: String::new(), by: By::Keys }, true), ["zone"]);
        assert_eq!(wrong(Provider::Bunny { zone: "my-zone".into(), by: By::Keys }, true), ["zone"]);
        let varnish = |servers: &[&str]| Provider::Varnish {
            servers: servers.iter().map(|&server| server.into()).collect(),
            with: Means::Xkey,
        };
        assert_eq!(wrong(varnish(&[]), false), ["servers"]);
        assert_eq!(wrong(varnish(&["http://a:6081", "http://a/path"]), false), ["servers"]);
        assert_eq!(wrong(varnish(&["http://a:6081"]), false), [""; 0]);
        let odd =
            Template { address: "ftp://x".into(), at_once: 0, headers: vec![("a b".into(), "c".into())], ..template() };
        assert_eq!(wrong(Provider::Http(odd), true), ["address", "headers", "address", "at_once"]);
        assert_eq!(wrong(Provider::Http(template()), false), ["token"]);
    }
}
