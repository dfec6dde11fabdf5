//! `GET /admin/about/licences`: what others' work is in the dashboard and the program.

use axum::extract::State;
use axum::response::Response;
use minijinja::context;

use super::Dashboard;
use super::error::Refused;
use super::guard::Signed;
use super::nav::Section;
use super::view::Screen;

const SCREEN: Screen = Screen { template: "about/licences.html", section: Section::Elsewhere };

/// The licences of what is bundled.
pub(super) async fn licences(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    let bundled = dashboard.assets.text("THIRD-PARTY.txt");
    dashboard.screen(&signed, SCREEN, |_| Ok(context! { bundled })).await
}
