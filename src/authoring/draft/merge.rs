//! The rule of three: what was seen, what is there, and what is wanted.
//!
//! A change is made unless somebody else has changed the same place since it was seen, to something else
//! than is wanted. Then it is a conflict, and nothing of it is stored. What one person changes while another
//! changes other places is merged without a question.

use serde::Serialize;
use serde_json::{Value, json};

use super::base::Base;
use super::form::{Form, Hop, Lost, Slot, get, get_mut};
use super::input::{GONE, Reader};
use super::list::{List, is_id};
use super::op::Op;
use super::path::{Path, SLUG, Step, TITLE, element_of, order_of, overlap};
use super::shown::{Filled, element_input, filled, input, words};
use crate::content::entry::Revision;
use crate::content::moment::Moment;
use crate::store::{Error, Read};

/// A change that was not made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Conflict {
    pub(super) path: String,
    /// What is there, as the control holds it; for what was moved, the element it stands behind.
    pub(super) theirs: Value,
    /// The same in words.
    pub(super) theirs_text: String,
    /// Who saved it.
    pub(super) by: String,
    /// When.
    pub(super) at: Moment,
    pub(super) what: What,
}

/// What somebody else has changed since it was seen, for a form that still shows something older.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct News {
    pub(super) path: String,
    #[serde(flatten)]
    pub(super) what: Told,
    pub(super) by: String,
    pub(super) at: Moment,
}

/// What stands there now.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Told {
    /// A value, as its control holds it and in words.
    Value { value: Value, text: String },
    /// A list: its elements in order.
    Order { order: Value },
}

/// What the other person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    Changed,
    Removed,
    Moved,
}

/// Changes being made to a sheet.
pub(super) struct Merge<'a> {
    pub(super) form: Form<'a>,
    pub(super) read: &'a Read<'a>,
    pub(super) base: Base,
    /// The sheet that is there, and its revision.
    pub(super) newest: Value,
    pub(super) revision: Option<&'a Revision>,
    /// The sheet with the changes made so far.
    pub(super) sheet: Value,
    pub(super) reader: Reader<'a>,
    pub(super) conflicts: Vec<Conflict>,
    /// The paths of what was changed.
    pub(super) changed: Vec<String>,
}

/// A list in the sheet.
struct Found<'m> {
    list: List<'m>,
    hops: Vec<Hop>,
    slot: Slot<'m>,
}

impl<'a> Merge<'a> {
    /// Makes one change, or notes why not.
    pub(super) fn apply(&mut self, op: &Op) -> Result<(), Error> {
        match op {
            Op::Set { path, value } => self.set(path, value),
            Op::Insert { list, after, id, component, value } => {
                self.insert(list, after.as_deref(), id, component.as_deref(), value)
            }
            Op::Move { list, id, after } => self.shift(list, id, after.as_deref()),
            Op::Remove { list, id } => self.remove(list, id),
        }
    }

    /// Whether this very value was changed.
    pub(super) fn has_changed(&self, path: &str) -> bool {
        self.changed.iter().any(|changed| changed == path)
    }

    fn set(&mut self, path: &str, value: &Value) -> Result<(), Error> {
        let Some(parsed) = Path::parse(path) else {
            self.reader.refuse(path, GONE);
            return Ok(());
        };
        let place = match self.form.locate(&self.sheet, &parsed) {
            Ok(place) => place,
            Err(Lost::Field) => {
                self.reader.refuse(path, GONE);
                return Ok(());
            }
            Err(Lost::Element) => {
                self.lost(&parsed);
                return Ok(());
            }
        };
        let old = get(&self.sheet, &place.hops).clone();
        let Some(wanted) = self.reader.value(place.slot, value, &old, path) else { return Ok(()) };
        if let Ok(there) = self.form.locate(&self.newest, &parsed) {
            let now = get(&self.newest, &there.hops);
            let form = self.form;
            let then = |sheet: &Value| Some(get(sheet, &form.locate(sheet, &parsed).ok()?.hops).clone());
            if !same(now, &wanted) && !self.base.is_unchanged(path, now, then) {
                let theirs = input(place.slot, now, form.model);
                let text = words(self.read, place.slot, now)?;
                self.conflict(path, theirs, text, What::Changed);
                return Ok(());
            }
        }
        if old != wanted {
            self.put(&place.hops, wanted, path);
        }
        Ok(())
    }

    /// Stores a value without asking.
    pub(super) fn put(&mut self, hops: &[Hop], value: Value, path: &str) {
        if let Some(place) = get_mut(&mut self.sheet, hops) {
            *place = value;
            self.changed.push(path.to_owned());
        }
    }

    fn insert(
        &mut self,
        path: &str,
        after: Option<&str>,
        id: &str,
        component: Option<&str>,
        value: &Value,
    ) -> Result<(), Error> {
        let Some(found) = self.list(path) else { return Ok(()) };
        let inside = element_of(path, id);
        if found.list.position(self.elements(&found), id).is_some() {
            // It was sent before, from this device or a copy of it: what it holds is compared field by field.
            return self.set_members(&inside, value);
        }
        if !is_id(id) {
            self.reader.refuse(inside, "This element has no valid name.");
            return Ok(());
        }
        let Some(mut element) = self.reader.element(found.list, component, value, &inside) else { return Ok(()) };
        if let Some(members) = element.as_object_mut() {
            members.insert(found.list.member().into(), id.into());
        }
        let position = self.behind(&found, path, after);
        self.change_elements(&found, |elements| elements.insert(position.min(elements.len()), element));
        self.changed.push(inside);
        Ok(())
    }

