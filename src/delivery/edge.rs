//! What answers tell the CDN in front of the site. It is worked out once, for all answers.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Delivery, Encoding, Error};
use crate::content::cdn::{Cdn, Provider};
use crate::content::key::Key;
use crate::store::{self, Read};

/// How long an answer may be kept until it is purged: a year.
const UNTIL_PURGED: u32 = 31_536_000;
/// How long it may be shown while we cannot be reached: a week.
const THROUGH_AN_OUTAGE: u32 = 604_800;

/// The longest line of keys that every CDN takes, in bytes, with room for the header's name: Varnish takes 8 KB of a
/// header (`http_resp_hdr_len` in varnishd(1)), Fastly 16 KB ("Surrogate-Key" in its reference of headers), Cloudflare
/// 16 KB ("Purge cache by cache-tags").
const LONGEST: usize = 8 * 1024 - 32;
/// What bunny.net takes ("Purge Cache": 1024 bytes).
const LONGEST_OF_BUNNY: usize = 1024;

/// What answers tell the CDN.
#[derive(Debug)]
pub struct Edge {
    /// The header that carries keys.
    pub keys: HeaderName,
    /// What stands between two of them.
    pub(super) separator: char,
    /// How long the line of keys may be.
    pub(super) longest: usize,
    /// What may be done with an answer until it is purged.
    pub until_purged: HeaderValue,
    /// What may be done with a "not found" that is purged when it ends, but may be one of very many; and with a body
    /// that is about to be had shorter.
    pub briefly: HeaderValue,
    /// Room for what the door makes of it, once: headers by policy and encoding.
    pub prepared: OnceLock<[[HeaderMap; Encoding::ALL.len()]; 3]>,
}

impl Default for Edge {
    /// What is told when nothing is known of a CDN.
    fn default() -> Self {
        Self::of(None)
    }
}

impl Edge {
    /// What this CDN is told.
    pub fn of(cdn: Option<&Cdn>) -> Self {
        const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
        let (keys, separator, longest) = match cdn.map(|cdn| &cdn.provider) {
            None | Some(Provider::Fastly { .. }) => (SURROGATE_KEY, ' ', LONGEST),
            Some(Provider::Cloudflare { .. }) => (HeaderName::from_static("cache-tag"), ',', LONGEST),
            Some(Provider::Bunny { .. }) => (HeaderName::from_static("cdn-tag"), ',', LONGEST_OF_BUNNY),
            Some(Provider::Varnish { .. }) => (HeaderName::from_static("xkey"), ' ', LONGEST),
            Some(Provider::Http(template)) => {
                let name = HeaderName::from_bytes(template.carries.as_bytes()).unwrap_or(SURROGATE_KEY);
                (name, template.separator.as_char(), LONGEST)
            }
        };
        let stale = cdn.map_or(0, |cdn| cdn.stale_while_revalidate);
        let while_fetched = if stale == 0 { String::new() } else { format!(", stale-while-revalidate={stale}") };
        let lasting = format!("max-age={UNTIL_PURGED}{while_fetched}, stale-if-error={THROUGH_AN_OUTAGE}");
        let briefly = HeaderValue::from_static("max-age=60");
        Self {
            keys,
            separator,
            longest,
            until_purged: HeaderValue::try_from(lasting).unwrap_or(briefly.clone()),
            briefly,
            prepared: OnceLock::new(),
        }
    }

    /// What is told by these keys, which are few.
    pub fn line(&self, keys: &[Key]) -> HeaderValue {
        let words: Vec<String> = keys.iter().map(Key::to_string).collect();
        HeaderValue::try_from(words.join(&self.separator.to_string())).unwrap_or(HeaderValue::from_static(""))
    }

    /// Whether answers made for the other tell the CDN the same.
    fn says_the_same(&self, other: &Self) -> bool {
        (&self.keys, self.separator, self.longest, &self.until_purged)
            == (&other.keys, other.separator, other.longest, &other.until_purged)
    }
}

/// What the CDN that is set up is told.
pub(super) fn read_from(read: &Read<'_>) -> Result<Edge, store::Error> {
    Ok(Edge::of(read.cdn()?.as_ref().map(|kept| &kept.cdn)))
}

impl Delivery {
    /// What answers tell the CDN now.
    pub fn edge(&self) -> Arc<Edge> {
        self.edge.load_full()
    }

    /// Follows a change of these keys: with another CDN, every answer is another one.
    pub(super) fn follow_edge(&self, keys: &BTreeSet<Key>) -> Result<(), Error> {
        if !keys.contains(&Key::Model) {
            return Ok(());
        }
        let edge = self.store.read(|read| Ok::<_, Error>(read_from(read)?))?;
        if !self.edge.load().says_the_same(&edge) {
            self.edge.store(Arc::new(edge));
            self.files.forget_all();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Edge;
    use crate::content::cdn::{By, Cdn, Means, Provider};
    use crate::content::key::Key;

    fn told(provider: Provider) -> Edge {
        Edge::of(Some(&Cdn::new(provider)))
    }

    #[test]
    fn each_provider_reads_keys_from_its_own_header() {
        let keys = [Key::Media("a,b".into()), Key::Model];
        let line = |edge: &Edge| (edge.keys.to_string(), edge.line(&keys).to_str().expect("text").to_owned());
        let says = |name: &str, line: &str| (name.to_owned(), line.to_owned());
        assert_eq!(line(&Edge::default()), says("surrogate-key", "media-a%2Cb model"));
        assert_eq!(line(&told(Provider::Fastly { service: "s".into() })), says("surrogate-key", "media-a%2Cb model"));
        let cloudflare = Provider::Cloudflare { zone: "z".into(), by: By::Keys };
        assert_eq!(line(&told(cloudflare)), says("cache-tag", "media-a%2Cb,model"));
        assert_eq!(
            line(&told(Provider::Bunny { zone: "1".into(), by: By::Keys })),
            says("cdn-tag", "media-a%2Cb,model")
        );
        let varnish = Provider::Varnish { servers: vec![], with: Means::Xkey };
        assert_eq!(line(&told(varnish)), says("xkey", "media-a%2Cb model"));
    }

    #[test]
    fn old_answers_are_shown_while_new_ones_are_fetched_only_when_that_is_set() {
        let mut cdn = Cdn::new(Provider::Fastly { service: "s".into() });
        assert_eq!(Edge::of(Some(&cdn)).until_purged, "max-age=31536000, stale-if-error=604800");
        cdn.stale_while_revalidate = 30;
        let until_purged = "max-age=31536000, stale-while-revalidate=30, stale-if-error=604800";
        assert_eq!(Edge::of(Some(&cdn)).until_purged, until_purged);
    }
}
