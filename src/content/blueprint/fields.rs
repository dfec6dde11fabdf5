//! Fields: added, changed, moved, removed, brought back. A field is named by its key, one in a repeater by both:
//! `hours.day`.

use serde_json::{Value, json};

use super::Spot;
use crate::content::definition::Definition;
use crate::content::field::Definition as Field;
use crate::content::moment::Moment;

/// Where a field is moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// One up.
    Up,
    /// One down.
    Down,
    /// Behind the field of this key; in front of all others when empty.
    After(String),
}

/// The fields inside a repeater.
pub(super) fn inner(field: &Field) -> Vec<Field> {
    field.options.get("fields").and_then(|fields| serde_json::from_value(fields.clone()).ok()).unwrap_or_default()
}

pub(super) fn put_inner(field: &mut Field, fields: &[Field]) {
    field.options.insert("fields".into(), json!(fields));
}

/// Shows `seen` every field in use with its path, those of repeaters included.
pub(super) fn each_field(fields: &[Field], above: &str, seen: &mut dyn FnMut(&str, &Field)) {
    for field in fields.iter().filter(|field| field.dropped.is_none()) {
        let path = if above.is_empty() { field.key.clone() } else { format!("{above}.{}", field.key) };
        seen(&path, field);
        if field.kind == "repeater" {
            each_field(&inner(field), &path, seen);
        }
    }
}

/// The field in use at a path.
pub fn field_at(fields: &[Field], path: &str) -> Option<Field> {
    let mut found = None;
    each_field(fields, "", &mut |here, field| {
        if here == path {
            found = Some(field.clone());
        }
    });
    found
}

/// The fields that were removed, each with the path of the repeater it was in, which is empty at the top.
pub fn dropped(fields: &[Field]) -> Vec<(String, Field)> {
    let gone = |fields: &[Field], above: &str| {
        let gone = fields.iter().filter(|field| field.dropped.is_some());
        gone.map(|field| (above.to_owned(), field.clone())).collect::<Vec<_>>()
    };
    let mut found = gone(fields, "");
    for repeater in fields.iter().filter(|field| field.dropped.is_none() && field.kind == "repeater") {
        found.extend(gone(&inner(repeater), &repeater.key));
    }
    found
}

/// Changes the list of fields at the top, or inside the repeater at `above`.
fn change_list<T>(
    fields: &mut Vec<Field>,
    above: &str,
    change: impl FnOnce(&mut Vec<Field>) -> Result<T, String>,
) -> Result<T, String> {
    if above.is_empty() {
        return change(fields);
    }
    let (first, rest) = above.split_once('.').unwrap_or((above, ""));
    let repeater = in_use(fields, first).ok_or_else(|| gone(first))?;
    let mut own = inner(repeater);
    let done = change_list(&mut own, rest, change)?;
    put_inner(repeater, &own);
    Ok(done)
}

fn in_use<'f>(fields: &'f mut [Field], key: &str) -> Option<&'f mut Field> {
    fields.iter_mut().find(|field| field.dropped.is_none() && field.key == key)
}

fn place(fields: &[Field], key: &str) -> Result<usize, String> {
    fields.iter().position(|field| field.dropped.is_none() && field.key == key).ok_or_else(|| gone(key))
}

fn gone(key: &str) -> String {
    format!("there is no field `{key}` any more")
}

/// The list a field is in, and its key there.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

impl Definition {
    /// Adds fields behind the others, at the top of a group or in the repeater at `above`.
    ///
    /// # Errors
    /// A sentence when a key is taken.
    pub fn add_fields(&mut self, spot: &Spot, above: &str, new: Vec<Field>) -> Result<(), String> {
        let page_types: Vec<String> = self.page_types.iter().map(|group| group.key.clone()).collect();
        let collections: Vec<String> = self.collections.iter().map(|group| group.key.clone()).collect();
        change_list(&mut self.group_mut(spot)?.fields, above, |fields| {
            for mut field in new {
                if in_use(fields, &field.key).is_some() {
                    return Err(format!("there is a field `{}` already", field.key));
                }
                means_page_type(&mut field, &page_types, &collections);
                let behind = fields.iter().rposition(|field| field.dropped.is_none()).map_or(0, |at| at + 1);
                fields.insert(behind, field);
            }
            Ok(())
        })
    }

