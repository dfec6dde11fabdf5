//! `POST /media`: a file in a form, as it is, or by its address on another server.

use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use crate::api::asked::Reply;
use crate::api::caller::Caller;
use crate::api::error::Refusal;
use crate::api::params::Params;
use crate::api::{Api, intake as bodies, reply};
use crate::content::field::Problem;
use crate::intake::{self, About, Arriving, Intake, Pieces, Sender, Taken};

/// Takes a file in.
pub(in crate::api) async fn take(State(api): State<Api>, caller: Caller, params: Params, request: Request) -> Reply {
    let sender = sender(&caller);
    let upload = text_of(request.headers(), "upload-id");
    let kind = text_of(request.headers(), CONTENT_TYPE.as_str()).unwrap_or_default().to_ascii_lowercase();
    let taken = if kind.starts_with("multipart/form-data") {
        from_form(&api.intake, &sender, upload.as_deref(), request).await?
    } else if kind.starts_with("application/json") {
        from_address(&api.intake, &sender, request.into_body()).await?
    } else {
        let text = |name| params.text(name).unwrap_or_default();
        let held = api.intake.hold(&mut Arriving(request.into_body())).await?;
        api.intake.keep(held, About::new(&text("name"), &text("alt")), &sender, upload.as_deref()).await?
    };
    let facts = taken.json();
    let status = if facts["known"] == true { StatusCode::OK } else { StatusCode::CREATED };
    Ok(reply::facts(status, &facts))
}

/// Who sends with a token.
pub(super) fn sender(caller: &Caller) -> Sender {
    Sender::token(caller.token.id, caller.token.name.clone()).at(caller.address)
}

/// A form's `file`, with its `alt`.
async fn from_form(intake: &Intake, sender: &Sender, upload: Option<&str>, request: Request) -> Result<Taken, Refusal> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| intake::Error::Broken)?;
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
    let held = held.ok_or_else(|| Refusal::general("The form has no file in it: send one as `file`."))?;
    Ok(intake.keep(held, About::new(&name, &alt), sender, upload).await?)
}

/// `{"url", "alt"}`
async fn from_address(intake: &Intake, sender: &Sender, body: Body) -> Result<Taken, Refusal> {
    let body = bodies::whole(body).await?;
    let sent: Map<String, Value> = serde_json::from_slice(&body).map_err(|_| Refusal::malformed())?;
    let text = |key: &str| sent.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("url").is_empty() {
        let text = "This field is required.".into();
        return Err(Refusal::invalid(&[Problem { path: "url".into(), text }]));
    }
    Ok(intake.from_address(text("url"), text("alt"), sender).await?)
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

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
