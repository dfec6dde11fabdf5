//! The only SQL: one site's database.
//!
//! [`Store::read`] gives a snapshot to read from, [`Store::write`] queues a change for the one writer.
//! Everything that is kept beside the content (index, links, search, change log) is written here, in the
//! same transaction, so that no caller can forget it.

mod accounts;
mod altered;
mod apply;
mod audit;
mod boards;
mod cdn;
mod changes;
mod checkpointer;
mod choices;
mod commits;
mod entries;
mod era;
mod error;
mod events;
mod explain;
mod faces;
mod facets;
mod file;
mod filters;
mod folding;
mod footing;
mod glance;
mod groups;
mod hold;
mod indexing;
mod keeper;
mod links;
mod list;
mod mandate;
mod media;
mod migrate;
mod models;
mod opened;
mod order;
mod outbox;
mod oversights;
mod overview;
mod passes;
mod passkeys;
mod past;
mod pick;
mod posts;
mod previews;
mod purging;
mod redirects;
mod rehearse;
mod removing;
mod replies;
mod rescue;
mod sample;
mod search;
mod secret;
mod sessions;
mod settings;
mod tokens;
mod trace;
mod upkeep;
mod write;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use rusqlite::Connection;

use crate::content::schema::Model;

use era::Era;
use keeper::Keeper;
use opened::Opened;

pub use altered::{Altered, Before};
pub use audit::{AUDIT_KEPT, Actor, AuditQuery};
pub use boards::Board;
pub use cdn::KeptCdn;
pub use changes::{Change, Watch};
pub use choices::SavedView;
pub use commits::Commits;
pub use entries::Due;
pub use error::Error;
pub use folding::Folded;
pub use glance::{BrokenLink, Missed, Timed};
pub use hold::{Hold, Pages, Still, check_copy};
pub use indexing::ALL_SINGLES;
pub use links::Use;
pub use list::{Listed, Listing};
pub use mandate::Mandate;
pub use media::{
    MediaCounts, MediaFolder, MediaOrder, MediaQuery, MediaRow, MediaUse, MediaUser, MediaVersion, MissingMedia, Shape,
    WantedMedia, media_files_in,
};
pub use models::StoredModel;
pub use outbox::{Bell, Next, ParcelQuery, Recorded};
pub use overview::{By, Eyes, Filed, Line, Place, Standing, Survey, Surveyed, Tally};
pub use past::Past;
pub use posts::Neighbours;
pub use purging::Discarded;
pub use replies::{Asked, Reply};
pub use sample::Brought;
pub use search::{Hit, SearchIn};
pub use trace::Traced;
pub use upkeep::{Role, Upkeep, litestream_since};
pub use write::Write;

/// The database's name in a site's folder.
pub const FILE: &str = "larder.db";
/// One site's database.
///
/// It stays one store whatever happens to the file: [`Store::tend`] closes what cannot be trusted any more and
/// opens what takes its place. Numbers of changes and tokens go on growing meanwhile.
pub struct Store {
    path: PathBuf,
    /// The connections, or why there are none.
    current: ArcSwap<Result<Arc<Opened>, Error>>,
    keeper: Mutex<Keeper>,
    commits: Arc<Commits>,
    outbox: Bell,
    upkeep: Upkeep,
}

impl Store {
    /// Opens the site in a folder.
    ///
    /// # Errors
    /// `NoSite` when there is none, `Newer` or `Damaged` when it cannot be used.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Self::open_as(folder, Upkeep::Own)
    }

    /// As [`Store::open`], and tells who brings the log into the database file.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_as(folder: &Path, upkeep: Upkeep) -> Result<Self, Error> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Err(Error::NoSite(folder.into()));
        }
        Self::open_file(path, upkeep)
    }

    /// Makes a site in a folder, which is made too; opens it when it is there already.
    ///
    /// # Errors
    /// `Folder` when the folder cannot be made; else as [`Store::open`].
    pub fn create(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::Folder { path: folder.into(), error: Arc::new(error) })?;
        Self::open_file(folder.join(FILE), Upkeep::Own)
    }

    fn open_file(path: PathBuf, upkeep: Upkeep) -> Result<Self, Error> {
        let upkeep = upkeep.beside(&path);
        let commits = Arc::new(Commits::default());
        let opened = Arc::new(Opened::first(&path, upkeep, &commits)?);
        Ok(Self {
            path,
            current: ArcSwap::from_pointee(Ok(opened)),
            keeper: Mutex::default(),
            commits,
            outbox: Bell::default(),
            upkeep,
        })
    }

    /// Runs `question` on a snapshot of the database.
    ///
    /// # Errors
    /// The question's own error, and the database's.
    pub fn read<T, E: From<Error>>(&self, question: impl FnOnce(&Read<'_>) -> Result<T, E>) -> Result<T, E> {
        let (mut question, mut answer) = (Some(question), None);
        self.ask(&mut |read| answer = question.take().map(|question| question(read)))?;
        answer.expect("a question that is asked")
    }

    /// Asks one question of a snapshot.
    fn ask(&self, question: &mut dyn FnMut(&Read<'_>)) -> Result<(), Error> {
        let opened = self.opened()?;
        opened.footing.holds()?;
        // The pool gives up only when every reader has been busy for its time-out.
        let connection = opened.readers.get().map_err(|_| Error::Busy)?;
        let snapshot = connection.unchecked_transaction()?;
        let model = opened.current_model(&snapshot).inspect_err(|error| opened.footing.note(error))?;
        question(&Read { connection: &snapshot, model, era: opened.era });
        // A snapshot has nothing to lose: however it ends, the next user begins anew.
        let _ = snapshot.finish();
        Ok(())
    }

    /// Tells of an error that a question or change of its own ended with, which the store does not see.
    pub fn note(&self, error: &Error) {
        if let Ok(opened) = self.opened() {
            opened.footing.note(error);
        }
    }

    fn opened(&self) -> Result<Arc<Opened>, Error> {
        self.current.load().as_ref().clone()
    }

    /// Runs a change in a transaction of its own and waits until it is on disk.
    ///
    /// # Errors
    /// The change's own error, and the database's. Nothing is changed then, except after an error of the
    /// commit itself, which may have happened: look before trying again.
    pub fn write<T, E>(&self, change: impl FnOnce(&mut Write<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.change(change).map(|(value, _)| value)
    }

    /// As [`Store::write`], and tells what the change made old.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn change<T, E>(
        &self,
        change: impl FnOnce(&mut Write<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<(T, Option<Change>), E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.mandate().holds()?;
        let opened = self.opened()?;
        opened.footing.takes_changes()?;
        opened.writer.write(change)
    }

    /// What has been committed, for who copies it elsewhere.
    pub fn commits(&self) -> &Arc<Commits> {
        &self.commits
    }

    /// What is rung when there may be something to send.
    pub fn outbox_bell(&self) -> &Bell {
        &self.outbox
    }

    /// Whether this process may change the database.
    pub fn mandate(&self) -> &Mandate {
        self.commits.mandate()
    }

    /// The log beside the database file.
    pub fn log_path(&self) -> PathBuf {
        file::log_of(self.path())
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A snapshot of the database. Its methods stand in the file of what they find.
pub struct Read<'a> {
    connection: &'a Connection,
    model: Arc<Model>,
    era: Era,
}

impl Read<'_> {
    /// The content model of this snapshot.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }
}
