//! How content changes: one verb per file. Both doors and the command line come through here, so a rule
//! is written once.
//!
//! Every verb is one transaction: the revision, what is live, the index, links, search and the change
//! log are committed together or not at all, and the verb returns after they are on disk.

mod accounts;
mod act;
mod acting;
mod announce;
mod archive;
mod audit;
mod cdn;
mod change;
mod checking;
mod checklist;
mod choices;
mod create;
mod delete;
mod discard;
mod draft;
mod duplicate;
mod export_site;
mod finding;
mod foresee;
mod happened;
mod import_site;
mod lookup;
mod media;
mod move_item;
mod outcome;
mod passes;
mod passkeys;
mod people;
mod post;
mod previews;
mod publish;
mod purge;
mod put_aside;
mod redirects;
mod restore;
mod restore_field;
mod review;
mod sample;
mod saving;
mod schedule;
mod schema;
mod second_factor;
mod set_up;
mod settings;
mod sign_in;
mod single;
mod term;
mod tokens;
mod undo_publish;
mod unpublish;
mod visitors;
mod webhooks;

use std::net::IpAddr;
use std::sync::Arc;

use crate::account::User;
use crate::content::entry::{EntryId, RevisionId};
use crate::content::field::Problem;
use crate::content::moment::Moment;
use crate::delivery::{Delivery, Refreshed};
use crate::media::Budget;
use crate::store;
use crate::store::{Actor, Change as Committed, MediaUse, Store, Use, Write};

use announce::announce;

pub use accounts::{NewUser, OwnAccount};
pub use act::{Act, Undo};
pub use acting::{Acted, Aim};
pub use archive::{EntryLine, Files, Manifest, RevisionLine, VariantLine};
pub use audit::PASSWORD;
pub use cdn::{PurgeLine, PurgeState, Secret as CdnSecret, last_purges};
pub use change::Change;
pub use checklist::{Line, Severity, checklist};
pub use create::{NewItem, NewPage};
pub use draft::{DraftSave, Editor, Filled, Op, Opened, Problems, Why, called, filled_sample, post_fields, status};
pub use export_site::{Exported, export_site};
pub use foresee::{Among, Foresight};
pub use import_site::{Checked, Imported};
pub use media::{BroughtIn, Incoming, MediaEdit, MediaFacts, MediaPlace, NewFolder, Taken, upload_named};
pub use move_item::Beside;
pub use passes::{INVITED, RESET};
pub use people::NewAuthor;
pub use post::{PostAuthor, PostChange, PostTerm};
pub use purge::KEPT;
pub use redirects::{Brought, plan_redirects, problem};
pub use restore_field::Part;
pub use sample::Removed;
pub use saving::{Sent, slug_rival};
pub use schema::{Action, Drawn, Example, Plan, Progress, Step, drawn};
pub use set_up::SITE_TOKEN;
pub use settings::init_site;
pub use tokens::{NewToken, TokenChange};
pub use visitors::{Address, Wish, visited};
pub use webhooks::{NewWebhook, ROTATION};

/// Changes one site's content.
pub struct Authoring {
    store: Arc<Store>,
    /// The kept answers that changes make old; none in a process that serves nobody.
    delivery: Option<Arc<Delivery>>,
    /// Where the site's media are served, to recognise our own addresses in what is sent.
    public_url: String,
    /// Memory for opening pictures, shared with whoever else opens them.
    budget: Budget,
}

/// Who makes a change, and when.
#[derive(Clone, Debug)]
pub struct Signature {
    /// A person's or token's name.
    pub by: String,
    /// The person, when it is one.
    pub user: Option<i64>,
    /// The moment of the change.
    pub at: Moment,
    /// From where, when it was asked for over the network.
    pub from: Option<IpAddr>,
}

impl Signature {
    /// A change made now.
    pub fn now(by: impl Into<String>) -> Self {
        Self::at(by, now())
    }

    /// A change made at a moment.
    pub fn at(by: impl Into<String>, at: Moment) -> Self {
        Self { by: by.into(), user: None, at, from: None }
    }

    /// A change that a person makes now.
    pub fn of(user: &User) -> Self {
        Self { user: Some(user.id), ..Self::now(&user.name) }
    }

    /// The same, asked for from an address.
    #[must_use]
    pub fn from(self, address: IpAddr) -> Self {
        Self { from: Some(address), ..self }
    }

    /// As the audit log tells of it.
    fn actor(&self) -> Actor {
        let address = self.from.map(|address| address.to_canonical().to_string()).unwrap_or_default();
        Actor { by: self.by.clone(), user: self.user, address }
    }
}

/// What an entry shall be after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it was: what is live stays live, with the change.
    Keep,
    /// A draft. A live page stays live beside it.
    Draft,
    /// Live.
    Published,
    /// Not live; what was live becomes the draft.
    Unpublished,
}

/// An entry that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Which.
    pub id: EntryId,
    /// Its slug after the change; `None` for items.
    pub slug: Option<String>,
    /// The newest revision, when one was made.
    pub revision: Option<RevisionId>,
}

