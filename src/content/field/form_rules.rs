//! What the form does with a field: how wide it is, when it is shown, and who may fill it in.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Field;

/// How much of the form's width a field has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// All of it.
    #[default]
    Full,
    /// Half; the next half stands beside it.
    Half,
}

impl Width {
    /// As schema files spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Half => "half",
        }
    }

    /// The width of this name.
    ///
    /// # Errors
    /// A sentence with the names there are.
    pub fn parse(name: &str) -> Result<Self, String> {
        match name {
            "full" => Ok(Self::Full),
            "half" => Ok(Self::Half),
            _ => Err(format!("the width `{name}` is not known; it is full or half")),
        }
    }
}

/// The least role that may fill a field in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// Editors, developers and owners, but not writers.
    Editor,
    /// Developers and owners.
    Developer,
    /// Owners.
    Owner,
}

impl Only {
    /// All, with most people first.
    pub const ALL: [Self; 3] = [Self::Editor, Self::Developer, Self::Owner];

    /// As schema files spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Editor => "editor",
            Self::Developer => "developer",
            Self::Owner => "owner",
        }
    }

    /// Who these people are.
    pub fn people(self) -> &'static str {
        match self {
            Self::Editor => "editors, developers and owners",
            Self::Developer => "developers and owners",
            Self::Owner => "owners",
        }
    }

    /// The role of this name.
    ///
    /// # Errors
    /// A sentence with the names there are.
    pub fn parse(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|only| only.as_str() == name);
        found.ok_or_else(|| format!("`{name}` cannot say who may fill it in; it is editor, developer or owner"))
    }
}

/// A field is shown while another one of its group has one of these values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The other field's key.
    pub field: String,
    /// Values as texts: a dropdown's values, `true` and `false` of a checkbox, what was typed of others.
    pub is: Vec<String>,
}

impl Condition {
    /// Whether a stored group of these fields fulfils it. What hangs on a field that is gone is always shown.
    pub fn holds(&self, fields: &[Field], group: &Value) -> bool {
        let Some(other) = fields.iter().find(|other| other.dropped.is_none() && other.key == self.field) else {
            return true;
        };
        let value = match other.stored(group) {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        self.is.contains(&value)
    }
}
