//! Reading authors, categories and tags.

use axum::extract::Path;

use super::asked::{Asked, Reply};
use crate::content::post::Filing;
use crate::delivery::{Query, Recent};

fn recent(asked: &Asked) -> Recent {
    let included = asked.params.last("include") == Some("recent_posts");
    Recent { included, locale: asked.params.text("locale") }
}

/// `GET /authors/`
pub(super) async fn authors(asked: Asked) -> Reply {
    let recent = recent(&asked);
    asked.answer(Query::Authors(recent)).await
}

/// `GET /authors/{slug}/`
pub(super) async fn author(asked: Asked, Path(slug): Path<String>) -> Reply {
    let recent = recent(&asked);
    asked.answer(Query::Author(slug, recent)).await
}

/// `GET /categories/`
pub(super) async fn categories(asked: Asked) -> Reply {
    all(asked, Filing::Category).await
}

/// `GET /categories/{slug}/`
pub(super) async fn category(asked: Asked, Path(slug): Path<String>) -> Reply {
    one(asked, Filing::Category, slug).await
}

/// `GET /tags/`
pub(super) async fn tags(asked: Asked) -> Reply {
    all(asked, Filing::Tag).await
}

/// `GET /tags/{slug}/`
pub(super) async fn tag(asked: Asked, Path(slug): Path<String>) -> Reply {
    one(asked, Filing::Tag, slug).await
}

async fn all(asked: Asked, filing: Filing) -> Reply {
    let recent = recent(&asked);
    asked.answer(Query::Terms(filing, recent)).await
}

async fn one(asked: Asked, filing: Filing, slug: String) -> Reply {
    let recent = recent(&asked);
    asked.answer(Query::Term(filing, slug, recent)).await
}
