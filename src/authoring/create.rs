//! Making pages and items.

use super::publish::publish;
use super::saving::{Copy, Sent, check_slug, new_variant, save, set_draft};
use super::{Authoring, Error, Signature, State, Written};
use crate::content::entry::{Entry, EntryId};
use crate::content::field::Write as Writing;
use crate::content::schema::{Schema, SchemaId};
use crate::store::Write;

/// A page to be made.
#[derive(Clone, Debug)]
pub struct NewPage {
    /// Of which type.
    pub schema: SchemaId,
    /// Its name.
    pub title: String,
    /// Its URL name.
    pub slug: String,
    /// Its content, per locale.
    pub contents: Vec<Sent>,
    /// `Published`, else a draft.
    pub state: State,
}

/// An item to be made.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// In which collection.
    pub schema: SchemaId,
    /// Its content, per locale.
    pub contents: Vec<Sent>,
    /// `Published`, else a draft.
    pub state: State,
}

impl Authoring {
    /// Makes a page.
    ///
    /// # Errors
    /// `Invalid` names every problem; nothing is made then.
    pub fn create_page(&self, page: NewPage, signature: Signature) -> Result<Written, Error> {
        let public_url = self.public_url.clone();
        self.write(&signature.clone(), move |write| {
            let model = write.model().clone();
            let schema = model.schema(page.schema).ok_or(Error::NotFound("page type"))?;
            check_slug(write, schema, None, &page.slug).map_err(|problem| Error::Invalid(vec![problem]))?;
            let creation = Creation {
                schema,
                title: Some(&page.title),
                slug: Some(&page.slug),
                contents: &page.contents,
                publish: page.state == State::Published,
                public_url: &public_url,
                signature: &signature,
            };
            creation.run(write)
        })
    }

    /// Makes items, all of them or none, behind the last one of their collection.
    ///
    /// # Errors
    /// `Invalid` names every problem of the first item that has any.
    pub fn create_items(&self, items: Vec<NewItem>, signature: Signature) -> Result<Vec<Written>, Error> {
        let public_url = self.public_url.clone();
        self.write(&signature.clone(), move |write| {
            let model = write.model().clone();
            let create = |item: &NewItem| {
                let schema = model.schema(item.schema).ok_or(Error::NotFound("collection"))?;
                let creation = Creation {
                    schema,
                    title: None,
                    slug: None,
                    contents: &item.contents,
                    publish: item.state == State::Published,
                    public_url: &public_url,
                    signature: &signature,
                };
                creation.run(write)
            };
            items.iter().map(create).collect()
        })
    }
}

/// An entry being made.
struct Creation<'a> {
    schema: &'a Schema,
    title: Option<&'a str>,
    slug: Option<&'a str>,
    contents: &'a [Sent],
    publish: bool,
    public_url: &'a str,
    signature: &'a Signature,
}

impl Creation<'_> {
    fn run(&self, write: &mut Write<'_>) -> Result<Written, Error> {
        let mut entry = new_entry(self.schema.id, self.slug, self.signature);
        entry.id = write.add_entry(&entry)?;
        entry = write.entry(entry.id)?.ok_or(Error::NotFound("entry"))?;
        let mut newest = None;
        for sent in self.contents {
            let copy = Copy {
                schema: self.schema,
                entry: &entry,
                locale: sent.locale,
                base: None,
                name: self.title,
                slug: self.slug,
                fields: sent.fields.as_ref(),
                mode: Writing::Create,
            };
            let revision = save(write, &copy, self.public_url, self.signature, "created")?;
            let mut variant = new_variant(&entry, sent.locale, self.signature);
            set_draft(write, &mut entry, &mut variant, &revision)?;
            if self.publish {
                publish(write, &mut entry, &mut variant, self.signature)?;
            }
            newest = Some(revision.id);
        }
        Ok(Written { id: entry.id, slug: entry.slug, revision: newest })
    }
}

/// An entry that is not in the database yet.
pub(super) fn new_entry(schema: SchemaId, slug: Option<&str>, signature: &Signature) -> Entry {
    Entry {
        id: EntryId(0),
        schema,
        slug: slug.map(str::to_owned),
        draft_slug: None,
        created: signature.at,
        position: 0,
        deleted: None,
        deleted_by: None,
        archived: None,
        group: None,
        creator: None,
    }
}
