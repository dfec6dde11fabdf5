//! What must hold before something goes live.

use super::Error;
use super::finding::Finder;
use crate::content::entry::{Entry, Revision, View};
use crate::content::field::{Field, Parsing, Problem, Walk, Write as Writing, check_fields, walk_fields};
use crate::content::filter::{Condition, Filter, Order};
use crate::content::index;
use crate::content::schema::{Model, Schema};
use crate::store::{Listing, Read};

/// Said of a page without a name.
pub(super) const NO_TITLE: &str = "You must specify a page title.";

/// Reports everything that keeps a revision from going live.
pub(super) fn check(read: &Read<'_>, schema: &Schema, entry: &Entry, revision: &Revision) -> Result<(), Error> {
    let model = read.model().clone();
    let mut finder = Finder { read, public_url: "" };
    let mut parsing = Parsing::new(&model, &mut finder, Writing::Replace);
    check_fields(&schema.fields, &revision.fields, &mut parsing);
    let mut problems = parsing.problems;
    if schema.kind.is_page() && revision.name.trim().is_empty() {
        problems.push(Problem { path: "title".into(), text: NO_TITLE.into() });
    }
    for field in schema.fields().filter(|field| field.unique) {
        if taken(read, &model, schema, entry, revision, field)? {
            let text = "Another entry has this value, and it must be unique.".into();
            problems.push(Problem { path: field.key.clone(), text });
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Whether another live entry of the same locale has the same value.
fn taken(
    read: &Read<'_>,
    model: &Model,
    schema: &Schema,
    entry: &Entry,
    revision: &Revision,
    field: &Field,
) -> Result<bool, Error> {
    if field.kind.rules().is_empty(field.stored(&revision.fields)) {
        return Ok(false);
    }
    let mut walk = Walk::new(model);
    walk_fields(std::slice::from_ref(field), &revision.fields, &mut walk);
    let any_of = walk.found.keys.into_iter().map(|(path, key)| Condition::Is { path, key }).collect();
    let listed = read.list(&Listing {
        schema: Some(schema.id),
        locale: revision.locale,
        view: View::Live,
        filters: &[Filter { any_of }],
        order: Order { path: index::UPDATED.into(), descending: false },
        offset: 0,
        limit: 2,
    })?;
    Ok(listed.ids.iter().any(|id| *id != entry.id))
}
