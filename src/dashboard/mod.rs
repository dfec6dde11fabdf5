//! The editors' door: HTML pages below `/admin`, and the calls their scripts make.
//!
//! Every page is rendered here and works as plain links and forms; htmx swaps fragments of the same
//! templates. [`guard`] stands in front of all of it: who is signed in, whether a change was sent by one of
//! our own pages, and the headers every answer carries.

mod about;
pub mod address;
mod assets;
mod error;
mod guard;
mod home;
mod nav;
mod sight;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;

use crate::authoring::Authoring;
use crate::delivery::Delivery;
use crate::store::{self, Read, Store};
use crate::work::Work;

use assets::Assets;
use error::Refused;
use guard::Signed;
use view::{Screen, View};

/// The largest form or JSON a page sends: a long article many times over.
const LARGEST: usize = 16 << 20;

/// What the dashboard reaches.
#[derive(Clone)]
pub struct Dashboard {
    /// How content changes.
    pub authoring: Arc<Authoring>,
    /// How content is read by the public.
    pub delivery: Arc<Delivery>,
    /// For reading what only people who work on the site see.
    pub store: Arc<Store>,
    /// Where work that waits is done.
    pub work: Work,
    view: Arc<View>,
    assets: Arc<Assets>,
}

impl Dashboard {
    /// The dashboard of one site.
    pub fn new(authoring: Arc<Authoring>, delivery: Arc<Delivery>, store: Arc<Store>, work: Work) -> Self {
        let assets = Arc::new(Assets::embedded());
        let view = Arc::new(View::new(assets.clone()));
        Self { authoring, delivery, store, work, view, assets }
    }

    /// Whether browsers reach the site only through TLS.
    fn is_secure(&self) -> bool {
        self.delivery.public_url().starts_with("https://")
    }

    /// Reads from a snapshot, where waiting is allowed.
    async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Read<'_>) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        let store = self.store.clone();
        self.work.run(move || store.read(ask)).await?
    }

    /// Makes a change, where waiting is allowed.
    async fn change<T, E>(&self, change: impl FnOnce(&Authoring) -> Result<T, E> + Send + 'static) -> Result<T, Refused>
    where
        T: Send + 'static,
        E: Into<Refused> + Send + 'static,
    {
        let authoring = self.authoring.clone();
        self.work.run(move || change(&authoring)).await?.map_err(Into::into)
    }

    /// A whole page for somebody who is signed in; `ask` reads what the template shows.
    async fn screen(
        &self,
        signed: &Signed,
        screen: Screen,
        ask: impl FnOnce(&Read<'_>) -> Result<minijinja::Value, Refused> + Send + 'static,
    ) -> Result<Response, Refused> {
        let (view, signed, delivery) = (self.view.clone(), signed.clone(), self.delivery.clone());
        self.read(move |read| {
            let settings = read.settings().map(|set| crate::content::settings::Settings::read(&set))?;
            let site = nav::Site::new(&settings.site_name, delivery.public_url());
            let frame = nav::frame(&signed, site, read.model(), screen.section);
            let shown = ask(read)?;
            view.page(screen.template, &frame, shown)
        })
        .await
    }
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        Self::of_store(&error)
    }
}

/// All routes, written without their last slash: the server removes it from requests.
pub fn routes(dashboard: &Dashboard) -> Router {
    Router::new()
        .merge(signed_in(dashboard))
        .merge(open())
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(from_fn_with_state(dashboard.clone(), guard::finish))
        .with_state(dashboard.clone())
}

/// What needs a sign-in.
fn signed_in(dashboard: &Dashboard) -> Router<Dashboard> {
    Router::new()
        .route("/admin", get(home::show))
        .route("/admin/about/licences", get(about::licences))
        .route("/admin/{*nowhere}", get(error::nowhere))
        .route_layer(from_fn_with_state(dashboard.clone(), guard::pass))
}

/// What does not.
fn open() -> Router<Dashboard> {
    Router::new().route("/admin/assets/{hash}/{name}", get(assets::show))
}
