//! Field definitions as JSON: how schema files and the database spell a field.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Condition, Field, FieldId, FieldType, Only, Width};
use crate::content::locale::Locale;
use crate::content::moment::Moment;
use crate::content::schema::{ComponentId, Kind, Model, SchemaId};

/// One field as a schema file spells it: `{"key":"headline","type":"short_text","max_length":80}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Identity; absent in files written by people, who match fields by key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    /// Name in the API: letters, digits, `_` and `-`.
    pub key: String,
    /// Label in forms; made from the key when absent.
    #[serde(default)]
    pub name: String,
    /// Name of the field type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Said below the control.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// Must be filled before going live.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// No two live entries may hold the same value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// Input used when something is created without this key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// `half` of the form's width; all of it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<String>,
    /// Who may fill it in: everybody who writes, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
    /// When the form shows it: always, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_if: Option<Condition>,
    /// Other names under which the API answers its value too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The key it had before, when this file renames it; `~12` brings the removed field 12 back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// When it was removed; only in the database and in archives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Moment>,
    /// The type's own options.
    #[serde(flatten)]
    pub options: Map<String, Value>,
}

/// Hands out ids for fields that are new.
#[derive(Debug)]
pub struct FieldIds {
    next: u32,
}

impl FieldIds {
    /// Ids from `next` on.
    pub fn starting_at(next: u32) -> Self {
        Self { next }
    }

    /// An id for a new field.
    pub fn give(&mut self) -> FieldId {
        self.take(None)
    }

    fn take(&mut self, wanted: Option<u32>) -> FieldId {
        let id = wanted.unwrap_or(self.next);
        self.next = self.next.max(id + 1);
        FieldId(id)
    }

    /// The first id not handed out.
    pub fn next(&self) -> u32 {
        self.next
    }
}

/// What definitions refer to while they are read.
pub struct Reading<'a> {
    /// Components by key.
    pub components: &'a HashMap<String, ComponentId>,
    /// Schemas by kind and key.
    pub schemas: &'a HashMap<(Kind, String), SchemaId>,
    /// Locales, whose slugs no field may be called.
    pub locales: &'a [Locale],
    /// Ids for new fields.
    pub ids: &'a mut FieldIds,
}

/// What definitions refer to while they are written.
pub struct Writing<'a> {
    /// The model.
    pub model: &'a Model,
    /// Whether to write ids and dropped fields.
    pub complete: bool,
}

