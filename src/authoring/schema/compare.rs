//! What is different between two models whose ids belong together.

use std::collections::HashMap;

use crate::content::field::reference::Reference;
use crate::content::field::{Field, FieldId, FieldType};
use crate::content::locale::Locale;
use crate::content::schema::{Component, Model, Schema, SchemaId};

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Difference {
    LocaleAdded(Locale),
    LocaleRenamed { from: String, to: String },
    LocaleRemoved(Locale),
    DefaultLocale(String),
    GroupAdded { what: String },
    GroupRenamed { what: String, to: String },
    GroupChanged { what: String, parts: String },
    SchemaRemoved { what: String, key: String, id: SchemaId },
    ComponentRemoved { what: String, component: Component },
    FieldAdded { what: String, place: Place, required: bool },
    FieldRenamed { what: String, to: String },
    FieldChanged { what: String, place: Place, parts: String, old: Box<Field>, new: Box<Field> },
    FieldRevived { what: String },
    FieldDropped { what: String, place: Place, id: FieldId },
    FieldConverted { what: String, place: Place, from: String, field: Box<Field> },
}

/// Where a field is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// What people call the group, with the repeater in it.
    title: String,
    /// The key of the group.
    pub(super) group: String,
    /// The schema, when it is a field of one.
    pub(super) schema: Option<SchemaId>,
}

/// All differences, in the order of the models.
pub(super) fn compare(old: &Model, new: &Model) -> Vec<Difference> {
    let mut found = Vec::new();
    compare_locales(old, new, &mut found);
    for component in &new.components {
        match old.component(component.id) {
            None => found.push(Difference::GroupAdded { what: format!("component `{}`", component.key) }),
            Some(before) => compare_groups(&Group::of_component(before), &Group::of_component(component), &mut found),
        }
    }
    for schema in &new.schemas {
        match old.schema(schema.id) {
            None => found.push(Difference::GroupAdded { what: Group::of_schema(schema).title() }),
            Some(before) => compare_groups(&Group::of_schema(before), &Group::of_schema(schema), &mut found),
        }
    }
    for schema in old.schemas.iter().filter(|schema| new.schema(schema.id).is_none()) {
        found.push(Difference::SchemaRemoved {
            what: Group::of_schema(schema).title(),
            key: schema.key.clone(),
            id: schema.id,
        });
    }
    for component in old.components.iter().filter(|component| new.component(component.id).is_none()) {
        let what = Group::of_component(component).title();
        found.push(Difference::ComponentRemoved { what, component: component.clone() });
    }
    found
}

fn compare_locales(old: &Model, new: &Model, found: &mut Vec<Difference>) {
    for locale in &new.locales {
        match old.locales.iter().find(|before| before.id == locale.id) {
            None => found.push(Difference::LocaleAdded(locale.clone())),
            Some(before) if before.slug != locale.slug => {
                found.push(Difference::LocaleRenamed { from: before.slug.clone(), to: locale.slug.clone() });
            }
            Some(_) => {}
        }
    }
    for locale in &old.locales {
        // Without locales, what was written in locale 0 is the only form there is.
        let stays = new.locales.is_empty() && locale.id == new.default_locale();
        if !stays && !new.locales.iter().any(|after| after.id == locale.id) {
            found.push(Difference::LocaleRemoved(locale.clone()));
        }
    }
    if !old.locales.is_empty() && !new.locales.is_empty() && old.default_locale() != new.default_locale() {
        found.push(Difference::DefaultLocale(new.locales[0].slug.clone()));
    }
}

/// What components and schemas have in common.
struct Group<'a> {
    noun: &'static str,
    key: &'a str,
    name: &'a str,
    help: &'a str,
    label: Option<&'a str>,
    fields: &'a [Field],
    schema: Option<SchemaId>,
}

impl<'a> Group<'a> {
    fn of_component(component: &'a Component) -> Self {
        let Component { key, name, help, fields, .. } = component;
        Self { noun: "component", key, name, help, label: None, fields, schema: None }
    }

    fn of_schema(schema: &'a Schema) -> Self {
        let Schema { id, kind, key, name, help, label, fields } = schema;
        Self { noun: kind.noun(), key, name, help, label: label.as_deref(), fields, schema: Some(*id) }
    }

