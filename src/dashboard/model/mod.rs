//! `/admin/model`: building the content model.
//!
//! What a person changes is kept for them on the server as they go, and comes into force when they save it, after they
//! have seen what that does. So every screen is a plain page, every change a plain form.

mod board;
mod change;
mod conflict;
mod lines;
mod page;
mod plan;
mod result;
mod running;
mod settings;
mod spot;
mod starters;
mod transfer;
mod words;

use axum::Router;
use axum::routing::{get, post};

use super::Dashboard;
use crate::account::Right;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;

pub(super) use running::Running;

/// Where the model is built.
pub(super) const MODEL: &str = "/admin/model";
/// What saving would do.
const PLAN: &str = "/admin/model/plan";
/// Where somebody chooses between their changes and those of others.
const CONFLICT: &str = "/admin/model/conflict";
/// How far a change has come.
const RUNNING: &str = "/admin/model/running";

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(MODEL, get(page::overview))
        .route("/admin/model/{type}", get(page::group))
        .route("/admin/model/components/{name}", get(page::component))
        .route("/admin/model/change", post(change::change))
        .route("/admin/model/order", post(change::order))
        .route("/admin/model/check", post(lines::check))
        .route("/admin/model/starter", post(starters::begin))
        .route(PLAN, get(plan::show).post(plan::save))
        .route("/admin/model/discard", post(change::discard))
        .route(CONFLICT, get(conflict::show).post(conflict::choose))
        .route("/admin/model/export", get(transfer::export))
        .route("/admin/model/import", get(transfer::show).post(transfer::take))
        .route(RUNNING, get(running::show))
}

/// Lets those pass who build.
fn need(signed: &Signed) -> Result<(), Refused> {
    signed.need(Right::Build, "change the content model")
}
