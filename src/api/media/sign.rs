//! `POST /media/sign`

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::api::asked::Reply;
use crate::api::error::Refusal;
use crate::api::{Api, reply};
use crate::content::field::Problem;

/// Signs the address of a picture: `{"url"}` in and out.
pub(in crate::api) async fn sign(State(api): State<Api>, body: Bytes) -> Reply {
    let sent: Value = serde_json::from_slice(&body).map_err(|_| Refusal::malformed())?;
    let Some(url) = sent["url"].as_str().map(str::to_owned) else {
        return Err(Refusal::invalid(&[Problem { path: "url".into(), text: "This field is required.".into() }]));
    };
    let authoring = api.authoring.clone();
    let signed = api.blocking(move || Ok(authoring.sign_picture(&url)?)).await?;
    Ok(reply::facts(StatusCode::OK, &json!({"url": signed})))
}