/// A field type's options, from and to JSON.
pub(super) trait Options: Sized {
    /// Reads the options of the type `name`.
    fn read(name: &str, options: Value, cx: &mut Reading<'_>) -> Result<Self, String>;

    /// Writes the options that differ from the default.
    fn write(&self, cx: &Writing<'_>) -> Map<String, Value>;
}

/// Reads options that refer to nothing else.
pub(super) fn read_plain<T: DeserializeOwned>(name: &str, options: Value) -> Result<T, String> {
    serde_json::from_value(options).map_err(|error| format!("options of {name}: {error}"))
}

/// Writes options that refer to nothing else.
pub(super) fn write_plain<T: Serialize>(options: &T) -> Map<String, Value> {
    match serde_json::to_value(options) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// Implements [`Options`] for types whose options refer to nothing else. A second argument checks
/// options that can be spelled but make no sense: a function from them to `Result<(), String>`.
macro_rules! plain_options {
    ($type:ty) => {
        plain_options!($type, |_: &$type| Ok::<(), String>(()));
    };
    ($type:ty, $check:expr) => {
        impl crate::content::field::define::Options for $type {
            fn read(
                name: &str,
                options: serde_json::Value,
                _cx: &mut crate::content::field::define::Reading<'_>,
            ) -> Result<Self, String> {
                let options = crate::content::field::define::read_plain(name, options)?;
                ($check)(&options).map_err(|why| format!("options of {name}: {why}"))?;
                Ok(options)
            }

            fn write(
                &self,
                _cx: &crate::content::field::define::Writing<'_>,
            ) -> serde_json::Map<String, serde_json::Value> {
                crate::content::field::define::write_plain(self)
            }
        }
    };
}
pub(super) use plain_options;

impl Field {
    /// Reads one field.
    ///
    /// # Errors
    /// A sentence that names the field and what is wrong with it.
    pub fn read(definition: &Definition, cx: &mut Reading<'_>) -> Result<Self, String> {
        let key = &definition.key;
        check_key(key)?;
        if definition.dropped.is_none() && cx.locales.iter().any(|locale| locale.slug == *key) {
            return Err(format!("field `{key}`: a field may not have the key of a locale; choose another"));
        }
        let id = cx.ids.take(definition.id);
        let options = Value::Object(definition.options.clone());
        let inside = |why| format!("field `{key}`: {why}");
        let kind = FieldType::read(&definition.kind, options, cx).map_err(inside)?;
        Ok(Self {
            id,
            key: key.clone(),
            name: if definition.name.is_empty() { title_from_key(key) } else { definition.name.clone() },
            help: definition.help.clone(),
            required: definition.required,
            unique: definition.unique,
            default: definition.default.clone(),
            width: definition.width.as_deref().map_or(Ok(Width::Full), Width::parse).map_err(inside)?,
            only: definition.only.as_deref().map(Only::parse).transpose().map_err(inside)?,
            show_if: definition.show_if.clone(),
            aliases: definition.aliases.clone(),
            kind,
            dropped: definition.dropped,
        })
    }

    /// Writes one field.
    pub fn write(&self, cx: &Writing<'_>) -> Definition {
        Definition {
            id: cx.complete.then_some(self.id.0),
            key: self.key.clone(),
            name: self.name.clone(),
            kind: self.kind.name().into(),
            help: self.help.clone(),
            required: self.required,
            unique: self.unique,
            default: self.default.clone(),
            width: (self.width == Width::Half).then(|| Width::Half.as_str().into()),
            only: self.only.map(|only| only.as_str().into()),
            show_if: self.show_if.clone(),
            aliases: self.aliases.clone(),
            was: None,
            dropped: self.dropped,
            options: Options::write(&self.kind, cx),
        }
    }
}

/// Reads a list of fields, whose keys must differ.
///
/// # Errors
/// As [`Field::read`], and for a key used twice.
pub(in crate::content) fn read_fields(definitions: &[Definition], cx: &mut Reading<'_>) -> Result<Vec<Field>, String> {
    let mut fields: Vec<Field> = Vec::new();
    for definition in definitions {
        let field = Field::read(definition, cx)?;
        let taken = |other: &Field| other.dropped.is_none() && other.key == field.key;
        if field.dropped.is_none() && fields.iter().any(taken) {
            return Err(format!("field `{}` is there twice; keys differ within one list of fields", field.key));
        }
        fields.push(field);
    }
    check_names(&fields)?;
    Ok(fields)
}

/// Checks what fields of one list say of each other: conditions, and names that stand for others.
fn check_names(fields: &[Field]) -> Result<(), String> {
    for field in fields.iter().filter(|field| field.dropped.is_none()) {
        let others = || fields.iter().filter(|other| other.dropped.is_none() && other.id != field.id);
        if let Some(condition) = &field.show_if
            && !others().any(|other| other.key == condition.field)
        {
            return Err(format!("field `{}`: there is no field `{}` for its condition", field.key, condition.field));
        }
        for alias in &field.aliases {
            check_key(alias)?;
            if others().any(|other| other.key == *alias || other.aliases.contains(alias)) || field.key == *alias {
                return Err(format!("field `{}`: another field is called `{alias}` already", field.key));
            }
        }
    }
    Ok(())
}

/// Writes a list of fields; dropped ones only for the database and archives.
pub(in crate::content) fn write_fields(fields: &[Field], cx: &Writing<'_>) -> Vec<Definition> {
    fields.iter().filter(|field| cx.complete || field.dropped.is_none()).map(|field| field.write(cx)).collect()
}

/// Checks a field's, component's or collection's key.
///
/// # Errors
/// A sentence saying which characters are allowed.
pub(in crate::content) fn check_key(key: &str) -> Result<(), String> {
    let fits =
        !key.is_empty() && key.len() <= 100 && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if fits { Ok(()) } else { Err(format!("`{key}` is no key: use 1 to 100 letters, digits, '_' and '-'")) }
}

/// `hero_image` becomes `Hero image`.
pub fn title_from_key(key: &str) -> String {
    let words = key.replace(['_', '-'], " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