    fn title(&self) -> String {
        format!("{} `{}`", self.noun, self.key)
    }
}

fn compare_groups(old: &Group<'_>, new: &Group<'_>, found: &mut Vec<Difference>) {
    if old.key != new.key {
        found.push(Difference::GroupRenamed { what: old.title(), to: new.key.into() });
    }
    let parts =
        changed(&[("name", old.name != new.name), ("help", old.help != new.help), ("label", old.label != new.label)]);
    if let Some(parts) = parts {
        found.push(Difference::GroupChanged { what: new.title(), parts });
    }
    let place = Place { title: new.title(), group: new.key.into(), schema: new.schema };
    compare_fields(&place, old.fields, new.fields, found);
}

fn compare_fields(place: &Place, old: &[Field], new: &[Field], found: &mut Vec<Difference>) {
    let before: HashMap<FieldId, &Field> = old.iter().map(|field| (field.id, field)).collect();
    for field in new {
        let what = format!("field `{}` of {}", field.key, place.title);
        let Some(before) = before.get(&field.id) else {
            if field.dropped.is_none() {
                found.push(Difference::FieldAdded { what, place: place.clone(), required: field.required });
            }
            continue;
        };
        match (before.dropped, field.dropped) {
            (None, Some(_)) => {
                found.push(Difference::FieldDropped { what, place: place.clone(), id: field.id });
            }
            (Some(_), None) => {
                found.push(Difference::FieldRevived { what: what.clone() });
                if holds_other_values(&before.kind, &field.kind) {
                    let (place, field) = (place.clone(), Box::new(field.clone()));
                    found.push(Difference::FieldConverted { what, place, from: before.kind.name().into(), field });
                }
            }
            (None, None) => compare_field(place, before, field, found),
            (Some(_), Some(_)) => {}
        }
    }
}

fn compare_field(place: &Place, old: &Field, new: &Field, found: &mut Vec<Difference>) {
    let what = format!("field `{}` of {}", old.key, place.title);
    if old.key != new.key {
        found.push(Difference::FieldRenamed { what: what.clone(), to: new.key.clone() });
    }
    if holds_other_values(&old.kind, &new.kind) {
        let (place, field) = (place.clone(), Box::new(new.clone()));
        found.push(Difference::FieldConverted { what, place, from: old.kind.name().into(), field });
        return;
    }
    let parts = changed(&[
        ("name", old.name != new.name),
        ("help", old.help != new.help),
        ("required", old.required != new.required),
        ("unique", old.unique != new.unique),
        ("default", old.default != new.default),
        ("width", old.width != new.width),
        ("condition", old.show_if != new.show_if),
        ("who may fill it in", old.only != new.only),
        ("other names", old.aliases != new.aliases),
        ("options", options_differ(&old.kind, &new.kind)),
    ]);
    if let Some(parts) = parts {
        let what = format!("field `{}` of {}", new.key, place.title);
        let (place, old, new) = (place.clone(), Box::new(old.clone()), Box::new(new.clone()));
        found.push(Difference::FieldChanged { what, place, parts, old, new });
    }
    if let (FieldType::Repeater(old), FieldType::Repeater(inner)) = (&old.kind, &new.kind) {
        let place = Place { title: format!("`{}` in {}", new.key, place.title), ..place.clone() };
        compare_fields(&place, &old.fields, &inner.fields, found);
    }
}

/// Whether values stored under one type mean nothing under the other.
fn holds_other_values(old: &FieldType, new: &FieldType) -> bool {
    match (old, new) {
        (FieldType::Reference(Reference { to: old, .. }), FieldType::Reference(Reference { to: new, .. })) => {
            old != new
        }
        (FieldType::Component(old), FieldType::Component(new)) => old.component != new.component,
        _ => old.name() != new.name(),
    }
}

fn options_differ(old: &FieldType, new: &FieldType) -> bool {
    match (old, new) {
        (FieldType::Repeater(old), FieldType::Repeater(new)) => {
            (old.min_items, old.max_items) != (new.min_items, new.max_items)
        }
        _ => old != new,
    }
}

fn changed(parts: &[(&str, bool)]) -> Option<String> {
    let names: Vec<&str> = parts.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
