//! The editors' door: HTML pages below `/admin`, and the calls their scripts make.
//!
//! Every page is rendered here and works as plain links and forms; htmx swaps fragments of the same
//! templates. [`guard`] stands in front of all of it: who is signed in, whether a change was sent by one of
//! our own pages, and the headers every answer carries.

mod about;
mod account;
mod actions;
pub mod address;
mod asking;
mod assets;
mod attention;
mod audit;
mod body;
mod bulk;
mod cdn;
mod check;
mod client;
mod colours;
mod compare;
mod cookie;
mod draft;
mod editor;
mod entrance;
mod error;
mod explore;
mod find;
mod form;
mod guard;
mod history;
mod home;
mod jobs;
mod library;
mod links;
mod list;
mod model;
mod nav;
mod notes;
mod order;
mod palette;
mod pass;
mod passkeys;
mod people;
mod person;
mod plan;
mod presence;
mod preview;
mod reach;
mod redirects;
mod sample;
mod second_factor;
mod second_step;
mod see_as;
mod settings;
mod setup;
mod share;
mod sight;
mod sign_in;
mod slug;
mod steps;
mod streamed;
mod terms;
mod times;
mod tokens;
mod trash;
mod upload;
mod view;
mod visitors;
mod webhooks;
mod welcome;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::sync::Semaphore;

use crate::auth::Tokens;
use crate::auth::attempts::Attempts;
use crate::auth::halfway::Halfway;
use crate::auth::passkey::Passkeys;
use crate::auth::proxies::is_secure;
use crate::auth::setup_code::SetupCode;
use crate::authoring::Authoring;
use crate::courier::purge::Purger;
use crate::delivery::Delivery;
use crate::intake::Intake;
use crate::replica::Board;
use crate::store::{self, Read, Store};
use crate::work::Work;

use assets::Assets;
use error::Refused;
use guard::Signed;
use presence::Presence;
use view::{Screen, View};

/// The largest form or JSON a page sends: a long article many times over.
const LARGEST: usize = 16 << 20;

/// How many previews are followed at once.
const LISTENERS: usize = 500;
/// How many archives and earlier versions of files are sent at once.
const DOWNLOADS: usize = 16;
/// How many passwords are hashed at once.
const HASHES_AT_ONCE: usize = 2;
/// How many sign-ins wait for their turn. What comes on top is asked to try again.
const HASHES_WAITING: usize = 32;

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
    /// Which tokens have been seen.
    pub tokens: Arc<Tokens>,
    /// How files come in.
    intake: Intake,
    /// Where passwords are hashed: each takes 19 MiB and a processor.
    passwords: Work,
    attempts: Arc<Attempts>,
    /// Who has yet to take the second step of signing in.
    halfway: Arc<Halfway>,
    passkeys: Arc<Passkeys>,
    /// The code with which the first account is made.
    code: Arc<OnceLock<SetupCode>>,
    view: Arc<View>,
    assets: Arc<Assets>,
    notes: Arc<notes::Notes>,
    /// How many more previews may be followed at once.
    listeners: Arc<Semaphore>,
    jobs: Arc<jobs::Jobs>,
    /// The change of the content model that is carried out.
    model: Arc<model::Running>,
    /// What can be undone in the library.
    undos: Arc<library::Undos>,
    /// How many more downloads may be under way at once.
    downloads: Arc<Semaphore>,
    presence: Arc<Presence>,
    /// How copying the site elsewhere stands, when it is copied.
    copying: Option<Arc<Board>>,
    /// Whether links begin with the address that a browser has asked, because nobody has told another one.
    follows_browsers: bool,
    /// What tells its CDN what to drop.
    purger: Purger,
}

impl Dashboard {
    /// The dashboard of one site.
    pub fn new(
        authoring: Arc<Authoring>,
        delivery: Arc<Delivery>,
        store: Arc<Store>,
        tokens: Arc<Tokens>,
        intake: Intake,
        purger: Purger,
    ) -> Self {
        let assets = Arc::new(Assets::embedded());
        let view = Arc::new(View::new(assets.clone()));
        let passwords = Work::bounded(HASHES_AT_ONCE, HASHES_WAITING);
        let (attempts, code) = (Arc::default(), Arc::default());
        let passkeys = Arc::new(Passkeys::at(delivery.public_url()));
        let (notes, jobs, listeners) = (Arc::default(), Arc::default(), Arc::new(Semaphore::new(LISTENERS)));
        Self {
            authoring,
            delivery,
            store,
            work: Work::default(),
            tokens,
            intake,
            passwords,
            attempts,
            halfway: Arc::default(),
            passkeys,
            code,
            view,
            assets,
            notes,
            listeners,
            jobs,
            model: Arc::default(),
            undos: Arc::default(),
            downloads: Arc::new(Semaphore::new(DOWNLOADS)),
            presence: Arc::default(),
            copying: None,
            follows_browsers: false,
            purger,
        }
    }

    /// The same one, which shows how copying the site elsewhere stands.
    #[must_use]
    pub fn copied(self, copying: Option<Arc<Board>>) -> Self {
        Self { copying, ..self }
    }

