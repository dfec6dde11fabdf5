//! What can be filled in, and where it is stored: an entry's values as one sheet of JSON.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::list::List;
use super::path::{Path, SLUG, TITLE};
use crate::content::definition::BLOG;
use crate::content::entry::Revision;
use crate::content::field::html::Html;
use crate::content::field::long_text::LongText;
use crate::content::field::media::Media;
use crate::content::field::short_text::ShortText;
use crate::content::field::{Field, FieldId, FieldType, Width, picked};
use crate::content::post::{Filing, Post};
use crate::content::schema::{Model, Schema, in_use};

/// The fields of a post that are like those of any page, by the name they are stored under.
static POST_FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let field = |key: &str, name: &str, kind| Field {
        id: FieldId(0),
        key: key.into(),
        name: name.into(),
        help: String::new(),
        required: false,
        unique: false,
        default: None,
        width: Width::Full,
        only: None,
        show_if: None,
        aliases: Vec::new(),
        kind,
        dropped: None,
    };
    vec![
        field("body", "Body", FieldType::Html(Html::default())),
        field("summary", "Summary", FieldType::LongText(LongText::default())),
        field("seo_title", "Title for search engines", FieldType::ShortText(ShortText::default())),
        field("meta_description", "Description for search engines", FieldType::LongText(LongText::default())),
        field("featured_image", "Featured image", FieldType::Media(Media::default())),
    ]
});

/// The fields of a post that are like those of any page: body, summary, picture and what search engines show.
pub fn post_fields() -> &'static [Field] {
    &POST_FIELDS
}

/// The form of the entries of a schema.
#[derive(Clone, Copy)]
pub(super) struct Form<'m> {
    pub(super) model: &'m Model,
    pub(super) schema: &'m Schema,
}

/// What stands at a path.
#[derive(Clone, Copy)]
pub(super) enum Slot<'m> {
    /// The page's name or the post's title.
    Title,
    /// The URL name.
    Slug,
    /// A field of the model, or one of a post that is like it.
    Field(&'m Field),
    /// Who wrote a post.
    Author,
    /// What a post is filed under.
    Terms(Filing),
}

/// One step into stored JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hop {
    Member(String),
    Index(usize),
}

/// Where a path leads.
pub(super) struct Place<'m> {
    pub(super) slot: Slot<'m>,
    pub(super) hops: Vec<Hop>,
}

/// Why a path leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// The form has no such field.
    Field,
    /// The list has no such element.
    Element,
}

impl<'m> Form<'m> {
    /// The form of a schema's entries.
    pub(super) fn of(model: &'m Model, schema: &'m Schema) -> Self {
        Self { model, schema }
    }

    pub(super) fn is_post(self) -> bool {
        self.schema.id == BLOG
    }

    /// Whether entries have a title and a slug.
    pub(super) fn is_named(self) -> bool {
        self.is_post() || self.schema.kind.is_page()
    }

