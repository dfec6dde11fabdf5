//! Links that were handed to somebody: an account of one's own, and a new password.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use minijinja::{Value, context};

use super::entrance::{Entrance, Knock};
use super::error::Refused;
use super::{Dashboard, address};
use crate::account::Purpose;
use crate::auth;
use crate::authoring::{Signature, now};

const INVITE: Entrance = Entrance { template: "pass/invite.html", title: "Join", roomy: false };
const RESET: Entrance = Entrance { template: "pass/reset.html", title: "A new password", roomy: false };
const WORTHLESS: Entrance =
    Entrance { template: "pass/worthless.html", title: "This link works no more", roomy: false };

/// Routes for everybody.
pub(super) fn open() -> Router<Dashboard> {
    Router::new()
        .route("/admin/invite/{secret}", get(show_invite).post(accept))
        .route("/admin/reset/{secret}", get(show_reset).post(reset))
}

/// What a link is good for, as its page shows it; `None` when it works no more.
async fn open_pass(dashboard: &Dashboard, secret: &str) -> Result<Option<(Purpose, Value)>, Refused> {
    let hash = auth::hash(secret);
    dashboard
        .read(move |read| {
            let Some(pass) = read.pass(&hash)?.filter(|pass| pass.ends > now()) else { return Ok(None) };
            let shown = match &pass.purpose {
                Purpose::Invite { email, role } => {
                    context! { email => email.clone(), role => role.as_str(), by => pass.by.clone() }
                }
                Purpose::Reset(id) => match read.user(*id)? {
                    Some(user) => context! { email => user.email, name => user.name },
                    None => return Ok(None),
                },
            };
            Ok(Some((pass.purpose, shown)))
        })
        .await
}

async fn show_invite(
    State(dashboard): State<Dashboard>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    match open_pass(&dashboard, &secret).await? {
        Some((Purpose::Invite { .. }, shown)) => dashboard.entrance(INVITE, &headers, StatusCode::OK, shown).await,
        _ => worthless(&dashboard, &headers).await,
    }
}

async fn show_reset(
    State(dashboard): State<Dashboard>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    match open_pass(&dashboard, &secret).await? {
        Some((Purpose::Reset(_), shown)) => dashboard.entrance(RESET, &headers, StatusCode::OK, shown).await,
        _ => worthless(&dashboard, &headers).await,
    }
}

async fn worthless(dashboard: &Dashboard, headers: &HeaderMap) -> Result<Response, Refused> {
    dashboard.entrance(WORTHLESS, headers, StatusCode::NOT_FOUND, context! {}).await
}

async fn accept(
    State(dashboard): State<Dashboard>,
    Path(secret): Path<String>,
    knock: Knock,
) -> Result<Response, Refused> {
    let Some((Purpose::Invite { .. }, shown)) = open_pass(&dashboard, &secret).await? else {
        return worthless(&dashboard, &knock.headers).await;
    };
    let (name, password) = (knock.sent.text("name").to_owned(), knock.sent.text("password").to_owned());
    let signature = Signature::now(name.trim()).from(knock.client.address);
    let accepted =
        dashboard.change_password(move |authoring| authoring.accept_invitation(&secret, name, password, signature));
    let done = accepted.await;
    enter(&dashboard, &knock, done, INVITE, context! { sent => knock.sent.again(), ..shown }).await
}

async fn reset(
    State(dashboard): State<Dashboard>,
    Path(secret): Path<String>,
    knock: Knock,
) -> Result<Response, Refused> {
    let Some((Purpose::Reset(_), shown)) = open_pass(&dashboard, &secret).await? else {
        return worthless(&dashboard, &knock.headers).await;
    };
    let password = knock.sent.text("password").to_owned();
    let signature = Signature::now("").from(knock.client.address);
    let done =
        dashboard.change_password(move |authoring| authoring.reset_password(&secret, &password, signature)).await;
    enter(&dashboard, &knock, done, RESET, shown).await
}

/// Signs in whom the link was for, or shows what is wrong.
async fn enter(
    dashboard: &Dashboard,
    knock: &Knock,
    done: Result<i64, Refused>,
    page: Entrance,
    shown: Value,
) -> Result<Response, Refused> {
    match done {
        Ok(id) => dashboard.let_in_new(id, knock, address::HOME).await,
        Err(refused) if refused.status == StatusCode::NOT_FOUND => worthless(dashboard, &knock.headers).await,
        Err(refused) if refused.is_about_input() => {
            let shown = context! { problems => refused.problems(), ..shown };
            dashboard.entrance(page, &knock.headers, refused.status, shown).await
        }
        Err(refused) => Err(refused),
    }
}
