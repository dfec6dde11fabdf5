//! `/admin/account`: one's own name, address, password, looks, keys and devices.

use axum::Router;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use minijinja::{Value, context};

use super::client::{Client, browser};
use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::nav::Section;
use super::notes::Note;
use super::view::Screen;
use super::{Dashboard, address, cookie, passkeys};
use crate::account::{Session, Theme};
use crate::auth::session;
use crate::authoring::{OwnAccount, now};

const SCREEN: Screen = Screen { template: "account.html", section: Section::Elsewhere };

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(address::ACCOUNT, get(show).post(change))
        .route("/admin/account/password", post(change_password))
        .route("/admin/account/theme", post(change_theme))
        .route("/admin/account/shortcuts", post(change_shortcuts))
        .route("/admin/account/devices", post(end_device))
        .route("/admin/account/devices/all", post(end_all))
}

async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    page(&dashboard, &signed, context! {}).await
}

/// The page, with what else it shows.
async fn page(dashboard: &Dashboard, signed: &Signed, more: Value) -> Result<Response, Refused> {
    let (user, own) = (signed.user.id, signed.session.hash.clone());
    let passkeys_work = dashboard.passkeys.work();
    let second = signed.user.second.as_ref();
    let second = second.map(|second| context! { since => second.since.to_string(), left => second.recovery.len() });
    dashboard
        .screen(signed, SCREEN, move |read| {
            let open = |session: &Session| session::ends(session) > now();
            let devices: Vec<Value> =
                read.sessions(user)?.iter().filter(|one| open(one)).map(|one| shown(one, &own)).collect();
            let passkeys: Vec<Value> = read.passkeys(user)?.iter().map(passkeys::shown).collect();
            Ok(context! { devices, second => second.clone(), passkeys, passkeys_work, ..more })
        })
        .await
}

fn shown(session: &Session, own: &str) -> Value {
    context! {
        hash => session.hash.clone(),
        browser => browser(&session.agent),
        address => session.address.clone(),
        seen => session.seen.to_string(),
        since => session.created.to_string(),
        own => session.hash == own,
    }
}

fn done(dashboard: &Dashboard, signed: &Signed, what: &str) -> Response {
    dashboard.go_on(signed, address::ACCOUNT, Note::ok(what))
}

/// The page again, with what is wrong in one of its forms.
async fn refuse(
    dashboard: &Dashboard,
    signed: &Signed,
    sent: &Sent,
    form: &str,
    refused: Refused,
) -> Result<Response, Refused> {
    if !refused.is_about_input() {
        return Err(refused);
    }
    // A wrong present password is no reason to go and sign in.
    let wrong = refused.status == StatusCode::UNAUTHORIZED;
    let mut problems = refused.problems();
    if wrong {
        problems.insert("current".into(), "This is not your present password.".into());
    }
    let waits = refused.status == StatusCode::TOO_MANY_REQUESTS;
    let shown = context! {
        form, sent => sent.again(), problems,
        message => waits.then(|| refused.message.clone()),
    };
    let mut page = page(dashboard, signed, shown).await?;
    *page.status_mut() = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { refused.status };
    Ok(refused.with_pause(page))
}

async fn change(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    client: Client,
    sent: Sent,
) -> Result<Response, Refused> {
    match try_change(&dashboard, &signed, &client, &sent).await {
        Ok(()) => Ok(done(&dashboard, &signed, "Your name and address are saved.")),
        Err(refused) => refuse(&dashboard, &signed, &sent, "account", refused).await,
    }
}

async fn try_change(dashboard: &Dashboard, signed: &Signed, client: &Client, sent: &Sent) -> Result<(), Refused> {
    let email = sent.text("email").trim();
    if email != signed.user.email {
        // Whoever can change it can ask for a new password elsewhere.
        dashboard.check_password(&signed.user.email, sent.text("current"), client).await?;
    }
    let own = OwnAccount { name: Some(sent.text("name").into()), email: Some(email.into()), password: None };
    put(dashboard, signed, own).await
}

async fn change_password(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    client: Client,
    sent: Sent,
) -> Result<Response, Refused> {
    let checked = dashboard.check_password(&signed.user.email, sent.text("current"), &client).await;
    let own = OwnAccount { password: Some(sent.text("password").into()), ..OwnAccount::default() };
    let changed = match checked {
        Ok(_) => put(&dashboard, &signed, own).await,
        Err(refused) => Err(refused),
    };
    match changed {
        Ok(()) => Ok(done(&dashboard, &signed, "Your password is changed. All other devices are signed out.")),
        Err(refused) => refuse(&dashboard, &signed, &sent, "password", refused).await,
    }
}

async fn put(dashboard: &Dashboard, signed: &Signed, own: OwnAccount) -> Result<(), Refused> {
    let (id, session) = (signed.user.id, signed.session.hash.clone());
    let signature = signed.signature();
    dashboard.change_password(move |authoring| authoring.change_account(id, own, &session, signature)).await.map(drop)
}

/// The switch in the account menu, which needs no answer, and the form on this page.
async fn change_theme(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Refused> {
    let Some(theme) = Theme::parse(sent.text("theme")) else { return Err(Refused::bad("There is no such theme.")) };
    let (id, signature) = (signed.user.id, signed.signature());
    dashboard
        .change(move |authoring| authoring.change_preferences(id, move |user| user.theme = theme, signature))
        .await?;
    let mut response = if headers.contains_key("hx-request") || super::form::wants_json(&headers) {
        StatusCode::NO_CONTENT.into_response()
    } else {
        done(&dashboard, &signed, "The looks are saved.")
    };
    response.headers_mut().append(SET_COOKIE, cookie::keep_theme(dashboard.is_secure(&headers), theme)?);
    Ok(response)
}

async fn change_shortcuts(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    let on = sent.text("shortcuts") == "on";
    let (id, signature) = (signed.user.id, signed.signature());
    dashboard
        .change(move |authoring| authoring.change_preferences(id, move |user| user.shortcuts = on, signature))
        .await?;
    Ok(done(&dashboard, &signed, "The keyboard setting is saved."))
}

async fn end_device(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    let (user, hash, signature) = (signed.user.id, sent.text("device").to_owned(), signed.signature());
    dashboard.change(move |authoring| authoring.end_session_of(user, &hash, signature)).await?;
    Ok(done(&dashboard, &signed, "That device is signed out."))
}

/// Signs out everywhere, here too.
async fn end_all(State(dashboard): State<Dashboard>, signed: Signed, headers: HeaderMap) -> Result<Response, Refused> {
    let (user, signature) = (signed.user.id, signed.signature());
    dashboard.change(move |authoring| authoring.end_sessions_of(user, signature)).await?;
    let mut response = Redirect::to(address::SIGN_IN).into_response();
    response.headers_mut().append(SET_COOKIE, cookie::sign_out(dashboard.is_secure(&headers))?);
    Ok(response)
}
