//! How CDNs and caches are told what to drop, one file a provider.
//!
//! Each is two pure functions: from what shall be dropped to requests, and from an answer to what became of one. What
//! a provider's documentation says of limits and failures is tested there without a network.

mod again;
mod answered;
mod batches;
mod bunny;
mod cloudflare;
mod fastly;
mod http;
mod purger;
mod varnish;

use std::collections::BTreeSet;

use ::http::{HeaderMap, HeaderName, HeaderValue, Method};
use bytes::Bytes;
use serde_json::Value;

use crate::content::cdn::{By, Cdn, Provider, purged};
use crate::content::key::Key;
use crate::content::media::MEDIA;
use crate::fetch::Request;

pub use answered::{Answered, Outcome};
pub use purger::{Purged, Purger};

/// What shall be dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Answers that carry one of these keys.
    Keys(Vec<String>),
    /// What lies at these addresses.
    Addresses(Vec<String>),
    /// What lies at addresses that begin like this.
    Below(Vec<String>),
    /// All there is.
    Everything,
}

/// One request, and what it drops.
#[derive(Clone, Debug)]
pub struct Part {
    /// What is sent.
    pub request: Request,
    /// The keys or addresses in it; none when everything is dropped.
    pub drops: Vec<String>,
}

/// One CDN, or one server of a cache, that can be told.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// How it is set up.
    pub cdn: &'a Cdn,
    /// The secret that it wants; empty when there is none.
    pub token: &'a str,
    /// Which of [`Cdn::targets`] it is.
    pub name: &'a str,
    /// Where readers reach the site, without a slash at the end.
    pub public_url: &'a str,
}

impl Told<'_> {
    /// The most keys that are named in one purge. More of them are taken for everything: no limit of a provider stands
    /// between a large change and its end then.
    fn most_keys(&self) -> usize {
        match self.cdn.provider {
            Provider::Bunny { .. } => bunny::MOST_KEYS,
            _ => 1_000,
        }
    }

    /// What shall be dropped after changes that touched these keys; `None` when nothing is old.
    pub fn after(&self, keys: &BTreeSet<Key>) -> Option<Wanted> {
        let words = purged(keys);
        if words.is_empty() {
            return None;
        }
        match &self.cdn.provider {
            Provider::Cloudflare { by: By::Everything, .. } | Provider::Bunny { by: By::Everything, .. } => {
                return Some(Wanted::Everything);
            }
            Provider::Cloudflare { by: By::Addresses, .. } | Provider::Bunny { by: By::Addresses, .. } => {
                return Some(Wanted::Below(beginnings(keys, self.public_url)));
            }
            _ => {}
        }
        // Not by coarse keys: answers that are not too long carry none.
        let words = if words.len() > self.most_keys() { vec![Key::Model.to_string()] } else { words };
        Some(Wanted::Keys(words))
    }

    /// The requests that have it dropped, in the order in which they are sent.
    ///
    /// # Errors
    /// A sentence when this provider cannot do it, or its setup makes no sense.
    pub fn parts(&self, wanted: &Wanted) -> Result<Vec<Part>, String> {
        match &self.cdn.provider {
            Provider::Fastly { service } => fastly::parts(self, service, wanted),
            Provider::Cloudflare { zone, .. } => cloudflare::parts(self, zone, wanted),
            Provider::Bunny { zone, .. } => bunny::parts(self, zone, wanted),
            Provider::Varnish { with, .. } => varnish::parts(self, *with, wanted),
            Provider::Http(template) => http::parts(self, template, wanted),
        }
    }

    /// What became of a request that was answered.
    pub fn outcome(&self, part: &Part, answered: &Answered) -> Outcome {
        match &self.cdn.provider {
            Provider::Fastly { .. } => fastly::outcome(part, answered),
            Provider::Cloudflare { .. } => cloudflare::outcome(answered),
            Provider::Bunny { .. } => bunny::outcome(answered),
            Provider::Varnish { .. } => varnish::outcome(answered),
            Provider::Http(_) => answered.usual(),
        }
    }

    /// What is dropped to see whether it works: nothing that anybody has.
    pub fn harmless(&self) -> Wanted {
        match &self.cdn.provider {
            Provider::Cloudflare { by: By::Addresses | By::Everything, .. }
            | Provider::Bunny { by: By::Addresses | By::Everything, .. } => {
                Wanted::Addresses(vec![format!("{}/larder-test", self.public_url)])
            }
            _ => Wanted::Keys(vec!["larder-test".into()]),
        }
    }

    /// The provider's API.
    fn api<'a>(&'a self, usual: &'a str) -> &'a str {
        self.cdn.api.as_deref().unwrap_or(usual).trim_end_matches('/')
    }
}

