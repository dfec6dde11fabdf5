//! What the index keeps of a schema's entries: when that changes, they are indexed again.

use std::collections::{BTreeMap, HashSet};

use crate::content::field::{Field, FieldId, FieldType};
use crate::content::schema::{Component, ComponentId, Model, Schema, in_use};

/// What decides about the index rows of a schema's entries. Help texts, names, rules and keys do not.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// Every indexed place and the type of its values.
    places: BTreeMap<Vec<FieldId>, String>,
    /// The labels of dropdown values, which are searched.
    labels: BTreeMap<(FieldId, String), String>,
}

impl Shape {
    /// The shape of a schema in its model, as far as values can exist under the other model too: what
    /// only this one has a component for, no entry holds yet.
    pub(super) fn of(schema: &Schema, model: &Model, other: &Model) -> Self {
        let mut shape = Self::default();
        let unknown = model.components.iter().map(|component| component.id);
        let mut closed = unknown.filter(|id| other.component(*id).is_none()).collect();
        shape.add(&schema.fields, model, &mut Vec::new(), &mut closed);
        shape
    }

    /// Whether entries indexed under the other shape must be indexed again. Nobody has chosen an option
    /// that is new, so only options that both have count.
    pub(super) fn differs(&self, other: &Self) -> bool {
        let relabelled =
            |(key, label): (&(FieldId, String), &String)| other.labels.get(key).is_some_and(|other| other != label);
        self.places != other.places || self.labels.iter().any(relabelled)
    }

    fn add(&mut self, fields: &[Field], model: &Model, way: &mut Vec<FieldId>, open: &mut HashSet<ComponentId>) {
        for field in in_use(fields) {
            way.push(field.id);
            self.add_field(field, way);
            if let FieldType::Repeater(repeater) = &field.kind {
                self.add(&repeater.fields, model, way, open);
            }
            for component in components(&field.kind, model) {
                // A picker may offer the component it is in: once around says it all.
                if open.insert(component.id) {
                    self.add(&component.fields, model, way, open);
                    open.remove(&component.id);
                }
            }
            way.pop();
        }
    }

    fn add_field(&mut self, field: &Field, way: &[FieldId]) {
        let mut kind = field.kind.name().to_owned();
        match &field.kind {
            FieldType::Dropdown(dropdown) => {
                let labels = dropdown.options.iter().map(|o| ((field.id, o.value.clone()), o.label.clone()));
                self.labels.extend(labels);
            }
            FieldType::Reference(reference) => kind = format!("{kind} {:?}", reference.to),
            _ => {}
        }
        self.places.insert(way.to_vec(), kind);
    }
}

/// The components whose fields may stand in a value of this type. Values of a picker may be older than
/// its options, so any component can be in it.
fn components<'m>(kind: &FieldType, model: &'m Model) -> Vec<&'m Component> {
    match kind {
        FieldType::Component(kind) => model.component(kind.component).into_iter().collect(),
        FieldType::ComponentPicker(_) => model.components.iter().collect(),
        _ => Vec::new(),
    }
}

/// Whether values of any of these fields, or elements of any of these components, can stand in entries
/// of a schema.
pub(super) fn reaches(schema: &Schema, model: &Model, wanted: &HashSet<FieldId>, gone: &HashSet<ComponentId>) -> bool {
    fn search(
        fields: &[Field],
        model: &Model,
        wanted: &HashSet<FieldId>,
        gone: &HashSet<ComponentId>,
        seen: &mut HashSet<ComponentId>,
    ) -> bool {
        fields.iter().any(|field| {
            let inside = match &field.kind {
                FieldType::Repeater(repeater) => search(&repeater.fields, model, wanted, gone, seen),
                kind => components(kind, model).into_iter().any(|component| {
                    gone.contains(&component.id)
                        || seen.insert(component.id) && search(&component.fields, model, wanted, gone, seen)
                }),
            };
            inside || wanted.contains(&field.id)
        })
    }
    search(&schema.fields, model, wanted, gone, &mut HashSet::new())
}
