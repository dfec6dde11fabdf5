//! One of a list of values.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::define::plain_options;
use super::{Expand, FieldRules, IndexKey, Parsing, Walk, text};
use crate::content::schema::Model;

/// Options of the type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dropdown {
    /// What can be chosen, in order.
    pub options: Vec<Choice>,
}

/// One thing that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored and answered.
    pub value: String,
    /// What editors read; empty when that is the value.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}

plain_options!(Dropdown, Dropdown::possible);

impl Dropdown {
    fn choice(&self, value: &str) -> Option<&Choice> {
        self.options.iter().find(|choice| choice.value == value)
    }

    fn possible(&self) -> Result<(), String> {
        if self.options.is_empty() {
            return Err("`options` names at least one value: [{\"value\": \"red\", \"label\": \"Red\"}]".into());
        }
        let mut seen = HashSet::new();
        for choice in &self.options {
            if choice.value.is_empty() {
                return Err("a value may not be empty; a field that is not required can be left blank anyway".into());
            }
            if !seen.insert(&choice.value) {
                return Err(format!("the value \"{}\" is there twice", choice.value));
            }
        }
        Ok(())
    }
}

impl Choice {
    /// What editors read.
    pub fn label(&self) -> &str {
        if self.label.is_empty() { &self.value } else { &self.label }
    }
}

impl FieldRules for Dropdown {
    fn parse(&self, input: &Value, _cx: &mut Parsing<'_>) -> Result<Value, String> {
        text::parse(input)
    }

    fn check(&self, value: &Value, cx: &mut Parsing<'_>) {
        let value = text::of(value);
        if self.choice(value).is_none() {
            cx.problem(format!("\"{value}\" is not a valid choice."));
        }
    }

    fn to_json(&self, value: &Value, _expand: &mut dyn Expand<'_>) -> Value {
        json!(text::of(value))
    }

    /// Filters compare the value; people search for what they read.
    fn walk(&self, value: &Value, walk: &mut Walk<'_>) {
        let value = text::of(value);
        walk.key(IndexKey::text(value));
        walk.search(self.choice(value).map_or(value, Choice::label));
    }

    /// Drafts, and entries older than a change of the options, may hold other values.
    fn openapi(&self, _model: &Model) -> Value {
        let values: Vec<&str> = self.options.iter().map(|choice| choice.value.as_str()).collect();
        json!({"anyOf": [{"enum": values}, {"type": "string"}]})
    }

    fn example(&self, _model: &Model) -> Value {
        self.options.first().map(|choice| choice.value.clone()).into()
    }

    fn template(&self) -> &'static str {
        "field/dropdown.html"
    }
}
