//! The content model as one JSON document: schema files, archives and the database spell it alike.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::field::define::{check_key, read_fields, title_from_key, write_fields};
use super::field::{Definition as FieldDefinition, FieldIds, FieldType, Reading, Writing};
use super::locale::{self, Locale, LocaleId};
use super::schema::{Component, ComponentId, Kind, Model, Schema, SchemaId};

/// The version of the document.
pub const VERSION: u32 = 1;

/// The blog's schema: there from the start, with fixed fields.
pub const BLOG: SchemaId = SchemaId(1);

/// A whole content model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// [`VERSION`]; a larger number comes from a newer larder.
    pub larder_schema: u32,
    /// Locales, the default first.
    #[serde(default)]
    pub locales: Vec<LocaleDefinition>,
    /// Components.
    #[serde(default)]
    pub components: Vec<GroupDefinition>,
    /// Page types.
    #[serde(default)]
    pub page_types: Vec<GroupDefinition>,
    /// Single pages; the key is the page's slug.
    #[serde(default)]
    pub single_pages: Vec<GroupDefinition>,
    /// Collections.
    #[serde(default)]
    pub collections: Vec<GroupDefinition>,
}

/// One locale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocaleDefinition {
    /// Identity; absent in files written by people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// What `?locale=` takes.
    pub slug: String,
    /// What people read.
    pub name: String,
    /// The slug it had before, when this file renames it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// A component, page type, single page or collection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupDefinition {
    /// Identity; absent in files written by people, who match by key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Name in the API.
    pub key: String,
    /// What people read; made from the key when absent.
    #[serde(default)]
    pub name: String,
    /// Said to editors.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// The field that names an item (collections only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The key it had before, when this file renames it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// Its fields in order.
    pub fields: Vec<FieldDefinition>,
}

/// Hands out ids for what is new in a definition.
#[derive(Debug)]
pub struct Ids {
    /// For schemas and components.
    pub next_group: i64,
    /// For locales.
    pub next_locale: i64,
    /// For fields.
    pub fields: FieldIds,
}

impl Default for Ids {
    fn default() -> Self {
        Self { next_group: BLOG.0 + 1, next_locale: 0, fields: FieldIds::starting_at(1) }
    }
}

impl Ids {
    /// Ids that a document written by people, perhaps with some ids in it, does not use.
    pub fn free_in(definition: &Definition) -> Self {
        let groups: Vec<&GroupDefinition> =
            definition.components.iter().chain(definition.schemas().map(|(_, group)| group)).collect();
        let group = groups.iter().filter_map(|group| group.id).max().unwrap_or(BLOG.0);
        let locale = definition.locales.iter().filter_map(|locale| locale.id).max().unwrap_or(-1);
        let field = groups.iter().filter_map(|group| largest_id(&json!(group.fields))).max().unwrap_or(0);
        Self {
            next_group: group.max(BLOG.0) + 1,
            next_locale: locale + 1,
            fields: FieldIds::starting_at(u32::try_from(field).unwrap_or(u32::MAX - 1) + 1),
        }
    }

    fn group(&mut self, wanted: Option<i64>) -> i64 {
        let id = wanted.unwrap_or(self.next_group);
        self.next_group = self.next_group.max(id + 1);
        id
    }

    fn locale(&mut self, wanted: Option<i64>) -> LocaleId {
        let id = wanted.unwrap_or(self.next_locale);
        self.next_locale = self.next_locale.max(id + 1);
        LocaleId(id)
    }
}

impl Definition {
    /// An empty model.
    pub fn empty() -> Self {
        Self {
            larder_schema: VERSION,
            locales: Vec::new(),
            components: Vec::new(),
            page_types: Vec::new(),
            single_pages: Vec::new(),
            collections: Vec::new(),
        }
    }

    /// Reads a schema file.
    ///
    /// # Errors
    /// A sentence with line and column, or one that says the file comes from a newer larder.
    pub fn parse(text: &str) -> Result<Self, String> {
        let definition: Self = serde_json::from_str(text).map_err(|error| format!("the schema file: {error}"))?;
        if definition.larder_schema > VERSION {
            return Err(format!(
                "the schema file has version {}, this larder reads up to {VERSION}; upgrade larder to use it",
                definition.larder_schema
            ));
        }
        Ok(definition)
    }

    /// The lists of schemas, with what their entries are.
    pub fn schemas(&self) -> impl Iterator<Item = (Kind, &GroupDefinition)> {
        let of = |kind| move |group| (kind, group);
        self.page_types
            .iter()
            .map(of(Kind::PageType))
            .chain(self.single_pages.iter().map(of(Kind::SinglePage)))
            .chain(self.collections.iter().map(of(Kind::Collection)))
    }

