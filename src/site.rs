//! One site: the parts that work on one folder.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::api::{Api, Leaving, Pictures};
use crate::auth::Tokens;
use crate::authoring::Authoring;
use crate::courier::purge::Purger;
use crate::dashboard::Dashboard;
use crate::delivery::Delivery;
use crate::fetch::Fetch;
use crate::intake::Intake;
use crate::media::rendition::{ON_DISK, Renditions, folder_in};
use crate::metrics::{Answered, Metrics};
use crate::replica::Board as Copies;
use crate::replica::group::Station;
use crate::store::{Error, Store, Upkeep};
use crate::tls::Board;
use crate::work::Work;

/// An open site.
pub struct Site {
    /// Its database.
    pub store: Arc<Store>,
    /// Its tokens.
    pub tokens: Arc<Tokens>,
    /// How its content is read.
    pub delivery: Arc<Delivery>,
    /// How its content changes.
    pub authoring: Arc<Authoring>,
    /// How files come in.
    pub intake: Intake,
    /// How pictures are made that addresses ask for.
    pub pictures: Arc<Pictures>,
    /// What tells its CDN what to drop.
    pub purger: Purger,
    /// How copying it elsewhere stands, when it is copied.
    pub copying: Option<Arc<Copies>>,
    /// How it stands among those that share its replica, when it has one.
    pub station: Option<Arc<Station>>,
    /// How its certificate stands, when HTTPS is spoken.
    pub certificate: Option<Arc<Board>>,
}

/// How many questions about the past may wait while one is answered.
const LOOKING_BACK: usize = 32;
/// How long another server may take, unless told otherwise, and a question about the past wait for its turn.
const PATIENCE: Duration = Duration::from_secs(60);

impl Site {
    /// Opens the site in a folder. `public_url` is where it is reached, `budget` how many bytes of
    /// answers it keeps ready.
    ///
    /// # Errors
    /// When there is none, or its database cannot be used.
    pub fn open(folder: &Path, public_url: &str, budget: u64) -> Result<Self, Error> {
        Self::open_as(folder, public_url, budget, Upkeep::Own)
    }

    /// As [`Site::open`], and tells who brings the database's log into its file.
    ///
    /// # Errors
    /// As [`Site::open`].
    pub fn open_as(folder: &Path, public_url: &str, budget: u64, upkeep: Upkeep) -> Result<Self, Error> {
        let store = Arc::new(Store::open_as(folder, upkeep)?);
        let delivery = Arc::new(Delivery::open(store.clone(), folder, public_url, budget)?);
        let authoring = Arc::new(Authoring::serving(store.clone(), delivery.clone()));
        let fetch = Fetch::new(Vec::new(), None);
        let purger = Purger::new(store.clone(), fetch.clone(), delivery.public_url(), None);
        let intake = Intake::new(authoring.clone(), fetch, PATIENCE);
        let renditions = Renditions::open(folder_in(&delivery.media_folder()), ON_DISK);
        let pictures = Arc::new(Pictures::new(renditions, authoring.budget().clone()));
        let tokens = Arc::new(Tokens::load(store.clone())?);
        Ok(Self {
            tokens,
            authoring,
            intake,
            pictures,
            purger,
            delivery,
            store,
            copying: None,
            station: None,
            certificate: None,
        })
    }

    /// The same site, asking other servers in this way, each for no longer than `patience`.
    #[must_use]
    pub fn reaching(self, fetch: Fetch, patience: Duration) -> Self {
        Self { intake: Intake::new(self.authoring.clone(), fetch, patience), ..self }
    }

    /// The same site, telling its CDN what to drop in this way, with this token in the place of a stored one.
    #[must_use]
    pub fn purging(self, fetch: Fetch, token: Option<String>) -> Self {
        Self { purger: Purger::new(self.store.clone(), fetch, self.delivery.public_url(), token), ..self }
    }

    /// What the dashboard reaches of it.
    pub fn dashboard(&self) -> Dashboard {
        let (authoring, delivery, intake) = (self.authoring.clone(), self.delivery.clone(), self.intake.clone());
        Dashboard::new(authoring, delivery, self.store.clone(), self.tokens.clone(), intake, self.purger.clone())
            .copied(self.copying.clone())
    }

    /// Where its numbers come from. Nothing is counted yet.
    fn metrics(&self) -> Metrics {
        Metrics {
            answered: Answered::default(),
            store: self.store.clone(),
            delivery: self.delivery.clone(),
            copying: self.copying.clone(),
            station: self.station.clone(),
            certificate: self.certificate.clone(),
        }
    }

    /// What the API reaches of it.
    pub fn api(&self) -> Api {
        Api {
            authoring: self.authoring.clone(),
            delivery: self.delivery.clone(),
            tokens: self.tokens.clone(),
            intake: self.intake.clone(),
            pictures: self.pictures.clone(),
            work: Work::default(),
            copying: self.copying.clone(),
            station: self.station.clone(),
            certificate: self.certificate.clone(),
            looking_back: Work::bounded(1, LOOKING_BACK).waiting_for(PATIENCE),
            metrics: Arc::new(self.metrics()),
            leaving: Leaving::default(),
        }
    }
}
