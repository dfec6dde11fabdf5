//! Looking at the dashboard as another role sees it. Nothing can be changed meanwhile.

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;

use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::people::WHAT;
use super::{Dashboard, address};
use crate::account::{Right, Role};

/// Where looking ends.
const END: &str = "/admin/see-as/end";
/// What those who look by another role's eyes may send all the same.
const STILL: [&str; 3] = [END, "/admin/sign-out", "/admin/session"];

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/people/see-as", post(begin)).route(END, post(end))
}

async fn begin(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::People, WHAT)?;
    let role = Role::parse(sent.text("role")).filter(|role| *role != Role::Owner);
    let Some(role) = role else { return Err(Refused::bad("Choose a role from the list.")) };
    see_as(&dashboard, &signed, Some(role)).await
}

async fn end(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    see_as(&dashboard, &signed, None).await
}

async fn see_as(dashboard: &Dashboard, signed: &Signed, role: Option<Role>) -> Result<Response, Refused> {
    let (session, signature) = (signed.session.hash.clone(), signed.signature());
    dashboard.change(move |authoring| authoring.see_as(&session, role, signature)).await?;
    let to = if role.is_some() { address::HOME } else { address::PEOPLE };
    Ok(Redirect::to(to).into_response())
}

/// Refuses changes by somebody who looks by another role's eyes.
pub(super) fn refuse_changes(signed: &Signed, method: &Method, path: &str) -> Result<(), Refused> {
    let Some(role) = signed.session.sees_as else { return Ok(()) };
    if matches!(*method, Method::GET | Method::HEAD) || STILL.contains(&path) {
        return Ok(());
    }
    let message = format!(
        "You see the dashboard as the role {} does, and nothing can be changed meanwhile. Go back to your own view first.",
        role.as_str()
    );
    Err(Refused::new(StatusCode::FORBIDDEN, "sees_as", message))
}