    /// Gives the field at a path another definition; its id stays, and conditions and labels follow its key.
    ///
    /// # Errors
    /// A sentence when it is gone or the key is taken.
    pub fn change_field(&mut self, spot: &Spot, path: &str, new: Field) -> Result<(), String> {
        let (above, key) = split(path);
        let renamed = (key.to_owned(), new.key.clone());
        let group = self.group_mut(spot)?;
        change_list(&mut group.fields, above, |fields| {
            if new.key != key && in_use(fields, &new.key).is_some() {
                return Err(format!("there is a field `{}` already", new.key));
            }
            let field = in_use(fields, key).ok_or_else(|| gone(key))?;
            // A repeater's form does not hold the fields inside.
            let inside = (new.kind == "repeater").then(|| field.options.get("fields").cloned()).flatten();
            *field = Field { id: field.id, was: None, dropped: None, ..new };
            if let Some(inside) = inside.filter(|_| !field.options.contains_key("fields")) {
                field.options.insert("fields".into(), inside);
            }
            for condition in fields.iter_mut().filter_map(|field| field.show_if.as_mut()) {
                if condition.field == renamed.0 {
                    condition.field.clone_from(&renamed.1);
                }
            }
            Ok(())
        })?;
        if above.is_empty() && group.label.as_deref() == Some(&renamed.0) {
            group.label = Some(renamed.1);
        }
        Ok(())
    }

    /// Moves the field at a path within its list.
    ///
    /// # Errors
    /// A sentence when it is gone.
    pub fn move_field(&mut self, spot: &Spot, path: &str, to: &Beside) -> Result<(), String> {
        let (above, key) = split(path);
        change_list(&mut self.group_mut(spot)?.fields, above, |fields| {
            let mut order: Vec<String> =
                fields.iter().filter(|field| field.dropped.is_none()).map(|field| field.key.clone()).collect();
            let at = order.iter().position(|one| one == key).ok_or_else(|| gone(key))?;
            let moved = order.remove(at);
            let new = match to {
                Beside::Up => at.saturating_sub(1),
                Beside::Down => (at + 1).min(order.len()),
                Beside::After(other) if other.is_empty() => 0,
                Beside::After(other) => order.iter().position(|one| one == other).map_or(order.len(), |at| at + 1),
            };
            order.insert(new, moved);
            // What is removed stands behind what is not.
            let rank = |field: &Field| match field.dropped {
                None => order.iter().position(|key| *key == field.key),
                Some(_) => None,
            };
            fields.sort_by_key(|field| rank(field).unwrap_or(usize::MAX));
            Ok(())
        })
    }

    /// Takes out the field at a path. One that is in force stays in the document, marked as dropped.
    ///
    /// # Errors
    /// A sentence when it is gone already.
    pub fn remove_field(&mut self, spot: &Spot, path: &str, now: Moment) -> Result<(), String> {
        let (above, key) = split(path);
        let group = self.group_mut(spot)?;
        change_list(&mut group.fields, above, |fields| {
            let at = place(fields, key)?;
            let mut field = fields.remove(at);
            if field.id.is_some() {
                field.dropped = Some(now);
                fields.push(field);
            }
            for field in fields.iter_mut() {
                field.show_if = field.show_if.take().filter(|condition| condition.field != key);
            }
            Ok(())
        })?;
        if above.is_empty() {
            group.label = group.label.take().filter(|label| label != key);
        }
        Ok(())
    }

    /// Brings back a field that was removed, from the list at `above`. Where its key is taken meanwhile, it gets a
    /// number; returns the path where it is now.
    ///
    /// # Errors
    /// A sentence when it is gone for good.
    pub fn restore_field(&mut self, spot: &Spot, above: &str, id: u32) -> Result<String, String> {
        let group = self.group_mut(spot)?;
        change_list(&mut group.fields, above, |fields| {
            let at = fields.iter().position(|field| field.id == Some(id) && field.dropped.is_some());
            let mut field = fields.remove(at.ok_or("its values were removed for good")?);
            let wished = field.key.clone();
            let mut number = 2;
            while in_use(fields, &field.key).is_some() {
                field.key = format!("{wished}_{number}");
                number += 1;
            }
            field.dropped = None;
            field.show_if = field.show_if.take().filter(|condition| in_use(fields, &condition.field).is_some());
            let behind = fields.iter().rposition(|field| field.dropped.is_none()).map_or(0, |at| at + 1);
            let key = field.key.clone();
            fields.insert(behind, field);
            Ok(if above.is_empty() { key } else { format!("{above}.{key}") })
        })
    }
}

/// `ref(landing)` means the page type where there is no collection of this key.
fn means_page_type(field: &mut Field, page_types: &[String], collections: &[String]) {
    if field.kind == "repeater" {
        let mut own = inner(field);
        own.iter_mut().for_each(|field| means_page_type(field, page_types, collections));
        put_inner(field, &own);
    }
    let Some(Value::Object(to)) = field.options.get_mut("to") else { return };
    let key = to.get("collection").and_then(Value::as_str).map(str::to_owned);
    if let Some(key) = key.filter(|key| !collections.contains(key) && page_types.contains(key)) {
        *to = serde_json::Map::from_iter([("page_type".to_owned(), json!(key))]);
    }
}
