//! Everything that can be read.

use serde_json::{Map, Value, json};

use super::operations::Read;
use super::schemas::{data, item_name, list, object, page_name};
use super::{keys, named, of_kind, parameters as take};
use crate::content::schema::{Kind, Model};

/// Adds all reads.
pub(super) fn add(paths: &mut Map<String, Value>, model: &Model) {
    posts(paths, model);
    taxonomy(paths, model);
    pages(paths, model);
    collections(paths, model);
    redirects(paths);
}

fn with(mut parameters: Vec<Value>, more: impl IntoIterator<Item = Value>) -> Vec<Value> {
    parameters.extend(more);
    parameters
}

fn posts(paths: &mut Map<String, Value>, model: &Model) {
    let filed = [
        take::text("author_slug", "Only this author's"),
        take::text("category_slug", "Only this category's"),
        take::text("tag_slug", "Only this tag's"),
    ];
    let shown = [take::exclude_body(), take::preview(), take::locale(model)];
    Read {
        id: "listPosts".into(),
        summary: "Posts, newest first",
        parameters: with(with(take::paging(), filed.clone()), shown),
        answer: list(named("ListedPost")),
        refusals: &[400, 404],
    }
    .add("/v2/posts/", paths);
    Read {
        id: "showPost".into(),
        summary: "One post and its neighbours",
        parameters: vec![take::slug("The post's"), take::preview(), take::locale(model)],
        answer: object(json!({"meta": named("PostMeta"), "data": named("Post")})),
        refusals: &[400, 404],
    }
    .add("/v2/posts/{slug}/", paths);
    for (path, id) in [("/v2/posts/search/", "searchPosts"), ("/v2/search/", "searchPostsAsBefore")] {
        let words = take::text("query", "Words that all occur; the last may be unfinished");
        Read {
            id: id.into(),
            summary: "Posts that hold some words, best first",
            parameters: with(take::pages(), [words, take::exclude_body(), take::locale(model)]),
            answer: list(named("FoundPost")),
            refusals: &[400, 404],
        }
        .add(path, paths);
    }
    let [_, category, tag] = filed;
    Read {
        id: "showFeed".into(),
        summary: "The newest posts as XML in JSON",
        parameters: vec![take::feed(), category, tag, take::locale(model)],
        answer: data(json!({"type": "string", "pattern": r"^<\?xml"})),
        refusals: &[400, 404],
    }
    .add("/v2/feeds/{name}/", paths);
}

fn taxonomy(paths: &mut Map<String, Value>, model: &Model) {
    let nouns = [("authors", "Author", "Authors"), ("categories", "Term", "Categories"), ("tags", "Term", "Tags")];
    for (noun, shape, title) in nouns {
        Read {
            id: format!("list{title}"),
            summary: "All of them",
            parameters: vec![take::include(), take::locale(model)],
            answer: data(json!({"type": "array", "items": named(shape)})),
            refusals: &[400],
        }
        .add(&format!("/v2/{noun}/"), paths);
        Read {
            id: format!("showOneOf{title}"),
            summary: "One of them",
            parameters: vec![take::slug("Its"), take::include(), take::locale(model)],
            answer: data(named(shape)),
            refusals: &[400, 404],
        }
        .add(&format!("/v2/{noun}/{{slug}}/"), paths);
    }
}

fn pages(paths: &mut Map<String, Value>, model: &Model) {
    let lists = [
        ("/v2/pages/", "listSinglePages", "The single pages", Vec::new()),
        ("/v2/pages/{type}/", "listPages", "Pages of a type", vec![take::page_type(model, "lists single pages")]),
    ];
    for (path, id, summary, of) in lists {
        Read {
            id: id.into(),
            summary,
            parameters: with(with(of, take::paging()), take::look(model)),
            answer: list(named("Page")),
            refusals: &[400, 404],
        }
        .add(path, paths);
    }
    let found = [
        take::text("query", "Words that all occur, 100 characters at most; the last may be unfinished"),
        take::text("page_type", "Only this type; `*` is the single pages"),
    ];
    Read {
        id: "searchPages".into(),
        summary: "Pages that hold some words, best first",
        parameters: with(with(take::paging(), found), take::look(model)),
        answer: list(named("Page")),
        refusals: &[400, 404],
    }
    .add("/v2/pages/search/", paths);
    Read {
        id: "showPage".into(),
        summary: "One page",
        parameters: with(vec![take::page_type(model, "looks everywhere"), take::slug("The page's")], take::look(model)),
        answer: data(named("Page")),
        refusals: &[400, 403, 404],
    }
    .add("/v2/pages/{type}/{slug}/", paths);
    for schema in of_kind(model, Kind::PageType) {
        Read {
            id: format!("listPagesOf_{}", schema.key),
            summary: &schema.name,
            parameters: with(with(take::paging(), take::look(model)), take::filters(schema)),
            answer: list(named(&page_name(schema))),
            refusals: &[400, 404],
        }
        .add(&format!("/v2/pages/{}/", schema.key), paths);
    }
}

fn collections(paths: &mut Map<String, Value>, model: &Model) {
    let each: Map<String, Value> = of_kind(model, Kind::Collection)
        .map(|schema| (schema.key.clone(), json!({"type": "array", "items": named(&item_name(schema))})))
        .collect();
    let example = keys(model, Kind::Collection).join(",");
    let mut wanted = take::text("keys", "Collections, separated by commas");
    wanted["schema"]["examples"] = json!([example]);
    let several = json!({"type": "object", "additionalProperties": false, "properties": each});
    Read {
        id: "listItemsOfSeveral".into(),
        summary: "The items of several collections",
        parameters: with(with(vec![wanted], take::pages()), take::look(model)),
        answer: json!({"type": "object", "additionalProperties": false, "properties": {"data": several}}),
        refusals: &[400, 403, 404],
    }
    .add("/v2/content/", paths);
    Read {
        id: "showItem".into(),
        summary: "One item",
        parameters: with(vec![take::key(model), take::id()], take::look(model)),
        answer: data(named("Item")),
        refusals: &[400, 404],
    }
    .add("/v2/content/{key}/{id}/", paths);
    for schema in of_kind(model, Kind::Collection) {
        let items = json!({"type": "array", "items": named(&item_name(schema))});
        Read {
            id: format!("listItemsOf_{}", schema.key),
            summary: &schema.name,
            parameters: with(with(take::pages(), take::look(model)), take::filters(schema)),
            answer: object(json!({"meta": named("Pages"), "data": object(json!({&schema.key: items}))})),
            refusals: &[400, 403, 404],
        }
        .add(&format!("/v2/content/{}/", schema.key), paths);
    }
}

fn redirects(paths: &mut Map<String, Value>) {
    let items = json!({"type": "array", "items": named("RedirectItem")});
    let meta = json!({"anyOf": [named("Pages"), named("Window")]});
    Read {
        id: "listRedirects".into(),
        summary: "Where visitors of old addresses are sent",
        parameters: take::paging(),
        answer: object(json!({"meta": meta, "data": object(json!({"redirects": items}))})),
        refusals: &[400, 404],
    }
    .add("/v2/redirects/", paths);
    let path = "/v2/redirects/{host}/";
    Read {
        id: "showRedirectsForHost".into(),
        summary: "All redirects as a host reads them",
        parameters: vec![take::host()],
        answer: json!({"type": "array", "items": named("Redirect")}),
        refusals: &[404],
    }
    .add(path, paths);
    // For hosts that read no JSON.
    paths[path]["get"]["responses"]["200"]["content"]["text/plain"] = json!({"schema": {"type": "string"}});
}
