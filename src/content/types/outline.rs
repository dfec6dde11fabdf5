//! What there is to write down: named groups of members, and which entries have them.

use super::names::{Names, camel};
use crate::content::field::reference::Target;
use crate::content::field::{Field, FieldType};
use crate::content::schema::{Kind, Model, Schema, in_use};

/// The model, with a name for every type.
pub(super) struct Outline<'m> {
    /// Components and elements of repeaters, fields of pages, items.
    pub(super) groups: Vec<Group>,
    /// Components: key, and name of the group.
    pub(super) components: Vec<(&'m str, String)>,
    /// Page types and single pages.
    pub(super) pages: Vec<Page<'m>>,
    /// Collections: key, and name of the group.
    pub(super) collections: Vec<(&'m str, String)>,
    /// Slugs of the locales.
    pub(super) locales: Vec<&'m str>,
}

/// A named list of members.
pub(super) struct Group {
    pub(super) name: String,
    /// One line for people.
    pub(super) about: String,
    pub(super) members: Vec<Member>,
    /// Whether it is an item, which has `meta` too.
    pub(super) is_item: bool,
}

/// A member of a group.
pub(super) struct Member {
    pub(super) key: String,
    /// One line for people.
    pub(super) about: String,
    pub(super) shape: Shape,
}

/// What a member holds.
pub(super) enum Shape {
    Text,
    /// A text, or null.
    Date,
    /// A number, or null.
    Number,
    Boolean,
    Json,
    Media,
    /// One of these texts; drafts, and entries older than the list, may hold others.
    Choice(Vec<String>),
    /// What is linked to, as one of the types of these names, or its address; null when there is none. Without names it
    /// may be any page.
    Link(Vec<String>),
    /// A list of the same.
    Links(Vec<String>),
    /// A group.
    Group(String),
    /// A list of a group.
    Groups(String),
    /// A list of components.
    Picked,
}

impl Shape {
    /// The names of the types that it is made of; not those of picked components.
    pub(super) fn names(&self) -> &[String] {
        match self {
            Self::Link(names) | Self::Links(names) => names,
            Self::Group(name) | Self::Groups(name) => std::slice::from_ref(name),
            _ => &[],
        }
    }
}

/// A page type or a single page.
pub(super) struct Page<'m> {
    pub(super) name: String,
    /// The name of the group of its fields.
    pub(super) fields: String,
    pub(super) key: &'m str,
    pub(super) about: String,
    pub(super) is_single: bool,
}

impl<'m> Outline<'m> {
    /// Of a model.
    pub(super) fn of(model: &'m Model) -> Self {
        let mut naming = Naming::of(model);
        let mut groups = Vec::new();
        for (component, (_, name)) in model.components.iter().zip(naming.components.clone()) {
            naming.add(&mut groups, &name, about(&component.name, &component.help), &component.fields, false);
        }
        let (mut pages, mut collections) = (Vec::new(), Vec::new());
        for (schema, name) in naming.schemas.clone() {
            let about = about(&schema.name, &schema.help);
            if schema.kind == Kind::Collection {
                naming.add(&mut groups, &name, about, &schema.fields, true);
                collections.push((schema.key.as_str(), name));
                continue;
            }
            let fields = naming.names.give(&format!("{name}Fields"));
            naming.add(&mut groups, &fields, format!("The fields of {name}."), &schema.fields, false);
            let is_single = schema.kind == Kind::SinglePage;
            pages.push(Page { name, fields, key: &schema.key, about, is_single });
        }
        let locales = model.locales.iter().map(|locale| locale.slug.as_str()).collect();
        Self { groups, components: naming.components, pages, collections, locales }
    }

    /// The name of the type of a schema's entries, or of a component where there is no kind.
    pub(super) fn find(&self, kind: Option<Kind>, key: &str) -> Option<&str> {
        let page = |single| self.pages(single).find(|page| page.key == key).map(|page| page.name.as_str());
        match kind {
            None => named_in(&self.components, key),
            Some(Kind::Collection) => named_in(&self.collections, key),
            Some(Kind::PageType) => page(false),
            Some(Kind::SinglePage) => page(true),
            Some(Kind::Post) => None,
        }
    }

