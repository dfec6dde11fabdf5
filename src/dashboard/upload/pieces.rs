//! Uploads in pieces, by the tus protocol: they go on after a lost connection or a closed page.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};

use super::sender;
use crate::account::Right;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::intake::Arriving;
use crate::intake::tus::{self, Call};

/// Where uploads begin.
const BASE: &str = "/admin/media/uploads";

/// Any request of the protocol.
pub(super) async fn answer(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    id: Option<Path<String>>,
    request: Request,
) -> Response {
    let id = id.map(|Path(id)| id);
    let mut response = spoken(&dashboard, &signed, id.as_deref(), request).await.unwrap_or_else(Refused::into_response);
    tus::stamp(response.headers_mut());
    tus::announce(response.headers_mut());
    response
}

async fn spoken(
    dashboard: &Dashboard,
    signed: &Signed,
    id: Option<&str>,
    request: Request,
) -> Result<Response, Refused> {
    signed.need(Right::WriteOwn, "upload files")?;
    let (parts, body) = request.into_parts();
    let call = Call { method: &parts.method, headers: &parts.headers, base: BASE, id };
    let answer = tus::answer(&dashboard.intake, &sender(signed), call, &mut Arriving(body)).await?;
    let mut response = match answer.facts {
        Some(facts) => (answer.status, Json(facts)).into_response(),
        None => answer.status.into_response(),
    };
    response.headers_mut().extend(answer.headers);
    Ok(response)
}
