//! `GET /admin`: where one left off.

use axum::extract::State;
use axum::response::Response;
use minijinja::context;

use super::Dashboard;
use super::error::Refused;
use super::guard::Signed;
use super::nav::Section;
use super::view::Screen;

const SCREEN: Screen = Screen { template: "home.html", section: Section::Home };

/// The start page.
pub(super) async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    dashboard.screen(&signed, SCREEN, |_| Ok(context! {})).await
}
