//! Pictures and files from the dashboard: `POST /admin/media` with a form or an address, and in pieces at
//! `/admin/media/uploads`.

mod pieces;

use axum::body::{Bytes, to_bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{any, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;

use super::Dashboard;
use super::error::Refused;
use super::guard::Signed;
use crate::account::Right;
use crate::intake::{self, About, Intake, Pieces, Sender, Taken};

/// The longest JSON that names an address.
const LONGEST_JSON: usize = 64 << 10;

/// All routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/media", post(take))
        .route("/admin/media/uploads", any(pieces::answer))
        .route("/admin/media/uploads/{id}", any(pieces::answer))
        // What comes in has limits of its own.
        .layer(DefaultBodyLimit::disable())
}

/// Takes a file in: `file`, perhaps with `alt`, or `{"url", "alt"}`. `Upload-Id` names the upload, so that it can
/// be sent again.
async fn take(State(dashboard): State<Dashboard>, signed: Signed, request: Request) -> Result<Json<Value>, Refused> {
    signed.need(Right::WriteOwn, "upload files")?;
    let sender = sender(&signed);
    let taken = match text_of(request.headers(), CONTENT_TYPE.as_str()) {
        Some(kind) if kind.to_ascii_lowercase().starts_with("application/json") => {
            from_address(&dashboard.intake, &sender, request).await?
        }
        _ => from_form(&dashboard.intake, &sender, request).await?,
    };
    Ok(Json(taken.json()))
}

fn sender(signed: &Signed) -> Sender {
    Sender::person(signed.user.id, signed.user.name.clone()).at(signed.address)
}

#[derive(Deserialize)]
struct Address {
    url: String,
    #[serde(default)]
    alt: String,
}

async fn from_address(intake: &Intake, sender: &Sender, request: Request) -> Result<Taken, Refused> {
    let body = to_bytes(request.into_body(), LONGEST_JSON).await.map_err(|_| intake::Error::Broken)?;
    let sent: Address = serde_json::from_slice(&body).map_err(|_| Refused::bad("Say where the picture is."))?;
    Ok(intake.from_address(&sent.url, &sent.alt, sender).await?)
}

/// Puts the file of a form in the place of one of the library, and tells what is known of it then.
pub(super) async fn replace(
    dashboard: &Dashboard,
    signed: &Signed,
    id: String,
    mut form: Multipart,
) -> Result<Value, Refused> {
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            let about = About::new(field.file_name().unwrap_or_default(), "");
            let held = dashboard.intake.hold(&mut Part(field)).await?;
            return Ok(dashboard.intake.replace(held, id, about, &sender(signed)).await?.to_json());
        }
    }
    Err(Refused::bad("Choose a file."))
}

async fn from_form(intake: &Intake, sender: &Sender, request: Request) -> Result<Taken, Refused> {
    let upload = text_of(request.headers(), "upload-id").map(str::to_owned);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refused::bad("Choose a file."))?;
    let (mut held, mut name, mut alt) = (None, String::new(), String::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") if held.is_none() => {
                name = field.file_name().unwrap_or_default().to_owned();
                held = Some(intake.hold(&mut Part(field)).await?);
            }
            Some("alt") => alt = field.text().await.map_err(broken)?,
            _ => {}
        }
    }
    let held = held.ok_or_else(|| Refused::bad("Choose a file."))?;
    Ok(intake.keep(held, About::new(&name, &alt), sender, upload.as_deref()).await?)
}

/// A file in a form.
struct Part<'a>(Field<'a>);

impl Pieces for Part<'_> {
    async fn next(&mut self) -> Result<Option<Bytes>, intake::Error> {
        let piece = tokio::time::timeout(intake::PATIENCE, self.0.chunk()).await;
        piece.map_err(|_| intake::Error::Broken)?.map_err(broken)
    }
}

fn broken(_: MultipartError) -> intake::Error {
    intake::Error::Broken
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
