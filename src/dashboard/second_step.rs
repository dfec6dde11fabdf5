//! `/admin/sign-in/code`: the second step of signing in, for people who show more than a password.

use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use minijinja::context;

use super::entrance::{Entrance, Knock};
use super::error::Refused;
use super::form::wants_json;
use super::{Dashboard, address, cookie};
use crate::account::User;
use crate::auth::halfway::Waiting;
use crate::auth::second_factor::Proof;
use crate::authoring::Signature;

const PAGE: Entrance = Entrance { template: "sign_in_code.html", title: "One-time code", roomy: false };

/// Routes for everybody.
pub(super) fn open() -> Router<Dashboard> {
    Router::new().route(address::SECOND_STEP, get(show).post(enter))
}

async fn show(State(dashboard): State<Dashboard>, headers: HeaderMap) -> Result<Response, Refused> {
    match dashboard.halfway_in(&headers) {
        Some(_) => dashboard.entrance(PAGE, &headers, StatusCode::OK, context! {}).await,
        None => Ok(Redirect::to(address::SIGN_IN).into_response()),
    }
}

async fn enter(State(dashboard): State<Dashboard>, knock: Knock) -> Result<Response, Refused> {
    let Some((secret, waiting)) = dashboard.halfway_in(&knock.headers) else {
        return if wants_json(&knock.headers) {
            Err(Refused::sign_in())
        } else {
            Ok(Redirect::to(address::SIGN_IN).into_response())
        };
    };
    match dashboard.check_code(&secret, &waiting, &knock).await {
        Ok((user, proof)) => {
            let with = match proof {
                Proof::Code => "one-time code",
                Proof::Recovery(_) => "recovery code",
            };
            let mut response = dashboard.let_in_to(&user, &knock, &waiting.next, with).await?;
            response.headers_mut().append(SET_COOKIE, cookie::end_halfway(dashboard.is_secure(&knock.headers))?);
            Ok(response)
        }
        Err(refused) if wants_json(&knock.headers) => Err(refused),
        Err(refused) => {
            let shown = context! { message => refused.message.clone() };
            let page = dashboard.entrance(PAGE, &knock.headers, refused.status, shown).await?;
            Ok(refused.with_pause(page))
        }
    }
}

impl Dashboard {
    /// Asks somebody, whose password was right, for the second step.
    pub(super) fn ask_second_step(&self, user: &User, knock: &Knock, next: &str) -> Result<Response, Refused> {
        let begun = self.halfway.begin(user.id, &user.password, next, Instant::now());
        let secret = begun.map_err(|error| {
            tracing::error!(%error, "nobody can sign in");
            Refused::internal()
        })?;
        let mut response = if wants_json(&knock.headers) {
            let message = "Type the code that your app shows, or a recovery code.";
            Refused::new(StatusCode::UNAUTHORIZED, "code", message).into_response()
        } else {
            Redirect::to(address::SECOND_STEP).into_response()
        };
        response.headers_mut().append(SET_COOKIE, cookie::halfway(self.is_secure(&knock.headers), &secret)?);
        Ok(response)
    }

    /// Who has taken the first step in this browser, with the secret by which they are known.
    fn halfway_in(&self, headers: &HeaderMap) -> Option<(String, Waiting)> {
        let secret = cookie::halfway_secret(self, headers)?;
        let waiting = self.halfway.find(&secret, Instant::now())?;
        Some((secret, waiting))
    }

    /// Whether the code that was sent is one of whoever waits.
    ///
    /// # Errors
    /// 401 when it is not, or they have to begin anew; 429 when that was tried too often; 503 when it cannot be told.
    async fn check_code(&self, secret: &str, waiting: &Waiting, knock: &Knock) -> Result<(User, Proof), Refused> {
        let id = waiting.user;
        let found = self.read(move |read| Ok(read.user(id)?)).await?;
        let user = found.filter(|user| user.password == waiting.password).ok_or_else(Refused::sign_in)?;
        // Apart from passwords: a right password must not forgive wrong codes.
        let tried = format!("code {}", user.email);
        let attempt = self.begin_attempt(&tried, &knock.client)?;
        let (typed, signature) = (knock.sent.text("code").to_owned(), Signature::of(&user));
        match self.change(move |authoring| authoring.use_code(id, &typed, signature)).await {
            Ok(Some(proof)) if self.halfway.end(secret) => {
                self.attempts.succeeded(&attempt);
                Ok((user, proof))
            }
            // Used up by a request that was sent twice: the other one is let in.
            Ok(Some(_)) => Err(Refused::sign_in()),
            Ok(None) => {
                self.note_failure(Some(user.email), "one-time code", &knock.client).await;
                let message = "This code does not work. Each works once and for half a minute: wait for the next one, \
                               or use a recovery code that you have not used yet.";
                Err(Refused::new(StatusCode::UNAUTHORIZED, "wrong", message))
            }
            Err(refused) => {
                self.attempts.forgive(&attempt);
                Err(refused)
            }
        }
    }
}
