//! Reading pages.

use axum::extract::Path;

use super::asked::{Asked, Reply};
use super::search;
use crate::delivery::{ANY, OnePage, PageList, Query};

/// The word that stands in the place of a page type in `/pages/search/`.
const SEARCH: &str = "search";

/// `GET /pages/`: the single pages.
pub(super) async fn singles(asked: Asked) -> Reply {
    list(asked, Path(ANY.into())).await
}

/// `GET /pages/{type}/`
pub(super) async fn list(asked: Asked, Path(page_type): Path<String>) -> Reply {
    let params = &asked.params;
    // Single pages have no fields in common to filter or order by.
    let any = page_type == ANY;
    let query = Query::Pages(PageList {
        paging: params.paging()?,
        filters: if any { Vec::new() } else { params.fields() },
        order: params.text("order").filter(|_| !any),
        look: params.look(&asked.caller)?,
        page_type,
    });
    asked.answer(query).await
}

/// `GET /pages/{type}/{slug}/`
pub(super) async fn show(asked: Asked, Path((page_type, slug)): Path<(String, String)>) -> Reply {
    if page_type == SEARCH && asked.params.last("query").is_some() {
        // As the Java SDK asks.
        return search::pages_of(asked, Some(slug)).await;
    }
    let look = asked.params.look(&asked.caller)?;
    asked.answer(Query::Page(OnePage { page_type, slug, look })).await
}