    /// The model this document describes, with ids for what has none yet.
    ///
    /// # Errors
    /// A sentence that names the first thing that cannot be.
    pub fn to_model(&self, ids: &mut Ids) -> Result<Model, String> {
        let locales = self.read_locales(ids)?;
        let mut components = HashMap::new();
        for group in &self.components {
            let id = ComponentId(ids.group(group.id));
            check_key(&group.key)?;
            if components.insert(group.key.clone(), id).is_some() {
                return Err(format!("component `{}` is there twice", group.key));
            }
        }
        let mut schemas = HashMap::new();
        for (kind, group) in self.schemas() {
            check_key(&group.key)?;
            if group.key == "search" {
                return Err(format!("{} `search`: this key is reserved, choose another", kind.noun()));
            }
            let id = SchemaId(ids.group(group.id));
            if schemas.insert((kind, group.key.clone()), id).is_some() {
                return Err(format!("{} `{}` is there twice", kind.noun(), group.key));
            }
        }
        let mut reading =
            Reading { components: &components, schemas: &schemas, locales: &locales, ids: &mut ids.fields };
        let components = self.components.iter().map(|group| read_component(group, &mut reading));
        let components = components.collect::<Result<Vec<_>, _>>()?;
        let listed = self.schemas().map(|(kind, group)| read_schema(kind, group, &mut reading));
        let mut schemas = vec![blog()];
        for schema in listed {
            schemas.push(schema?);
        }
        let model = Model { number: 0, locales, schemas, components };
        refuse_endless_components(&model)?;
        Ok(model)
    }

    /// The document of a model. With `complete`, ids and dropped fields are written too: databases and
    /// archives need them, people's files do not.
    pub fn of(model: &Model, complete: bool) -> Self {
        let writing = Writing { model, complete };
        let group =
            |id: i64, key: &str, name: &str, help: &str, label: Option<&String>, fields: &[_]| GroupDefinition {
                id: complete.then_some(id),
                key: key.into(),
                name: name.into(),
                help: help.into(),
                label: label.cloned(),
                was: None,
                fields: write_fields(fields, &writing),
            };
        let schemas = |kind| {
            let of_kind = model.schemas.iter().filter(move |schema| schema.kind == kind);
            of_kind.map(|s| group(s.id.0, &s.key, &s.name, &s.help, s.label.as_ref(), &s.fields)).collect()
        };
        let locale = |locale: &Locale| LocaleDefinition {
            id: complete.then_some(locale.id.0),
            slug: locale.slug.clone(),
            name: locale.name.clone(),
            was: None,
        };
        Self {
            larder_schema: VERSION,
            locales: model.locales.iter().map(locale).collect(),
            components: model
                .components
                .iter()
                .map(|c| group(c.id.0, &c.key, &c.name, &c.help, None, &c.fields))
                .collect(),
            page_types: schemas(Kind::PageType),
            single_pages: schemas(Kind::SinglePage),
            collections: schemas(Kind::Collection),
        }
    }

    fn read_locales(&self, ids: &mut Ids) -> Result<Vec<Locale>, String> {
        let mut slugs = HashSet::new();
        let mut locales = Vec::new();
        for definition in &self.locales {
            locale::check_slug(&definition.slug)?;
            if !slugs.insert(&definition.slug) {
                return Err(format!("locale `{}` is there twice", definition.slug));
            }
            locales.push(Locale {
                id: ids.locale(definition.id),
                slug: definition.slug.clone(),
                name: definition.name.clone(),
            });
        }
        Ok(locales)
    }
}

fn read_component(group: &GroupDefinition, reading: &mut Reading<'_>) -> Result<Component, String> {
    let inside = |why| format!("component `{}`: {why}", group.key);
    let id = reading.components.get(&group.key).copied().ok_or_else(|| inside("unknown".into()))?;
    Ok(Component {
        id,
        key: group.key.clone(),
        name: name_of(group),
        help: group.help.clone(),
        fields: read_fields(&group.fields, reading).map_err(inside)?,
    })
}

fn read_schema(kind: Kind, group: &GroupDefinition, reading: &mut Reading<'_>) -> Result<Schema, String> {
    let inside = |why| format!("{} `{}`: {why}", kind.noun(), group.key);
    let id = reading.schemas.get(&(kind, group.key.clone())).copied().ok_or_else(|| inside("unknown".into()))?;
    let fields = read_fields(&group.fields, reading).map_err(inside)?;
    if let Some(label) = &group.label
        && !fields.iter().any(|field| field.dropped.is_none() && field.key == *label)
    {
        return Err(inside(format!("its label names no field: `{label}`")));
    }
    Ok(Schema {
        id,
        kind,
        key: group.key.clone(),
        name: name_of(group),
        help: group.help.clone(),
        label: group.label.clone(),
        fields,
    })
}

/// The largest id in a list of field definitions, those inside repeaters included.
fn largest_id(fields: &Value) -> Option<u64> {
    let fields = fields.as_array()?.iter();
    fields.filter_map(|field| field["id"].as_u64().max(largest_id(&field["fields"]))).max()
}

fn name_of(group: &GroupDefinition) -> String {
    if group.name.is_empty() { title_from_key(&group.key) } else { group.name.clone() }
}

fn blog() -> Schema {
    Schema {
        id: BLOG,
        kind: Kind::Post,
        key: "posts".into(),
        name: "Blog".into(),
        help: String::new(),
        label: None,
        fields: Vec::new(),
    }
}

/// A component that contains itself has no empty value: its answer would never end.
fn refuse_endless_components(model: &Model) -> Result<(), String> {
    fn visit(model: &Model, component: &Component, open: &mut Vec<ComponentId>) -> Result<(), String> {
        if open.contains(&component.id) {
            return Err(format!("component `{}` contains itself; use a component picker there", component.key));
        }
        open.push(component.id);
        for field in component.fields() {
            if let FieldType::Component(inner) = &field.kind
                && let Some(inner) = model.component(inner.component)
            {
                visit(model, inner, open)?;
            }
        }
        open.pop();
        Ok(())
    }
    model.components.iter().try_for_each(|component| visit(model, component, &mut Vec::new()))
}
