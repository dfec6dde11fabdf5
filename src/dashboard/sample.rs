//! Removing the sample site with one click.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use minijinja::context;

use super::Dashboard;
use super::error::Refused;
use super::guard::Signed;
use super::nav::Section;
use super::view::Screen;
use crate::account::Right;

const SCREEN: Screen = Screen { template: "settings/sample_removed.html", section: Section::Settings };

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/settings/sample", post(remove))
}

async fn remove(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    signed.need(Right::Build, "remove the sample site")?;
    let signature = signed.signature();
    let removed = dashboard.change(move |authoring| authoring.remove_sample(signature)).await?;
    dashboard
        .screen(&signed, SCREEN, move |_| {
            let kept: Vec<_> = removed.kept.iter().map(|(what, why)| context! { what, why => *why }).collect();
            Ok(context! { entries => removed.entries, media => removed.media, others => removed.others, kept })
        })
        .await
}
