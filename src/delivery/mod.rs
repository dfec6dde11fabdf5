//! From a question to ready bytes.
//!
//! Every answer is built on one snapshot by a [`recorder`] that notes the key of everything it looks
//! for, found or not. What an answer depends on is therefore read off it, never declared.

mod addresses;
mod body;
mod collections;
mod feed;
mod file;
mod pages;
mod posts;
mod query;
mod recorder;
mod refusal;
mod shape;
mod taxonomy;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::content::key::Key;
use crate::content::schema::Model;
use crate::store::{self, Store};

pub use file::{FOLDER as MEDIA_FOLDER, File};
pub use query::{
    ANY, Feed, FeedKind, ItemList, ItemLists, LEVELS, Look, MAX_LEVELS, MAX_PAGE_SIZE, OneItem, OnePage, OnePost,
    PAGE_SIZE, PageList, PageSearch, Paging, PostList, PostSearch, Query, Recent, Wanted,
};
pub use refusal::Refusal;
pub use shape::detail;

/// Bodies below this are not worth compressing.
const COMPRESS_FROM: usize = 1024;

/// The database did not answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] store::Error);

/// An answer, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 200, or what a [`Refusal`] is answered with.
    pub status: u16,
    /// JSON.
    pub body: Bytes,
    /// The same compressed, when that is worth it.
    pub gzip: Option<Bytes>,
    /// What it was made from, or missed.
    pub keys: BTreeSet<Key>,
    /// The body's fingerprint, in hex.
    pub etag: String,
}

impl Answer {
    /// Makes an answer of its JSON. Compresses: not for threads that must not wait.
    pub fn new(status: u16, json: &serde_json::Value, keys: BTreeSet<Key>) -> Self {
        let body = Bytes::from(json.to_string());
        let etag = Sha256::digest(&body)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { status, gzip: compressed(&body), body, keys, etag }
    }
}

fn compressed(body: &[u8]) -> Option<Bytes> {
    if body.len() < COMPRESS_FROM {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::new(6));
    encoder.write_all(body).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Answers questions about one site.
pub struct Delivery {
    store: Arc<Store>,
    /// The site's folder.
    folder: PathBuf,
    /// Where the site is reached, without a slash at the end.
    public_url: String,
}

impl Delivery {
    /// Answers from this store, whose files lie in `folder`.
    pub fn new(store: Arc<Store>, folder: impl Into<PathBuf>, public_url: &str) -> Self {
        Self { store, folder: folder.into(), public_url: public_url.trim_end_matches('/').into() }
    }

    /// Answers a question. Blocks.
    ///
    /// # Errors
    /// The database's. What the content says no to is an answer too.
    pub fn answer(&self, query: &Query) -> Result<Answer, Error> {
        let (built, keys) = self.store.read(|read| {
            let recorder = recorder::Recorder::new(read);
            let mut build = body::Build { recorder, public_url: &self.public_url };
            let built = match build.value(query) {
                Ok(value) => Ok(value),
                Err(body::Stop::Refused(refusal)) => Err(refusal),
                Err(body::Stop::Failed(error)) => return Err(Error(error)),
            };
            Ok::<_, Error>((built, build.recorder.into_keys()))
        })?;
        Ok(match built {
            Ok(value) => Answer::new(200, &value, keys),
            Err(refusal) => Answer::new(refusal.status(), &shape::detail(&refusal.to_string()), keys),
        })
    }

    /// The content model, for descriptions of the API. Blocks.
    ///
    /// # Errors
    /// The database's.
    pub fn model(&self) -> Result<Arc<Model>, Error> {
        self.store.read(|read| Ok(read.model().clone()))
    }

    /// Whether questions can be answered. Blocks.
    ///
    /// # Errors
    /// The database's.
    pub fn is_ready(&self) -> Result<(), Error> {
        self.store.read(|read| read.newest_change().map(|_| ()).map_err(Error))
    }

    /// Where the site is reached, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }
}
