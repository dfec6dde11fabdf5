//! `GET /admin`: where one left off.

use axum::extract::State;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;

use super::Dashboard;
use super::error::Refused;
use super::guard::Signed;
use super::nav::Section;
use super::steps::first_steps;
use super::view::Screen;

const SCREEN: Screen = Screen { template: "home.html", section: Section::Home };

/// The start page.
pub(super) async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    let user = signed.user.clone();
    dashboard.screen(&signed, SCREEN, move |read| Ok(context! { steps => Serde(first_steps(read, &user)?) })).await
}
