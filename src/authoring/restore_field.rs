//! Bringing one field of an earlier revision back into the newest one.

use serde_json::{Map, Value};

use super::acting::Acted;
use super::restore::own_revision;
use super::saving::{add, check_slug, set_draft};
use super::{Aim, Authoring, Error, Signature};
use crate::content::comparison::{Pair, align};
use crate::content::definition::BLOG;
use crate::content::entry::{Origin, Revision, RevisionId};
use crate::content::field::{Field, FieldType, list_elements};
use crate::content::schema::{Model, Schema, in_use};

/// What of a field goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What it holds.
    Value,
    /// Of an element of a list: where it stands among the others.
    Place,
}

impl Authoring {
    /// Makes a draft of the newest revision with one field as an earlier revision has it. `path` is the
    /// field's address in the editor, as the earlier revision spells it; that of an element of a list brings
    /// the element back, or takes out one that was not there; with [`Part::Place`] it only goes back to where
    /// it stood, behind the nearest element before it that is still there.
    ///
    /// # Errors
    /// `Changed`; `NotFound` when the entry has no such revision; `Refused` when the field is not there any
    /// more; `Invalid` when an address is another entry's by now.
    pub fn restore_field(
        &self,
        aim: Aim,
        revision: RevisionId,
        path: String,
        part: Part,
        signature: Signature,
    ) -> Result<Acted, Error> {
        self.aimed(aim, signature, move |write, entry, variant, signature| {
            let old = own_revision(write, variant, revision)?;
            let newest = variant.draft.or(variant.live).ok_or(Error::NotFound("version"))?;
            let newest = write.revision(newest)?.ok_or(Error::NotFound("version"))?;
            let model = write.model().clone();
            let schema = model.schema(entry.schema).ok_or(Error::NotFound("content type"))?;
            let mut made = Revision {
                id: RevisionId(0),
                at: signature.at,
                by: signature.by.clone(),
                why: format!("restored {path} from {}", old.id.0),
                kind: Origin::Restored,
                named: None,
                ..newest
            };
            restore(&model, schema, &old, &mut made, (&path, part))?;
            if let Some(slug) =
                made.slug.as_deref().filter(|slug| path == "@slug" && entry.slug.as_deref() != Some(slug))
            {
                check_slug(write, schema, Some(entry), slug).map_err(|problem| Error::Invalid(vec![problem]))?;
            }
            let made = add(write, made)?;
            set_draft(write, entry, variant, &made)?;
            Ok(None)
        })
    }
}

fn restore(
    model: &Model,
    schema: &Schema,
    old: &Revision,
    new: &mut Revision,
    (path, part): (&str, Part),
) -> Result<(), Error> {
    match path {
        "@title" => {
            new.name.clone_from(&old.name);
            if schema.id == BLOG {
                new.fields["title"] = old.name.clone().into();
            }
        }
        "@slug" => new.slug.clone_from(&old.slug),
        path if schema.id == BLOG => {
            let known =
                ["body", "summary", "seo_title", "meta_description", "featured_image", "author", "categories", "tags"];
            if !known.contains(&path) {
                return Err(gone());
            }
            new.fields[path] = old.fields[path].clone();
        }
        path => {
            let steps = Step::read(path).ok_or_else(gone)?;
            in_group(&schema.fields, &old.fields, &mut new.fields, &steps, &Wish { model, part })?;
        }
    }
    Ok(())
}

fn gone() -> Error {
    Error::Refused(
        "This part is not in the page any more, so it cannot be restored by itself. Restore the part around it, or the \
         whole version."
            .into(),
    )
}

/// A step of a path: a field's key, or an element's id.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Id(String),
}

impl Step {
    /// Reads `body[k3f9].headline`.
    fn read(path: &str) -> Option<Vec<Self>> {
        let mut steps = Vec::new();
        for part in path.split('.') {
            let (key, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
            steps.push(Self::Key(key.into()));
            while !rest.is_empty() {
                let (id, after) = rest.strip_prefix('[')?.split_once(']')?;
                steps.push(Self::Id(id.into()));
                rest = after;
            }
        }
        Some(steps)
    }
}

/// What is to be done at the end of a path.
struct Wish<'a> {
    model: &'a Model,
    part: Part,
}

