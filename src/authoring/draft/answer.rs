//! What an editor is told after a save.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::form::{Form, Hop, get, sheet_of};
use super::list::List;
use super::merge::{Conflict, News};
use super::path::{TITLE, element_of};
use crate::authoring::Error;
use crate::authoring::checking::NO_TITLE;
use crate::authoring::publish::check_live;
use crate::content::entry::{Entry, EntryId, Revision, RevisionId, Variant};
use crate::content::field::{FieldType, picked};
use crate::content::moment::Moment;
use crate::content::schema::in_use;
use crate::store::Read;

/// What would keep an entry from going live: sentences by path.
pub type Problems = BTreeMap<String, Vec<String>>;

/// A save of which everything that could be stored is stored.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Saved {
    pub(super) rev: RevisionId,
    pub(super) id: EntryId,
    pub(super) saved_at: Moment,
    /// `null` for items.
    pub(super) slug: Option<String>,
    pub(super) title: String,
    pub(super) status: &'static str,
    /// What could not be stored, and why.
    pub(super) refused: BTreeMap<String, String>,
    /// What was removed from HTML because it is dangerous.
    pub(super) cleaned: BTreeMap<String, Vec<&'static str>>,
    pub(super) problems: Problems,
    /// What others have changed since the base, where this save changed nothing: a form that goes on with
    /// the new `rev` must show it, or the next save would undo it unseen.
    pub(super) theirs: Vec<News>,
}

/// A save of which some was not stored because somebody else had changed the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Conflicted<'a> {
    pub(super) conflicts: &'a [Conflict],
    pub(super) rev: RevisionId,
    pub(super) saved: &'a Saved,
}

/// The word for an entry's state in a locale.
pub fn status(variant: Option<&Variant>) -> &'static str {
    match variant {
        Some(variant) if variant.scheduled.is_some() => "scheduled",
        Some(Variant { live: Some(_), draft: Some(_), .. }) => "changed",
        Some(Variant { live: Some(_), .. }) => "published",
        _ => "draft",
    }
}

/// What keeps a revision from going live.
pub(super) fn problems(read: &Read<'_>, form: Form<'_>, entry: &Entry, revision: &Revision) -> Result<Problems, Error> {
    let found = match check_live(read, entry, revision) {
        Err(Error::Invalid(found)) => found,
        other => return other.map(|()| Problems::new()),
    };
    let sheet = sheet_of(revision);
    let mut problems = Problems::new();
    for problem in found {
        let of_title = problem.text == NO_TITLE || (form.is_post() && problem.path == "title");
        let path = if of_title { TITLE.to_owned() } else { named_path(form, &sheet, &problem.path) };
        problems.entry(path).or_default().push(problem.text);
    }
    Ok(problems)
}

/// A path with positions, `body.2.headline`, as editors spell it: `body[k3f9].headline`.
fn named_path(form: Form<'_>, sheet: &Value, path: &str) -> String {
    let mut steps = path.split('.').peekable();
    let (mut named, mut hops, mut fields) = (String::new(), Vec::new(), form.fields());
    while let Some(step) = steps.next() {
        if !named.is_empty() {
            named.push('.');
        }
        named.push_str(step);
        let Some(field) = in_use(fields).find(|field| field.key == step) else { continue };
        hops.push(Hop::Member(if hops.is_empty() { form.storage_key(field) } else { field.id.storage_key() }));
        if let FieldType::Component(kind) = &field.kind {
            fields = form.model.component(kind.component).map_or(&[], |component| &component.fields);
        }
        let Some(list) = List::of(field) else { continue };
        let Some(position) = steps.next_if(|step| step.parse::<usize>().is_ok()).and_then(|step| step.parse().ok())
        else {
            continue;
        };
        hops.push(Hop::Index(position));
        let element = get(sheet, &hops);
        named = element_of(&named, &list.id(element, position));
        fields = match list {
            List::Repeater(repeater) => &repeater.fields,
            List::Picker(_) => {
                let component = picked(element).and_then(|id| form.model.component(id));
                hops.push(Hop::Member("fields".into()));
                component.map_or(&[], |component| &component.fields)
            }
        };
    }
    named
}