    fn set_members(&mut self, path: &str, value: &Value) -> Result<(), Error> {
        for (key, value) in value.as_object().into_iter().flatten() {
            self.set(&format!("{path}.{key}"), value)?;
        }
        Ok(())
    }

    /// Moves an element within its list.
    fn shift(&mut self, path: &str, id: &str, after: Option<&str>) -> Result<(), Error> {
        let Some(found) = self.list(path) else { return Ok(()) };
        let Some(position) = found.list.position(self.elements(&found), id) else {
            self.conflict(&element_of(path, id), Value::Null, String::new(), What::Removed);
            return Ok(());
        };
        if self.was_moved_otherwise(path, id, after) {
            let order = self.order_in(&self.newest, path).unwrap_or_default();
            let position = order.iter().position(|other| other == id).unwrap_or_default();
            let behind = position.checked_sub(1).and_then(|before| order.get(before));
            self.conflict(&element_of(path, id), json!(behind), String::new(), What::Moved);
            return Ok(());
        }
        if after == Some(id) {
            return Ok(());
        }
        let target = self.behind(&found, path, after);
        // What stands behind the element moves up when it is taken out.
        let target = if target > position { target - 1 } else { target };
        if target != position {
            self.change_elements(&found, |elements| {
                let element = elements.remove(position);
                elements.insert(target.min(elements.len()), element);
            });
            self.changed.push(order_of(path));
        }
        Ok(())
    }

    fn remove(&mut self, path: &str, id: &str) -> Result<(), Error> {
        let Some(found) = self.list(path) else { return Ok(()) };
        let Some(position) = found.list.position(self.elements(&found), id) else { return Ok(()) };
        let inside = element_of(path, id);
        if let Some((now, at)) = self.element_in(&self.newest, path, id) {
            let now = now.clone();
            let then =
                |sheet: &Value| self.element_in(sheet, path, id).map(|(element, _)| unnamed(element, found.list));
            if !self.base.is_unchanged(&inside, &unnamed(&now, found.list), then) {
                let theirs = element_input(found.list, &now, at, self.form.model).unwrap_or_default();
                let text = words(self.read, found.slot, &json!([now]))?;
                self.conflict(&inside, theirs, text, What::Changed);
                return Ok(());
            }
        }
        self.change_elements(&found, |elements| drop(elements.remove(position)));
        self.changed.push(inside);
        Ok(())
    }

