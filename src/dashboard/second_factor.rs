//! `/admin/account/second-factor`: one-time codes for one's own account, switched on with an app and off again.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use minijinja::{Value, context};
use qrcodegen::{QrCode, QrCodeEcc};

use super::address::{ACCOUNT, SECOND_FACTOR};
use super::client::Client;
use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::nav::Section;
use super::notes::Note;
use super::view::Screen;
use super::{Dashboard, nav};
use crate::auth::second_factor;
use crate::content::settings::Settings;

const SCREEN: Screen = Screen { template: "account/second_factor.html", section: Section::Elsewhere };
/// White around a QR code, in its squares: what readers need to find it.
const QUIET: i32 = 4;

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(SECOND_FACTOR, get(show).post(turn_on))
        .route("/admin/account/second-factor/off", post(turn_off))
        .route("/admin/account/second-factor/recovery", post(renew))
}

async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    page(&dashboard, &signed, None, context! {}).await
}

/// The page; for somebody without codes with the secret of an app, a new one unless it is given.
async fn page(
    dashboard: &Dashboard,
    signed: &Signed,
    secret: Option<String>,
    more: Value,
) -> Result<Response, Refused> {
    let (user, url) = (signed.user.clone(), dashboard.delivery.public_url().to_owned());
    dashboard
        .screen(signed, SCREEN, move |read| {
            if let Some(second) = &user.second {
                return Ok(context! { since => second.since.to_string(), left => second.recovery.len(), ..more });
            }
            let secret = secret.map_or_else(second_factor::new_secret, Ok).map_err(|error| {
                tracing::error!(%error, "no secret could be made");
                Refused::internal()
            })?;
            let site = nav::Site::new(&Settings::read(&read.settings()?), &url);
            let address = second_factor::address(&secret, site.name(), &user.email);
            let address = address.ok_or_else(|| Refused::bad("This is no secret that larder has made."))?;
            let (size, path) = drawn(&address)?;
            Ok(context! { secret => in_groups(&secret), size, path, address, ..more })
        })
        .await
}

/// A text as a QR code: how many squares wide it is, and the path around the dark ones.
fn drawn(text: &str) -> Result<(i32, String), Refused> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|error| {
        tracing::error!(%error, "a QR code could not be drawn");
        Refused::internal()
    })?;
    let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let squares = dark.filter(|(x, y)| code.get_module(*x, *y));
    let path = squares.map(|(x, y)| format!("M{},{}h1v1h-1z", x + QUIET, y + QUIET)).collect();
    Ok((code.size() + 2 * QUIET, path))
}

/// As people type it.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().filter(|c| !c.is_whitespace()).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn turn_on(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    client: Client,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Refused> {
    let secret: String = sent.text("secret").chars().filter(|c| !c.is_whitespace()).collect();
    match try_turn_on(&dashboard, &signed, &client, &sent, &secret).await {
        Ok(codes) => {
            // Whoever had got hold of the session before has lost it.
            let begun = dashboard.begin_session(&signed.user, &client, &headers, "one-time code").await?;
            let user = signed.user.id;
            let user = dashboard.read(move |read| Ok(read.user(user)?)).await?.ok_or_else(Refused::internal)?;
            let page = page(&dashboard, &begun.signed(user.clone()), None, context! { codes, fresh => true }).await?;
            begun.answer(&user, page)
        }
        Err(refused) => refuse(&dashboard, &signed, Some(secret), refused).await,
    }
}

async fn try_turn_on(
    dashboard: &Dashboard,
    signed: &Signed,
    client: &Client,
    sent: &Sent,
    secret: &str,
) -> Result<Vec<String>, Refused> {
    dashboard.check_password(&signed.user.email, sent.text("current"), client).await?;
    let (id, signature) = (signed.user.id, signed.signature());
    let (secret, code) = (secret.to_owned(), sent.text("code").to_owned());
    dashboard.change(move |authoring| authoring.turn_codes_on(id, secret, &code, signature)).await
}

async fn turn_off(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    client: Client,
    sent: Sent,
) -> Result<Response, Refused> {
    if let Err(refused) = dashboard.check_password(&signed.user.email, sent.text("current"), &client).await {
        return refuse(&dashboard, &signed, None, refused).await;
    }
    let (id, signature) = (signed.user.id, signed.signature());
    dashboard.change(move |authoring| authoring.turn_codes_off(id, signature)).await?;
    Ok(dashboard.go_on(&signed, ACCOUNT, Note::ok("One-time codes are off. Your password is enough to sign in.")))
}

async fn renew(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    client: Client,
    sent: Sent,
) -> Result<Response, Refused> {
    if let Err(refused) = dashboard.check_password(&signed.user.email, sent.text("current"), &client).await {
        return refuse(&dashboard, &signed, None, refused).await;
    }
    let (id, signature) = (signed.user.id, signed.signature());
    let codes = dashboard.change(move |authoring| authoring.renew_recovery_codes(id, signature)).await?;
    page(&dashboard, &signed, None, context! { codes }).await
}

/// The page again, saying why nothing was changed.
async fn refuse(
    dashboard: &Dashboard,
    signed: &Signed,
    secret: Option<String>,
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
    let message = problems.is_empty().then(|| refused.message.clone());
    let mut page = page(dashboard, signed, secret, context! { problems, message }).await?;
    *page.status_mut() = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { refused.status };
    Ok(refused.with_pause(page))
}
