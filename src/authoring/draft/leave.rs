//! Leaving: an entry that was begun and never filled in goes again.

use serde_json::Value;

use super::form::{Form, Hop, get, sheet_of};
use super::path::TITLE;
use super::save::blank_sheet;
use super::{Editor, standing_entry};
use crate::authoring::{Authoring, Error, Signature};
use crate::content::entry::{Entry, EntryId};
use crate::content::moment::Moment;
use crate::content::schema::{Kind, in_use};
use crate::store::Read;

impl Authoring {
    /// Removes an entry that this person began and that nobody filled in. True when it was removed.
    ///
    /// # Errors
    /// `Deleted` and `NotFound` as [`Authoring::save_draft`].
    pub fn leave_draft(&self, entry: EntryId, client: &str, editor: Editor, at: Moment) -> Result<bool, Error> {
        let client = client.to_owned();
        let signature = Signature { user: Some(editor.id), ..Signature::at(&editor.name, at) };
        self.write(&signature, move |write| {
            let entry = standing_entry(write, entry)?;
            let untouched = is_untouched(write, &entry, &editor)? && !write.saved_by_others(entry.id, &client)?;
            if untouched {
                write.remove_entry(&entry)?;
            }
            Ok(untouched)
        })
    }
}

fn is_untouched(read: &Read<'_>, entry: &Entry, editor: &Editor) -> Result<bool, Error> {
    let model = read.model().clone();
    let Some(schema) = model.schema(entry.schema) else { return Ok(false) };
    let variants = read.variants(entry.id)?;
    let [variant] = variants.as_slice() else { return Ok(false) };
    let own = entry.creator == Some(editor.id) && schema.kind != Kind::SinglePage;
    if !own || variant.live.is_some() || variant.scheduled.is_some() {
        return Ok(false);
    }
    let revisions = read.revisions(entry.id, variant.locale)?;
    let form = Form::of(&model, schema);
    let blank = blank_sheet(read, form, entry)?;
    Ok(revisions.iter().all(|revision| revision.by == editor.name && is_blank(form, &sheet_of(revision), &blank)))
}

/// Whether a sheet holds nothing but what every new one holds.
fn is_blank(form: Form<'_>, sheet: &Value, blank: &Value) -> bool {
    let untitled = sheet[TITLE].as_str().unwrap_or_default().trim().is_empty();
    let unfiled = ["categories", "tags"].iter().all(|key| sheet[key].as_array().is_none_or(Vec::is_empty));
    untitled
        && (unfiled || !form.is_post())
        && in_use(form.fields()).all(|field| {
            let hops = [Hop::Member(form.storage_key(field))];
            let value = get(sheet, &hops);
            field.kind.rules().is_empty(value) || value == get(blank, &hops)
        })
}
