//! Uploads in pieces, by the tus protocol: `/media/uploads`.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};

use super::upload::sender;
use crate::api::asked::Reply;
use crate::api::caller::Caller;
use crate::api::error::Refusal;
use crate::api::{Api, reply};
use crate::intake::Arriving;
use crate::intake::tus::{self, Call};

/// Where uploads begin.
const BASE: &str = "/media/uploads";

/// Any request of the protocol.
pub(in crate::api) async fn answer(
    State(api): State<Api>,
    caller: Caller,
    id: Option<Path<String>>,
    request: Request,
) -> Reply {
    if !caller.may_write() {
        return Err(Refusal::no_credentials());
    }
    let (parts, body) = request.into_parts();
    let id = id.as_ref().map(|Path(id)| id.as_str());
    let call = Call { method: &parts.method, headers: &parts.headers, base: BASE, id };
    let answer = tus::answer(&api.intake, &sender(&caller), call, &mut Arriving(body)).await?;
    let mut response = match &answer.facts {
        Some(facts) => reply::facts(answer.status, facts),
        None => answer.status.into_response(),
    };
    response.headers_mut().extend(answer.headers);
    Ok(response)
}

/// What every answer of the protocol carries; those to `OPTIONS`, which the gate gives, say what is spoken.
pub(in crate::api) async fn finish(mut response: Response) -> Response {
    tus::stamp(response.headers_mut());
    tus::announce(response.headers_mut());
    response
}