    /// The page types, or the single pages.
    pub(super) fn pages(&self, single: bool) -> impl Iterator<Item = &Page<'m>> {
        self.pages.iter().filter(move |page| page.is_single == single)
    }
}

fn named_in<'n>(list: &'n [(&str, String)], key: &str) -> Option<&'n str> {
    list.iter().find(|(known, _)| *known == key).map(|(_, name)| name.as_str())
}

/// Names that others refer to are given first, so that a new field changes none of them.
struct Naming<'m> {
    model: &'m Model,
    names: Names,
    components: Vec<(&'m str, String)>,
    schemas: Vec<(&'m Schema, String)>,
}

impl<'m> Naming<'m> {
    fn of(model: &'m Model) -> Self {
        let mut names = Names::of_types();
        let components =
            model.components.iter().map(|one| (one.key.as_str(), names.give(&camel(&one.key, "Component")))).collect();
        let entries = model.schemas.iter().filter(|schema| schema.kind != Kind::Post);
        let schemas = entries.map(|schema| (schema, names.give(&entry_name(schema)))).collect();
        Self { model, names, components, schemas }
    }

    fn add(&mut self, groups: &mut Vec<Group>, name: &str, about: String, fields: &[Field], is_item: bool) {
        let members = in_use(fields).map(|field| self.member(groups, name, field)).collect();
        groups.push(Group { name: name.to_owned(), about, members, is_item });
    }

    fn member(&mut self, groups: &mut Vec<Group>, group: &str, field: &Field) -> Member {
        let shape = self.shape(groups, group, field);
        Member { key: field.key.clone(), about: about(&field.name, &field.help), shape }
    }

    fn shape(&mut self, groups: &mut Vec<Group>, group: &str, field: &Field) -> Shape {
        match &field.kind {
            FieldType::ShortText(_)
            | FieldType::LongText(_)
            | FieldType::Wysiwyg(_)
            | FieldType::Html(_)
            | FieldType::Markdown(_)
            | FieldType::Color(_)
            | FieldType::Url(_)
            | FieldType::Email(_)
            | FieldType::Form(_) => Shape::Text,
            FieldType::Date(_) | FieldType::DateTime(_) => Shape::Date,
            FieldType::Number(_) => Shape::Number,
            FieldType::Checkbox(_) => Shape::Boolean,
            FieldType::Json(_) => Shape::Json,
            FieldType::Media(_) => Shape::Media,
            FieldType::Dropdown(kind) => {
                Shape::Choice(kind.options.iter().map(|choice| choice.value.clone()).collect())
            }
            FieldType::Reference(kind) if kind.many => Shape::Links(self.linked(kind.to)),
            FieldType::Reference(kind) => Shape::Link(self.linked(kind.to)),
            FieldType::Component(kind) => {
                let at = self.model.components.iter().position(|one| one.id == kind.component);
                at.map_or(Shape::Json, |at| Shape::Group(self.components[at].1.clone()))
            }
            FieldType::ComponentPicker(_) => Shape::Picked,
            FieldType::Repeater(kind) => {
                let name = self.names.give(&format!("{group}{}Element", camel(&field.key, "Field")));
                self.add(groups, &name, format!("An element of {group}."), &kind.fields, false);
                Shape::Groups(name)
            }
        }
    }

    fn linked(&self, to: Target) -> Vec<String> {
        let fits = |schema: &Schema| match to.schema() {
            Some(id) => schema.id == id,
            None => schema.kind == Kind::SinglePage,
        };
        self.schemas.iter().filter(|(schema, _)| fits(schema)).map(|(_, name)| name.clone()).collect()
    }
}

/// `RecipePage`, `FloursItem`.
fn entry_name(schema: &Schema) -> String {
    let noun = if schema.kind == Kind::Collection { "Item" } else { "Page" };
    let name = camel(&schema.key, noun);
    if name.ends_with(noun) { name } else { name + noun }
}

/// Both on one line, without what could end a comment early or turn the text around.
fn about(name: &str, help: &str) -> String {
    let text = if help.is_empty() { name.to_owned() } else { format!("{name}: {help}") };
    let harmless: String = text.chars().map(|letter| if is_harmless(letter) { letter } else { ' ' }).collect();
    harmless.replace("*/", "* /").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_harmless(letter: char) -> bool {
    let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !letter.is_control() && !turns && letter != '\u{feff}'
}
