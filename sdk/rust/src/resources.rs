//! The methods, under the names that larder's other SDKs share with the official ones.
//!
//! Each fails when there is neither an answer nor a copy; those that write need a write token and are sent once, to the
//! first address.

use reqwest::Method;
use serde_json::Value;

use crate::client::{Answer, Client};
use crate::error::Error;
use crate::question::Params;

/// What every method returns.
type Answered = Result<Answer, Error>;

fn with<'a>(params: &Params<'a>, name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    params.iter().copied().chain([(name, value)]).collect()
}

/// Posts.
#[derive(Clone, Copy, Debug)]
pub struct Posts<'c>(pub(crate) &'c Client);

#[allow(clippy::missing_errors_doc, reason = "the module's page says it of all of them")]
impl Posts<'_> {
    /// A list.
    pub async fn list(self, params: &Params<'_>) -> Answered {
        self.0.read(&["posts"], params).await
    }

    /// One post with its neighbours.
    pub async fn retrieve(self, slug: &str, params: &Params<'_>) -> Answered {
        self.0.read(&["posts", slug], params).await
    }

    /// Posts that are found.
    pub async fn search(self, query: &str, params: &Params<'_>) -> Answered {
        self.0.read(&["posts", "search"], &with(params, "query", query)).await
    }

    /// Makes a post.
    pub async fn create(self, post: &Value) -> Answered {
        self.0.change(Method::POST, &["posts"], Some(post)).await
    }

    /// Changes what is sent.
    pub async fn update(self, slug: &str, changes: &Value) -> Answered {
        self.0.change(Method::PATCH, &["posts", slug], Some(changes)).await
    }

    /// Removes a post.
    pub async fn delete(self, slug: &str) -> Answered {
        self.0.change(Method::DELETE, &["posts", slug], None).await
    }
}

/// Pages; a page's type may be `*`.
#[derive(Clone, Copy, Debug)]
pub struct Pages<'c>(pub(crate) &'c Client);

#[allow(clippy::missing_errors_doc, reason = "the module's page says it of all of them")]
impl Pages<'_> {
    /// The pages of a type.
    pub async fn list(self, page_type: &str, params: &Params<'_>) -> Answered {
        self.0.read(&["pages", page_type], params).await
    }

    /// One page.
    pub async fn retrieve(self, page_type: &str, slug: &str, params: &Params<'_>) -> Answered {
        self.0.read(&["pages", page_type, slug], params).await
    }

    /// Pages that are found.
    pub async fn search(self, query: &str, params: &Params<'_>) -> Answered {
        self.0.read(&["pages", "search"], &with(params, "query", query)).await
    }

    /// Makes a page.
    pub async fn create(self, page: &Value) -> Answered {
        self.0.change(Method::POST, &["pages"], Some(page)).await
    }

    /// Changes what is sent.
    pub async fn update(self, page_type: &str, slug: &str, changes: &Value) -> Answered {
        self.0.change(Method::PATCH, &["pages", page_type, slug], Some(changes)).await
    }

    /// Removes a page.
    pub async fn delete(self, page_type: &str, slug: &str) -> Answered {
        self.0.change(Method::DELETE, &["pages", page_type, slug], None).await
    }
}

/// Collections.
#[derive(Clone, Copy, Debug)]
pub struct Content<'c>(pub(crate) &'c Client);

#[allow(clippy::missing_errors_doc, reason = "the module's page says it of all of them")]
impl Content<'_> {
    /// Collections by their keys.
    pub async fn retrieve(self, keys: &[&str], params: &Params<'_>) -> Answered {
        self.0.read(&["content"], &with(params, "keys", &keys.join(","))).await
    }

    /// Adds items: `{"key": ..., "fields": [...]}`.
    pub async fn create(self, items: &Value) -> Answered {
        self.0.change(Method::POST, &["content"], Some(items)).await
    }

    /// Changes an item.
    pub async fn update(self, key: &str, id: i64, changes: &Value) -> Answered {
        self.0.change(Method::PATCH, &["content", key, &id.to_string()], Some(changes)).await
    }

    /// Removes an item.
    pub async fn delete(self, key: &str, id: i64) -> Answered {
        self.0.change(Method::DELETE, &["content", key, &id.to_string()], None).await
    }
}

/// Authors, categories or tags.
#[derive(Clone, Copy, Debug)]
pub struct Named<'c>(pub(crate) &'c Client, pub(crate) &'static str);

#[allow(clippy::missing_errors_doc, reason = "the module's page says it of all of them")]
impl Named<'_> {
    /// All of them.
    pub async fn list(self, params: &Params<'_>) -> Answered {
        self.0.read(&[self.1], params).await
    }

    /// One.
    pub async fn retrieve(self, slug: &str, params: &Params<'_>) -> Answered {
        self.0.read(&[self.1, slug], params).await
    }
}

/// Feeds.
#[derive(Clone, Copy, Debug)]
pub struct Feeds<'c>(pub(crate) &'c Client);

#[allow(clippy::missing_errors_doc, reason = "the module's page says it of all of them")]
impl Feeds<'_> {
    /// `rss`, `atom` or `sitemap`; the XML is a text in `data`.
    pub async fn retrieve(self, name: &str, params: &Params<'_>) -> Answered {
        self.0.read(&["feeds", name], params).await
    }
}
