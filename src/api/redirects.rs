//! Reading redirects.

use axum::extract::Path;

use super::asked::{Asked, Reply};
use super::error::Refusal;
use crate::content::redirect::Host;
use crate::delivery::Query;

/// `GET /redirects/`
pub(super) async fn list(asked: Asked) -> Reply {
    let paging = asked.params.paging()?;
    asked.answer(Query::Redirects(paging)).await
}

/// `GET /redirects/{host}/`
pub(super) async fn feed(asked: Asked, Path(host): Path<String>) -> Reply {
    let host = Host::parse(&host).ok_or_else(Refusal::not_found)?;
    let kind = match host {
        Host::Netlify | Host::Nginx => "text/plain; charset=utf-8",
        Host::Json => "application/json",
    };
    asked.answer_text(Query::RedirectFeed(host), kind).await
}
