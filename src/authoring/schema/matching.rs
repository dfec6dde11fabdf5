//! Completing a schema file from the model in force: ids for everything that stays, and the fields that
//! disappear, marked as dropped.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::pairs::pair;
use crate::content::definition::{Definition, GroupDefinition, LocaleDefinition};
use crate::content::field::Definition as FieldDefinition;
use crate::content::moment::Moment;

/// The file `new`, completed from `old`, which is the whole document of the model in force.
///
/// # Errors
/// A sentence when it cannot be told what a part of the file was before.
pub(super) fn complete(old: &Definition, new: &Definition, now: Moment) -> Result<Definition, String> {
    let mut matching = Matching { now, keys: HashMap::new() };
    let mut done = new.clone();
    match_locales(&old.locales, &mut done.locales)?;
    // All keys first: a dropped field may refer to what is renamed in another list.
    let components = matching.match_groups("component", &old.components, &mut done.components)?;
    let page_types = matching.match_groups("page type", &old.page_types, &mut done.page_types)?;
    let single_pages = matching.match_groups("single page", &old.single_pages, &mut done.single_pages)?;
    let collections = matching.match_groups("collection", &old.collections, &mut done.collections)?;
    matching.match_all_fields("component", &old.components, &mut done.components, &components)?;
    matching.match_all_fields("page type", &old.page_types, &mut done.page_types, &page_types)?;
    matching.match_all_fields("single page", &old.single_pages, &mut done.single_pages, &single_pages)?;
    matching.match_all_fields("collection", &old.collections, &mut done.collections, &collections)?;
    Ok(done)
}

fn match_locales(old: &[LocaleDefinition], new: &mut [LocaleDefinition]) -> Result<(), String> {
    let keys: Vec<&str> = old.iter().map(|locale| locale.slug.as_str()).collect();
    let wanted: Vec<_> = new.iter().map(|locale| (locale.slug.as_str(), locale.was.as_deref())).collect();
    let pairs = pair("locale", &keys, &wanted)?;
    for (locale, found) in new.iter_mut().zip(pairs) {
        locale.id = found.and_then(|found| old[found].id);
        locale.was = None;
    }
    if old.is_empty()
        && let Some(first) = new.first_mut()
    {
        // What was written without locales is in the first one.
        first.id = Some(0);
    }
    Ok(())
}

type Pairs = Vec<Option<usize>>;

struct Matching {
    now: Moment,
    /// By noun and old key, the new key; `None` for what is gone.
    keys: HashMap<(&'static str, String), Option<String>>,
}

impl Matching {
    fn match_groups(
        &mut self,
        noun: &'static str,
        old: &[GroupDefinition],
        new: &mut [GroupDefinition],
    ) -> Result<Pairs, String> {
        let keys: Vec<&str> = old.iter().map(|group| group.key.as_str()).collect();
        let wanted: Vec<_> = new.iter().map(|group| (group.key.as_str(), group.was.as_deref())).collect();
        let pairs = pair(noun, &keys, &wanted)?;
        for group in old {
            self.keys.insert((noun, group.key.clone()), None);
        }
        for (group, found) in new.iter_mut().zip(&pairs) {
            group.id = found.and_then(|found| old[found].id);
            group.was = None;
            if let Some(found) = found {
                self.keys.insert((noun, old[*found].key.clone()), Some(group.key.clone()));
            }
        }
        Ok(pairs)
    }

    fn match_all_fields(
        &self,
        noun: &str,
        old: &[GroupDefinition],
        new: &mut [GroupDefinition],
        pairs: &Pairs,
    ) -> Result<(), String> {
        for (group, found) in new.iter_mut().zip(pairs) {
            let before = found.map_or(&[][..], |found| &old[found].fields);
            let named = |why| format!("{noun} `{}`: {why}", group.key);
            group.fields = self.match_fields(before, &group.fields).map_err(named)?;
        }
        Ok(())
    }

