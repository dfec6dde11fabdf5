//! Finding what input refers to.

use crate::content::entry::{EntryId, View};
use crate::content::field::{Find, Wanted};
use crate::content::schema::{Kind, SchemaId};
use crate::store::Read;

/// Looks things up in a snapshot. A database error reads as "not found": the write that follows in the
/// same transaction meets the same error and reports it.
pub(super) struct Finder<'a> {
    pub(super) read: &'a Read<'a>,
    pub(super) public_url: &'a str,
}

impl Find for Finder<'_> {
    fn entry(&mut self, schema: Option<SchemaId>, wanted: Wanted<'_>) -> Option<EntryId> {
        let model = self.read.model();
        let fits = |id: SchemaId| match schema {
            Some(schema) => id == schema,
            None => model.schema(id).is_some_and(|schema| schema.kind == Kind::SinglePage),
        };
        match wanted {
            Wanted::Id(id) => {
                let entry = self.read.entry(id).ok()??;
                (entry.deleted.is_none() && fits(entry.schema)).then_some(id)
            }
            Wanted::Slug(slug) => {
                let found = self.read.entries_by_slug(slug, View::Newest).ok()?;
                found.into_iter().find(|entry| fits(entry.schema)).map(|entry| entry.id)
            }
        }
    }

    fn media_url(&mut self, url: &str) -> String {
        own_media(self.public_url, url)
    }
}

/// Our own media addresses without the host they are served from.
pub(super) fn own_media(public_url: &str, url: &str) -> String {
    match url.strip_prefix(public_url) {
        Some(path) if path.starts_with("/media/") => path.into(),
        _ => url.into(),
    }
}
