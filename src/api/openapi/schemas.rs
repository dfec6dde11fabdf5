//! What is answered, as JSON Schemas.

use serde_json::{Map, Value, json};

use super::{named, of_kind};
use crate::content::field::component;
use crate::content::redirect::Status;
use crate::content::schema::{Kind, Model, Schema};

/// All named schemas.
pub(super) fn all(model: &Model) -> Map<String, Value> {
    let mut all = component::schemas(model);
    for (name, schema) in fixed() {
        all.insert(name.into(), schema);
    }
    let (mut pages, mut items) = (Vec::new(), Vec::new());
    for kind in [Kind::PageType, Kind::SinglePage] {
        for schema in of_kind(model, kind) {
            pages.push(named(&page_name(schema)));
            all.insert(page_name(schema), page(schema, model));
        }
    }
    for schema in of_kind(model, Kind::Collection) {
        items.push(named(&item_name(schema)));
        all.insert(item_name(schema), item(schema, model));
    }
    all.insert("Page".into(), any_of(pages));
    all.insert("Item".into(), any_of(items));
    all
}

/// The name of a page's schema.
pub(super) fn page_name(schema: &Schema) -> String {
    let kind = if schema.kind == Kind::SinglePage { "Single" } else { "Page" };
    format!("{kind}_{}", schema.key)
}

/// The name of an item's schema.
pub(super) fn item_name(schema: &Schema) -> String {
    format!("Item_{}", schema.key)
}

/// An object with exactly these members.
pub(super) fn object(properties: Value) -> Value {
    let required: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    json!({"type": "object", "required": required, "additionalProperties": false, "properties": properties})
}

/// `{"data": ...}`.
pub(super) fn data(of: Value) -> Value {
    object(json!({"data": of}))
}

/// A paged list.
pub(super) fn list(of: Value) -> Value {
    let meta = json!({"anyOf": [named("Pages"), named("Window")]});
    object(json!({"meta": meta, "data": {"type": "array", "items": of}}))
}

fn any_of(schemas: Vec<Value>) -> Value {
    // Without a schema there can be nothing to answer.
    if schemas.is_empty() { json!({"not": {}}) } else { json!({"anyOf": schemas}) }
}

fn text() -> Value {
    json!({"type": "string"})
}

fn nullable(kind: &str) -> Value {
    json!({"type": [kind, "null"]})
}

fn moment() -> Value {
    json!({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?Z$"})
}

fn moment_or_null() -> Value {
    json!({"anyOf": [moment(), {"type": "null"}]})
}

fn status() -> Value {
    json!({"type": "string", "enum": ["draft", "published", "scheduled"]})
}

fn fixed() -> Vec<(&'static str, Value)> {
    let number = json!({"type": "integer", "minimum": 0});
    let neighbour = object(json!({"slug": text(), "title": text(), "featured_image": nullable("string")}));
    let neighbour = json!({"anyOf": [neighbour, {"type": "null"}]});
    let one = nullable("integer");
    vec![
        ("Error", object(json!({"detail": text()}))),
        ("Problems", problems()),
        ("Accepted", accepted()),
        ("Pages", object(json!({"next_page": one, "previous_page": one, "count": number}))),
        ("Window", object(json!({"count": number, "next_offset": one, "previous_offset": one}))),
        ("PostMeta", object(json!({"next_post": neighbour, "previous_post": neighbour}))),
        ("ListedPost", listed_post()),
        ("Post", object(post())),
        ("FoundPost", found_post()),
        ("PostAuthor", object(author())),
        ("PostTerm", object(term())),
        ("Author", with_recent_posts(author())),
        ("Term", with_recent_posts(term())),
        ("Redirect", object(redirect())),
        ("RedirectItem", redirect_item()),
    ]
}

fn problems() -> Value {
    let list = json!({"type": "array", "items": text()});
    json!({"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": [text(), list]}})
}

fn accepted() -> Value {
    json!({
        "type": "object",
        "required": ["status"],
        "properties": {
            "status": {"const": "pending"},
            "id": {"type": "integer"},
            "slug": text(),
            "warnings": {"type": "array", "items": text()},
        },
    })
}

/// The members of a whole post.
fn post() -> Value {
    let terms = json!({"type": "array", "items": named("PostTerm")});
    json!({
        "created": moment(),
        "published": moment_or_null(),
        "scheduled": moment_or_null(),
        "url": nullable("string"),
        "slug": text(),
        "featured_image": nullable("string"),
        "featured_image_alt": text(),
        "author": named("PostAuthor"),
        "tags": terms,
        "categories": terms,
        "title": text(),
        "body": text(),
        "summary": text(),
        "updated": moment(),
        "deleted": {"type": "null"},
        "seo_title": text(),
        "meta_description": text(),
        "status": status(),
    })
}

fn listed_post() -> Value {
    let mut members = post();
    members["url"] = text();
    if let Some(members) = members.as_object_mut() {
        members.shift_remove("deleted");
    }
    body_may_be_absent(object(members))
}

fn found_post() -> Value {
    let mut members = post();
    members["rank"] = json!({"type": "number"});
    body_may_be_absent(object(members))
}

/// `exclude_body` leaves it out.
fn body_may_be_absent(mut schema: Value) -> Value {
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|name| name != "body");
    }
    schema
}

fn author() -> Value {
    let keys = [
        "first_name",
        "last_name",
        "email",
        "slug",
        "bio",
        "title",
        "linkedin_url",
        "facebook_url",
        "instagram_url",
        "pinterest_url",
        "twitter_handle",
        "profile_image",
    ];
    Value::Object(keys.into_iter().map(|key| (key.to_owned(), text())).collect())
}

fn term() -> Value {
    json!({"name": text(), "slug": text()})
}

fn redirect() -> Value {
    let statuses: Vec<u16> = Status::ALL.into_iter().map(Status::number).collect();
    json!({"from": text(), "to": nullable("string"), "status": {"type": "integer", "enum": statuses}})
}

/// As lists of items show one.
fn redirect_item() -> Value {
    let mut members = redirect();
    members["meta"] = object(json!({"id": {"type": "integer"}}));
    object(members)
}

/// `include=recent_posts` adds them.
fn with_recent_posts(members: Value) -> Value {
    let mut schema = object(members);
    schema["properties"]["recent_posts"] = json!({"type": "array", "maxItems": 10, "items": named("Post")});
    schema
}

fn fields(schema: &Schema, model: &Model) -> Map<String, Value> {
    schema.fields().map(|field| (field.key.clone(), field.kind.rules().openapi(model))).collect()
}

fn page(schema: &Schema, model: &Model) -> Value {
    let page_type = match schema.kind {
        Kind::PageType => json!({"const": schema.key}),
        _ => json!({"type": "null"}),
    };
    object(json!({
        "slug": text(),
        "name": text(),
        "published": moment_or_null(),
        "updated": moment(),
        "page_type": page_type,
        "status": status(),
        "scheduled": moment_or_null(),
        "fields": object(Value::Object(fields(schema, model))),
    }))
}

fn item(schema: &Schema, model: &Model) -> Value {
    let mut members = Map::from_iter([("meta".to_owned(), object(json!({"id": {"type": "integer"}})))]);
    members.extend(fields(schema, model));
    object(Value::Object(members))
}