    /// The list at a path; refuses the path when it is none.
    fn list(&mut self, path: &str) -> Option<Found<'a>> {
        let parsed = Path::parse(path)?;
        match self.form.locate(&self.sheet, &parsed) {
            Ok(place) => {
                if let Slot::Field(field) = place.slot
                    && let Some(list) = List::of(field)
                {
                    return Some(Found { list, hops: place.hops, slot: place.slot });
                }
                self.reader.refuse(path, GONE);
            }
            Err(Lost::Field) => self.reader.refuse(path, GONE),
            Err(Lost::Element) => self.lost(&parsed),
        }
        None
    }

    fn elements(&self, found: &Found<'_>) -> &[Value] {
        elements_at(&self.sheet, &found.hops)
    }

    /// The elements of a list that is about to change: from now on each has a name.
    fn change_elements(&mut self, found: &Found<'_>, change: impl FnOnce(&mut Vec<Value>)) {
        let Some(place) = get_mut(&mut self.sheet, &found.hops) else { return };
        if !place.is_array() {
            *place = json!([]);
        }
        if let Value::Array(elements) = place {
            found.list.name_all(elements);
            change(elements);
        }
    }

    /// The element in a sheet, with its position.
    fn element_in<'s>(&self, sheet: &'s Value, path: &str, id: &str) -> Option<(&'s Value, usize)> {
        let place = self.form.locate(sheet, &Path::parse(path)?).ok()?;
        let Slot::Field(field) = place.slot else { return None };
        let elements = elements_at(sheet, &place.hops);
        let position = List::of(field)?.position(elements, id)?;
        Some((&elements[position], position))
    }

    /// The names of a list's elements in a sheet.
    fn order_in(&self, sheet: &Value, path: &str) -> Option<Vec<String>> {
        let place = self.form.locate(sheet, &Path::parse(path)?).ok()?;
        let Slot::Field(field) = place.slot else { return None };
        Some(List::of(field)?.order(elements_at(sheet, &place.hops)))
    }

    /// Where something goes that shall stand behind `after`. When that is gone: behind what stood before it.
    fn behind(&self, found: &Found<'_>, path: &str, after: Option<&str>) -> usize {
        let Some(after) = after else { return 0 };
        let elements = self.elements(found);
        if let Some(position) = found.list.position(elements, after) {
            return position + 1;
        }
        let seen = match &self.base {
            Base::Earlier { sheet, .. } => self.order_in(sheet, path).unwrap_or_default(),
            Base::Newest | Base::Unknown => Vec::new(),
        };
        let Some(stood) = seen.iter().position(|id| id == after) else { return elements.len() };
        let before = seen[..stood].iter().rev().find_map(|id| found.list.position(elements, id));
        before.map_or(0, |position| position + 1)
    }

    /// Whether somebody else has put the list into an order that the move would undo.
    fn was_moved_otherwise(&self, path: &str, id: &str, after: Option<&str>) -> bool {
        let Some(now) = self.order_in(&self.newest, path) else { return false };
        let Some(position) = now.iter().position(|other| other == id) else { return false };
        let there = position.checked_sub(1).and_then(|before| now.get(before)).map(String::as_str) == after;
        let kept = |order: &[String], others: &[String]| -> Vec<String> {
            order.iter().filter(|id| others.contains(id)).cloned().collect()
        };
        match &self.base {
            Base::Newest => false,
            Base::Unknown => !there,
            Base::Earlier { sheet, changed } => {
                let then = self.order_in(sheet, path).unwrap_or_default();
                let moved = changed.contains(&order_of(path)) || kept(&then, &now) != kept(&now, &then);
                moved && !there
            }
        }
    }

    /// Notes that an element on the way to `path` has been removed: the outermost of them.
    fn lost(&mut self, path: &Path) {
        let mut outer = Path { steps: Vec::new() };
        for step in &path.steps {
            outer.steps.push(step.clone());
            let gone = step.element.is_some() && {
                let mut inside = outer.clone();
                inside.steps.push(Step { key: String::new(), element: None });
                matches!(self.form.locate(&self.sheet, &inside), Err(Lost::Element))
            };
            if gone {
                break;
            }
        }
        self.conflict(&outer.to_string(), Value::Null, String::new(), What::Removed);
    }

    fn last_saved(&self) -> (String, Moment) {
        self.revision.map_or((String::new(), Moment::from_micros(0)), |revision| (revision.by.clone(), revision.at))
    }

    fn conflict(&mut self, path: &str, theirs: Value, theirs_text: String, what: What) {
        let (by, at) = self.last_saved();
        self.conflicts.retain(|conflict| conflict.path != path);
        self.conflicts.push(Conflict { path: path.to_owned(), theirs, theirs_text, by, at, what });
    }

    /// What others have changed since the base, for forms that still show what was there: every place that
    /// this save did not meet itself.
    pub(super) fn news(&self) -> Result<Vec<News>, Error> {
        let (then, changed) = match &self.base {
            Base::Newest => return Ok(Vec::new()),
            Base::Unknown => (Filled::default(), &[][..]),
            Base::Earlier { sheet, changed } => (filled(self.form, sheet), changed.as_slice()),
        };
        let met = |path: &str| {
            self.conflicts.iter().any(|conflict| conflict.path == path) || self.changed.iter().any(|own| own == path)
        };
        let touched = |path: &str| changed.iter().any(|other| overlap(path, other.trim_end_matches('#')));
        let (by, at) = self.last_saved();
        let now = filled(self.form, &self.newest);
        let mut news = Vec::new();
        for (path, order) in now.lists {
            if then.lists.get(&path) != Some(&order) || touched(&path) {
                news.push(News { path, what: Told::Order { order }, by: by.clone(), at });
            }
        }
        for (path, value) in now.values {
            if met(&path) || (then.values.get(&path) == Some(&value) && !touched(&path)) {
                continue;
            }
            let place = Path::parse(&path).and_then(|parsed| self.form.locate(&self.newest, &parsed).ok());
            let Some(place) = place else { continue };
            let text = words(self.read, place.slot, get(&self.newest, &place.hops))?;
            news.push(News { path, what: Told::Value { value, text }, by: by.clone(), at });
        }
        Ok(news)
    }

    /// Makes the slug from the title, `free` finding one that nobody has.
    pub(super) fn follow_title(&mut self, free: impl FnOnce(&str) -> Result<String, Error>) -> Result<(), Error> {
        if self.has_changed(TITLE) && !self.has_changed(SLUG) {
            let slug = free(self.sheet[TITLE].as_str().unwrap_or_default())?;
            if self.sheet[SLUG].as_str() != Some(&slug) {
                self.put(&[Hop::Member(SLUG.into())], slug.into(), SLUG);
            }
        }
        Ok(())
    }
}

fn elements_at<'v>(sheet: &'v Value, hops: &[Hop]) -> &'v [Value] {
    get(sheet, hops).as_array().map_or(&[], Vec::as_slice)
}

/// An element without its name: written into the list or not, it is the same element.
fn unnamed(element: &Value, list: List<'_>) -> Value {
    let mut element = element.clone();
    if let Some(members) = element.as_object_mut() {
        members.shift_remove(list.member());
    }
    element
}

/// Whether two stored values say the same: nothing is stored in several ways.
fn same(one: &Value, other: &Value) -> bool {
    let blank = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    one == other || (blank(one) && blank(other))
}
