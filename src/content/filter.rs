//! `fields.hero.title=x` and `order=-price`: from words in a URL to places in the index.

use super::entry::EntryId;
use super::field::reference::Target;
use super::field::{Field, FieldId, FieldType, IndexKey, path_of};
use super::schema::{Kind, Model, Schema, SchemaId};
use super::{index, schema};

/// What a filter asks of an entry: any of the alternatives.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// Several when a path goes through a component picker without naming the component.
    pub any_of: Vec<Condition>,
}

/// One alternative of a filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The field at `path` has this value.
    Is {
        /// Field ids joined by dots.
        path: String,
        /// The value.
        key: IndexKey,
    },
    /// The field at `path` links to an entry that matches.
    LinksTo {
        /// Field ids joined by dots.
        path: String,
        /// What is asked of the entry linked to.
        target: Box<Linked>,
    },
    /// Nothing matches: the text is no value of the field's type.
    Never,
}

/// What a filter asks of the entry that a reference leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Linked {
    /// There is none.
    Nothing,
    /// It is called so: a page's slug, an item's id or its label.
    Named {
        /// Where it lives; `None` for any single page.
        schema: Option<SchemaId>,
        /// The label field's condition, for items.
        label: Option<Filter>,
        /// The item's id, when the text is a number.
        id: Option<EntryId>,
        /// The text.
        name: String,
    },
    /// It has this slug.
    Slug {
        /// Where it lives; `None` for any single page.
        schema: Option<SchemaId>,
        /// The slug.
        slug: String,
    },
    /// A field of it matches, in any of these schemas.
    Field(Vec<(SchemaId, Filter)>),
}

/// What a list is ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The index path.
    pub path: String,
    /// Largest first.
    pub descending: bool,
}

impl Order {
    /// The order of lists for which none was asked: pages and posts newest first, items as arranged.
    pub fn default_of(kind: Kind) -> Self {
        match kind {
            Kind::Collection => Self { path: index::POSITION.into(), descending: false },
            _ => Self { path: index::PUBLISHED.into(), descending: true },
        }
    }

    /// Reads `published`, `updated`, a field key, each perhaps with `-` in front; for items also `id`.
    ///
    /// # Errors
    /// The name that no field has.
    pub fn parse(text: &str, schema: &Schema) -> Result<Self, String> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let found = schema.fields().find(|field| field.is_called(name));
        let path = match (found, name) {
            (Some(field), _) => path_of(&[field.id]),
            (None, "published") => index::PUBLISHED.into(),
            (None, "updated") => index::UPDATED.into(),
            (None, "id") if schema.kind == Kind::Collection => index::ID.into(),
            _ => return Err(name.into()),
        };
        Ok(Self { path, descending })
    }
}

impl Filter {
    /// Reads what follows `fields.` in a parameter's name, and its value.
    ///
    /// # Errors
    /// The path that names no field, as it was sent.
    pub fn parse(path: &str, text: &str, schema: &Schema, model: &Model) -> Result<Self, String> {
        let steps: Vec<&str> = path.split('.').collect();
        let mut any_of = Vec::new();
        descend(&schema.fields, &steps, text, model, &mut Vec::new(), &mut any_of);
        if any_of.is_empty() { Err(path.into()) } else { Ok(Self { any_of }) }
    }
}

/// Adds the conditions that `steps` lead to from these fields.
fn descend(
    fields: &[Field],
    steps: &[&str],
    text: &str,
    model: &Model,
    way: &mut Vec<FieldId>,
    found: &mut Vec<Condition>,
) {
    let [first, rest @ ..] = steps else { return };
    let Some(field) = schema::in_use(fields).find(|field| field.is_called(first)) else { return };
    way.push(field.id);
    if let FieldType::Reference(reference) = &field.kind {
        if let Some(target) = linked(reference.to, rest, text, model) {
            found.push(Condition::LinksTo { path: path_of(way), target: Box::new(target) });
        }
    } else if rest.is_empty() {
        found.push(is(field, text, way));
    } else {
        for group in field.kind.rules().groups(model) {
            descend(group.fields, rest, text, model, way, found);
            if group.component == rest.first().copied() {
                descend(group.fields, &rest[1..], text, model, way, found);
            }
        }
    }
    way.pop();
}

fn is(field: &Field, text: &str, way: &[FieldId]) -> Condition {
    match field.kind.rules().filter(text) {
        Some(key) => Condition::Is { path: path_of(way), key },
        None => Condition::Never,
    }
}

