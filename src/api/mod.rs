//! The programs' door: every route of the public API.
//!
//! Handlers only translate: they make a [`Query`](crate::delivery::Query) of a request, ask, and hand the
//! answer on.

mod asked;
mod caller;
mod collections;
mod developer;
mod door;
mod error;
mod feeds;
mod gate;
mod health;
mod intake;
mod media;
mod metrics;
mod openapi;
mod pages;
mod params;
mod paths;
mod posts;
mod redirects;
mod reply;
mod search;
mod taxonomy;
#[cfg(test)]
mod tests;
mod types;
mod under_way;
mod write;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::method_routing::MethodRouter;
use axum::routing::{any, get, patch, post};

use crate::auth::Tokens;
use crate::authoring::Authoring;
use crate::delivery::Delivery;
use crate::intake::Intake;
use crate::metrics::Metrics;
use crate::replica::Board;
use crate::replica::group::Station;
use crate::tls;
use crate::work::Work;

use error::Refusal;
use gate::Gate;
use reply::{LIST, ONE, READ, SIGN, UPLOADS};

pub use door::{Answering, Door};
pub use health::Leaving;
pub use media::Pictures;
pub use paths::tidy;
pub use under_way::UnderWay;

/// What the API reaches.
#[derive(Clone)]
pub struct Api {
    /// How content changes.
    pub authoring: Arc<Authoring>,
    /// How content is read.
    pub delivery: Arc<Delivery>,
    /// Who may.
    pub tokens: Arc<Tokens>,
    /// How files come in.
    pub intake: Intake,
    /// What makes pictures and keeps them.
    pub pictures: Arc<Pictures>,
    /// Where work that waits is done.
    pub work: Work,
    /// How copying the site elsewhere stands, when it is copied.
    pub copying: Option<Arc<Board>>,
    /// How the server stands among those that share a replica, when there is one.
    pub station: Option<Arc<Station>>,
    /// How the certificate stands, when HTTPS is spoken.
    pub certificate: Option<Arc<tls::Board>>,
    /// Where answers of the past are made, which takes long.
    pub looking_back: Work,
    /// How the site stands, in numbers.
    pub metrics: Arc<Metrics>,
    /// Whether the process is about to end.
    pub leaving: Leaving,
}

impl Api {
    /// Does work that blocks.
    ///
    /// # Errors
    /// The work's own; 503 when too much waits already; 500 when it panics.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.work.run(work).await.map_err(Refusal::undone)?
    }
}

/// All routes. Paths are written without their last slash: [`tidy`] removes it from requests.
pub fn routes(api: &Api) -> Router {
    Router::new()
        .nest("/v2", v2(api))
        .merge(files(api))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/writez", get(health::writes))
        .route("/metrics", get(metrics::show))
        .fallback(gate::nowhere)
        .with_state(api.clone())
}

fn v2(api: &Api) -> Router<Api> {
    let behind = |allow| move |methods| gated(Gate { api: api.clone(), allow, known: true, streams: false }, methods);
    let (read, many, one) = (behind(&READ), behind(&LIST), behind(&ONE));
    let item = get(collections::show).patch(write::items::patch).put(write::items::put).delete(write::items::delete);
    let page = get(pages::show).patch(write::pages::change).put(write::pages::change).delete(write::pages::delete);
    let post = get(posts::show).patch(write::posts::patch).put(write::posts::put).delete(write::posts::delete);

    Router::new()
        .route("/posts", many(get(posts::list).post(write::posts::create)))
        .route("/posts/search", read(get(search::posts)))
        .route("/posts/{slug}", one(post))
        .route("/search", read(get(search::posts)))
        .route("/authors", read(get(taxonomy::authors)))
        .route("/authors/{slug}", read(get(taxonomy::author)))
        .route("/categories", read(get(taxonomy::categories)))
        .route("/categories/{slug}", read(get(taxonomy::category)))
        .route("/tags", read(get(taxonomy::tags)))
        .route("/tags/{slug}", read(get(taxonomy::tag)))
        .route("/feeds/{name}", read(get(feeds::show)))
        .route("/pages", many(get(pages::singles).post(write::pages::create)))
        .route("/pages/search", read(get(search::pages)))
        .route("/pages/{type}", read(get(pages::list)))
        .route("/pages/{type}/{slug}", one(page))
        .route("/content", many(get(collections::several).post(write::items::create)))
        .route("/content/{key}", many(get(collections::list).post(write::items::create_in)))
        .route("/content/{key}/{id}", one(item))
        .route("/redirects", read(get(redirects::list)))
        .route("/redirects/{host}", read(get(redirects::feed)))
        .route("/openapi.json", read(get(openapi::show)))
        .route("/types/{lang}", read(get(types::show)))
        // The gate has its own limit.
        .layer(DefaultBodyLimit::disable())
        .fallback(gated(Gate { api: api.clone(), allow: &READ, known: false, streams: false }, any(gate::nowhere)))
}

/// Pictures and files: reading one is open to all, everything else needs a write token.
fn files(api: &Api) -> Router<Api> {
    let gate = |allow, streams| Gate { api: api.clone(), allow, known: true, streams };
    let one = patch(media::library::change).delete(media::library::delete);
    let uploads =
        || gated(gate(&UPLOADS, true), any(media::uploads::answer)).layer(map_response(media::uploads::finish));
    Router::new()
        .route("/media", gated(gate(&LIST, true), get(media::library::list).post(media::upload::take)))
        .route("/media/sign", gated(gate(&SIGN, false), post(media::sign::sign)))
        .route("/media/{id}", gated(gate(&ONE, false), one).get(media::show).fallback(media::wrong_method))
        .route("/media/{id}/{*rest}", get(media::transformed).fallback(media::wrong_method))
        .route("/media/{id}/facts", gated(gate(&READ, false), get(media::library::show)))
        .route("/media/uploads", uploads())
        .route("/media/uploads/{id}", uploads())
        .layer(DefaultBodyLimit::disable())
}

/// A route behind the gate that every request passes.
fn gated(gate: Gate, methods: MethodRouter<Api>) -> MethodRouter<Api> {
    methods.layer(from_fn_with_state(gate, gate::pass))
}
