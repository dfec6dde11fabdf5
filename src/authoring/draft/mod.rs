//! Saving what somebody writes, while they write.
//!
//! An editor sends small operations on paths together with the revision that the person saw. Each is made
//! unless somebody else has changed the same place since ([`merge`]); what cannot be stored is refused by
//! itself and keeps back nothing else. Nothing is refused for being incomplete: that is said when it is
//! published. A request that is sent again gets the first answer, so that a lost answer loses nothing.
//!
//! Nothing that readers get changes here.

mod answer;
mod base;
mod form;
mod input;
mod leave;
mod list;
mod merge;
mod op;
mod open;
mod path;
mod save;
mod shown;
mod slug;
#[cfg(test)]
mod tests;

use super::create::new_entry;
use super::{Authoring, Error, Signature};
use crate::account::Role;
use crate::content::entry::{Entry, EntryId, View};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::{Kind, Model, Schema, SchemaId};
use crate::store::{Asked, Reply, Write};
use form::{Form, sheet_of};
use save::Saving;

pub use answer::{Problems, status};
pub use form::post_fields;
pub use op::{DraftSave, Op, Why};
pub use open::Opened;
pub use shown::{Filled, called, filled_sample};

/// Microseconds.
const MINUTE: i64 = 60_000_000;
/// How long answers are kept for requests that are sent again.
const KEPT: i64 = 24 * 60 * MINUTE;

/// A person at work in the dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    /// The user's id.
    pub id: i64,
    /// What colleagues read.
    pub name: String,
    /// Their role, for fields that only some may fill in.
    pub role: Role,
    /// Whether they may write embed codes, which run on the site.
    pub may_embed: bool,
}

impl Authoring {
    /// Saves changes to the draft of an entry. In a locale that it is not written in yet, begins that
    /// translation.
    ///
    /// # Errors
    /// `Deleted` when somebody has deleted it, `NotFound` when there is no such entry, `Refused` when it is
    /// not written in this locale and cannot be. What single operations meet is told in the reply.
    pub fn save_draft(&self, entry: EntryId, save: DraftSave, editor: Editor, at: Moment) -> Result<Reply, Error> {
        let public_url = self.public_url.clone();
        let signature = Signature { user: Some(editor.id), ..Signature::at(&editor.name, at) };
        self.write(&signature.clone(), move |write| {
            once(write, &save, &editor, at, |write| {
                let entry = standing_entry(write, entry)?;
                let locale = locale_of(write.model(), &save)?;
                if entry.schema == crate::content::definition::BLOG && write.variant(entry.id, locale)?.is_none() {
                    return Err(Error::Refused(
                        "a post is written in one language: make a translation of it instead".into(),
                    ));
                }
                let saving = Saving {
                    save: &save,
                    editor: &editor,
                    signature: &signature,
                    public_url: &public_url,
                    locale,
                    start: None,
                };
                saving.run(write, entry)
            })
        })
    }

    /// Begins a page, an item or a post with the first changes to it.
    ///
    /// # Errors
    /// `NotFound` without such a content type; `Refused` for single pages, which exist already, and for a
    /// translation that exists.
    pub fn begin_entry(&self, schema: SchemaId, save: DraftSave, editor: Editor, at: Moment) -> Result<Reply, Error> {
        let public_url = self.public_url.clone();
        let signature = Signature { user: Some(editor.id), ..Signature::at(&editor.name, at) };
        self.write(&signature.clone(), move |write| {
            once(write, &save, &editor, at, |write| {
                let model = write.model().clone();
                let schema = model.schema(schema).ok_or(Error::NotFound("content type"))?;
                if schema.kind == Kind::SinglePage {
                    return Err(Error::Refused("there is one page of this kind, and it exists already".into()));
                }
                let locale = locale_of(&model, &save)?;
                let (entry, start) = begin(write, &model, schema, locale, &save, &editor, &signature)?;
                let saving = Saving {
                    save: &save,
                    editor: &editor,
                    signature: &signature,
                    public_url: &public_url,
                    locale,
                    start,
                };
                saving.run(write, entry)
            })
        })
    }
}

/// Answers a request that was answered before as it was then; else runs it and keeps the answer.
fn once(
    write: &mut Write<'_>,
    save: &DraftSave,
    editor: &Editor,
    at: Moment,
    run: impl FnOnce(&mut Write<'_>) -> Result<Reply, Error>,
) -> Result<Reply, Error> {
    let asked = Asked { user: editor.id, client: save.client.clone(), seq: save.seq, digest: save.digest.clone() };
    if let Some(reply) = write.reply(&asked)? {
        return Ok(reply);
    }
    write.forget_saves_before(Moment::from_micros(at.micros() - KEPT))?;
    let reply = run(write)?;
    write.put_reply(&asked, &reply, at)?;
    Ok(reply)
}

/// The entry, unless it is deleted.
fn standing_entry(read: &crate::store::Read<'_>, id: EntryId) -> Result<Entry, Error> {
    let entry = read.entry(id)?.ok_or(Error::NotFound("entry"))?;
    match entry.deleted {
        Some(at) => Err(Error::Deleted { by: entry.deleted_by, at }),
        None => Ok(entry),
    }
}

fn locale_of(model: &Model, save: &DraftSave) -> Result<LocaleId, Error> {
    match save.locale.as_deref().filter(|slug| !slug.is_empty()) {
        None => Ok(model.default_locale()),
        Some(slug) => {
            let gone = || Error::Refused(format!("the language `{slug}` was removed from this site"));
            model.locale(slug).ok_or_else(gone)
        }
    }
}

/// Makes the entry, with the sheet that it starts from when it translates another.
fn begin(
    write: &mut Write<'_>,
    model: &Model,
    schema: &Schema,
    locale: LocaleId,
    save: &DraftSave,
    editor: &Editor,
    signature: &Signature,
) -> Result<(Entry, Option<serde_json::Value>), Error> {
    let original = match save.translation_of.filter(|_| Form::of(model, schema).is_post()) {
        Some(id) => Some(standing_entry(write, EntryId(id))?),
        None => None,
    };
    let mut start = None;
    if let Some(original) = &original {
        if write.translation(original, locale)?.is_some() {
            return Err(Error::Refused("this translation exists already: reload the page".into()));
        }
        let variant = write.variants(original.id)?.into_iter().next().ok_or(Error::NotFound("post"))?;
        let version = write.version(original, variant.locale, View::Newest)?.ok_or(Error::NotFound("post"))?;
        start = Some(sheet_of(&version.revision));
    }
    let slug = match &start {
        _ if !Form::of(model, schema).is_named() => None,
        Some(sheet) => Some(slug::free_slug(write, schema, None, sheet[path::SLUG].as_str().unwrap_or_default())?),
        None => Some(slug::free_slug(write, schema, None, "")?),
    };
    let mut entry = new_entry(schema.id, slug.as_deref(), signature);
    entry.creator = Some(editor.id);
    entry.group = original.map(|original| original.group.unwrap_or(original.id));
    let id = write.add_entry(&entry)?;
    Ok((write.entry(id)?.ok_or(Error::NotFound("entry"))?, start))
}