/// What the rest of a path asks of a reference's target.
fn linked(to: Target, rest: &[&str], text: &str, model: &Model) -> Option<Linked> {
    let (single, schemas): (Option<SchemaId>, Vec<&Schema>) = match to {
        Target::Collection(id) | Target::PageType(id) => (Some(id), model.schema(id).into_iter().collect()),
        Target::SinglePages => (None, model.schemas.iter().filter(|schema| schema.kind == Kind::SinglePage).collect()),
    };
    match rest {
        [] if text.is_empty() => Some(Linked::Nothing),
        [] => Some(named(single, &schemas, text, model)),
        ["slug"] if !matches!(to, Target::Collection(_)) => Some(Linked::Slug { schema: single, slug: text.into() }),
        // The way may go through the answer's `fields` object or skip it.
        ["fields", inner @ ..] if !inner.is_empty() && schemas.iter().all(|s| s.kind.is_page()) => {
            in_fields(&schemas, inner, text, model)
        }
        _ => in_fields(&schemas, rest, text, model),
    }
}

fn in_fields(schemas: &[&Schema], steps: &[&str], text: &str, model: &Model) -> Option<Linked> {
    let path = steps.join(".");
    let found: Vec<_> = schemas
        .iter()
        .filter_map(|schema| Some((schema.id, Filter::parse(&path, text, schema, model).ok()?)))
        .collect();
    if found.is_empty() { None } else { Some(Linked::Field(found)) }
}

fn named(schema: Option<SchemaId>, schemas: &[&Schema], text: &str, model: &Model) -> Linked {
    let collection = schemas.first().filter(|schema| schema.kind == Kind::Collection);
    let label = collection.and_then(|schema| Filter::parse(&schema.label_field()?.key, text, schema, model).ok());
    let id = collection.and_then(|_| text.parse().ok()).map(EntryId);
    Linked::Named { schema, label, id, name: text.into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Condition, Filter, Order};
    use crate::content::definition::{Definition, Ids};
    use crate::content::field::IndexKey;
    use crate::content::schema::{Model, Schema};

    fn model() -> Model {
        let definition = json!({
            "larder_schema": 1,
            "components": [{"key": "cta", "fields": [{"key": "label", "type": "short_text"}]}],
            "page_types": [{"key": "page", "fields": [
                {"key": "price", "type": "number"},
                {"key": "jar", "type": "reference", "to": {"collection": "jars"}},
                {"key": "blocks", "type": "component_picker", "components": ["cta"]},
            ]}],
            "collections": [{"key": "jars", "fields": [{"key": "name", "type": "short_text"}]}],
        });
        let definition = Definition::parse(&definition.to_string()).expect("a definition");
        definition.to_model(&mut Ids::default()).expect("a model")
    }

    fn page(model: &Model) -> &Schema {
        model.page_type("page").expect("a page type")
    }

    fn parse(path: &str, text: &str) -> Result<Filter, String> {
        let model = model();
        Filter::parse(path, text, page(&model), &model)
    }

    proptest! {
        #[test]
        fn any_path_is_a_filter_or_named_as_sent(path in "[a-z.]{0,20}", text in ".{0,20}") {
            if let Err(named) = parse(&path, &text) {
                prop_assert_eq!(named, path);
            }
        }

        #[test]
        fn any_order_is_an_index_path_or_named_without_its_sign(text in "-?[a-z]{0,10}") {
            let model = model();
            match Order::parse(&text, page(&model)) {
                Ok(order) => prop_assert_eq!(order.descending, text.starts_with('-')),
                Err(named) => prop_assert_eq!(named, text.strip_prefix('-').unwrap_or(&text)),
            }
        }

        #[test]
        fn numbers_are_compared_as_numbers(number in -1.0e9..1.0e9f64) {
            let filter = parse("price", &format!("{number:.3}")).expect("a field");
            let is_number = matches!(&filter.any_of[..], [Condition::Is { key: IndexKey::Number(_), .. }]);
            prop_assert!(is_number);
        }
    }

    #[test]
    fn a_picker_is_passed_with_and_without_its_components_name() {
        assert_eq!(parse("blocks.label", "Go"), parse("blocks.cta.label", "Go"));
        assert!(parse("blocks.hero.label", "Go").is_err());
    }

    #[test]
    fn references_are_followed() {
        for path in ["jar", "jar.name"] {
            let filter = parse(path, "Plum").expect("a way");
            assert!(matches!(&filter.any_of[..], [Condition::LinksTo { .. }]), "{path}");
        }
        assert!(parse("jar.colour", "red").is_err());
    }

    #[test]
    fn what_is_no_number_matches_nothing() {
        assert_eq!(parse("price", "cheap").map(|filter| filter.any_of), Ok(vec![Condition::Never]));
    }
}
