//! Signing in and out, and going on being signed in.

use std::time::{Duration, Instant};

use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use minijinja::context;
use serde::Deserialize;
use serde_json::json;

use super::client::Client;
use super::entrance::{Entrance, Knock};
use super::error::Refused;
use super::form::{Sent, wants_json};
use super::guard::Signed;
use super::{Dashboard, address, cookie, guard};
use crate::account::{Right, Session, User};
use crate::auth::attempts::Attempt;
use crate::auth::{password, session};
use crate::authoring::{PASSWORD, Signature, now};
use crate::content::moment::Moment;
use crate::content::setup::Setup;

const PAGE: Entrance = Entrance { template: "sign_in.html", title: "Sign in", roomy: false };

/// Routes for everybody.
pub(super) fn open() -> Router<Dashboard> {
    Router::new().route(address::SIGN_IN, get(show).post(enter)).route("/admin/login", get(usual))
}

/// Routes for those who are signed in.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/sign-out", post(leave)).route("/admin/session", post(extend))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

async fn show(
    State(dashboard): State<Dashboard>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    if let Ok(signed) = guard::find(&dashboard, &headers).await {
        return Ok(Redirect::to(&destination(&dashboard, &signed.user, &asked.next).await).into_response());
    }
    if dashboard.waits_for_owner().await {
        return Ok(Redirect::to(address::SETUP).into_response());
    }
    let shown = context! { next => own_path(&asked.next), passkeys => dashboard.passkeys.work() };
    dashboard.entrance(PAGE, &headers, StatusCode::OK, shown).await
}

/// Where people look for a sign-in by habit.
async fn usual() -> Redirect {
    Redirect::to(address::SIGN_IN)
}

async fn enter(State(dashboard): State<Dashboard>, knock: Knock) -> Result<Response, Refused> {
    let Knock { client, headers, sent } = &knock;
    let checked = dashboard.check_password(sent.text("email"), sent.text("password"), client).await;
    let user = match checked {
        Ok(user) => user,
        Err(refused) if wants_json(headers) => return Err(refused),
        Err(refused) => return refuse(&dashboard, headers, sent, &refused).await,
    };
    if user.second.is_some() {
        return dashboard.ask_second_step(&user, &knock, own_path(sent.text("next")));
    }
    dashboard.let_in_to(&user, &knock, sent.text("next"), "password").await
}

/// The page again, with what is wrong.
async fn refuse(
    dashboard: &Dashboard,
    headers: &HeaderMap,
    sent: &Sent,
    refused: &Refused,
) -> Result<Response, Refused> {
    let shown = context! { next => own_path(sent.text("next")), email => sent.text("email"), message => refused.message.clone(), passkeys => dashboard.passkeys.work() };
    let page = dashboard.entrance(PAGE, headers, refused.status, shown).await?;
    Ok(refused.with_pause(page))
}

async fn leave(State(dashboard): State<Dashboard>, signed: Signed, headers: HeaderMap) -> Result<Response, Refused> {
    let (hash, signature) = (signed.session.hash.clone(), signed.signature());
    dashboard.change(move |authoring| authoring.end_session(&hash, signature)).await?;
    let mut response = if wants_json(&headers) {
        Json(json!({})).into_response()
    } else {
        Redirect::to(address::SIGN_IN).into_response()
    };
    response.headers_mut().append(SET_COOKIE, cookie::sign_out(dashboard.is_secure(&headers))?);
    Ok(response)
}

/// Goes on being signed in; tells how long that lasts, in seconds.
async fn extend(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    let at = now();
    let mut session = signed.session;
    let hash = session.hash.clone();
    dashboard.change(move |authoring| authoring.note_session(&hash, at)).await?;
    session.seen = at;
    let (ends, limit) = (session::ends(&session), session::limit(&session));
    Ok(Json(json!({"csrf": signed.csrf, "expires_in": left(ends), "limit_in": left(limit)})).into_response())
}

/// Seconds until a moment.
fn left(until: Moment) -> i64 {
    (until.micros() - now().micros()).max(0) / 1_000_000
}

/// Where to go after signing in.
async fn destination(dashboard: &Dashboard, user: &User, next: &str) -> String {
    let unfinished = dashboard.read(|read| Ok(read.setup()?)).await.is_ok_and(|setup| setup != Setup::Done);
    match own_path(next) {
        address::HOME if unfinished && user.may(Right::People) => address::SETUP.into(),
        next => next.into(),
    }
}

/// A place in the dashboard; its start for any other address.
fn own_path(next: &str) -> &str {
    let inside = next.strip_prefix(address::HOME).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let loops = next.starts_with(address::SIGN_IN);
    if inside && plain && !loops { next } else { address::HOME }
}

/// A session that has begun.
pub(super) struct Begun {
    session: Session,
    secret: String,
    csrf: String,
    /// Whether the browser reaches the site through TLS.
    secure: bool,
}

impl Begun {
    /// The person who is signed in by it.
    pub(super) fn signed(&self, user: User) -> Signed {
        Signed { user, session: self.session.clone(), csrf: self.csrf.clone(), address: None }
    }

    /// Gives the cookies along with an answer.
    pub(super) fn answer(self, user: &User, mut response: Response) -> Result<Response, Refused> {
        let headers = response.headers_mut();
        headers.append(SET_COOKIE, cookie::sign_in(self.secure, &self.secret)?);
        headers.append(SET_COOKIE, cookie::keep_theme(self.secure, user.theme)?);
        Ok(response)
    }
}

