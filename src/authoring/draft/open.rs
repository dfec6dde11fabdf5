//! What an editor is opened with.

use serde_json::json;

use super::answer::{Problems, problems};
use super::form::{Form, sheet_of};
use super::path::SLUG;
use super::save::blank_sheet;
use super::shown::{Filled, filled};
use crate::authoring::create::new_entry;
use crate::authoring::{Error, Signature};
use crate::content::entry::{Entry, Revision, Variant, View};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::Schema;
use crate::store::Read;

/// The newest values of an entry in a locale.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// How it stands in the locale; `None` when it is not written in it yet.
    pub variant: Option<Variant>,
    /// The newest revision, whose id is the `rev` of saves.
    pub revision: Option<Revision>,
    /// What stands in the form.
    pub filled: Filled,
    /// What would keep it from going live.
    pub problems: Problems,
}

impl Opened {
    /// Opens an entry, deleted or not, as `view` shows it: readers' view has no draft.
    ///
    /// # Errors
    /// `NotFound` when its content type was removed; the database's.
    pub fn read(read: &Read<'_>, entry: &Entry, locale: LocaleId, view: View) -> Result<Self, Error> {
        let model = read.model().clone();
        let schema = model.schema(entry.schema).ok_or(Error::NotFound("content type"))?;
        let form = Form::of(&model, schema);
        let variant = read.variant(entry.id, locale)?;
        let newest = variant.as_ref().and_then(|variant| match view {
            View::Newest => variant.draft.or(variant.live),
            View::Live => variant.live,
        });
        let revision = newest.map_or(Ok(None), |id| read.revision(id))?;
        let mut sheet = match &revision {
            Some(revision) => sheet_of(revision),
            None => blank_sheet(read, form, entry)?,
        };
        if form.is_named() {
            let asked = entry.draft_slug.as_ref().filter(|_| view == View::Newest);
            sheet[SLUG] = json!(asked.or(entry.slug.as_ref()));
        }
        let problems = match &revision {
            Some(revision) => problems(read, entry, revision)?,
            None => Problems::new(),
        };
        Ok(Self { filled: filled(form, &sheet), variant, revision, problems })
    }

    /// What the editor of an entry that is yet to be made is opened with.
    ///
    /// # Errors
    /// The database's.
    pub fn blank(read: &Read<'_>, schema: &Schema) -> Result<Self, Error> {
        let form = Form::of(read.model(), schema);
        let nobody = Signature::at("", Moment::from_micros(0));
        let sheet = blank_sheet(read, form, &new_entry(schema.id, None, &nobody))?;
        Ok(Self { variant: None, revision: None, filled: filled(form, &sheet), problems: Problems::new() })
    }
}
