//! Fields and their types.
//!
//! A field type is one file here, one line in [`field_types!`] below and one template in
//! `templates/field/`: form, validation, links, search, API value and documentation all follow from
//! them. Values are stored as JSON under the field's id, so a new type needs no migration.

mod archive;
mod cleaning;
pub mod define;
mod form_rules;
mod group;
mod items;
mod parsing;
mod rewrite;
#[cfg(test)]
mod tests;
pub mod text;
mod visit;
mod walk;

use serde_json::{Map, Value};

use super::moment::Moment;
use super::schema::Model;

pub use archive::{from_archive, to_archive};
pub use cleaning::clean_fields;
pub use define::{Definition, FieldIds, Reading, Writing};
pub use form_rules::{Condition, Only, Width};
pub use parsing::{Find, Parsing, Problem, Wanted, Write, check_fields, parse_fields};
pub use rewrite::{Edit, picked, rewrite_fields};
pub(in crate::content) use visit::Above;
pub use visit::{Element, Place, list_elements, place_of, visit_all_fields, visit_fields};
pub use walk::{Found, IndexKey, Walk, path_of, walk_fields};

/// A field's identity, unique over the site. Content is stored under it, so that renaming is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u32);

impl FieldId {
    /// The object key under which values are stored.
    pub fn storage_key(self) -> String {
        self.0.to_string()
    }
}

/// A named slot in a schema, component or repeater.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its identity.
    pub id: FieldId,
    /// Its name in the API.
    pub key: String,
    /// Its label in forms.
    pub name: String,
    /// Said below the control.
    pub help: String,
    /// Whether something without it can go live.
    pub required: bool,
    /// Whether two live entries may not hold the same value.
    pub unique: bool,
    /// Input used when something is created without this key.
    pub default: Option<Value>,
    /// How much of the form's width it has.
    pub width: Width,
    /// The least role that may fill it in; `None` for everybody who writes.
    pub only: Option<Only>,
    /// When the form shows it; always when `None`.
    pub show_if: Option<Condition>,
    /// Other names under which the API answers its value.
    pub aliases: Vec<String>,
    /// What it holds.
    pub kind: FieldType,
    /// When it was removed from the model; its values are kept for 30 days.
    pub dropped: Option<Moment>,
}

impl Field {
    /// Whether the API knows it by this name.
    pub fn is_called(&self, name: &str) -> bool {
        self.key == name || self.aliases.iter().any(|alias| alias == name)
    }

    /// Whether the form of a stored group shows it, and its rules count.
    pub fn is_shown(&self, fields: &[Self], group: &Value) -> bool {
        self.show_if.as_ref().is_none_or(|condition| condition.holds(fields, group))
    }

    /// This field's value in a stored group, `null` when it has none.
    pub fn stored<'a>(&self, group: &'a Value) -> &'a Value {
        group.get(self.id.storage_key()).unwrap_or(&Value::Null)
    }
}

