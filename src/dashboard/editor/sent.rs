//! A form that was sent without scripts, as the operations that scripts would have sent.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::authoring::{DraftSave, Filled, Problems};
use crate::store::Reply;

/// What stood in the form.
pub(super) struct Sent {
    pub(super) locale: String,
    base: Option<i64>,
    /// The form's own number: sent twice, it is saved once.
    nonce: String,
    /// The button that was pressed: `add body hero`, `up body[k3f9]`, `remove body[k3f9]`.
    pressed: Option<String>,
    /// Values by control, in order of appearance.
    controls: Vec<(String, Vec<String>)>,
    digest: String,
}

impl Sent {
    /// Reads a form.
    pub(super) fn read(body: &[u8]) -> Self {
        let mut sent = Self {
            locale: String::new(),
            base: None,
            nonce: String::new(),
            pressed: None,
            controls: Vec::new(),
            digest: DraftSave::digest_of(body),
        };
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            match name.as_ref() {
                "csrf" => {}
                ":locale" => sent.locale = value.into_owned(),
                ":base" => sent.base = value.parse().ok(),
                ":nonce" => sent.nonce = value.into_owned(),
                "do" => sent.pressed = Some(value.into_owned()),
                name => {
                    let place = *places.entry(name.to_owned()).or_insert_with(|| {
                        sent.controls.push((name.to_owned(), Vec::new()));
                        sent.controls.len() - 1
                    });
                    // Browsers send CR LF for every line end.
                    sent.controls[place].1.push(value.replace("\r\n", "\n"));
                }
            }
        }
        sent
    }

    /// The request that saves it. What stands in the form as it stood there `before` is not sent.
    pub(super) fn into_save(self, before: &Filled) -> DraftSave {
        let mut ops = Vec::new();
        for (path, value) in self.values(before) {
            let same = before.values.get(&path).is_some_and(|stored| text_of(stored) == text_of(&value));
            if !same {
                ops.push(json!({"op": "set", "path": path, "value": value}));
            }
        }
        ops.extend(self.pressed.as_deref().and_then(|pressed| self.pressed_op(pressed, before)));
        DraftSave::of_form(self.base, &self.nonce, &self.locale, ops, self.digest)
    }

    /// The values by path: controls that belong together make one.
    fn values(&self, before: &Filled) -> Vec<(String, Value)> {
        let mut values: Vec<(String, Value)> = Vec::new();
        for (name, sent) in &self.controls {
            let last = sent.last().cloned().unwrap_or_default();
            let pictured = |end: &str| name.strip_suffix(end).filter(|path| before.values.contains_key(*path));
            if before.values.contains_key(name) {
                let many = before.values[name].is_array();
                let chosen: Vec<&String> = sent.iter().filter(|value| !value.is_empty()).collect();
                values.push((name.clone(), if many { json!(chosen) } else { json!(last) }));
            } else if let Some(path) = pictured(".url") {
                values.push((path.to_owned(), self.picture(path, &last)));
            }
        }
        values
    }

    fn picture(&self, path: &str, url: &str) -> Value {
        if url.is_empty() {
            return Value::Null;
        }
        let mut picture = json!({"url": url, "alt": self.control(&format!("{path}.alt"))});
        if !self.control(&format!("{path}.decorative")).is_empty() {
            picture["decorative"] = json!(true);
        }
        picture
    }

    fn control(&self, name: &str) -> String {
        let found = self.controls.iter().find(|(known, _)| known == name);
        found.and_then(|(_, sent)| sent.last().cloned()).unwrap_or_default()
    }

    fn pressed_op(&self, pressed: &str, before: &Filled) -> Option<Value> {
        let (what, rest) = pressed.split_once(' ')?;
        if what == "add" {
            let (list, component) = rest.split_once(' ').map_or((rest, None), |(list, key)| (list, Some(key)));
            let after = ids(before, list).pop();
            let id = self.digest.get(..10)?;
            return Some(
                json!({"op": "insert", "list": list, "after": after, "id": id, "component": component, "value": {}}),
            );
        }
        let (list, id) = rest.strip_suffix(']')?.rsplit_once('[')?;
        let order = ids(before, list);
        let position = order.iter().position(|other| other == id)?;
        match what {
            "remove" => Some(json!({"op": "remove", "list": list, "id": id})),
            "up" => {
                let after = position.checked_sub(2).and_then(|before| order.get(before));
                Some(json!({"op": "move", "list": list, "id": id, "after": after}))
            }
            "down" => Some(json!({"op": "move", "list": list, "id": id, "after": order.get(position + 1)?})),
            _ => None,
        }
    }
}

fn ids(filled: &Filled, list: &str) -> Vec<String> {
    let elements = filled.lists.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    elements.iter().filter_map(|element| element["id"].as_str().map(str::to_owned)).collect()
}

/// A value as a form spells it.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join("\n"),
        Value::Object(picture) => {
            let part = |name: &str| picture.get(name).map(text_of).unwrap_or_default();
            [part("url"), part("alt"), part("decorative")].join("\n")
        }
        other => other.to_string(),
    }
}

/// What kept parts of a form from being saved, by path.
pub(super) fn met(reply: &Reply) -> Problems {
    let answer: Value = serde_json::from_str(&reply.answer).unwrap_or_default();
    let saved = if reply.conflict { &answer["saved"] } else { &answer };
    let mut met = Problems::new();
    for (path, why) in saved["refused"].as_object().into_iter().flatten() {
        met.entry(path.clone()).or_default().push(why.as_str().unwrap_or_default().to_owned());
    }
    for conflict in answer["conflicts"].as_array().into_iter().flatten() {
        let (path, by) = (conflict["path"].as_str().unwrap_or_default(), conflict["by"].as_str().unwrap_or_default());
        let text = format!(
            "{by} changed this meanwhile, so yours was not saved. Their version is shown here; go back to copy yours."
        );
        met.entry(path.to_owned()).or_default().push(text);
    }
    met
}