/// The beginnings of the addresses that a change makes old. Answers show parts of each other and may be kept at a CDN
/// long after we have forgotten them: all that lies below `/v2` is meant, and files by themselves.
fn beginnings(keys: &BTreeSet<Key>, public_url: &str) -> Vec<String> {
    let files = keys.iter().filter_map(|key| match key {
        Key::Media(id) => Some(format!("{public_url}{MEDIA}{id}")),
        _ => None,
    });
    if keys.contains(&Key::Model) {
        return vec![format!("{public_url}/v2"), format!("{public_url}{}", MEDIA.trim_end_matches('/'))];
    }
    let answers = keys.iter().any(|key| !matches!(key, Key::Media(_))).then(|| format!("{public_url}/v2"));
    answers.into_iter().chain(files).collect()
}

/// A request without a body.
fn bare(method: Method, address: String, headers: HeaderMap) -> Request {
    Request { method, address, headers, body: Bytes::new() }
}

/// A `POST` of JSON.
fn post(address: String, mut headers: HeaderMap, body: &Value) -> Request {
    headers.insert(::http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Request { method: Method::POST, address, headers, body: body.to_string().into() }
}

/// A header with a secret in it.
fn secret(name: HeaderName, value: &str) -> Result<HeaderMap, String> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| "The token holds a character that no token has. Copy it again.".to_owned())?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(name, value)]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::{Answered, Told, Wanted};
    use crate::content::cdn::{By, Cdn, Provider};
    use crate::content::entry::EntryId;
    use crate::content::key::Key;
    use crate::content::schema::SchemaId;

    /// An answer with this status and this body.
    pub(super) fn answered(status: u16, body: &str) -> Answered {
        Answered { status, pause: None, body: body.as_bytes().to_vec() }
    }

    /// That there were too many purges, and how many seconds to wait.
    pub(super) fn too_many(seconds: u64, body: &str) -> Answered {
        Answered { pause: Some(Duration::from_secs(seconds)), ..answered(429, body) }
    }

    /// A target of this kind.
    pub(super) fn target(cdn: &Cdn) -> Told<'_> {
        Told { cdn, token: "s3cret", name: "x", public_url: "https://cms.example" }
    }

    /// The names of this many keys.
    pub(super) fn keys(count: usize) -> Wanted {
        Wanted::Keys((0..count).map(|id| format!("entry-{id}")).collect())
    }

    #[test]
    fn a_change_names_its_keys_until_they_are_too_many() {
        let cdn = Cdn::new(Provider::Fastly { service: "s".into() });
        let after = |ids: std::ops::Range<i64>| {
            let keys = ids.map(|id| Key::Entry(EntryId(id))).chain([Key::Schema(SchemaId(2))]).collect();
            target(&cdn).after(&keys)
        };
        let words = |words: &[&str]| Some(Wanted::Keys(words.iter().map(|&word| word.into()).collect()));
        assert_eq!(after(7..8), words(&["entry-7", "schema-2", "any"]));
        assert_eq!(after(0..2_000), words(&["model"]));
        assert_eq!(target(&cdn).after(&BTreeSet::new()), None);
    }

    #[test]
    fn without_keys_a_change_drops_whatever_may_show_it() {
        let mut cdn = Cdn::new(Provider::Cloudflare { zone: "z".into(), by: By::Addresses });
        let after = |cdn: &Cdn, keys: &[Key]| target(cdn).after(&keys.iter().cloned().collect()).expect("something");
        let below = |addresses: &[&str]| Wanted::Below(addresses.iter().map(|&address| address.into()).collect());
        let entry = [Key::Entry(EntryId(1)), Key::Schema(SchemaId(2)), Key::Media("plum".into())];
        assert_eq!(after(&cdn, &entry), below(&["https://cms.example/v2", "https://cms.example/media/plum"]));
        assert_eq!(after(&cdn, &[Key::Media("plum".into())]), below(&["https://cms.example/media/plum"]));
        assert_eq!(after(&cdn, &[Key::Model]), below(&["https://cms.example/v2", "https://cms.example/media"]));
        cdn.provider = Provider::Cloudflare { zone: "z".into(), by: By::Everything };
        assert_eq!(after(&cdn, &entry), Wanted::Everything);
    }
}
