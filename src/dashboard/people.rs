//! `/admin/people`: who works on the site, and inviting others.

use std::collections::HashMap;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use minijinja::{Value, context};

use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::nav::{Section, initials};
use super::notes::Note;
use super::view::Screen;
use super::{Dashboard, address};
use crate::account::{Pass, Purpose, Right, Role, User};
use crate::authoring::{INVITED, now};

const SCREEN: Screen = Screen { template: "people/list.html", section: Section::People };
/// Completes "does not allow you to".
pub(super) const WHAT: &str = "see or change other people's accounts";
/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(address::PEOPLE, get(show))
        .route("/admin/people/invite", post(invite))
        .route("/admin/people/withdraw", post(withdraw))
}

async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    list(&dashboard, &signed, context! {}).await
}

/// The page, with what else it shows.
async fn list(dashboard: &Dashboard, signed: &Signed, more: Value) -> Result<Response, Refused> {
    signed.need(Right::People, WHAT)?;
    let own = signed.user.id;
    dashboard
        .screen(signed, SCREEN, move |read| {
            let passkeys: HashMap<i64, u64> = read.count_passkeys()?.into_iter().collect();
            let shown = |user: &User| shown(user, own, passkeys.get(&user.id).copied().unwrap_or(0));
            let people: Vec<Value> = read.users()?.iter().map(shown).collect();
            let invited: Vec<Value> = read.invitations()?.iter().filter_map(shown_invitation).collect();
            Ok(context! { people, invited, roles => roles(), ..more })
        })
        .await
}

/// A person as templates show them.
pub(super) fn shown(user: &User, own: i64, passkeys: u64) -> Value {
    context! {
        id => user.id,
        name => user.name.clone(),
        email => user.email.clone(),
        initials => initials(&user.name),
        pair => user.id.rem_euclid(8),
        role => user.role.as_str(),
        seen => user.seen.map(|seen| seen.to_string()),
        second => user.second.as_ref().map(|second| second.since.to_string()),
        passkeys,
        own => user.id == own,
    }
}

fn shown_invitation(pass: &Pass) -> Option<Value> {
    let Purpose::Invite { email, role } = &pass.purpose else { return None };
    let over = pass.ends <= now();
    Some(
        context! { email => email.clone(), role => role.as_str(), by => pass.by.clone(), ends => pass.ends.to_string(), over },
    )
}

/// All roles with what they are for.
pub(super) fn roles() -> Vec<Value> {
    let describe = |role: Role| match role {
        Role::Owner => "Everything, other people's accounts included.",
        Role::Developer => "All content, the content model, tokens and settings.",
        Role::Editor => "All content: writes, publishes and deletes.",
        Role::Writer => "Own drafts, and asks for review.",
        Role::Viewer => "Reads what is published.",
    };
    let all = Role::ALL.into_iter().rev();
    all.map(|role| context! { name => role.as_str(), text => describe(role) }).collect()
}

async fn invite(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::People, WHAT)?;
    let (email, signature) = (sent.text("email").to_owned(), signed.signature());
    let Some(role) = Role::parse(sent.text("role")) else { return Err(Refused::bad("Choose a role from the list.")) };
    match dashboard.change(move |authoring| authoring.invite(&email, role, signature)).await {
        Ok(secret) => {
            let link = format!("{}{}", signed.origin, address::invite(&secret));
            let email = sent.text("email").trim();
            list(&dashboard, &signed, context! { link, link_for => email, days => INVITED / DAY }).await
        }
        Err(refused) => {
            let again = |problems| list(&dashboard, &signed, context! { sent => sent.again(), problems });
            refused.form_again(again).await
        }
    }
}

async fn withdraw(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::People, WHAT)?;
    let (email, signature) = (sent.text("email").to_owned(), signed.signature());
    dashboard.change(move |authoring| authoring.withdraw_invitation(&email, signature)).await?;
    let note = Note::ok("The invitation is withdrawn. Its link works no more.");
    Ok(dashboard.go_on(&signed, address::PEOPLE, note))
}