    /// The same one, whose links begin with the address that a browser has asked.
    #[must_use]
    pub fn following_browsers(self, follows_browsers: bool) -> Self {
        Self { follows_browsers, ..self }
    }

    /// Whether work on many entries is under way, which goes on without a request.
    pub fn is_at_work(&self) -> bool {
        self.jobs.run() || self.model.runs()
    }

    /// Ends the streams of events that pages listen to, which would keep the process from ending. The pages are asked
    /// to come back soon: they find whoever answers then.
    pub fn end_streams(&self) {
        self.presence.end();
        self.listeners.close();
    }

    /// Whether the browser that sent a request reaches the site through TLS: this one does, or all are said to.
    fn is_secure(&self, headers: &HeaderMap) -> bool {
        is_secure(headers) || self.delivery.public_url().starts_with("https://")
    }

    /// What links to this site begin with, for the browser that sent a request.
    fn origin(&self, headers: &HeaderMap) -> String {
        let asked = headers.get(HOST).and_then(|host| host.to_str().ok()).filter(|_| self.follows_browsers);
        let scheme = if self.is_secure(headers) { "https" } else { "http" };
        asked.map_or_else(|| self.delivery.public_url().to_owned(), |host| format!("{scheme}://{host}"))
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

    /// Makes a change that hashes a password.
    async fn change_password<T, E>(
        &self,
        change: impl FnOnce(&Authoring) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refused>
    where
        T: Send + 'static,
        E: Into<Refused> + Send + 'static,
    {
        let authoring = self.authoring.clone();
        self.passwords.run(move || change(&authoring)).await?.map_err(Into::into)
    }

    /// A whole page for somebody who is signed in; `ask` reads what the template shows.
    async fn screen(
        &self,
        signed: &Signed,
        screen: Screen,
        ask: impl FnOnce(&Read<'_>) -> Result<minijinja::Value, Refused> + Send + 'static,
    ) -> Result<Response, Refused> {
        let (view, signed, delivery) = (self.view.clone(), signed.clone(), self.delivery.clone());
        let notes = self.notes.clone();
        self.read(move |read| {
            let settings = read.settings().map(|set| crate::content::settings::Settings::read(&set))?;
            let site = nav::Site::new(&settings, delivery.public_url());
            let frame = nav::frame(&signed, site, read.model(), screen.section);
            let shown = ask(read)?;
            let toasts = minijinja::value::Serde(notes.take(&signed.session.hash));
            let shown =
                minijinja::context! { ..shown, ..minijinja::context! { toasts => minijinja::Value::from(toasts) } };
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
        .layer(from_fn_with_state(dashboard.clone(), guard::lead))
        .layer(from_fn_with_state(dashboard.clone(), guard::finish))
        .layer(from_fn(body::gather))
        .with_state(dashboard.clone())
}

/// What needs a sign-in.
fn signed_in(dashboard: &Dashboard) -> Router<Dashboard> {
    Router::new()
        .route("/admin", get(home::show))
        .merge(list::routes())
        .merge(bulk::routes())
        .merge(order::routes())
        .merge(trash::routes())
        .merge(find::routes())
        .route("/admin/about/licences", get(about::licences))
        .route("/admin/colours", get(colours::show))
        .route("/admin/c/{type}/slug", get(slug::check))
        .route("/admin/c/{type}/new", get(editor::new))
        .route("/admin/c/{type}/new/save", post(editor::begin))
        .route("/admin/c/{type}/draft", post(draft::begin))
        .route("/admin/c/{type}/{id}", get(editor::show))
        .route("/admin/c/{type}/{id}/draft", get(draft::show).patch(draft::save))
        .route("/admin/c/{type}/{id}/save", post(editor::save))
        .route("/admin/c/{type}/{id}/translate", post(editor::translate))
        .route("/admin/c/{type}/{id}/leave", post(draft::leave))
        .route("/admin/c/{type}/{id}/presence", post(presence::beat))
        .route("/admin/c/{type}/{id}/live-events", get(presence::listen))
        .route("/admin/terms", post(terms::make))
        .merge(library::routes())
        .merge(upload::routes())
        .merge(actions::routes())
        .merge(history::routes())
        .merge(preview::routes())
        .merge(sign_in::routes())
        .merge(setup::routes())
        .merge(welcome::routes())
        .merge(people::routes())
        .merge(person::routes())
        .merge(account::routes())
        .merge(second_factor::routes())
        .merge(passkeys::routes())
        .merge(see_as::routes())
        .merge(tokens::routes())
        .merge(audit::routes())
        .merge(explore::routes())
        .merge(palette::routes())
        .merge(settings::routes())
        .merge(redirects::routes())
        .merge(cdn::routes())
        .merge(webhooks::routes())
        .merge(model::routes())
        .merge(sample::routes())
        .merge(steps::routes())
        .route("/admin/{*nowhere}", get(error::nowhere))
        .route_layer(from_fn_with_state(dashboard.clone(), guard::pass))
}

/// What does not.
fn open() -> Router<Dashboard> {
    Router::new()
        .route("/admin/assets/{hash}/{name}", get(assets::show))
        .merge(sign_in::open())
        .merge(second_step::open())
        .merge(passkeys::open())
        .merge(setup::open())
        .merge(pass::open())
        .merge(share::open_routes())
}
