//! Everything that can be written.

use serde_json::{Map, Value, json};

use super::operations::Write;
use super::{keys, of_kind, parameters as take};
use crate::content::schema::{Kind, Model, Schema};

/// Adds all writes.
pub(super) fn add(paths: &mut Map<String, Value>, model: &Model) {
    posts(paths, model);
    pages(paths, model);
    items(paths, model);
}

fn posts(paths: &mut Map<String, Value>, model: &Model) {
    let locale = take::locale(model);
    let one = vec![take::slug("The post's"), locale.clone()];
    let all = "/v2/posts/";
    let path = "/v2/posts/{slug}/";
    write("createPost", "Makes a post", vec![locale], Some(post(true))).add(all, "post", paths);
    write("replacePost", "Replaces a post", one.clone(), Some(post(true))).on_one(path, "put", paths);
    write("changePost", "Changes what is sent of a post", one.clone(), Some(post(false))).on_one(path, "patch", paths);
    write("deletePost", "Deletes a post", one, None).on_one(path, "delete", paths);
}

fn pages(paths: &mut Map<String, Value>, model: &Model) {
    let locale = take::locale(model);
    let one = vec![take::page_type(model, "looks everywhere"), take::slug("The page's"), locale.clone()];
    let path = "/v2/pages/{type}/{slug}/";
    write("createPage", "Makes a page", vec![locale], Some(new_page(model))).add("/v2/pages/", "post", paths);
    for (id, method) in [("changePage", "patch"), ("changePageToo", "put")] {
        let body = page(json!({"type": "object"}), status(&["draft", "published", "unpublished"]));
        write(id, "Changes what is sent of a page", one.clone(), Some(body)).on_any(path, method, paths);
    }
    write("deletePage", "Deletes a page", one, None).on_any(path, "delete", paths);
}

fn items(paths: &mut Map<String, Value>, model: &Model) {
    let locale = take::locale(model);
    let named: Vec<Value> = of_kind(model, Kind::Collection).map(|schema| new_items(schema, model, true)).collect();
    let body = if named.is_empty() { json!({"type": "object"}) } else { json!({"anyOf": named}) };
    write("createItems", "Makes one or more items", vec![locale.clone()], Some(body)).add(
        "/v2/content/",
        "post",
        paths,
    );
    for schema in of_kind(model, Kind::Collection) {
        let id = format!("createItemsOf_{}", schema.key);
        let body = new_items(schema, model, false);
        let path = format!("/v2/content/{}/", schema.key);
        write(&id, "Makes one or more items", vec![locale.clone()], Some(body)).on_one(&path, "post", paths);
    }
    let one = vec![take::key(model), take::id(), locale];
    let path = "/v2/content/{key}/{id}/";
    let body =
        || Some(json!({"type": "object", "properties": {"status": item_status(), "fields": {"type": "object"}}}));
    write("replaceItem", "Replaces an item", one.clone(), body()).on_one(path, "put", paths);
    write("changeItem", "Changes what is sent of an item", one.clone(), body()).on_one(path, "patch", paths);
    write("deleteItem", "Deletes an item", one, None).on_one(path, "delete", paths);
}

fn write<'a>(id: &str, summary: &'a str, parameters: Vec<Value>, body: Option<Value>) -> Write<'a> {
    Write { id: id.into(), summary, parameters, body, refusals: &[] }
}

impl Write<'_> {
    /// On something that may not be there.
    fn on_one(mut self, path: &str, method: &str, paths: &mut Map<String, Value>) {
        self.refusals = &[404];
        self.add(path, method, paths);
    }

    /// On something that may not be there, or of which there may be several.
    fn on_any(mut self, path: &str, method: &str, paths: &mut Map<String, Value>) {
        self.refusals = &[403, 404];
        self.add(path, method, paths);
    }
}

fn status(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}

fn item_status() -> Value {
    status(&["draft", "published"])
}

fn post(whole: bool) -> Value {
    let terms = json!({"type": "array", "items": {"type": "string"}});
    let text = json!({"type": "string"});
    json!({
        "type": "object",
        "required": if whole { vec!["title", "slug"] } else { Vec::new() },
        "properties": {
            "title": {"type": "string", "minLength": 1, "maxLength": 200, "examples": ["Jam season"]},
            "slug": {"type": "string", "minLength": 1, "maxLength": 100, "examples": ["jam-season"]},
            "status": item_status(),
            "author": {"type": "object", "properties": {"email": text, "slug": text}},
            "categories": terms,
            "tags": terms,
            "featured_image": text,
            "featured_image_alt": text,
            "body": text,
            "summary": text,
            "seo_title": text,
            "meta_description": text,
        },
    })
}

fn new_page(model: &Model) -> Value {
    let types = of_kind(model, Kind::PageType).map(|schema| {
        let mut body = page(fields(schema, model), item_status());
        body["required"] = json!(["title", "slug", "page_type"]);
        body["properties"]["page_type"] = json!({"const": schema.key});
        body
    });
    let types: Vec<Value> = types.collect();
    if keys(model, Kind::PageType).is_empty() { json!({"type": "object"}) } else { json!({"anyOf": types}) }
}

fn page(fields: Value, status: Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "title": {"type": "string", "minLength": 1, "examples": ["Autumn sale"]},
            "slug": {"type": "string", "minLength": 1, "maxLength": 100, "examples": ["autumn-sale"]},
            "status": status,
            "fields": fields,
        },
    })
}

fn new_items(schema: &Schema, model: &Model, named: bool) -> Value {
    let mut body = json!({
        "type": "object",
        "required": ["fields"],
        "properties": {
            "status": item_status(),
            "fields": {"type": "array", "minItems": 1, "items": fields(schema, model)},
        },
    });
    if named {
        body["required"] = json!(["key", "fields"]);
        body["properties"]["key"] = json!({"const": schema.key});
    }
    body
}

/// Input is read leniently, so fields are described by example.
fn fields(schema: &Schema, model: &Model) -> Value {
    let properties: Map<String, Value> = schema
        .fields()
        .map(|field| {
            let example = field.kind.rules().example(model);
            (field.key.clone(), json!({"description": field.name, "examples": [example]}))
        })
        .collect();
    let required: Vec<&str> = schema.fields().filter(|field| field.required).map(|field| field.key.as_str()).collect();
    json!({"type": "object", "required": required, "additionalProperties": false, "properties": properties})
}
