//! Finding what a request wants to change.

use std::sync::Arc;

use super::{Authoring, Error};
use crate::content::definition::BLOG;
use crate::content::entry::{EntryId, View};
use crate::content::schema::{Kind, Model};

impl Authoring {
    /// The content model in force.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn model(&self) -> Result<Arc<Model>, Error> {
        self.store.read(|read| Ok(read.model().clone()))
    }

    /// The page with this slug: of a page type, or with `*` of any type or a single page.
    ///
    /// # Errors
    /// `NotFound`; `Ambiguous` when `*` leaves several.
    pub fn find_page(&self, page_type: &str, slug: &str) -> Result<EntryId, Error> {
        self.store.read(|read| {
            let model = read.model();
            let mut found = read.entries_by_slug(slug, View::Newest)?;
            found.retain(|entry| {
                model.schema(entry.schema).is_some_and(|schema| match page_type {
                    "*" => schema.kind.is_page(),
                    key => schema.kind == Kind::PageType && schema.key == key,
                })
            });
            match found.as_slice() {
                [] => Err(Error::NotFound("page")),
                [page] => Ok(page.id),
                _ => Err(Error::Ambiguous),
            }
        })
    }

    /// The post with this slug.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find_post(&self, slug: &str) -> Result<EntryId, Error> {
        let found = self.store.read(|read| read.entry_by_slug(BLOG, slug, View::Newest))?;
        found.map(|post| post.id).ok_or(Error::NotFound("post"))
    }

    /// The item of a collection with this id.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find_item(&self, collection: &str, id: EntryId) -> Result<EntryId, Error> {
        self.store.read(|read| {
            let entry = read.entry(id)?.filter(|entry| entry.deleted.is_none());
            let of_collection = entry.and_then(|entry| read.model().schema(entry.schema).cloned());
            of_collection
                .filter(|schema| schema.kind == Kind::Collection && schema.key == collection)
                .map(|_| id)
                .ok_or(Error::NotFound("item"))
        })
    }
}
