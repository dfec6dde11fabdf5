//! Saving copies: from what was sent to a revision.

use serde_json::{Map, Value};

use super::finding::Finder;
use super::media::want_sent;
use super::{Error, Signature};
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Variant, View};
use crate::content::field::{Parsing, Problem, Write as Writing, clean_fields, parse_fields};
use crate::content::locale::LocaleId;
use crate::content::schema::{Kind, Schema};
use crate::content::settings::Settings;
use crate::content::slug::Slug;
use crate::store::{self, Read, Write};

/// What was sent for one locale of a page or item.
#[derive(Clone, Debug)]
pub struct Sent {
    /// In which locale.
    pub locale: LocaleId,
    /// Values by field key, as input; `None` leaves them as they are.
    pub fields: Option<Map<String, Value>>,
}

/// A revision to be: an earlier one changed by what was sent.
pub(super) struct Copy<'a> {
    pub(super) schema: &'a Schema,
    pub(super) entry: &'a Entry,
    pub(super) locale: LocaleId,
    pub(super) base: Option<&'a Revision>,
    pub(super) name: Option<&'a str>,
    pub(super) slug: Option<&'a str>,
    pub(super) fields: Option<&'a Map<String, Value>>,
    pub(super) mode: Writing,
}

/// Parses what was sent and saves the revision.
pub(super) fn save(
    write: &mut Write<'_>,
    copy: &Copy<'_>,
    public_url: &str,
    signature: &Signature,
    why: &str,
) -> Result<Revision, Error> {
    let model = write.model().clone();
    let nothing = Map::new();
    let old = copy.base.map_or(&Value::Null, |base| &base.fields);
    let mut finder = Finder { read: write, public_url };
    let mode = if copy.fields.is_none() && copy.base.is_some() { Writing::Merge } else { copy.mode };
    let mut parsing = Parsing::new(&model, &mut finder, mode);
    let fields = parse_fields(&copy.schema.fields, copy.fields.unwrap_or(&nothing), old, &mut parsing);
    if !parsing.problems.is_empty() {
        return Err(Error::Invalid(parsing.problems));
    }
    let fields = match Settings::read(&write.settings()?).api_cleaner() {
        Some(cleaner) => clean_fields(&copy.schema.fields, &fields, &model, &cleaner).0,
        None => fields,
    };
    let base_slug = || copy.base.and_then(|base| base.slug.clone()).or_else(|| copy.entry.slug.clone());
    let base_name = || copy.base.map(|base| base.name.clone()).unwrap_or_default();
    let revision = add(
        write,
        Revision {
            id: RevisionId(0),
            entry: copy.entry.id,
            locale: copy.locale,
            name: copy.name.map_or_else(base_name, str::to_owned),
            slug: copy.slug.map(str::to_owned).or_else(base_slug),
            fields,
            at: signature.at,
            by: signature.by.clone(),
            why: why.into(),
            kind: Origin::Api,
            named: None,
        },
    )?;
    if let Some(sent) = copy.fields {
        want_sent(write, &revision, sent, public_url)?;
    }
    Ok(revision)
}

/// Writes a revision and returns it with its number.
pub(super) fn add(write: &mut Write<'_>, revision: Revision) -> Result<Revision, Error> {
    let id = write.add_revision(&revision)?;
    Ok(Revision { id, ..revision })
}

/// The variant that comes into being with an entry's first revision in a locale.
pub(super) fn new_variant(entry: &Entry, locale: LocaleId, signature: &Signature) -> Variant {
    Variant {
        entry: entry.id,
        locale,
        live: None,
        draft: None,
        published: None,
        updated: signature.at,
        scheduled: None,
        along: false,
        unpublish: None,
        send_to: None,
    }
}

/// Makes a revision the draft of its variant. While nothing of the entry is live, the slug it asks for
/// is in force at once.
pub(super) fn set_draft(
    write: &mut Write<'_>,
    entry: &mut Entry,
    variant: &mut Variant,
    revision: &Revision,
) -> Result<(), Error> {
    variant.draft = Some(revision.id);
    if variant.live.is_none() {
        variant.updated = revision.at;
    }
    if revision.slug != entry.slug {
        let live = write.variants(entry.id)?.iter().any(|variant| variant.live.is_some());
        let wanted = revision.slug.clone();
        if live {
            entry.draft_slug = wanted;
        } else {
            entry.slug = wanted;
            entry.draft_slug = None;
        }
        write.put_entry(entry)?;
        write.reindex_entry(entry)?;
    }
    write.put_variant(entry, variant)?;
    Ok(())
}

/// Checks a slug someone asks for: its form, and that no other entry has or awaits it.
pub(super) fn check_slug(read: &Read<'_>, schema: &Schema, entry: Option<&Entry>, slug: &str) -> Result<(), Problem> {
    let problem = |text: String| Problem { path: "slug".into(), text };
    Slug::parse(slug).map_err(problem)?;
    match slug_rival(read, schema, entry.map(|entry| entry.id), slug) {
        Ok(Some(_)) => {
            let noun = if schema.kind == Kind::Post { "post" } else { "page" };
            Err(problem(format!("A {noun} with this slug already exists.")))
        }
        // A database error meets the write that follows, which reports it.
        _ => Ok(()),
    }
}

/// The entry beside `own` that has a slug or awaits it, where that keeps `own` from having it: another of its
/// type, and among single pages any of them.
///
/// # Errors
/// The database's.
pub fn slug_rival(
    read: &Read<'_>,
    schema: &Schema,
    own: Option<EntryId>,
    slug: &str,
) -> Result<Option<Entry>, store::Error> {
    let model = read.model();
    let rivals = |other: &Entry| {
        let kind = model.schema(other.schema).map(|schema| schema.kind);
        let same = other.schema == schema.id || (schema.kind == Kind::SinglePage && kind == Some(Kind::SinglePage));
        same && own != Some(other.id)
    };
    Ok(read.entries_by_slug(slug, View::Newest)?.into_iter().find(rivals))
}
