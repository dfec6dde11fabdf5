//! Keeping what cannot be converted: a dropped field beside the converted one, of the type it had.

use std::collections::HashMap;

use super::census::{Census, Counts};
use crate::content::definition::Ids;
use crate::content::field::json::Json;
use crate::content::field::reference::Target;
use crate::content::field::{Field, FieldId, FieldType};
use crate::content::moment::Moment;
use crate::content::schema::Model;

/// Adds to `new` a dropped field for each that has values which cannot be converted, and tells which is for which.
pub(super) fn set_aside(
    old: &Model,
    new: &mut Model,
    census: &Census,
    counts: &Counts,
    ids: &mut Ids,
    now: Moment,
) -> HashMap<FieldId, FieldId> {
    let mut kept = HashMap::new();
    let lossy = |id: &&FieldId| counts.lost.get(id).is_some_and(|lost| *lost > 0);
    let mut lossy: Vec<FieldId> = census.converted.keys().filter(lossy).copied().collect();
    lossy.sort_unstable();
    for id in lossy {
        let before = lists(old).find_map(|fields| find(fields, id)).cloned();
        let Some(before) = before else { continue };
        let kind = if is_whole(&before.kind, new) { before.kind.clone() } else { FieldType::Json(Json::default()) };
        let aside = ids.fields.give();
        let (show_if, aliases) = (None, Vec::new());
        let field =
            Field { id: aside, kind, dropped: Some(now), show_if, aliases, required: false, unique: false, ..before };
        let schemas = new.schemas.iter_mut().map(|schema| &mut schema.fields);
        let components = new.components.iter_mut().map(|component| &mut component.fields);
        if schemas.chain(components).any(|fields| add_beside(fields, id, &field)) {
            kept.insert(id, aside);
        }
    }
    kept
}

fn lists(model: &Model) -> impl Iterator<Item = &Vec<Field>> {
    let schemas = model.schemas.iter().map(|schema| &schema.fields);
    schemas.chain(model.components.iter().map(|component| &component.fields))
}

fn find(fields: &[Field], id: FieldId) -> Option<&Field> {
    fields.iter().find_map(|field| match &field.kind {
        _ if field.id == id => Some(field),
        FieldType::Repeater(repeater) => find(&repeater.fields, id),
        _ => None,
    })
}

/// Adds a field to the list that the one with this id is in.
fn add_beside(fields: &mut Vec<Field>, id: FieldId, aside: &Field) -> bool {
    if fields.iter().any(|field| field.id == id) {
        fields.push(aside.clone());
        return true;
    }
    fields.iter_mut().any(|field| match &mut field.kind {
        FieldType::Repeater(repeater) => add_beside(&mut repeater.fields, id, aside),
        _ => false,
    })
}

/// Whether everything a type refers to is still there; otherwise values can only be kept as they are.
fn is_whole(kind: &FieldType, model: &Model) -> bool {
    match kind {
        FieldType::Component(component) => model.component(component.component).is_some(),
        FieldType::Reference(reference) => match reference.to {
            Target::SinglePages => true,
            Target::Collection(id) | Target::PageType(id) => model.schema(id).is_some(),
        },
        // What stands inside has the ids of the fields that are gone with it.
        FieldType::Repeater(_) | FieldType::ComponentPicker(_) => false,
        _ => true,
    }
}
