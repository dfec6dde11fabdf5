//! Reading feeds.

use axum::extract::Path;

use super::asked::{Asked, Reply};
use super::error::Refusal;
use crate::delivery::{Feed, FeedKind, Query};

/// `GET /feeds/{name}/`
pub(super) async fn show(asked: Asked, Path(name): Path<String>) -> Reply {
    let kind = match name.as_str() {
        "rss" => FeedKind::Rss,
        "atom" => FeedKind::Atom,
        "sitemap" => FeedKind::Sitemap,
        _ => return Err(Refusal::not_found()),
    };
    let params = &asked.params;
    let query = Query::Feed(Feed {
        kind,
        category: params.text("category_slug"),
        tag: params.text("tag_slug"),
        locale: params.text("locale"),
    });
    asked.answer(query).await
}
