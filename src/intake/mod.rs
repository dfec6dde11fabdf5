//! How files come in, whichever door they come through: whole, in pieces, or from another server's address.
//!
//! Everything is written to `media/incoming` in the site's folder first, and taken into the library by one
//! verb, so that a process that is killed leaves no half file there.

mod by_address;
mod error;
mod pieces;
mod taking;
pub mod tus;
mod unfinished;
mod wanted;

use std::io::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tempfile::NamedTempFile;
use tokio::sync::Semaphore;

use crate::authoring::{Authoring, Signature};
use crate::fetch::{Fetch, Limits};
use crate::work::Work;

use unfinished::Turns;

pub use error::Error;
pub use pieces::{Arriving, PATIENCE, Pieces};
pub use taking::Taken;
pub use unfinished::{LARGEST as LARGEST_IN_PIECES, Progress};

/// The largest file that is taken whole, or from another server.
pub const LARGEST: u64 = 100 << 20;
/// How long a name and an alternative text may be, in characters.
const LONGEST_TEXT: usize = 1_000;
/// How much is gathered before it is written.
const GATHERED: usize = 1 << 20;
/// The folder, beside the originals, of what is on its way in.
const FOLDER: &str = "incoming";
/// How many files are written, hashed or looked into at once, and how many wait for that.
const AT_WORK: (usize, usize) = (16, 512);
/// How many other servers are asked at once.
const ASKED_AT_ONCE: usize = 8;
/// How long another server may say nothing.
const IDLE: Duration = Duration::from_secs(20);
/// How many redirects are followed.
const REDIRECTS: usize = 5;

/// Takes files in.
#[derive(Clone)]
pub struct Intake {
    authoring: Arc<Authoring>,
    fetch: Fetch,
    limits: Limits,
    work: Work,
    turns: Arc<Turns>,
    /// Held while it is counted whether another upload may begin.
    counting: Arc<tokio::sync::Mutex<()>>,
    asking: Arc<Semaphore>,
}

/// Who sends a file.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Whose unfinished uploads are theirs: `user-3`, `token-7`.
    pub key: String,
    /// Under which number answers are kept for repeated requests.
    pub user: i64,
    /// Their name, as the history shows it.
    pub name: String,
    /// From where, when it comes over the network.
    pub from: Option<IpAddr>,
}

impl Sender {
    /// Somebody who is signed in.
    pub fn person(id: i64, name: impl Into<String>) -> Self {
        Self { key: format!("user-{id}"), user: id, name: name.into(), from: None }
    }

    /// The server itself, for what somebody's write has asked for.
    fn clock(name: String) -> Self {
        Self { key: "clock".into(), user: 0, name, from: None }
    }

    /// A program with a token.
    pub fn token(id: i64, name: impl Into<String>) -> Self {
        // Below the numbers of people.
        Self { key: format!("token-{id}"), user: -1 - id, name: name.into(), from: None }
    }

    /// The same, who sends from this address.
    #[must_use]
    pub fn at(self, from: Option<IpAddr>) -> Self {
        Self { from, ..self }
    }

    /// What they change is signed by them.
    fn signature(&self) -> Signature {
        Signature { user: (self.user > 0).then_some(self.user), from: self.from, ..Signature::now(&self.name) }
    }
}

/// What is said of a file by who sends it.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Its alternative text.
    pub alt: String,
}

impl About {
    /// With texts cut to the length they may have; a file without a name is called `file`.
    pub fn new(name: &str, alt: &str) -> Self {
        let cut = |text: &str| text.chars().take(LONGEST_TEXT).collect::<String>();
        let name = name.trim();
        Self { name: cut(if name.is_empty() { "file" } else { name }), alt: cut(alt) }
    }
}

/// A file that has arrived and is forgotten unless it is kept.
#[derive(Debug)]
pub struct Held(NamedTempFile);

impl Intake {
    /// Takes files into the library of this site; another server may take `patience` to hand one over.
    pub fn new(authoring: Arc<Authoring>, fetch: Fetch, patience: Duration) -> Self {
        let limits = Limits { bytes: LARGEST, whole: patience, idle: IDLE.min(patience), redirects: REDIRECTS };
        Self {
            authoring,
            fetch,
            limits,
            work: Work::bounded(AT_WORK.0, AT_WORK.1),
            turns: Arc::default(),
            counting: Arc::default(),
            asking: Arc::new(Semaphore::new(ASKED_AT_ONCE)),
        }
    }

    /// Takes in what was held. `client` is what its sender calls the upload: sent again under the same name, it
    /// gets the same answer.
    ///
    /// # Errors
    /// Why it was not taken; nothing is left of it then.
    pub async fn keep(&self, held: Held, about: About, sender: &Sender, client: Option<&str>) -> Result<Taken, Error> {
        self.take(held.0, about, sender, client).await
    }

    /// Holds a file that arrives whole, until it is said what it is.
    ///
    /// # Errors
    /// When it is empty, too large or breaks off; nothing is left of it then.
    pub async fn hold(&self, body: &mut impl Pieces) -> Result<Held, Error> {
        let folder = self.folder()?;
        let mut file = self.work.run(move || NamedTempFile::new_in(folder)).await??;
        let (mut gathered, mut waiting, mut size) = (Vec::<Bytes>::new(), 0, 0);
        loop {
            let piece = body.next().await?;
            let ended = piece.is_none();
            waiting += piece.as_ref().map_or(0, Bytes::len);
            size += piece.as_ref().map_or(0, Bytes::len) as u64;
            if size > LARGEST {
                return Err(Error::TooLarge(LARGEST));
            }
            gathered.extend(piece);
            if ended || waiting >= GATHERED {
                let pieces = std::mem::take(&mut gathered);
                waiting = 0;
                let written = move || {
                    pieces.iter().try_for_each(|piece| file.write_all(piece))?;
                    Ok::<_, Error>(file)
                };
                file = self.work.run(written).await??;
            }
            if ended {
                return if size == 0 { Err(Error::Empty) } else { Ok(Held(file)) };
            }
        }
    }

    /// Where files are written before the library takes them.
    fn folder(&self) -> Result<PathBuf, Error> {
        let folder = self.authoring.media_folder()?.join(FOLDER);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

/// A name nobody can guess: 32 hex digits.
fn random_name() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::Storage(std::io::Error::other(error.to_string())))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
