//! The media library, beside `/v2`: all of it needs a write token.

use serde_json::{Map, Value, json};

use super::schemas::object;
use super::{named, parameters as take};

/// Adds all of it.
pub(super) fn add(paths: &mut Map<String, Value>) {
    let list = object(json!({"meta": named("Pages"), "data": {"type": "array", "items": named("MediaFacts")}}));
    let narrowed = [take::text("q", "Words in name, alternative text or tags"), take::text("type", KINDS)];
    let text = json!({"type": "string"});
    let id = vec![json!({"name": "id", "in": "path", "required": true, "description": "The file", "schema": text})];
    let anyway = take::text("anyway", "With 1 it is deleted although something uses it");
    paths.insert(
        "/media".into(),
        json!({
            "get": operation("listMedia", "Pictures and files, the latest first", [take::pages(), narrowed.into()].concat(), &[(200, list)]),
            "post": with_body(operation("addMedia", "Takes a picture or file in", Vec::new(),
                &[(200, named("MediaFacts")), (201, named("MediaFacts"))]), files()),
        }),
    );
    paths.insert(
        "/media/{id}".into(),
        json!({
            "patch": with_body(operation("changeMedia", "Describes a picture or file otherwise", id.clone(),
                &[(200, named("MediaFacts"))]), json!({"application/json": {"schema": edit()}})),
            "delete": operation("deleteMedia", "Deletes a picture or file", [id.clone(), vec![anyway]].concat(), &[(204, Value::Null)]),
        }),
    );
    let shown = operation("showMedia", "What is known of a picture or file", id, &[(200, named("MediaFacts"))]);
    paths.insert("/media/{id}/facts".into(), json!({"get": shown}));
}

const KINDS: &str = "image, video, audio or document";

fn operation(id: &str, summary: &str, parameters: Vec<Value>, answers: &[(u16, Value)]) -> Value {
    let content = |text: &str, schema: &Value| match schema {
        Value::Null => json!({"description": text}),
        schema => json!({"description": text, "content": {"application/json": {"schema": schema}}}),
    };
    let mut responses = Map::new();
    for (status, schema) in answers {
        responses.insert(status.to_string(), content("Done", schema));
    }
    responses.insert("400".into(), content("What was sent cannot be", &named("Problems")));
    responses.insert("default".into(), content("Refused", &named("Error")));
    json!({
        "operationId": id,
        "summary": summary,
        "security": [{"token_in_header": []}],
        "parameters": parameters,
        "responses": responses,
    })
}

fn with_body(mut operation: Value, content: Value) -> Value {
    operation["requestBody"] = json!({"required": true, "content": content});
    operation
}

/// The ways to send a file.
fn files() -> Value {
    let text = json!({"type": "string"});
    let binary = json!({"type": "string", "format": "binary"});
    let form = json!({"type": "object", "required": ["file"], "properties": {"file": binary, "alt": text}});
    let address = json!({"type": "object", "required": ["url"], "properties": {"url": text, "alt": text}});
    json!({
        "multipart/form-data": {"schema": form},
        "application/json": {"schema": address},
        "application/octet-stream": {"schema": binary},
    })
}

fn focal() -> Value {
    let fraction = json!({"type": "number", "minimum": 0, "maximum": 1});
    json!({"anyOf": [{"type": "array", "items": fraction, "minItems": 2, "maxItems": 2}, {"type": "null"}]})
}

fn tags() -> Value {
    json!({"type": "array", "items": {"type": "string"}})
}

fn edit() -> Value {
    let (text, folder) = (json!({"type": "string"}), json!({"type": ["integer", "null"]}));
    json!({"type": "object", "properties": {"alt": text, "name": text, "focal": focal(), "folder": folder, "tags": tags()}})
}

/// What is known of a picture or file.
pub(super) fn facts() -> Value {
    let (text, number) = (json!({"type": "string"}), json!({"type": "integer", "minimum": 0}));
    let (pixels, word) = (json!({"type": ["integer", "null"]}), json!({"type": ["string", "null"]}));
    object(json!({
        "id": text, "url": text, "name": text, "type": text, "size": number, "width": pixels, "height": pixels,
        "alt": text, "focal": focal(), "colour": word, "placeholder": word, "frames": number, "folder": pixels,
        "tags": tags(), "hash": text, "created": text, "updated": text, "by": text, "used": number,
    }))
}
