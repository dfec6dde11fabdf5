//! Searching posts and pages.

use super::asked::{Asked, Reply};
use super::error::Refusal;
use crate::delivery::{PageSearch, PostSearch, Query};

/// The longest query of a page search, in characters.
const MAX_QUERY: usize = 100;

/// `GET /posts/search/` and `GET /search/`
pub(super) async fn posts(asked: Asked) -> Reply {
    let params = &asked.params;
    let query = Query::PostSearch(PostSearch {
        words: params.text("query").unwrap_or_default(),
        paging: params.pages()?,
        exclude_body: params.flag("exclude_body"),
        locale: params.text("locale"),
    });
    asked.answer(query).await
}

/// `GET /pages/search/`
pub(super) async fn pages(asked: Asked) -> Reply {
    let page_type = asked.params.text("page_type");
    pages_of(asked, page_type).await
}

/// A search of pages of one type, or of all.
pub(super) async fn pages_of(asked: Asked, page_type: Option<String>) -> Reply {
    let params = &asked.params;
    let words = params.text("query").unwrap_or_default();
    if words.chars().count() > MAX_QUERY {
        return Err(Refusal::parameter("query"));
    }
    let look = params.look(&asked.caller)?;
    let query = Query::PageSearch(PageSearch { words, page_type, paging: params.paging()?, look });
    asked.answer(query).await
}
