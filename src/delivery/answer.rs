//! An answer, ready to send.
//!
//! Very many are kept, most of them short: what an answer needs beside its bodies stands with the body in
//! one piece of memory, and headers share it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::HeaderValue;
use sha2::{Digest as _, Sha256};

use super::compressed::Compressed;
use super::edge::Edge;
use super::keyline::{self, ForCdns, KeyLine, Mark, Touch};
use crate::content::key::Key;

/// Bodies below this are not worth compressing.
const COMPRESS_FROM: usize = 1024;
/// How many characters a body's fingerprint has.
const ETAG: usize = 32;
/// What an answer takes in memory beside its pieces: itself, its slot, entries in maps. Measured, see
/// benches/RESULTS.md.
const OVERHEAD: usize = 768;
/// What a key takes in the links.
const LINK: usize = 48;

/// An answer, ready to send.
#[derive(Debug)]
pub struct Answer {
    /// 200, or what a [`super::Refusal`] is answered with.
    pub status: u16,
    /// JSON; entity tags in quotes, one for each of [`Encoding::ALL`]; the line of keys.
    piece: Bytes,
    /// Where the body ends in it.
    body: usize,
    /// How long the part of the line is that links go by.
    linked: usize,
    /// The keys for CDNs, as one line.
    pub surrogates: HeaderValue,
    /// What else CDNs are told.
    pub edge: Arc<Edge>,
    compressed: OnceLock<Option<Compressed>>,
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
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Identity, Self::Gzip, Self::Brotli];

    /// Its name in `Content-Encoding`.
    pub const fn name(self) -> &'static str {
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

    /// How long the tags of bodies in this encoding are.
    const fn tag_length(self) -> usize {
        ETAG + 2
            + match self {
                Self::Identity => 0,
                Self::Gzip => 5,
                Self::Brotli => 3,
            }
    }
}

/// Where the tag of an encoding stands, from the end of the body on.
const fn tag_place(encoding: Encoding) -> Range<usize> {
    let gzip = Encoding::Identity.tag_length();
    let brotli = gzip + Encoding::Gzip.tag_length();
    match encoding {
        Encoding::Identity => 0..gzip,
        Encoding::Gzip => gzip..brotli,
        Encoding::Brotli => brotli..brotli + Encoding::Brotli.tag_length(),
    }
}

/// How long all tags are.
const TAGS: usize = tag_place(Encoding::Brotli).end;

impl Answer {
    /// Makes an answer of its JSON, not compressed yet.
    pub fn new(status: u16, json: &serde_json::Value, keys: &BTreeSet<Key>, edge: &Arc<Edge>) -> Self {
        let json = json.to_string();
        let etag: String = Sha256::digest(&json)[..ETAG / 2].iter().map(|byte| format!("{byte:02x}")).collect();
        let KeyLine { line, linked, for_cdns } = KeyLine::of(keys, edge);
        // As large as it must be: what grows by itself has half as much again to spare.
        let mut piece = Vec::with_capacity(json.len() + TAGS + line.len());
        piece.extend_from_slice(json.as_bytes());
        for encoding in Encoding::ALL {
            piece.extend_from_slice(format!("\"{etag}{}\"", encoding.suffix()).as_bytes());
        }
        piece.extend_from_slice(line.as_bytes());
        let (piece, body) = (Bytes::from(piece), json.len());
        let surrogates = match for_cdns {
            ForCdns::Beginning(end) => piece.slice(body + TAGS..body + TAGS + end),
            ForCdns::Own(own) => own.into(),
        };
        let worth_compressing = status == 200 && body >= COMPRESS_FROM;
        Self {
            status,
            body,
            linked: linked.len(),
            surrogates: header(surrogates),
            edge: edge.clone(),
            piece,
            compressed: if worth_compressing { OnceLock::new() } else { OnceLock::from(None) },
        }
    }

    /// JSON.
    pub fn body(&self) -> &[u8] {
        &self.piece[..self.body]
    }

    /// The body's fingerprint, in hex.
    pub fn etag(&self) -> &str {
        self.text(self.body + 1..self.body + 1 + ETAG)
    }

    /// What it was made from, or missed.
    pub fn keys(&self) -> BTreeSet<Key> {
        keyline::keys(self.text(self.body + TAGS..self.piece.len()))
    }

    /// The keys that links go by.
    fn linked(&self) -> &str {
        self.text(self.body + TAGS..self.body + TAGS + self.linked)
    }

    /// What it is linked by.
    pub(super) fn marks(&self) -> impl Iterator<Item = Mark> + '_ {
        keyline::marks(self.linked())
    }

    /// Whether a change makes it old.
    pub(super) fn is_touched(&self, touch: &Touch) -> bool {
        touch.makes_old(self.linked())
    }

    /// A part of the piece that is text of ours.
    fn text(&self, place: Range<usize>) -> &str {
        std::str::from_utf8(&self.piece[place]).unwrap_or_default()
    }

    /// Compresses the body unless that was done. Not for threads that must not wait.
    pub fn compress(&self) {
        self.compressed.get_or_init(|| Some(Compressed::of(self.body())));
    }

    /// Whether its shorter forms are still to come: until then it is sent as it is.
    pub fn is_being_compressed(&self) -> bool {
        self.compressed.get().is_none()
    }

    /// The body in an encoding, if it is there in that encoding.
    pub fn encoded(&self, encoding: Encoding) -> Option<Bytes> {
        let compressed = || self.compressed.get()?.as_ref();
        match encoding {
            Encoding::Identity => Some(self.piece.slice(..self.body)),
            Encoding::Gzip => compressed().map(Compressed::gzip),
            Encoding::Brotli => compressed().map(Compressed::brotli),
        }
    }

    /// The entity tag of the body in an encoding, in quotes: tags must differ where the bytes do.
    pub fn tag(&self, encoding: Encoding) -> HeaderValue {
        let Range { start, end } = tag_place(encoding);
        header(self.piece.slice(self.body + start..self.body + end))
    }

    /// What it takes in memory with everything that keeps it, about, when it is compressed.
    pub(super) fn weight(&self) -> u64 {
        let compressed = match self.compressed.get() {
            Some(compressed) => compressed.as_ref().map_or(0, Compressed::len),
            None => self.body / 2,
        };
        (self.piece.len() + compressed + OVERHEAD + LINK * self.marks().count()) as u64
    }

    /// Whether it says that there is nothing: strangers can ask for any number of such things.
    pub(super) fn is_unknown(&self) -> bool {
        self.status != 200
    }
}

/// Text of ours as the value of a header. It holds nothing but what tags and keys are spelled with.
fn header(text: Bytes) -> HeaderValue {
    HeaderValue::from_maybe_shared(text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use serde_json::json;

    use super::{Answer, Edge, Encoding};
    use crate::content::definition::BLOG;
    use crate::content::key::Key;

    #[test]
    fn tags_and_keys_stand_behind_the_body() {
        let keys = BTreeSet::from([Key::Model, Key::Schema(BLOG), Key::Slug("pages/pie & tart".into())]);
        let answer = Answer::new(200, &json!({"data": "pie"}), &keys, &Arc::new(Edge::default()));
        assert_eq!(answer.body(), br#"{"data":"pie"}"#);
        assert_eq!(answer.keys(), keys);
        assert_eq!(answer.surrogates, "slug-pages%2Fpie%20%26%20tart model");
        assert_eq!(answer.etag().len(), 32);
        for encoding in Encoding::ALL {
            assert_eq!(answer.tag(encoding), format!("\"{}{}\"", answer.etag(), encoding.suffix()));
        }
    }
}
