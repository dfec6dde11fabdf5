//! Reading posts.

use axum::extract::Path;

use super::asked::{Asked, Reply};
use crate::delivery::{OnePost, PostList, Query};

/// `GET /posts/`
pub(super) async fn list(asked: Asked) -> Reply {
    let params = &asked.params;
    let query = Query::Posts(PostList {
        paging: params.paging()?,
        exclude_body: params.flag("exclude_body"),
        author: params.text("author_slug"),
        category: params.text("category_slug"),
        tag: params.text("tag_slug"),
        view: params.view(&asked.caller),
        locale: params.text("locale"),
    });
    asked.answer(query).await
}

/// `GET /posts/{slug}/`
pub(super) async fn show(asked: Asked, Path(slug): Path<String>) -> Reply {
    let view = asked.params.view(&asked.caller);
    let query = Query::Post(OnePost { slug, view, locale: asked.params.text("locale") });
    asked.answer(query).await
}