/// What a field type knows about its values. `value` is always a stored value: what `parse` returned
/// earlier, perhaps under older options, or `null`.
pub trait FieldRules {
    /// Turns what a person or program sent into the value to store. Blank input (`null`, `""`, `[]`)
    /// gives the empty value.
    ///
    /// # Errors
    /// A sentence for the sender when the input is not of this type. Groups report their members'
    /// problems through `cx` and return `Ok`.
    fn parse(&self, input: &Value, cx: &mut Parsing<'_>) -> Result<Value, String>;

    /// Reports, through `cx.problem`, what keeps this value from going live: lengths, ranges, options.
    /// Not called for empty values of types that are not groups; `required` is checked outside.
    fn check(&self, _value: &Value, _cx: &mut Parsing<'_>) {}

    /// Whether the value counts as blank for `required`.
    fn is_empty(&self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(group) => group.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// The value as the API answers it.
    fn to_json(&self, value: &Value, expand: &mut dyn Expand<'_>) -> Value;

    /// Tells `walk` what can be filtered and ordered by, what is linked to and what can be searched.
    fn walk(&self, value: &Value, walk: &mut Walk<'_>);

    /// What `fields.key=text` compares with; `None` if nothing can match. `""` matches empty values.
    fn filter(&self, text: &str) -> Option<IndexKey> {
        Some(IndexKey::text(text))
    }

    /// The groups of fields inside a value, for `fields.hero.title` and for listing all fields.
    fn groups<'a>(&'a self, _model: &'a Model) -> Vec<Group<'a>> {
        Vec::new()
    }

    /// The value for an archive: members by key instead of id.
    fn to_archive(&self, value: &Value, _model: &Model) -> Value {
        value.clone()
    }

    /// The inverse of [`FieldRules::to_archive`].
    #[expect(clippy::wrong_self_convention, reason = "it converts a value by the type's options, not into the type")]
    fn from_archive(&self, value: &Value, _model: &Model) -> Value {
        value.clone()
    }

    /// A JSON Schema of what `to_json` returns.
    fn openapi(&self, model: &Model) -> Value;

    /// Some input that `parse` accepts and `check` has nothing against, for tests and documentation.
    fn example(&self, model: &Model) -> Value;

    /// The form control, below `templates/`.
    fn template(&self) -> &'static str;
}

/// A list of fields inside a field's value.
pub struct Group<'a> {
    /// The component's key, where the path may name it: `fields.blocks.cta.label`.
    pub component: Option<&'a str>,
    /// The fields.
    pub fields: &'a [Field],
}

/// How a stored value becomes an answer: what was asked for, and where links lead.
pub trait Expand<'m> {
    /// The content model. It outlives the borrow, so that groups can be expanded while walking it.
    fn model(&self) -> &'m Model;

    /// What a link to this entry becomes: the entry's JSON, its address when the question does not go
    /// that deep, or `None` when the reader may not see it.
    fn reference(&mut self, to: super::entry::EntryId) -> Option<Value>;

    /// What a media field holding this address and alternative text becomes. `None` is the picture's own text.
    fn media(&mut self, url: &str, alt: Option<&str>) -> Value;

    /// HTML or text in which site-relative media addresses may stand, as served.
    fn text(&self, text: &str) -> String;
}

/// The members of a stored group as the API answers them: every field in use, in order.
pub fn fields_to_json<'a>(
    fields: impl Iterator<Item = &'a Field>,
    group: &Value,
    expand: &mut dyn Expand<'_>,
) -> Map<String, Value> {
    let mut members = Map::new();
    for field in fields {
        let value = field.kind.rules().to_json(field.stored(group), expand);
        for alias in &field.aliases {
            members.insert(alias.clone(), value.clone());
        }
        members.insert(field.key.clone(), value);
    }
    members
}

macro_rules! field_types {
    ($($(#[doc = $doc:literal])+ $arm:ident = $module:ident as $name:literal,)+) => {
        $(pub mod $module;)+

        /// What a field holds: one arm per field type, carrying the type's options.
        #[derive(Clone, Debug, PartialEq)]
        pub enum FieldType {
            $($(#[doc = $doc])+ $arm($module::$arm),)+
        }

        impl FieldType {
            /// The names of all field types, as schema files write them.
            pub const ALL: &[&str] = &[$($name),+];

            /// The type's name in schema files.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$arm(_) => $name,)+ }
            }

            /// What the type knows about its values.
            pub fn rules(&self) -> &dyn FieldRules {
                match self { $(Self::$arm(rules) => rules,)+ }
            }
        }

        impl define::Options for FieldType {
            fn read(name: &str, options: Value, cx: &mut define::Reading<'_>) -> Result<Self, String> {
                match name {
                    $($name => define::Options::read(name, options, cx).map(Self::$arm),)+
                    "boolean" => Self::read("checkbox", options, cx),
                    _ => Err(format!("there is no field type `{name}`; the types are {}", Self::ALL.join(", "))),
                }
            }

            fn write(&self, cx: &define::Writing<'_>) -> Map<String, Value> {
                match self { $(Self::$arm(rules) => define::Options::write(rules, cx),)+ }
            }
        }
    };
}

field_types! {
    /// One line of text.
    ShortText = short_text as "short_text",
    /// Several lines of text.
    LongText = long_text as "long_text",
    /// HTML written in a rich text editor.
    Wysiwyg = wysiwyg as "wysiwyg",
    /// HTML written as source.
    Html = html as "html",
    /// Markdown, served as typed or rendered.
    Markdown = markdown as "markdown",
    /// A number.
    Number = number as "number",
    /// Yes or no.
    Checkbox = checkbox as "checkbox",
    /// A day, perhaps with a time.
    Date = date as "date",
    /// A day and a time.
    DateTime = date_time as "date_time",
    /// One of a list of values.
    Dropdown = dropdown as "dropdown",
    /// A colour.
    Color = color as "color",
    /// A web address.
    Url = url as "url",
    /// An e-mail address.
    Email = email as "email",
    /// Any JSON.
    Json = json as "json",
    /// A form of another service: its embed code or id.
    Form = form as "form",
    /// A picture or file.
    Media = media as "media",
    /// Links to pages or items.
    Reference = reference as "reference",
    /// One component.
    Component = component as "component",
    /// An ordered choice of components.
    ComponentPicker = component_picker as "component_picker",
    /// A list of one group of fields.
    Repeater = repeater as "repeater",
}
