//! `/admin/people/{id}`: one person's role, a link for a new password, and removing them.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use minijinja::{Value, context};

use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::nav::Section;
use super::notes::Note;
use super::people::{WHAT, roles, shown};
use super::view::Screen;
use super::{Dashboard, address};
use crate::account::{Right, Role, User};

const SCREEN: Screen = Screen { template: "people/person.html", section: Section::People };

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/people/{id}", get(show))
        .route("/admin/people/{id}/role", post(change_role))
        .route("/admin/people/{id}/reset", post(offer_reset))
        .route("/admin/people/{id}/second-factor", post(reset_second_factor))
        .route("/admin/people/{id}/remove", post(remove))
}

async fn show(State(dashboard): State<Dashboard>, signed: Signed, Path(id): Path<i64>) -> Result<Response, Refused> {
    page(&dashboard, &signed, id, context! {}).await
}

/// The page, with what else it shows.
async fn page(dashboard: &Dashboard, signed: &Signed, id: i64, more: Value) -> Result<Response, Refused> {
    signed.need(Right::People, WHAT)?;
    let own = signed.user.id;
    dashboard
        .screen(signed, SCREEN, move |read| {
            let users = read.users()?;
            let user = users.iter().find(|user| user.id == id).ok_or_else(Refused::not_found)?;
            let owners = users.iter().filter(|user| user.role == Role::Owner).count();
            let last_owner = user.role == Role::Owner && owners == 1;
            let passkeys = read.passkeys(id)?.len() as u64;
            Ok(context! { person => shown(user, own, passkeys), last_owner, roles => roles(), ..more })
        })
        .await
}

/// The person that an owner wants to change.
async fn find(dashboard: &Dashboard, signed: &Signed, id: i64) -> Result<User, Refused> {
    signed.need(Right::People, WHAT)?;
    dashboard.read(move |read| Ok(read.user(id)?)).await?.ok_or_else(Refused::not_found)
}

async fn change_role(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Refused> {
    find(&dashboard, &signed, id).await?;
    let Some(role) = Role::parse(sent.text("role")) else { return Err(Refused::bad("Choose a role from the list.")) };
    let signature = signed.signature();
    match dashboard.change(move |authoring| authoring.change_role(id, role, signature)).await {
        // They see no people any more.
        Ok(user) if user.id == signed.user.id && !user.may(Right::People) => {
            Ok(Redirect::to(address::HOME).into_response())
        }
        Ok(user) => {
            let title = format!("{} is {} now.", user.name, with_article(role));
            page(&dashboard, &signed, id, context! { toasts => [context! { title, kind => "ok" }] }).await
        }
        Err(refused) => refuse(&dashboard, &signed, id, refused).await,
    }
}

fn with_article(role: Role) -> String {
    let article = if matches!(role, Role::Owner | Role::Editor) { "an" } else { "a" };
    format!("{article} {}", role.as_str())
}

async fn offer_reset(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Refused> {
    let user = find(&dashboard, &signed, id).await?;
    let signature = signed.signature();
    let secret = dashboard.change(move |authoring| authoring.offer_reset(&user.email, signature)).await?;
    let link = format!("{}{}", signed.origin, address::reset(&secret));
    page(&dashboard, &signed, id, context! { link }).await
}

async fn reset_second_factor(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Refused> {
    let user = find(&dashboard, &signed, id).await?;
    let signature = signed.signature();
    match dashboard.change(move |authoring| authoring.reset_second_factor(&user.email, signature)).await {
        Ok(user) => {
            let note =
                Note::ok(format!("{} signs in with the password alone, until they set up codes anew.", user.name));
            Ok(dashboard.go_on(&signed, &format!("{}/{id}", address::PEOPLE), note))
        }
        Err(refused) => refuse(&dashboard, &signed, id, refused).await,
    }
}

async fn remove(State(dashboard): State<Dashboard>, signed: Signed, Path(id): Path<i64>) -> Result<Response, Refused> {
    let user = find(&dashboard, &signed, id).await?;
    let signature = signed.signature();
    match dashboard.change(move |authoring| authoring.remove_user(&user.email, signature)).await {
        Ok(_) => {
            let note = Note::ok("The account is removed. What its owner wrote stays.");
            Ok(dashboard.go_on(&signed, address::PEOPLE, note))
        }
        Err(refused) => refuse(&dashboard, &signed, id, refused).await,
    }
}

/// The page again, saying why nothing was changed.
async fn refuse(dashboard: &Dashboard, signed: &Signed, id: i64, refused: Refused) -> Result<Response, Refused> {
    if !refused.is_about_input() {
        return Err(refused);
    }
    let mut response = page(dashboard, signed, id, context! { message => refused.message }).await?;
    *response.status_mut() = refused.status;
    Ok(response)
}
