//! Operations and what they answer.

use serde_json::{Map, Value, json};

use super::named;

/// One read: its answer's schema, what it takes, and with what else it may answer.
pub(super) struct Read<'a> {
    /// Unique name.
    pub(super) id: String,
    /// One line.
    pub(super) summary: &'a str,
    /// In the path and the query.
    pub(super) parameters: Vec<Value>,
    /// What 200 holds.
    pub(super) answer: Value,
    /// Statuses beside 200, 304, 401 and 503.
    pub(super) refusals: &'a [u16],
}

impl Read<'_> {
    /// Adds it to the paths.
    pub(super) fn add(self, path: &str, paths: &mut Map<String, Value>) {
        let mut responses = Map::new();
        responses.insert("200".into(), content("The answer", self.answer));
        responses.insert("304".into(), json!({"description": "The client has the answer already"}));
        for status in [&[401, 503], self.refusals].concat() {
            responses.insert(status.to_string(), content(meaning(status), named("Error")));
        }
        let operation = json!({
            "operationId": self.id,
            "summary": self.summary,
            "parameters": self.parameters,
            "responses": responses,
        });
        insert(paths, path, "get", operation);
    }
}

/// One write.
pub(super) struct Write<'a> {
    /// Unique name.
    pub(super) id: String,
    /// One line.
    pub(super) summary: &'a str,
    /// In the path and the query.
    pub(super) parameters: Vec<Value>,
    /// What is sent; nothing for deletions.
    pub(super) body: Option<Value>,
    /// Statuses beside 202 or 204, 400, 401, 413 and 503.
    pub(super) refusals: &'a [u16],
}

impl Write<'_> {
    /// Adds it to the paths.
    pub(super) fn add(self, path: &str, method: &str, paths: &mut Map<String, Value>) {
        let mut responses = Map::new();
        if self.body.is_some() {
            responses.insert("202".into(), content("Done; the next read sees it", named("Accepted")));
            responses.insert("413".into(), content(meaning(413), named("Error")));
        } else {
            responses.insert("204".into(), json!({"description": "Deleted"}));
        }
        responses.insert("400".into(), content("What was sent cannot be", named("Problems")));
        for status in [&[401, 503], self.refusals].concat() {
            responses.insert(status.to_string(), content(meaning(status), named("Error")));
        }
        let mut operation = json!({
            "operationId": self.id,
            "summary": self.summary,
            "security": [{"token_in_header": []}],
            "parameters": self.parameters,
            "responses": responses,
        });
        if let Some(body) = self.body {
            operation["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": body}}});
        }
        insert(paths, path, method, operation);
    }
}

fn insert(paths: &mut Map<String, Value>, path: &str, method: &str, operation: Value) {
    let methods = paths.entry(path).or_insert_with(|| json!({}));
    methods[method] = operation;
}

fn content(description: &str, schema: Value) -> Value {
    json!({"description": description, "content": {"application/json": {"schema": schema}}})
}

fn meaning(status: u16) -> &'static str {
    match status {
        400 => "A parameter makes no sense",
        401 => "The token is missing, wrong, or not good for this",
        403 => "The question has several answers, or names no field",
        404 => "There is no such thing, or no such page of the list",
        413 => "The body is over 10 MB",
        _ => "Busy, or the database does not answer; try again soon",
    }
}
