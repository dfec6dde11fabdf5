//! Between lines of an archive and what the store holds.

use serde_json::Value;

use super::{EntryLine, RevisionLine, VariantLine};
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Variant};
use crate::content::field::{from_archive, to_archive};
use crate::content::locale::LocaleId;
use crate::content::schema::{Model, Schema};
use crate::store::{Error, Read};

/// An entry with its variants and their revisions.
pub(crate) struct EntryParts {
    pub(crate) entry: Entry,
    pub(crate) variants: Vec<(Variant, Vec<Revision>)>,
}

impl EntryLine {
    /// The line of an entry; `None` when its schema has been removed.
    pub(crate) fn of(read: &Read<'_>, entry: &Entry) -> Result<Option<Self>, Error> {
        let model = read.model().clone();
        let Some(schema) = model.schema(entry.schema) else { return Ok(None) };
        let mut locales = std::collections::BTreeMap::new();
        for variant in read.variants(entry.id)? {
            let Some(slug) = locale_slug(&model, variant.locale) else { continue };
            locales.insert(slug, VariantLine::of(read, schema, &model, &variant)?);
        }
        Ok(Some(Self {
            id: entry.id.0,
            kind: super::kind_of(schema),
            slug: entry.slug.clone(),
            draft_slug: entry.draft_slug.clone(),
            created: entry.created,
            position: entry.position,
            deleted: entry.deleted,
            archived: entry.archived,
            group: entry.group.map(|id| id.0),
            locales,
        }))
    }

    /// The parts to store. Locales that the model does not have are left out: `check` has refused them.
    pub(crate) fn into_parts(self, schema: &Schema, model: &Model) -> EntryParts {
        let id = EntryId(self.id);
        let entry = Entry {
            id,
            schema: schema.id,
            slug: self.slug,
            draft_slug: self.draft_slug,
            created: self.created,
            position: self.position,
            deleted: self.deleted,
            deleted_by: None,
            archived: self.archived,
            group: self.group.map(EntryId),
            creator: None,
        };
        let locales = self.locales.into_iter();
        let variants =
            locales.filter_map(|(slug, variant)| Some(variant.into_parts(id, locale_of(model, &slug)?, schema, model)));
        EntryParts { entry, variants: variants.collect() }
    }
}

impl VariantLine {
    fn of(read: &Read<'_>, schema: &Schema, model: &Model, variant: &Variant) -> Result<Self, Error> {
        let mut revisions = read.revisions(variant.entry, variant.locale)?;
        revisions.reverse();
        Ok(Self {
            published: variant.published,
            updated: variant.updated,
            scheduled: variant.scheduled,
            along: variant.along,
            unpublish: variant.unpublish,
            send_to: variant.send_to.clone(),
            live: variant.live.map(|id| id.0),
            draft: variant.draft.map(|id| id.0),
            revisions: revisions.into_iter().map(|revision| RevisionLine::of(revision, schema, model)).collect(),
        })
    }

    fn into_parts(self, entry: EntryId, locale: LocaleId, schema: &Schema, model: &Model) -> (Variant, Vec<Revision>) {
        let variant = Variant {
            entry,
            locale,
            live: self.live.map(RevisionId),
            draft: self.draft.map(RevisionId),
            published: self.published,
            updated: self.updated,
            scheduled: self.scheduled,
            along: self.along,
            unpublish: self.unpublish,
            send_to: self.send_to,
        };
        let revisions = self.revisions.into_iter().map(|line| line.into_revision(entry, locale, schema, model));
        (variant, revisions.collect())
    }
}

impl RevisionLine {
    fn of(revision: Revision, schema: &Schema, model: &Model) -> Self {
        let fields = match schema.id {
            BLOG => revision.fields,
            _ => to_archive(&schema.fields, &revision.fields, model),
        };
        Self {
            id: revision.id.0,
            at: revision.at,
            by: revision.by,
            why: revision.why,
            named: revision.named,
            name: revision.name,
            slug: revision.slug,
            fields,
        }
    }

    fn into_revision(self, entry: EntryId, locale: LocaleId, schema: &Schema, model: &Model) -> Revision {
        let fields: Value = match schema.id {
            BLOG => self.fields,
            _ => from_archive(&schema.fields, &self.fields, model),
        };
        Revision {
            id: RevisionId(self.id),
            entry,
            locale,
            name: self.name,
            slug: self.slug,
            fields,
            at: self.at,
            by: self.by,
            why: self.why,
            kind: Origin::Import,
            named: self.named,
        }
    }
}

/// A locale's name in archives; `None` when it is not configured any more.
fn locale_slug(model: &Model, id: LocaleId) -> Option<String> {
    if model.locales.is_empty() {
        return (id == LocaleId(0)).then(String::new);
    }
    model.locale_slug(id).map(str::to_owned)
}

/// The locale an archive names.
pub(super) fn locale_of(model: &Model, slug: &str) -> Option<LocaleId> {
    if model.locales.is_empty() {
        return slug.is_empty().then_some(LocaleId(0));
    }
    model.locales.iter().find(|locale| locale.slug == slug).map(|locale| locale.id)
}
