//! Passkeys: adding and removing one's own, and signing in with one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use minijinja::{Value, context};
use serde_json::json;

use super::Dashboard;
use super::address::ACCOUNT;
use super::client::Client;
use super::entrance::Knock;
use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::notes::Note;
use crate::account::Passkey;
use crate::auth::passkey::{Failure, new_handle};
use crate::authoring::Signature;

/// Routes for everybody.
pub(super) fn open() -> Router<Dashboard> {
    Router::new()
        .route("/admin/sign-in/passkey/begin", post(begin_entering))
        .route("/admin/sign-in/passkey", post(enter))
}

/// Routes for those who are signed in.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/account/passkeys/begin", post(begin_adding))
        .route("/admin/account/passkeys", post(add))
        .route("/admin/account/passkeys/remove", post(remove))
}

/// A passkey as templates show it.
pub(super) fn shown(passkey: &Passkey) -> Value {
    context! {
        id => URL_SAFE_NO_PAD.encode(&passkey.id),
        name => passkey.name.clone(),
        created => passkey.created.to_string(),
        seen => passkey.seen.map(|seen| seen.to_string()),
    }
}

/// Tells the browser what to make, after the present password: a passkey outlives the session.
async fn begin_adding(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    client: Client,
    sent: Sent,
) -> Result<Response, Refused> {
    let checked = dashboard.check_password(&signed.user.email, sent.text("current"), &client).await;
    if let Err(refused) = checked {
        // A wrong present password is no reason to go and sign in.
        let wrong = refused.status == StatusCode::UNAUTHORIZED;
        let said = "This is not your present password.";
        return Err(if wrong { Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", said) } else { refused });
    }
    let user = signed.user.id;
    let known = dashboard.read(move |read| Ok(read.passkeys(user)?)).await?;
    let handle = known.first().map_or_else(new_handle, |passkey| Ok(passkey.handle)).map_err(|error| {
        tracing::error!(%error, "no passkey can be made");
        Refused::internal()
    })?;
    let options = dashboard.passkeys.begin_adding(&signed.user.email, &signed.user.name, handle, &known)?;
    Ok(Json(json!({"options": options, "handle": URL_SAFE_NO_PAD.encode(handle)})).into_response())
}

/// `{"name", "handle", "credential"}`: what the browser has made.
async fn add(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    let handle = URL_SAFE_NO_PAD.decode(sent.text("handle")).ok().and_then(|handle| handle.try_into().ok());
    let handle = handle.ok_or_else(|| Refused::bad("The handle that was told at the beginning is missing."))?;
    let made = dashboard.passkeys.finish_adding(sent.text("credential").as_bytes(), handle)?;
    let (user, name, signature) = (signed.user.id, sent.text("name").to_owned(), signed.signature());
    dashboard.change(move |authoring| authoring.add_passkey(user, &name, made, signature)).await?;
    dashboard.notes.leave(&signed.session.hash, Note::ok("The passkey is added. You can sign in with it."));
    Ok(Json(json!({"next": ACCOUNT})).into_response())
}

async fn remove(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    let id = URL_SAFE_NO_PAD.decode(sent.text("passkey")).map_err(|_| Refused::not_found())?;
    let (user, signature) = (signed.user.id, signed.signature());
    dashboard.change(move |authoring| authoring.remove_passkey(user, &id, signature)).await?;
    Ok(dashboard.go_on(&signed, ACCOUNT, Note::ok("The passkey is removed. Delete it from your device too.")))
}

async fn begin_entering(State(dashboard): State<Dashboard>, _knock: Knock) -> Result<Response, Refused> {
    Ok(Json(json!({"options": dashboard.passkeys.begin_entering()?})).into_response())
}

/// `{"credential", "next"}`: what the browser has signed. A passkey is both steps.
async fn enter(State(dashboard): State<Dashboard>, knock: Knock) -> Result<Response, Refused> {
    // Whose account it is turns out at the end, so that the pause is the address's own and its network's.
    let attempt = dashboard.begin_attempt(&format!("passkey {}", knock.client.address), &knock.client)?;
    let (passkeys, text) = (dashboard.passkeys.clone(), knock.sent.text("credential").to_owned());
    let found = dashboard
        .read(move |read| {
            let mut unread = None;
            let entered = passkeys.finish_entering(text.as_bytes(), |id| {
                read.passkey(id).unwrap_or_else(|error| {
                    unread = Some(error);
                    None
                })
            });
            unread.map_or(Ok(entered), |error| Err(error.into()))
        })
        .await
        .inspect_err(|_| dashboard.attempts.forgive(&attempt))?;
    let passkey = match found {
        Ok(passkey) => passkey,
        Err(failure) => {
            dashboard.note_failure(None, "passkey", &knock.client).await;
            return Err(failure.into());
        }
    };
    dashboard.attempts.succeeded(&attempt);
    let signature = Signature::now("").from(knock.client.address);
    let user = dashboard.change(move |authoring| authoring.use_passkey(passkey, signature)).await?;
    dashboard.let_in_to(&user, &knock, knock.sent.text("next"), "passkey").await
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoName => Self::new(
                StatusCode::CONFLICT,
                "no_passkeys",
                "Passkeys need a site that is reached by a name, such as https://cms.example.com.",
            ),
            Failure::Busy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The server is busy. Try again in a minute.")
                    .after(60)
            }
            Failure::Over => Self::new(StatusCode::CONFLICT, "over", "This took too long. Begin again."),
            Failure::Wrong(why) => {
                tracing::info!(why, "a passkey was refused");
                Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "wrong",
                    "This passkey does not work here. It may have been removed: use another one, or your password.",
                )
            }
        }
    }
}