    /// The fields that are stored by id, or those of a post.
    pub(super) fn fields(self) -> &'m [Field] {
        if self.is_post() { &POST_FIELDS } else { &self.schema.fields }
    }

    /// The name under which a field at the top is stored.
    pub(super) fn storage_key(self, field: &Field) -> String {
        if self.is_post() { field.key.clone() } else { field.id.storage_key() }
    }

    /// The slots at the top beside the fields.
    pub(super) fn fixed(self, key: &str) -> Option<Slot<'m>> {
        match key {
            TITLE if self.is_named() => Some(Slot::Title),
            SLUG if self.is_named() => Some(Slot::Slug),
            "author" if self.is_post() => Some(Slot::Author),
            "categories" if self.is_post() => Some(Slot::Terms(Filing::Category)),
            "tags" if self.is_post() => Some(Slot::Terms(Filing::Tag)),
            _ => None,
        }
    }

    /// Finds the value at a path.
    pub(super) fn locate(self, sheet: &Value, path: &Path) -> Result<Place<'m>, Lost> {
        let mut fields = self.fields();
        let mut hops = Vec::new();
        let count = path.steps.len();
        for (depth, step) in path.steps.iter().enumerate() {
            let last = depth + 1 == count;
            if depth == 0
                && let Some(slot) = self.fixed(&step.key)
            {
                let whole = last && step.element.is_none();
                let hops = vec![Hop::Member(step.key.clone())];
                return if whole { Ok(Place { slot, hops }) } else { Err(Lost::Field) };
            }
            let field = in_use(fields).find(|field| field.key == step.key).ok_or(Lost::Field)?;
            hops.push(Hop::Member(if depth == 0 { self.storage_key(field) } else { field.id.storage_key() }));
            match (&step.element, last) {
                (None, true) => return Ok(Place { slot: Slot::Field(field), hops }),
                (None, false) => fields = self.inside(field).ok_or(Lost::Field)?,
                (Some(_), true) => return Err(Lost::Field),
                (Some(id), false) => fields = self.element(field, id, sheet, &mut hops)?,
            }
        }
        Err(Lost::Field)
    }

    /// The fields of the one component that a field holds.
    fn inside(self, field: &Field) -> Option<&'m [Field]> {
        match &field.kind {
            FieldType::Component(kind) => Some(&self.model.component(kind.component)?.fields),
            _ => None,
        }
    }

    /// The fields of an element of a list, whose place is added to `hops`.
    fn element(self, field: &'m Field, id: &str, sheet: &Value, hops: &mut Vec<Hop>) -> Result<&'m [Field], Lost> {
        let list = List::of(field).ok_or(Lost::Field)?;
        let elements = get(sheet, hops).as_array().map_or(&[][..], Vec::as_slice);
        let position = list.position(elements, id).ok_or(Lost::Element)?;
        hops.push(Hop::Index(position));
        match list {
            List::Repeater(repeater) => Ok(&repeater.fields),
            List::Picker(_) => {
                hops.push(Hop::Member("fields".into()));
                let component = picked(&elements[position]).and_then(|id| self.model.component(id));
                component.map(|component| component.fields.as_slice()).ok_or(Lost::Field)
            }
        }
    }
}

/// The value at a place, `null` when there is none.
pub(super) fn get<'v>(sheet: &'v Value, hops: &[Hop]) -> &'v Value {
    hops.iter().fold(sheet, |value, hop| match hop {
        Hop::Member(key) => value.get(key).unwrap_or(&Value::Null),
        Hop::Index(position) => value.get(position).unwrap_or(&Value::Null),
    })
}

/// The value at a place, to be changed. Groups on the way that are not there yet are made.
pub(super) fn get_mut<'v>(sheet: &'v mut Value, hops: &[Hop]) -> Option<&'v mut Value> {
    let mut value = sheet;
    for hop in hops {
        value = match hop {
            Hop::Member(key) => {
                if !value.is_object() {
                    *value = Value::Object(Map::new());
                }
                value.as_object_mut()?.entry(key.clone()).or_insert(Value::Null)
            }
            Hop::Index(position) => value.as_array_mut()?.get_mut(*position)?,
        };
    }
    Some(value)
}

/// A revision's values with its title and slug beside them.
pub(super) fn sheet_of(revision: &Revision) -> Value {
    let mut sheet = revision.fields.as_object().cloned().unwrap_or_default();
    sheet.insert(TITLE.into(), revision.name.clone().into());
    sheet.insert(SLUG.into(), revision.slug.clone().map_or(Value::Null, Value::from));
    Value::Object(sheet)
}

/// A sheet taken apart: title, slug, and the values as a revision stores them.
pub(super) fn parts(form: Form<'_>, sheet: &Value) -> (String, Option<String>, Value) {
    let title = sheet[TITLE].as_str().unwrap_or_default().to_owned();
    let slug = sheet[SLUG].as_str().map(str::to_owned);
    let mut fields = sheet.as_object().cloned().unwrap_or_default();
    fields.shift_remove(TITLE);
    fields.shift_remove(SLUG);
    let fields = Value::Object(fields);
    if form.is_post() {
        // The title stands among a post's values too.
        let post = Post { title: title.clone(), ..Post::read(&fields) };
        return (title, slug, post.write());
    }
    (title, slug, fields)
}
