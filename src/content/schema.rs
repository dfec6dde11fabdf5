//! The content model: what a page of a type, an item of a collection or a component is filled with.

use serde::{Deserialize, Serialize};

use super::field::Field;
use super::locale::{Locale, LocaleId};

/// A page type, single page, collection or the blog; never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchemaId(pub i64);

/// A component; never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ComponentId(pub i64);

/// What the entries of a schema are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Many pages of one page type.
    PageType,
    /// Exactly one page.
    SinglePage,
    /// A list of like items.
    Collection,
    /// The blog's posts. There is one such schema, and its fields are fixed.
    Post,
}

impl Kind {
    /// Whether its entries are pages.
    pub fn is_page(self) -> bool {
        matches!(self, Self::PageType | Self::SinglePage)
    }

    /// What people call one.
    pub fn noun(self) -> &'static str {
        match self {
            Self::PageType => "page type",
            Self::SinglePage => "single page",
            Self::Collection => "collection",
            Self::Post => "blog",
        }
    }
}

/// A named list of fields that entries fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// Its identity; renaming keeps it.
    pub id: SchemaId,
    /// What its entries are.
    pub kind: Kind,
    /// The name in URLs: page type, single page's slug, collection key.
    pub key: String,
    /// What people read.
    pub name: String,
    /// Said to editors above the form.
    pub help: String,
    /// The field whose value names an item in lists and references (collections only).
    pub label: Option<String>,
    /// Its fields in order, dropped ones included.
    pub fields: Vec<Field>,
}

impl Schema {
    /// The fields in use, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        in_use(&self.fields)
    }

    /// The field whose value names an item: the one chosen, else the first.
    pub fn label_field(&self) -> Option<&Field> {
        self.fields().find(|field| Some(&field.key) == self.label.as_ref()).or_else(|| self.fields().next())
    }
}

/// A reusable group of fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Its identity; renaming keeps it.
    pub id: ComponentId,
    /// The `type` that a component picker's answer shows.
    pub key: String,
    /// What people read.
    pub name: String,
    /// Said to editors in the picker.
    pub help: String,
    /// Its fields in order, dropped ones included.
    pub fields: Vec<Field>,
}

impl Component {
    /// The fields in use, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        in_use(&self.fields)
    }
}

/// The fields of a list that are not dropped.
pub fn in_use(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|field| field.dropped.is_none())
}

/// A site's whole content model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// Counts the changes made to it.
    pub number: i64,
    /// Configured locales, the default first; empty when the site is not localised.
    pub locales: Vec<Locale>,
    /// Page types, single pages, collections and the blog, in the editors' order.
    pub schemas: Vec<Schema>,
    /// Components, in the editors' order.
    pub components: Vec<Component>,
}

impl Model {
    /// The schema with this id.
    pub fn schema(&self, id: SchemaId) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.id == id)
    }

    /// The schema of this kind with this key.
    pub fn find(&self, kind: Kind, key: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.kind == kind && schema.key == key)
    }

    /// The page type with this key.
    pub fn page_type(&self, key: &str) -> Option<&Schema> {
        self.find(Kind::PageType, key)
    }

    /// The collection with this key.
    pub fn collection(&self, key: &str) -> Option<&Schema> {
        self.find(Kind::Collection, key)
    }

    /// The component with this id.
    pub fn component(&self, id: ComponentId) -> Option<&Component> {
        self.components.iter().find(|component| component.id == id)
    }

    /// The component with this key.
    pub fn component_by_key(&self, key: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.key == key)
    }

    /// The locale answered when none is asked for.
    pub fn default_locale(&self) -> LocaleId {
        self.locales.first().map_or(LocaleId(0), |locale| locale.id)
    }

    /// The locale with this slug. On a site without locales every slug means the only form there is.
    pub fn locale(&self, slug: &str) -> Option<LocaleId> {
        if self.locales.is_empty() {
            return Some(LocaleId(0));
        }
        self.locales.iter().find(|locale| locale.slug == slug).map(|locale| locale.id)
    }

    /// All locales content may be written in: the configured ones, or the only one of a site without any.
    pub fn locale_ids(&self) -> Vec<LocaleId> {
        if self.locales.is_empty() { vec![LocaleId(0)] } else { self.locales.iter().map(|locale| locale.id).collect() }
    }

    /// The slug of a configured locale; `None` on a site without locales.
    pub fn locale_slug(&self, id: LocaleId) -> Option<&str> {
        self.locales.iter().find(|locale| locale.id == id).map(|locale| locale.slug.as_str())
    }
}