fn in_group(fields: &[Field], old: &Value, new: &mut Value, steps: &[Step], wish: &Wish<'_>) -> Result<(), Error> {
    let Some((Step::Key(key), rest)) = steps.split_first() else { return Err(gone()) };
    let field = in_use(fields).find(|field| field.key == *key).ok_or_else(gone)?;
    if !new.is_object() {
        *new = Value::Object(Map::new());
    }
    let before = field.stored(old);
    let place = &mut new[field.id.storage_key()];
    match (rest, &field.kind) {
        ([], _) => {
            *place = before.clone();
            Ok(())
        }
        ([Step::Key(_), ..], FieldType::Component(kind)) => {
            let component = wish.model.component(kind.component).ok_or_else(gone)?;
            in_group(&component.fields, before, place, rest, wish)
        }
        ([Step::Id(id), rest @ ..], _) => in_list(field, before, place, (id, rest), wish),
        _ => Err(gone()),
    }
}

/// The members of an element: those of a picked component stand below `fields`.
fn members_of<'v>(field: &Field, element: &'v mut Value) -> &'v mut Value {
    if matches!(field.kind, FieldType::ComponentPicker(_)) { &mut element["fields"] } else { element }
}

fn in_list(
    field: &Field,
    before: &Value,
    place: &mut Value,
    (id, rest): (&str, &[Step]),
    wish: &Wish<'_>,
) -> Result<(), Error> {
    let after = place.clone();
    let old = list_elements(&field.kind, before, wish.model).ok_or_else(gone)?;
    let new = list_elements(&field.kind, &after, wish.model).ok_or_else(gone)?;
    let stands_at = |element: &Value| after.as_array().into_iter().flatten().position(|one| std::ptr::eq(one, element));
    let Some(from) = old.iter().position(|element| element.id == id) else {
        // It was not there: restoring is taking it out.
        let added = new.iter().find(|element| element.id == id).ok_or_else(gone)?;
        let (Some(at), []) = (stands_at(added.stored), rest) else { return Err(gone()) };
        if let Value::Array(elements) = place {
            elements.remove(at);
        }
        return Ok(());
    };
    let pairs = align(&old, &new);
    let now_at = |earlier: usize| {
        let partner = pairs.iter().find_map(|pair| match pair {
            Pair::Both { old, new, .. } if *old == earlier => Some(*new),
            _ => None,
        });
        partner.and_then(|partner| stands_at(new[partner].stored))
    };
    match (now_at(from), rest) {
        (Some(at), []) if wish.part == Part::Place => move_behind(place, at, (0..from).rev().find_map(now_at)),
        (Some(at), []) => place[at] = old[from].stored.clone(),
        (Some(at), rest) => {
            return in_group(old[from].fields, old[from].members, members_of(field, &mut place[at]), rest, wish);
        }
        (None, []) if wish.part == Part::Value => {
            let mut elements = after.as_array().cloned().unwrap_or_default();
            elements.insert(from.min(elements.len()), old[from].stored.clone());
            *place = Value::Array(elements);
        }
        (None, _) => return Err(gone()),
    }
    Ok(())
}

/// Moves an element behind another, or to the beginning.
fn move_behind(list: &mut Value, from: usize, before: Option<usize>) {
    let Value::Array(elements) = list else { return };
    let element = elements.remove(from);
    let to = before.map_or(0, |before| if before < from { before + 1 } else { before });
    elements.insert(to, element);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Step, move_behind};

    #[test]
    fn an_element_goes_behind_another() {
        let moved = |from, before| {
            let mut list = json!(["a", "b", "c", "d"]);
            move_behind(&mut list, from, before);
            list.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect::<String>()
        };
        assert_eq!(
            [moved(3, Some(0)), moved(0, Some(2)), moved(2, None), moved(1, Some(0))],
            ["adbc", "bcad", "cabd", "abcd"]
        );
    }

    #[test]
    fn paths_are_read_in_steps() {
        let key = |text: &str| Step::Key(text.into());
        let id = |text: &str| Step::Id(text.into());
        assert_eq!(
            Step::read("body[k3].links[q1].url"),
            Some(vec![key("body"), id("k3"), key("links"), id("q1"), key("url")])
        );
        assert_eq!(Step::read("a]b["), None);
    }
}
