//! Query and path parameters.

use serde_json::{Value, json};

use super::keys;
use crate::content::field::Field;
use crate::content::redirect::Host;
use crate::content::schema::{Kind, Model, Schema};
use crate::delivery::ANY;

fn query(name: &str, description: &str, schema: Value) -> Value {
    json!({"name": name, "in": "query", "description": description, "schema": schema})
}

fn path(name: &str, description: &str, schema: Value) -> Value {
    json!({"name": name, "in": "path", "required": true, "description": description, "schema": schema})
}

fn flag(name: &str, description: &str) -> Value {
    query(name, description, json!({"type": "string", "examples": ["1", "0", "true", "false"]}))
}

/// Any text.
pub(super) fn text(name: &str, description: &str) -> Value {
    query(name, description, json!({"type": "string"}))
}

/// Of posts and pages: by page or by offset.
pub(super) fn paging() -> Vec<Value> {
    let mut paging = pages();
    paging.push(query("limit", "Instead of pages: how many at most", at_least(1, 10)));
    paging.push(query("offset", "Instead of pages: how many to skip", at_least(0, 0)));
    paging
}

/// Of lists without offsets.
pub(super) fn pages() -> Vec<Value> {
    vec![
        query("page", "Which page of the list", at_least(1, 1)),
        query("page_size", "How many a page; 100 at most", at_least(1, 10)),
    ]
}

fn at_least(minimum: u64, default: u64) -> Value {
    json!({"type": "integer", "minimum": minimum, "default": default})
}

/// Of a slug in the path.
pub(super) fn slug(of: &str) -> Value {
    path("slug", of, json!({"type": "string", "minLength": 1, "maxLength": 100}))
}

/// Of an item in the path.
pub(super) fn id() -> Value {
    path("id", "The item's `meta.id`", json!({"type": "integer"}))
}

/// Of a page type in the path.
pub(super) fn page_type(model: &Model, any: &str) -> Value {
    let mut types = keys(model, Kind::PageType);
    types.push(ANY);
    path("type", &format!("A page type; `*` {any}"), json!({"type": "string", "enum": types}))
}

/// Of a collection in the path.
pub(super) fn key(model: &Model) -> Value {
    path("key", "A collection", one_of(&keys(model, Kind::Collection)))
}

/// Of a feed in the path.
pub(super) fn feed() -> Value {
    path("name", "The format", json!({"type": "string", "enum": ["rss", "atom", "sitemap"]}))
}

/// Of a host in the path.
pub(super) fn host() -> Value {
    let hosts: Vec<&str> = Host::ALL.iter().map(|host| host.as_str()).collect();
    path("host", "Who reads them: the file `_redirects`, maps for nginx, or JSON", one_of(&hosts))
}

/// `preview`.
pub(super) fn preview() -> Value {
    flag("preview", "Shows drafts and scheduled content to tokens that may see them")
}

/// `exclude_body`.
pub(super) fn exclude_body() -> Value {
    flag("exclude_body", "Leaves out the bodies of posts")
}

/// `locale`.
pub(super) fn locale(model: &Model) -> Value {
    let slugs: Vec<&str> = model.locales.iter().map(|locale| locale.slug.as_str()).collect();
    query("locale", "The language; without it the first one", one_of(&slugs))
}

fn one_of(names: &[&str]) -> Value {
    if names.is_empty() { json!({"type": "string"}) } else { json!({"type": "string", "enum": names}) }
}

/// `include`.
pub(super) fn include() -> Value {
    query("include", "Adds the ten newest posts", json!({"type": "string", "examples": ["recent_posts"]}))
}

/// Of pages and items.
pub(super) fn look(model: &Model) -> Vec<Value> {
    vec![
        preview(),
        locale(model),
        query("levels", "How deep references expand, 1 to 5", json!({"type": "integer", "default": 2})),
        flag("alt_media_text", "Shows media as `{\"url\", \"alt\"}`"),
    ]
}

/// `order` and `fields.*` of one schema's entries.
pub(super) fn filters(schema: &Schema) -> Vec<Value> {
    let mut names = vec!["published", "updated"];
    if schema.kind == Kind::Collection {
        names.push("id");
    }
    names.extend(schema.fields().map(|field| field.key.as_str()));
    let both: Vec<String> = names.iter().flat_map(|name| [(*name).to_owned(), format!("-{name}")]).collect();
    let order = query("order", "`-` in front: largest first", json!({"type": "string", "enum": both}));
    std::iter::once(order).chain(schema.fields().map(filter)).collect()
}

fn filter(field: &Field) -> Value {
    let description = format!("Only those whose {} is this; members follow after a dot", field.name);
    text(&format!("fields.{}", field.key), &description)
}
