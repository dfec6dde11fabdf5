//! `GET /openapi.json`: the API of this very site, described by its own content model.

mod media;
mod operations;
mod parameters;
mod reads;
mod schemas;
mod writes;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::asked::{Asked, Reply};
use super::reply::Source;
use crate::content::key::Key;
use crate::content::schema::{Kind, Model, Schema};
use crate::delivery::Answer;

/// `GET /openapi.json`
pub(super) async fn show(asked: Asked) -> Reply {
    let delivery = asked.api.delivery.clone();
    let answer = asked.api.blocking(move || {
        let document = document(&*delivery.model()?, delivery.public_url());
        Ok(Answer::new(200, &document, &BTreeSet::from([Key::Model]), &delivery.edge()))
    });
    let answer = answer.await?;
    Ok(asked.send(&answer, Source::Made, false))
}

/// The whole document.
fn document(model: &Model, public_url: &str) -> Value {
    let mut paths = Map::new();
    reads::add(&mut paths, model);
    writes::add(&mut paths, model);
    media::add(&mut paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Content API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The content of this site, answered as the ButterCMS v2 API does.",
        },
        "servers": [{"url": public_url}],
        "security": [{"token_in_address": []}, {"token_in_header": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token_in_address": {"type": "apiKey", "in": "query", "name": "auth_token"},
                "token_in_header": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`Token ` followed by the token; writing needs a write token sent so",
                },
            },
            "schemas": schemas::all(model),
        },
    })
}

/// The schemas of a kind.
fn of_kind(model: &Model, kind: Kind) -> impl Iterator<Item = &Schema> {
    model.schemas.iter().filter(move |schema| schema.kind == kind)
}

/// The keys of a kind's schemas.
fn keys(model: &Model, kind: Kind) -> Vec<&str> {
    of_kind(model, kind).map(|schema| schema.key.as_str()).collect()
}

/// A reference to a named schema.
fn named(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::document;
    use crate::content::definition::{Definition, Ids};

    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let text = include_str!("../../data/starter/schema.json");
        let model = Definition::parse(text).and_then(|model| model.to_model(&mut Ids::default())).expect("a model");
        let document = document(&model, "https://cms.example.com");
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50);
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        assert!(document["paths"]["/v2/pages/landing-page/"]["get"].is_object());
        assert!(document["paths"]["/v2/posts/"]["post"].is_object());
    }
}
