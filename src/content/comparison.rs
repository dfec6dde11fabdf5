//! What differs between two revisions of an entry, field by field, as people understand it.

mod alignment;
mod post;
mod words;

use serde_json::Value;

use super::entry::Revision;
use super::field::{Above, Element, Field, FieldType, list_elements, visit_fields};
use super::post::Picture;
use super::schema::{Kind, Model, Schema, in_use};

pub use alignment::{Pair, align};
pub use words::{in_words, shown_text};

/// One thing that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its address in the editor, as the older revision spells it; as the newer one does when it is only there.
    pub path: String,
    /// What people call it: `["Body", "Hero 2", "Headline"]`.
    pub labels: Vec<String>,
    /// How it differs.
    pub what: Difference,
}

/// How something differs.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// Plain text, or anything that can be written as such.
    Text {
        /// In the older revision.
        before: String,
        /// In the newer one.
        after: String,
    },
    /// HTML.
    Rich {
        /// In the older revision.
        before: String,
        /// In the newer one.
        after: String,
    },
    /// A picture or file.
    Picture {
        /// In the older revision.
        before: Option<Picture>,
        /// In the newer one.
        after: Option<Picture>,
    },
    /// What is linked to, by id.
    Named {
        /// What the ids are of.
        of: Named,
        /// In the older revision.
        before: Vec<i64>,
        /// In the newer one.
        after: Vec<i64>,
    },
    /// An element of a list that stands elsewhere. Positions count from 1.
    Moved {
        /// In the older revision.
        from: usize,
        /// In the newer one.
        to: usize,
    },
    /// An element of a list that was not there, with its labels and texts.
    Added(Vec<(String, String)>),
    /// An element of a list that is not there any more.
    Removed(Vec<(String, String)>),
}

/// What ids are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// Pages and items.
    Entry,
    /// Authors.
    Author,
    /// Categories.
    Category,
    /// Tags.
    Tag,
}

/// What differs between two revisions of an entry of `schema`, in the order of its form.
pub fn compare(model: &Model, schema: &Schema, old: &Revision, new: &Revision) -> Vec<Change> {
    let mut found = Vec::new();
    if schema.kind != Kind::Collection {
        let title = if schema.kind == Kind::Post { "Title" } else { "Page title" };
        text(&mut found, "@title", title, &old.name, &new.name);
        let slug = |revision: &Revision| revision.slug.clone().unwrap_or_default();
        text(&mut found, "@slug", "Address", &slug(old), &slug(new));
    }
    if schema.kind == Kind::Post {
        post::compare(&mut found, &old.fields, &new.fields);
    } else {
        let mut comparison = Comparison { model, found };
        comparison.groups(&schema.fields, &old.fields, &new.fields, &Above::default());
        found = comparison.found;
    }
    found
}

fn text(found: &mut Vec<Change>, path: &str, label: &str, before: &str, after: &str) {
    if before != after {
        let what = Difference::Text { before: before.into(), after: after.into() };
        found.push(Change { path: path.into(), labels: vec![label.into()], what });
    }
}

struct Comparison<'m> {
    model: &'m Model,
    found: Vec<Change>,
}

impl Comparison<'_> {
    fn groups(&mut self, fields: &[Field], old: &Value, new: &Value, above: &Above) {
        for field in in_use(fields) {
            self.field(field, field.stored(old), field.stored(new), &above.field(field));
        }
    }

    fn field(&mut self, field: &Field, old: &Value, new: &Value, here: &Above) {
        if old == new {
            return;
        }
        let model = self.model;
        if let FieldType::Component(kind) = &field.kind {
            let inner = model.component(kind.component).map_or(&[][..], |component| &component.fields);
            return self.groups(inner, old, new, here);
        }
        match (list_elements(&field.kind, old, model), list_elements(&field.kind, new, model)) {
            (Some(old), Some(new)) => self.lists(field, &old, &new, here),
            _ => {
                if let Some(what) = leaf(field, old, new) {
                    self.push(here, what);
                }
            }
        }
    }

    fn push(&mut self, here: &Above, what: Difference) {
        self.found.push(Change { path: here.path.clone(), labels: here.labels.clone(), what });
    }

    fn lists(&mut self, field: &Field, old: &[Element<'_>], new: &[Element<'_>], above: &Above) {
        for pair in align(old, new) {
            match pair {
                Pair::Both { old: from, new: to, moved } => {
                    // Called by where it stands now, found by what it was called before.
                    let labels = above.element(field, &new[to], to).labels;
                    let here = Above { labels, ..above.element(field, &old[from], from) };
                    if moved {
                        self.push(&here, Difference::Moved { from: from + 1, to: to + 1 });
                    }
                    self.groups(new[to].fields, old[from].members, new[to].members, &here);
                }
                Pair::Old(from) => {
                    let what = Difference::Removed(self.parts(&old[from]));
                    self.push(&above.element(field, &old[from], from), what);
                }
                Pair::New(to) => {
                    let what = Difference::Added(self.parts(&new[to]));
                    self.push(&above.element(field, &new[to], to), what);
                }
            }
        }
    }

    /// Labels and texts of what an element holds.
    fn parts(&self, element: &Element<'_>) -> Vec<(String, String)> {
        let mut parts = Vec::new();
        visit_fields(element.fields, element.members, self.model, &mut |place| {
            let text = shown_text(place.field, place.value);
            if !text.is_empty() {
                parts.push((place.labels.join(", "), text));
            }
        });
        parts
    }
}

/// How the values of a field that holds no other fields differ; `None` when people see no difference.
fn leaf(field: &Field, old: &Value, new: &Value) -> Option<Difference> {
    let rules = field.kind.rules();
    if rules.is_empty(old) && rules.is_empty(new) {
        return None;
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let picture =
        |value: &Value| serde_json::from_value::<Picture>(value.clone()).ok().filter(|picture| !picture.url.is_empty());
    let what = match &field.kind {
        FieldType::Wysiwyg(_) => Difference::Rich { before: text(old), after: text(new) },
        FieldType::Media(_) => Difference::Picture { before: picture(old), after: picture(new) },
        FieldType::Reference(_) => Difference::Named { of: Named::Entry, before: ids(old), after: ids(new) },
        _ => Difference::Text { before: shown_text(field, old), after: shown_text(field, new) },
    };
    match &what {
        Difference::Text { before, after } if before == after => None,
        _ => Some(what),
    }
}

fn ids(value: &Value) -> Vec<i64> {
    let many = value.as_array().into_iter().flatten().filter_map(Value::as_i64);
    value.as_i64().into_iter().chain(many).collect()
}

#[cfg(test)]
mod tests;
