//! Lists of components and repeated groups: what their elements are called, and where they stand.
//!
//! Elements that a person moved or added carry a name in what is stored, so that paths to them hold
//! wherever they go. Those that came from programs have none and are called by their position, `at0`,
//! until somebody changes the list: then these become their names.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value;

use crate::content::field::component_picker::ComponentPicker;
use crate::content::field::repeater::Repeater;
use crate::content::field::{Field, FieldType};

/// A field that holds a list of elements.
#[derive(Clone, Copy)]
pub(super) enum List<'m> {
    Repeater(&'m Repeater),
    Picker(&'m ComponentPicker),
}

impl<'m> List<'m> {
    pub(super) fn of(field: &'m Field) -> Option<Self> {
        match &field.kind {
            FieldType::Repeater(repeater) => Some(Self::Repeater(repeater)),
            FieldType::ComponentPicker(picker) => Some(Self::Picker(picker)),
            _ => None,
        }
    }

    /// The member of a stored element that holds its name. Fields are stored under numbers, so that it is
    /// none of them.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Repeater(_) => "_id",
            Self::Picker(_) => "id",
        }
    }

    /// What an element is called.
    pub(super) fn id(self, element: &Value, position: usize) -> Cow<'_, str> {
        match element[self.member()].as_str() {
            Some(id) => Cow::Owned(id.to_owned()),
            None => Cow::Owned(format!("at{position}")),
        }
    }

    /// Where the element with this name stands.
    pub(super) fn position(self, elements: &[Value], id: &str) -> Option<usize> {
        // From the back: what is added goes behind what was added before.
        let named = elements.iter().rposition(|element| element[self.member()].as_str() == Some(id));
        named.or_else(|| {
            let position: usize = id.strip_prefix("at")?.parse().ok()?;
            let element = elements.get(position)?;
            element[self.member()].is_null().then_some(position)
        })
    }

    /// What all elements are called, in order.
    pub(super) fn order(self, elements: &[Value]) -> Vec<String> {
        elements.iter().enumerate().map(|(position, element)| self.id(element, position).into_owned()).collect()
    }

    /// Writes its name into every element, no name twice.
    pub(super) fn name_all(self, elements: &mut [Value]) {
        let mut taken = HashSet::new();
        for (position, element) in elements.iter_mut().enumerate() {
            let mut id = self.id(element, position).into_owned();
            let mut number = position;
            while !taken.insert(id.clone()) {
                number += 1;
                id = format!("at{number}");
            }
            if let Some(members) = element.as_object_mut() {
                members.insert(self.member().into(), id.into());
            }
        }
    }
}

/// Whether a name may be given to a new element. Places are names too: an element that was called by its place
/// until it was removed comes back under that name.
pub(super) fn is_id(id: &str) -> bool {
    let is_place = || id.strip_prefix("at").is_some_and(|place| place.parse::<u32>().is_ok());
    (4..=16).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        || is_place()
}
