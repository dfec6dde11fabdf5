//! Page types, single pages, collections and components: made, renamed, moved, removed.

use serde_json::{Value, json};

use super::fields::each_field;
use super::{Shelf, Spot};
use crate::content::definition::{Definition, GroupDefinition};
use crate::content::field::Definition as Field;
use crate::content::field::define::check_key;
use crate::content::line::key_of;

/// A place that refers to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedBy {
    /// The group with the field.
    pub spot: Spot,
    /// What people call it.
    pub name: String,
    /// The field, with the repeater it is in: `hours.place`.
    pub field: String,
    /// Whether the field chooses among several, so that it can do without.
    pub among: usize,
}

/// The fields that refer to a group.
pub fn uses(model: &Definition, of: &Spot) -> Vec<UsedBy> {
    let mut found = uses_of(model);
    found.retain(|(spot, _)| spot == of);
    found.into_iter().map(|(_, used)| used).collect()
}

/// Every reference from a field to a group, with the group.
pub fn uses_of(model: &Definition) -> Vec<(Spot, UsedBy)> {
    let mut found = Vec::new();
    for shelf in Shelf::ALL {
        for group in model.shelf(shelf) {
            each_field(&group.fields, "", &mut |path, field| {
                for (spot, among) in targets(field) {
                    let (own, name) = (Spot::new(shelf, &group.key), group.name.clone());
                    found.push((spot, UsedBy { spot: own, name, field: path.to_owned(), among }));
                }
            });
        }
    }
    found
}

/// The groups a field refers to, each with how many it chooses among; 0 when it cannot choose.
fn targets(field: &Field) -> Vec<(Spot, usize)> {
    let key = |name: &str| field.options.get(name).and_then(Value::as_str);
    match field.kind.as_str() {
        "component" => key("component").map(|key| (Spot::new(Shelf::Components, key), 0)).into_iter().collect(),
        "component_picker" => {
            let keys = field.options.get("components").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            keys.iter().filter_map(Value::as_str).map(|key| (Spot::new(Shelf::Components, key), keys.len())).collect()
        }
        "reference" => {
            let to = field.options.get("to").cloned().unwrap_or_default();
            let collection = to["collection"].as_str().map(|key| Spot::new(Shelf::Collections, key));
            let page = to["page_type"].as_str().filter(|key| *key != "*").map(|key| Spot::new(Shelf::PageTypes, key));
            collection.or(page).map(|spot| (spot, 0)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

impl Definition {
    /// Adds an empty group and returns where it is. Without a key, one is made of the name.
    ///
    /// # Errors
    /// A sentence when the key cannot be one or is taken.
    pub fn add_group(&mut self, shelf: Shelf, name: &str, key: &str) -> Result<Spot, String> {
        let name = name.trim();
        let made = match shelf {
            Shelf::PageTypes | Shelf::SinglePages => key_of(name).replace('_', "-"),
            Shelf::Collections | Shelf::Components => key_of(name),
        };
        let key = if key.trim().is_empty() { made } else { key.trim().to_owned() };
        if key.is_empty() {
            return Err(format!("a {} needs a name with letters or digits", shelf.noun()));
        }
        check_key(&key)?;
        let spot = Spot::new(shelf, key);
        if self.group(&spot).is_some() {
            return Err(format!("there is a {} `{}` already", shelf.noun(), spot.key));
        }
        let group = GroupDefinition { key: spot.key.clone(), name: name.into(), ..GroupDefinition::default() };
        self.shelf_mut(shelf).push(group);
        Ok(spot)
    }

    /// Gives a group other texts or another key, which everything that refers to it follows.
    ///
    /// # Errors
    /// A sentence when the key cannot be one or is taken.
    pub fn change_group(&mut self, spot: &Spot, change: GroupTexts) -> Result<Spot, String> {
        check_key(&change.key)?;
        let new = Spot::new(spot.shelf, &change.key);
        if new != *spot && self.group(&new).is_some() {
            return Err(format!("there is a {} `{}` already", spot.shelf.noun(), new.key));
        }
        let group = self.group_mut(spot)?;
        let GroupTexts { key, name, help, label } = change;
        (group.key, group.name, group.help, group.label) = (key, name, help, label);
        if new != *spot {
            self.follow(spot, &new.key);
        }
        Ok(new)
    }

    /// Everything that refers to a group, under its new key.
    fn follow(&mut self, old: &Spot, new: &str) {
        for shelf in Shelf::ALL {
            for group in self.shelf_mut(shelf) {
                group.fields.iter_mut().for_each(|field| follow(field, old, new));
            }
        }
    }

    /// Moves a group up (-1) or down (1) on its shelf.
    ///
    /// # Errors
    /// A sentence when it is gone.
    pub fn move_group(&mut self, spot: &Spot, by: isize) -> Result<(), String> {
        self.group_mut(spot)?;
        let shelf = self.shelf_mut(spot.shelf);
        if let Some(at) = shelf.iter().position(|group| group.key == spot.key)
            && let Some(to) = at.checked_add_signed(by).filter(|to| *to < shelf.len())
        {
            let group = shelf.remove(at);
            shelf.insert(to, group);
        }
        Ok(())
    }

    /// Takes a group out. Pickers that offer it among others offer the others.
    ///
    /// # Errors
    /// A sentence that names the fields that cannot be without it.
    pub fn remove_group(&mut self, spot: &Spot) -> Result<(), String> {
        self.group_mut(spot)?;
        let needs = uses(self, spot).into_iter().filter(|used| used.among < 2 && used.spot != *spot);
        let needs: Vec<String> = needs.map(|used| format!("`{}` of {}", used.field, used.name)).collect();
        if !needs.is_empty() {
            let (noun, key) = (spot.shelf.noun(), &spot.key);
            return Err(format!("{noun} `{key}` is needed by {}: remove or change that first", needs.join(", ")));
        }
        self.shelf_mut(spot.shelf).retain(|group| group.key != spot.key);
        for shelf in Shelf::ALL {
            for field in self.shelf_mut(shelf).iter_mut().flat_map(|group| &mut group.fields) {
                if let Some(keys) = field.options.get_mut("components").and_then(Value::as_array_mut) {
                    keys.retain(|key| spot.shelf != Shelf::Components || *key != json!(spot.key));
                }
            }
        }
        Ok(())
    }
}

/// What a person says of a group, beside its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupTexts {
    /// Its name in the API.
    pub key: String,
    /// What people read.
    pub name: String,
    /// Said to editors.
    pub help: String,
    /// The field that names an item (collections only).
    pub label: Option<String>,
}

fn follow(field: &mut Field, old: &Spot, new: &str) {
    let rename = |value: &mut Value| {
        if *value == json!(old.key) {
            *value = json!(new);
        }
    };
    match (field.kind.as_str(), old.shelf) {
        ("component", Shelf::Components) => field.options.get_mut("component").map(rename),
        ("component_picker", Shelf::Components) => {
            let keys = field.options.get_mut("components").and_then(Value::as_array_mut);
            keys.map(|keys| keys.iter_mut().for_each(rename))
        }
        ("reference", Shelf::Collections) => {
            field.options.get_mut("to").and_then(|to| to.get_mut("collection")).map(rename)
        }
        ("reference", Shelf::PageTypes) => {
            field.options.get_mut("to").and_then(|to| to.get_mut("page_type")).map(rename)
        }
        ("repeater", _) => {
            let mut inner = super::fields::inner(field);
            inner.iter_mut().for_each(|field| follow(field, old, new));
            super::fields::put_inner(field, &inner);
            None
        }
        _ => None,
    };
}