    /// The new fields with their ids, followed by the dropped ones.
    fn match_fields(&self, old: &[FieldDefinition], new: &[FieldDefinition]) -> Result<Vec<FieldDefinition>, String> {
        let in_use: Vec<&FieldDefinition> = old.iter().filter(|field| field.dropped.is_none()).collect();
        let dropped: Vec<&FieldDefinition> = old.iter().filter(|field| field.dropped.is_some()).collect();
        let new: Vec<FieldDefinition> = new.iter().filter(|field| field.dropped.is_none()).cloned().collect();
        let keys: Vec<&str> = in_use.iter().map(|field| field.key.as_str()).collect();
        // What comes back by its number continues no field in use, whatever its key is now.
        let wanted = new.iter().map(|field| match (numbered(&dropped, field), &field.was) {
            (Some(_), Some(number)) => (number.as_str(), None),
            (_, was) => (field.key.as_str(), was.as_deref()),
        });
        let wanted: Vec<_> = wanted.collect();
        let pairs = pair("field", &keys, &wanted)?;
        let mut revived: Vec<Option<u32>> =
            new.iter().filter_map(|field| numbered(&dropped, field)?.id).map(Some).collect();
        let mut matched = Vec::new();
        for (mut field, found) in new.into_iter().zip(&pairs) {
            if field.kind == "boolean" {
                field.kind = "checkbox".into();
            }
            let before = found.map(|found| in_use[found]).or_else(|| numbered(&dropped, &field));
            let before = before.or_else(|| namesake(&dropped, &field, &mut revived));
            field.id = before.and_then(|before| before.id);
            field.was = None;
            self.match_inner(before, &mut field)?;
            matched.push(field);
        }
        for (place, field) in in_use.iter().enumerate() {
            if !pairs.contains(&Some(place)) {
                matched.push(FieldDefinition { dropped: Some(self.now), ..(*field).clone() });
            }
        }
        matched.extend(dropped.into_iter().filter(|field| !revived.contains(&field.id)).cloned());
        for field in matched.iter_mut().filter(|field| field.dropped.is_some()) {
            self.follow_keys(field);
        }
        Ok(matched)
    }

    /// Matches the fields inside a repeater.
    fn match_inner(&self, before: Option<&FieldDefinition>, field: &mut FieldDefinition) -> Result<(), String> {
        if field.kind != "repeater" {
            return Ok(());
        }
        let old = before.filter(|before| before.kind == "repeater").map(inner_fields).transpose()?;
        let new = inner_fields(field)?;
        let named = |why| format!("field `{}`: {why}", field.key);
        let matched = self.match_fields(&old.unwrap_or_default(), &new).map_err(named)?;
        field.options.insert("fields".into(), json!(matched));
        Ok(())
    }

    /// Keeps a dropped field readable when what it refers to is renamed or gone. In the second case its
    /// values are kept as they are, but there is nothing left that they could be again.
    fn follow_keys(&self, field: &mut FieldDefinition) {
        let still_there = match field.kind.as_str() {
            "component" => self.follow("component", field.options.get_mut("component")),
            "component_picker" => match field.options.get_mut("components").and_then(Value::as_array_mut) {
                Some(keys) => {
                    keys.retain_mut(|key| self.follow("component", Some(key)));
                    !keys.is_empty()
                }
                None => true,
            },
            "reference" => match field.options.get_mut("to").and_then(Value::as_object_mut) {
                Some(to) if to.contains_key("collection") => self.follow("collection", to.get_mut("collection")),
                Some(to) if to.get("page_type").and_then(Value::as_str) == Some("*") => true,
                Some(to) => self.follow("page type", to.get_mut("page_type")),
                None => true,
            },
            "repeater" => {
                if let Ok(mut inner) = inner_fields(field) {
                    inner.iter_mut().for_each(|field| self.follow_keys(field));
                    field.options.insert("fields".into(), json!(inner));
                }
                true
            }
            _ => true,
        };
        if !still_there {
            field.kind = "json".into();
            field.options = Map::new();
            field.default = None;
        }
    }

    /// Changes a key to its new spelling; false when what it names is gone.
    fn follow(&self, noun: &'static str, key: Option<&mut Value>) -> bool {
        let Some(Value::String(key)) = key else { return true };
        match self.keys.get(&(noun, key.clone())) {
            Some(Some(new)) => {
                key.clone_from(new);
                true
            }
            Some(None) => false,
            None => true,
        }
    }
}

/// The dropped field that `was` names by its number: `~12`.
fn numbered<'a>(dropped: &[&'a FieldDefinition], field: &FieldDefinition) -> Option<&'a FieldDefinition> {
    let id = field.was.as_deref()?.strip_prefix('~')?.parse().ok()?;
    dropped.iter().find(|old| old.id == Some(id)).copied()
}

/// The field of this name and type that was dropped last, once.
fn namesake<'a>(
    dropped: &[&'a FieldDefinition],
    field: &FieldDefinition,
    revived: &mut Vec<Option<u32>>,
) -> Option<&'a FieldDefinition> {
    let fits = |old: &&&FieldDefinition| old.key == field.key && old.kind == field.kind && !revived.contains(&old.id);
    let found = dropped.iter().filter(fits).max_by_key(|old| old.dropped).copied()?;
    revived.push(found.id);
    Some(found)
}

fn inner_fields(field: &FieldDefinition) -> Result<Vec<FieldDefinition>, String> {
    let fields = field.options.get("fields").cloned().unwrap_or_else(|| json!([]));
    serde_json::from_value(fields).map_err(|error| format!("field `{}`: {error}", field.key))
}
