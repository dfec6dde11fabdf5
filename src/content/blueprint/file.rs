//! From the drawing board to a schema file, which says by `was` what is renamed.

use super::Shelf;
use super::fields::{inner, put_inner};
use crate::content::definition::Definition;
use crate::content::field::Definition as Field;

/// The schema file that makes of `base`, the complete document of the model in force, what `board` shows.
pub fn as_file(base: &Definition, board: &Definition) -> Definition {
    let mut file = board.clone();
    for locale in &mut file.locales {
        let before = base.locales.iter().find(|before| before.id.is_some() && before.id == locale.id);
        locale.was = before.map(|before| before.slug.clone()).filter(|slug| *slug != locale.slug);
        locale.id = None;
    }
    for shelf in Shelf::ALL {
        for group in file.shelf_mut(shelf) {
            let before = base.shelf(shelf).iter().find(|before| before.id.is_some() && before.id == group.id);
            group.was = before.map(|before| before.key.clone()).filter(|key| *key != group.key);
            group.id = None;
            group.fields = fields(before.map_or(&[][..], |before| &before.fields), &group.fields);
        }
    }
    file
}

/// The fields in use; one that was removed before is named by its number.
fn fields(base: &[Field], board: &[Field]) -> Vec<Field> {
    let in_use = board.iter().filter(|field| field.dropped.is_none());
    in_use
        .map(|field| self::field(base.iter().find(|before| before.id.is_some() && before.id == field.id), field))
        .collect()
}

fn field(before: Option<&Field>, field: &Field) -> Field {
    let was = before.and_then(|before| match before.dropped {
        Some(_) => before.id.map(|id| format!("~{id}")),
        None => Some(before.key.clone()).filter(|key| *key != field.key),
    });
    let mut file = Field { id: None, was, ..field.clone() };
    if field.kind == "repeater" {
        let base = before.filter(|before| before.kind == "repeater").map(inner).unwrap_or_default();
        put_inner(&mut file, &fields(&base, &inner(field)));
    }
    file
}
