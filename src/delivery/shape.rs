//! Every public JSON shape, keys in the order in which ButterCMS was recorded sending them.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Answer;
use super::explain::Explanation;
use super::query::{ANY, Paging};
use crate::content::entry::{EntryId, Version};
use crate::content::post::{Author, Term};
use crate::content::schema::{Kind, Schema};

/// `{"data": ...}`.
pub(super) fn one(data: Value) -> Value {
    json!({"data": data})
}

/// `{"meta": ..., "data": ...}`.
pub(super) fn with_meta(meta: Value, data: Value) -> Value {
    json!({"meta": meta, "data": data})
}

/// An error or refusal.
pub fn detail(text: &str) -> Value {
    json!({"detail": text})
}

/// An answer with how it came about beside its members.
pub(super) fn explained(mut answer: Value, made: &Answer, how: &Explanation) -> Value {
    let micros = |took: Duration| took.as_nanos() as f64 / 1000.0;
    let statements: Vec<Value> = how
        .statements
        .iter()
        .map(|one| json!({"sql": one_line(&one.sql), "count": one.count, "micros": micros(one.took)}))
        .collect();
    let stages: Map<String, Value> =
        how.stages.iter().map(|(stage, took)| ((*stage).to_owned(), micros(*took).into())).collect();
    answer["explain"] = json!({
        "url": how.url,
        "cache": how.cache,
        "change": how.change,
        "keys": made.keys().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "micros": stages,
        "sql": {
            "count": how.statements.iter().map(|one| one.count).sum::<u64>(),
            "micros": micros(how.statements.iter().map(|one| one.took).sum()),
            "statements": statements,
        },
        "bytes": made.sizes().map(|(encoding, size)| (encoding.to_owned(), size.into())).collect::<Map<_, _>>(),
    });
    answer
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a list of posts or pages stands.
pub(super) fn list_meta(paging: Paging, count: u64) -> Value {
    match paging {
        Paging::Pages { page, size } => {
            let (next, previous) = around(page, size, count);
            json!({"next_page": next, "previous_page": previous, "count": count})
        }
        Paging::Window { limit, offset } => {
            let next = offset.saturating_add(limit);
            json!({
                "count": count,
                "next_offset": (next < count).then_some(next),
                "previous_offset": (offset > 0).then_some(offset.saturating_sub(limit)),
            })
        }
    }
}

/// Where a list of items stands.
pub(super) fn items_meta(paging: Paging, count: u64) -> Value {
    let Paging::Pages { page, size } = paging else { return list_meta(paging, count) };
    let (next, previous) = around(page, size, count);
    json!({"count": count, "next_page": next, "previous_page": previous})
}

fn around(page: u64, size: u64, count: u64) -> (Option<u64>, Option<u64>) {
    ((page.saturating_mul(size) < count).then(|| page + 1), (page > 1).then(|| page - 1))
}

/// A post with everything it shows, addresses made absolute.
pub(super) struct PostParts {
    pub(super) version: Version,
    pub(super) body: String,
    pub(super) summary: String,
    pub(super) seo_title: String,
    pub(super) meta_description: String,
    pub(super) image: Option<String>,
    pub(super) image_alt: String,
    pub(super) author: Author,
    pub(super) categories: Vec<Term>,
    pub(super) tags: Vec<Term>,
    /// `blog_url_prefix`.
    pub(super) prefix: Option<String>,
}

impl PostParts {
    pub(super) fn title(&self) -> &str {
        &self.version.revision.name
    }

    /// The address on the site that shows the blog.
    pub(super) fn url(&self) -> String {
        format!("{}{}", self.prefix.as_deref().unwrap_or("/"), self.version.slug())
    }

    /// As lists show it.
    pub(super) fn listed(&self, exclude_body: bool) -> Value {
        let version = &self.version;
        let mut post = json!({
            "status": version.status.as_str(),
            "created": version.entry.created,
            "updated": version.updated,
            "published": version.published,
            "scheduled": version.scheduled,
            "title": self.title(),
            "slug": version.slug(),
            "body": self.body,
            "summary": self.summary,
            "seo_title": self.seo_title,
            "meta_description": self.meta_description,
            "featured_image_alt": self.image_alt,
            "url": self.url(),
            "featured_image": self.image,
            "author": listed_author(&self.author),
            "tags": terms(&self.tags),
            "categories": terms(&self.categories),
        });
        if exclude_body {
            without(&mut post, "body");
        }
        post
    }

    /// As single answers, searches (with a rank) and `recent_posts` show it.
    pub(super) fn full(&self, rank: Option<f64>, exclude_body: bool) -> Value {
        let version = &self.version;
        let mut post = json!({
            "created": version.entry.created,
            "published": version.published,
            "scheduled": version.scheduled,
            "url": self.prefix.as_ref().map(|_| self.url()),
            "slug": version.slug(),
            "featured_image": self.image,
            "featured_image_alt": self.image_alt,
            "author": author(&self.author),
            "tags": terms(&self.tags),
            "categories": terms(&self.categories),
            "rank": rank,
            "title": self.title(),
            "body": self.body,
            "summary": self.summary,
            "updated": version.updated,
            "deleted": null,
            "seo_title": self.seo_title,
            "meta_description": self.meta_description,
            "status": version.status.as_str(),
        });
        if rank.is_none() {
            without(&mut post, "rank");
        }
        if exclude_body {
            without(&mut post, "body");
        }
        post
    }

    /// As its neighbours name it.
    pub(super) fn neighbour(&self) -> Value {
        json!({"slug": self.version.slug(), "title": self.title(), "featured_image": self.image})
    }
}

fn without(object: &mut Value, key: &str) {
    if let Value::Object(members) = object {
        // Keeps the order of the others.
        members.shift_remove(key);
    }
}

/// What a single post's `meta` says.
pub(super) fn post_meta(next: Option<Value>, previous: Option<Value>) -> Value {
    json!({"next_post": next, "previous_post": previous})
}

/// An author by itself and in whole posts.
pub(super) fn author(author: &Author) -> Value {
    json!({
        "first_name": author.first_name,
        "last_name": author.last_name,
        "email": author.email,
        "slug": author.slug,
        "bio": author.bio,
        "title": author.title,
        "linkedin_url": author.linkedin_url,
        "facebook_url": author.facebook_url,
        "instagram_url": author.instagram_url,
        "pinterest_url": author.pinterest_url,
        "twitter_handle": author.twitter_handle,
        "profile_image": author.profile_image,
    })
}

/// An author in listed posts: the same keys in another order.
fn listed_author(author: &Author) -> Value {
    json!({
        "bio": author.bio,
        "slug": author.slug,
        "email": author.email,
        "title": author.title,
        "last_name": author.last_name,
        "first_name": author.first_name,
        "facebook_url": author.facebook_url,
        "linkedin_url": author.linkedin_url,
        "instagram_url": author.instagram_url,
        "pinterest_url": author.pinterest_url,
        "profile_image": author.profile_image,
        "twitter_handle": author.twitter_handle,
    })
}

/// A category or tag.
pub(super) fn term(term: &Term) -> Value {
    json!({"name": term.name, "slug": term.slug})
}

fn terms(terms: &[Term]) -> Value {
    terms.iter().map(term).collect()
}

/// Adds an author's, category's or tag's newest posts.
pub(super) fn with_recent_posts(mut of: Value, posts: Vec<Value>) -> Value {
    of["recent_posts"] = Value::Array(posts);
    of
}

/// A page, item, or nothing for a post, which nothing links to.
pub(super) fn entry(schema: &Schema, version: &Version, fields: Map<String, Value>) -> Option<Value> {
    match schema.kind {
        Kind::PageType | Kind::SinglePage => Some(page(schema, version, fields)),
        Kind::Collection => Some(item(version, fields)),
        Kind::Post => None,
    }
}

fn page(schema: &Schema, version: &Version, fields: Map<String, Value>) -> Value {
    json!({
        "slug": version.slug(),
        "name": version.revision.name,
        "published": version.published,
        "updated": version.updated,
        "page_type": (schema.kind == Kind::PageType).then_some(&schema.key),
        "status": version.status.as_str(),
        "scheduled": version.scheduled,
        "fields": fields,
    })
}

fn item(version: &Version, fields: Map<String, Value>) -> Value {
    let mut item = Map::with_capacity(fields.len() + 1);
    item.insert("meta".into(), json!({"id": version.entry.id}));
    item.extend(fields);
    Value::Object(item)
}

/// What a link shows where the question does not go deep enough to show its target.
pub(super) fn address(schema: &Schema, version: &Version) -> Option<Value> {
    let EntryId(id) = version.entry.id;
    let slug = version.slug();
    match schema.kind {
        Kind::PageType => Some(format!("/v2/pages/{}/{slug}/", schema.key).into()),
        Kind::SinglePage => Some(format!("/v2/pages/{ANY}/{slug}/").into()),
        Kind::Collection => Some(format!("/v2/content/?keys={}[_id={id}]", schema.key).into()),
        Kind::Post => None,
    }
}

/// What a media field shows.
pub(super) fn media(url: String, alt: Option<String>) -> Value {
    match alt {
        Some(alt) => json!({"url": url, "alt": alt}),
        None => url.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{items_meta, list_meta};
    use crate::delivery::query::Paging;

    #[test]
    fn pages_name_the_next_and_the_previous() {
        let meta = |page| list_meta(Paging::Pages { page, size: 10 }, 21);
        assert_eq!(meta(1), json!({"next_page": 2, "previous_page": null, "count": 21}));
        assert_eq!(meta(3), json!({"next_page": null, "previous_page": 2, "count": 21}));
        let first = items_meta(Paging::default(), 6);
        assert_eq!(first.to_string(), r#"{"count":6,"next_page":null,"previous_page":null}"#);
    }

    #[test]
    fn windows_never_start_before_the_list() {
        let meta = |limit, offset| list_meta(Paging::Window { limit, offset }, 3);
        assert_eq!(meta(2, 1), json!({"count": 3, "next_offset": null, "previous_offset": 0}));
        assert_eq!(meta(2, 50), json!({"count": 3, "next_offset": null, "previous_offset": 48}));
        assert_eq!(meta(2, 0), json!({"count": 3, "next_offset": 2, "previous_offset": null}));
    }
}