/// An entry that went live or was taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The entry.
    pub written: Written,
    /// What became of the answers that were kept.
    pub refreshed: Refreshed,
}

/// Why a change was not made.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// What was sent breaks rules; each problem names its field.
    #[error("{}", describe(.0))]
    Invalid(Vec<Problem>),
    /// There is no such thing; the word says what was looked for.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Several entries are meant.
    #[error("several pages have this slug: name their page type")]
    Ambiguous,
    /// It is not as it was when the person looked at it.
    #[error("{by} has changed it meanwhile: look at it again before you go on")]
    Changed {
        /// Who changed it last.
        by: String,
        /// When.
        at: Moment,
        /// Its newest revision; none when nothing is left.
        rev: Option<RevisionId>,
    },
    /// Somebody has deleted it.
    #[error("{} deleted this; bring it back from the trash first", .by.as_deref().unwrap_or("somebody"))]
    Deleted {
        /// Who, when that is known.
        by: Option<String>,
        /// When.
        at: Moment,
    },
    /// Others link to what should be deleted.
    #[error("{} other entries link to it: remove those links first, or delete it anyway", .0.len())]
    InUse(Vec<Use>),
    /// Entries or authors show the picture or file that should be deleted: the first of them, and how many there are.
    #[error("{total} {} it: take it out there first, or delete it anyway", if *total == 1 { "place uses" } else { "places use" })]
    Shown {
        /// Where.
        uses: Vec<MediaUse>,
        /// How many.
        total: u64,
    },
    /// The file cannot be taken in; the sentence says why and what to do.
    #[error("{0}")]
    Unusable(String),
    /// The file cannot be written.
    #[error("{0}")]
    Storage(String),
    /// It cannot be done; the sentence says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// The database did not do it.
    #[error(transparent)]
    Store(store::Error),
}

impl Error {
    /// One problem with one field.
    pub fn invalid(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem { path: path.into(), text: text.into() }])
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::SlugTaken => Self::invalid("slug", "This slug is taken; choose another."),
            other => Self::Store(other),
        }
    }
}

fn describe(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{}: {}", problem.path, problem.text)).collect::<Vec<_>>().join("\n")
}

/// The present moment.
pub fn now() -> Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Moment::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

impl Authoring {
    /// Changes the content of this store, in a process that keeps no answers.
    pub fn new(store: Arc<Store>, public_url: impl Into<String>) -> Self {
        Self { store, delivery: None, public_url: public_url.into(), budget: Budget::default() }
    }

    /// Changes the content of this store and keeps the answers made from it fresh.
    pub fn serving(store: Arc<Store>, delivery: Arc<Delivery>) -> Self {
        let public_url = delivery.public_url().into();
        Self { store, public_url, delivery: Some(delivery), budget: Budget::default() }
    }

    /// Shares the memory for opening pictures with others who open them.
    #[must_use]
    pub fn with_budget(self, budget: Budget) -> Self {
        Self { budget, ..self }
    }

    /// Memory for opening pictures.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The store that is changed.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Why changes are not taken, or the last one could not be saved. Never waits.
    ///
    /// # Errors
    /// The reason.
    pub fn takes_changes(&self) -> Result<(), store::Error> {
        self.store.takes_changes()
    }

    /// Tries whether a change could be made and saved, without making one. Blocks.
    ///
    /// # Errors
    /// Why not.
    pub fn try_change(&self) -> Result<(), store::Error> {
        self.store.try_change()
    }

    /// Runs a verb in its transaction, and refreshes the answers it made old before it returns.
    fn write<T: Send + 'static>(
        &self,
        signature: &Signature,
        verb: impl FnOnce(&mut Write<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.report(signature, verb).map(|(value, _)| value)
    }

    /// As [`Self::write`], and tells what was refreshed.
    fn report<T: Send + 'static>(
        &self,
        signature: &Signature,
        verb: impl FnOnce(&mut Write<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<(T, Refreshed), Error> {
        let signature = signature.clone();
        let changed = self.store.change(move |write| {
            write.happens_at(signature.at);
            write.made_by(signature.user);
            write.done_by(signature.actor());
            let model = write.model().clone();
            let value = verb(write)?;
            announce(write, &model, &signature)?;
            Ok(value)
        });
        let (value, change) = changed.inspect_err(|error| {
            if let Error::Store(error) = error {
                self.store.note(error);
            }
        })?;
        let refreshed = change.as_ref().map(|change| self.refresh(change)).unwrap_or_default();
        if change.is_some_and(|change| change.posted) {
            // Not before: whoever is told of the change shall find it. What made no answer old is noticed by the clock.
            self.store.outbox_bell().ring();
        }
        Ok((value, refreshed))
    }

    /// The change is on disk: an error here must not look as if it were not.
    fn refresh(&self, change: &Committed) -> Refreshed {
        let Some(delivery) = &self.delivery else { return Refreshed::default() };
        delivery.refresh(change).unwrap_or_else(|error| {
            tracing::error!(%error, "answers could not be refreshed after a change; they are served as they are");
            Refreshed::default()
        })
    }
}
