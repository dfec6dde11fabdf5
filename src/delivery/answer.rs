//! An answer, ready to send.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::OnceLock;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::HeaderValue;
use sha2::{Digest as _, Sha256};

use crate::content::key::Key;

/// Bodies below this are not worth compressing.
const COMPRESS_FROM: usize = 1024;
/// Bodies above this take a millisecond and more to compress.
const LARGE: usize = 16 * 1024;
/// gzip's usual level: the next ones take twice the time for one percent.
const GZIP_LEVEL: u32 = 6;
/// The level of brotli that beats gzip 6 at twice its time; the best one takes sixty times longer.
const BROTLI_LEVEL: i32 = 5;
/// The window of brotli as a power of two: 4 MiB, its default.
const BROTLI_WINDOW: i32 = 22;
/// The longest list of keys that CDNs take, in bytes.
const MAX_KEYS: usize = 8 * 1024;
/// What an answer takes in memory beside its bytes: slot, headers, map entries.
const OVERHEAD: u64 = 512;
/// What a key takes in memory: in the answer and in the links.
const KEY: u64 = 96;

/// An answer, ready to send.
#[derive(Debug)]
pub struct Answer {
    /// 200, or what a [`super::Refusal`] is answered with.
    pub status: u16,
    /// JSON.
    pub body: Bytes,
    /// What it was made from, or missed.
    pub keys: BTreeSet<Key>,
    /// The body's fingerprint, in hex.
    pub etag: String,
    /// The keys for CDNs, as one line.
    pub surrogates: HeaderValue,
    /// Entity tags in quotes, by encoding: they must differ where the bytes do.
    tags: [HeaderValue; 3],
    compressed: OnceLock<Option<Compressed>>,
}

/// A body's shorter forms.
#[derive(Debug)]
struct Compressed {
    gzip: Bytes,
    brotli: Bytes,
}

/// How a body is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

impl Encoding {
    /// Its name in `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }

    /// What ends the tags of bodies in this encoding.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gzip",
            Self::Brotli => "-br",
        }
    }
}

impl Answer {
    /// Makes an answer of its JSON, not compressed yet.
    pub fn new(status: u16, json: &serde_json::Value, keys: BTreeSet<Key>) -> Self {
        let body = Bytes::from(json.to_string());
        let etag: String = Sha256::digest(&body)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let tag = |encoding: Encoding| header(format!("\"{etag}{}\"", encoding.suffix()));
        Self {
            status,
            surrogates: header(surrogate_keys(&keys)),
            tags: [tag(Encoding::Identity), tag(Encoding::Gzip), tag(Encoding::Brotli)],
            body,
            keys,
            etag,
            compressed: OnceLock::new(),
        }
    }

    /// Compresses the body unless that was done. Not for threads that must not wait.
    pub fn compress(&self) {
        self.compressed.get_or_init(|| {
            let worth = self.status == 200 && self.body.len() >= COMPRESS_FROM;
            worth.then(|| Compressed { gzip: gzip(&self.body), brotli: brotli(&self.body) })
        });
    }

    /// Whether compressing takes so long that a publish should not wait for it.
    pub(super) fn is_large(&self) -> bool {
        self.body.len() > LARGE
    }

    /// The body in an encoding, if it is there in that encoding.
    pub fn encoded(&self, encoding: Encoding) -> Option<&Bytes> {
        let compressed = || self.compressed.get()?.as_ref();
        match encoding {
            Encoding::Identity => Some(&self.body),
            Encoding::Gzip => compressed().map(|compressed| &compressed.gzip),
            Encoding::Brotli => compressed().map(|compressed| &compressed.brotli),
        }
    }

    /// The entity tag of the body in an encoding, in quotes.
    pub fn tag(&self, encoding: Encoding) -> &HeaderValue {
        let [identity, gzip, brotli] = &self.tags;
        match encoding {
            Encoding::Identity => identity,
            Encoding::Gzip => gzip,
            Encoding::Brotli => brotli,
        }
    }

    /// What it takes in memory, about, when it is compressed.
    pub(super) fn weight(&self) -> u64 {
        let body = self.body.len() as u64;
        let compressed = match self.compressed.get() {
            Some(Some(compressed)) => (compressed.gzip.len() + compressed.brotli.len()) as u64,
            Some(None) => 0,
            None => body / 2,
        };
        body + compressed + OVERHEAD + KEY * self.keys.len() as u64
    }

    /// Whether it says that there is nothing: strangers can ask for any number of such things.
    pub(super) fn is_unknown(&self) -> bool {
        self.status != 200
    }
}

/// Text as the value of a header, checked here so that sending it costs nothing. It holds nothing but what
/// keys are spelled with.
fn header(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

/// The keys as CDNs read them; of an answer with too many, coarse ones that every change touches too.
fn surrogate_keys(keys: &BTreeSet<Key>) -> String {
    let coarse = |key: &&Key| matches!(key, Key::Schema(_));
    let all = spelled(keys.iter().filter(|key| !coarse(key)));
    if all.len() <= MAX_KEYS { all } else { spelled(keys.iter().filter(|key| coarse(key) || !is_of_schema(key))) }
}

fn spelled<'k>(keys: impl Iterator<Item = &'k Key>) -> String {
    keys.map(Key::to_string).collect::<Vec<_>>().join(" ")
}

/// Whether a change that touches this key touches the key of a schema too.
fn is_of_schema(key: &Key) -> bool {
    matches!(
        key,
        Key::Entry(_) | Key::List { .. } | Key::Search(..) | Key::Beside(_) | Key::Translations(_) | Key::Slug(_)
    )
}

fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::new(GZIP_LEVEL));
    // Writing to memory does not fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default().into()
}

fn brotli(body: &[u8]) -> Bytes {
    let params = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_LEVEL,
        lgwin: BROTLI_WINDOW,
        size_hint: body.len(),
        ..Default::default()
    };
    let mut compressed = Vec::with_capacity(body.len() / 2);
    // Writing to memory does not fail.
    let _ = brotli::BrotliCompress(&mut &*body, &mut compressed, &params);
    compressed.into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::surrogate_keys;
    use crate::content::definition::BLOG;
    use crate::content::entry::EntryId;
    use crate::content::key::Key;

    #[test]
    fn too_many_keys_fall_back_to_coarse_ones() {
        let mut keys: BTreeSet<Key> = (0..3).map(|id| Key::Entry(EntryId(id))).collect();
        keys.extend([Key::Schema(BLOG), Key::Model]);
        assert_eq!(surrogate_keys(&keys), "entry-0 entry-1 entry-2 model");
        keys.extend((3..2000).map(|id| Key::Entry(EntryId(id))));
        assert_eq!(surrogate_keys(&keys), "schema-1 model");
    }
}
