//! One site: the parts that work on one folder.

use std::path::Path;
use std::sync::Arc;

use crate::api::Api;
use crate::auth::Tokens;
use crate::authoring::Authoring;
use crate::dashboard::Dashboard;
use crate::delivery::Delivery;
use crate::store::{Error, Store};
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
}

impl Site {
    /// Opens the site in a folder. `public_url` is where it is reached, `budget` how many bytes of
    /// answers it keeps ready.
    ///
    /// # Errors
    /// When there is none, or its database cannot be used.
    pub fn open(folder: &Path, public_url: &str, budget: u64) -> Result<Self, Error> {
        let store = Arc::new(Store::open(folder)?);
        let delivery = Arc::new(Delivery::open(store.clone(), folder, public_url, budget)?);
        Ok(Self {
            tokens: Arc::new(Tokens::load(store.clone())?),
            authoring: Arc::new(Authoring::serving(store.clone(), delivery.clone())),
            delivery,
            store,
        })
    }

    /// What the dashboard reaches of it.
    pub fn dashboard(&self) -> Dashboard {
        Dashboard::new(self.authoring.clone(), self.delivery.clone(), self.store.clone(), Work::default())
    }

    /// What the API reaches of it.
    pub fn api(&self) -> Api {
        Api {
            authoring: self.authoring.clone(),
            delivery: self.delivery.clone(),
            tokens: self.tokens.clone(),
            work: Work::default(),
        }
    }
}