impl Dashboard {
    /// Signs in whoever knocked, and leads them to `next` or tells their script.
    pub(super) async fn let_in_to(
        &self,
        user: &User,
        knock: &Knock,
        next: &str,
        with: &'static str,
    ) -> Result<Response, Refused> {
        let begun = self.begin_session(user, &knock.client, &knock.headers, with).await?;
        let body = if wants_json(&knock.headers) {
            let said = json!({"id": user.id, "name": user.name});
            let next = destination(self, user, next).await;
            let expires = left(session::ends(&begun.session));
            Json(json!({"csrf": begun.csrf, "user": said, "expires_in": expires, "next": next})).into_response()
        } else {
            Redirect::to(&destination(self, user, next).await).into_response()
        };
        begun.answer(user, body)
    }

    /// Lets an attempt pass, unless it has to wait.
    ///
    /// # Errors
    /// 429 with the pause.
    pub(super) fn begin_attempt(&self, account: &str, client: &Client) -> Result<Attempt, Refused> {
        self.attempts.begin(account, client.address, Instant::now()).map_err(pause)
    }

    /// Who has this address and password. Takes as long for an address nobody has.
    ///
    /// # Errors
    /// 401 when they do not belong together, 429 when that was tried too often, 503 when it cannot be told.
    pub(super) async fn check_password(&self, email: &str, password: &str, client: &Client) -> Result<User, Refused> {
        let email = email.trim().to_owned();
        let attempt = self.begin_attempt(&email, client)?;
        let found = self.read(move |read| Ok(read.user_by_email(&email)?)).await;
        let account = found.as_ref().ok().and_then(|found| found.as_ref()).map(|user| user.email.clone());
        let judged = match found {
            Ok(found) => {
                let password = password.to_owned();
                self.passwords.run(move || judge(found, &password)).await.map_err(Refused::from)
            }
            Err(refused) => Err(refused),
        };
        match judged {
            Ok(Some(user)) => {
                self.attempts.succeeded(&attempt);
                self.renew_hash(&user, password).await;
                Ok(user)
            }
            Ok(None) => {
                self.note_failure(account, PASSWORD, client).await;
                Err(Refused::new(
                    StatusCode::UNAUTHORIZED,
                    "wrong",
                    "This email address and password do not belong together. Check both; an owner of the site can give \
                     you a link for a new password.",
                ))
            }
            Err(refused) => {
                self.attempts.forgive(&attempt);
                Err(refused)
            }
        }
    }

    /// Notes that somebody could not sign in. That it cannot be noted is nothing they need to know.
    pub(super) async fn note_failure(&self, account: Option<String>, wrong: &'static str, client: &Client) {
        let from = client.address;
        tracing::info!(address = %from, wrong, "a sign-in did not work");
        let noted = self.change(move |authoring| authoring.note_failed_sign_in(account.as_deref(), wrong, from)).await;
        if let Err(refused) = noted {
            tracing::warn!(why = refused.message, "a failed sign-in is not in the audit log");
        }
    }

    /// Hashes a password as it is done now, when it was done otherwise.
    async fn renew_hash(&self, user: &User, password: &str) {
        if !password::is_outdated(&user.password) {
            return;
        }
        let (authoring, user, password) = (self.authoring.clone(), user.clone(), password.to_owned());
        let renewed = self.passwords.run(move || authoring.renew_hash(&user, &password, Signature::now(&user.name)));
        if let Ok(Err(error)) = renewed.await {
            tracing::warn!(%error, "a password's hash stays as it was made");
        }
    }

    /// Signs somebody in.
    pub(super) async fn begin_session(
        &self,
        user: &User,
        client: &Client,
        headers: &HeaderMap,
        with: &'static str,
    ) -> Result<Begun, Refused> {
        let (secret, hash) = session::new_secret().map_err(|error| {
            tracing::error!(%error, "nobody can sign in");
            Refused::internal()
        })?;
        let at = now();
        let session = Session {
            hash,
            user: user.id,
            created: at,
            seen: at,
            agent: client.agent.clone(),
            address: client.address.to_string(),
            sees_as: None,
        };
        let earlier = cookie::secret(self, headers).map(|secret| crate::auth::hash(&secret));
        let (kept, signature) = (session.clone(), Signature::of(user).from(client.address));
        self.change(move |authoring| authoring.begin_session(kept, earlier, with, signature)).await?;
        let csrf = session::csrf(&secret);
        Ok(Begun { session, secret, csrf, secure: self.is_secure(headers) })
    }
}

fn judge(user: Option<User>, password: &str) -> Option<User> {
    let right = password::verify(user.as_ref().map(|user| user.password.as_str()), password);
    user.filter(|_| right)
}

/// Too many attempts.
fn pause(wait: Duration) -> Refused {
    let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1);
    let time = match seconds {
        1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    };
    let message = format!("Too many sign-ins have not worked. Wait {time}, then try again.");
    Refused::new(StatusCode::TOO_MANY_REQUESTS, "wait", message).with("wait", seconds).after(seconds)
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn next_is_a_place_in_the_dashboard() {
        assert_eq!(own_path("/admin/c/posts?q=a"), "/admin/c/posts?q=a");
        assert_eq!(own_path("/admin?x"), "/admin?x");
        for wrong in [
            "",
            "//evil.example",
            "https://evil.example/admin",
            "/admin.evil.example",
            "/admin/\\evil",
            "/admin/\r\nSet-Cookie: a",
            "/v2/posts",
            "/admin/sign-in?next=/admin/sign-in",
        ] {
            assert_eq!(own_path(wrong), "/admin", "{wrong:?}");
        }
    }
}
