//! Finding the entry that an address names, for somebody who may see it.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::error::Refused;
use super::guard::Signed;
use super::sight::Sight;
use super::{Dashboard, address};
use crate::authoring::Aim;
use crate::content::entry::{Entry, EntryId, Revision, RevisionId, Variant};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::{Model, Schema};
use crate::store::Read;

/// Which entry a request is about: `/admin/c/{type}/{id}/…?locale=`.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Its schema's name in addresses.
    pub(super) kind: String,
    /// Its id.
    pub(super) id: i64,
    /// Its locale's slug; empty is the default.
    pub(super) locale: String,
}

impl FromRequestParts<Dashboard> for Wanted {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, dashboard: &Dashboard) -> Result<Self, Refused> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, dashboard).await;
        let path = path.map_err(|_| Refused::not_found())?;
        let part = |name: &str| path.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let kind = part("type").ok_or_else(Refused::not_found)?;
        let id = part("id").and_then(|id| id.parse().ok()).ok_or_else(Refused::not_found)?;
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let locale = form_urlencoded::parse(query).find(|(name, _)| name == "locale");
        Ok(Self { kind, id, locale: locale.map(|(_, slug)| slug.into_owned()).unwrap_or_default() })
    }
}

/// An entry, as somebody may see it.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    pub(super) schema: Schema,
    pub(super) entry: Entry,
    pub(super) variant: Variant,
    pub(super) sight: Sight,
}

/// Finds an entry in one of its locales.
///
/// # Errors
/// 404 when there is none or nothing of it may be seen, 410 when it was deleted.
pub(super) fn reach(read: &Read<'_>, signed: &Signed, wanted: &Wanted) -> Result<Reached, Refused> {
    let reached = reach_any(read, signed, wanted)?;
    match reached.entry.deleted {
        Some(at) => Err(deleted(&reached.entry, at)),
        None => Ok(reached),
    }
}

/// As [`reach`], deleted ones included.
///
/// # Errors
/// 404 when there is none or nothing of it may be seen.
pub(super) fn reach_any(read: &Read<'_>, signed: &Signed, wanted: &Wanted) -> Result<Reached, Refused> {
    let model = read.model();
    let schema = address::schema_named(model, &wanted.kind).ok_or_else(Refused::not_found)?;
    let entry = read.entry(EntryId(wanted.id))?.filter(|entry| entry.schema == schema.id);
    let entry = entry.ok_or_else(Refused::not_found)?;
    let variant = find_variant(read, model, &entry, &wanted.locale)?;
    let sight = Sight::of(&signed.user);
    let shows = variant.live.is_some() && entry.deleted.is_none();
    if !shows && !sight.sees_draft(entry.creator) {
        return Err(Refused::not_found());
    }
    Ok(Reached { schema: schema.clone(), entry, variant, sight })
}

/// The entry with this id, deleted or not, for those who come by its id alone: its type may have another name by now.
/// What somebody may not see is not there for them.
pub(super) fn find(read: &Read<'_>, sight: Sight, id: EntryId) -> Result<Entry, Refused> {
    let entry = read.entry(id)?.ok_or_else(Refused::not_found)?;
    let live = || Ok::<_, Refused>(read.variants(id)?.iter().any(|variant| variant.live.is_some()));
    if sight.sees_draft(entry.creator) || (entry.deleted.is_none() && live()?) {
        return Ok(entry);
    }
    Err(Refused::not_found())
}

/// As [`find`], for somebody who wants to change it.
pub(super) fn find_to_change(read: &Read<'_>, sight: Sight, id: EntryId) -> Result<Entry, Refused> {
    let entry = find(read, sight, id)?;
    if sight.may_write(entry.creator) { Ok(entry) } else { Err(Refused::no_right("change this entry")) }
}

/// The variant in the wanted locale; without a wish, the default one's, else the first.
fn find_variant(read: &Read<'_>, model: &Model, entry: &Entry, locale: &str) -> Result<Variant, Refused> {
    let wished = match locale {
        "" => None,
        slug => Some(model.locale(slug).ok_or_else(Refused::not_found)?),
    };
    let mut variants = read.variants(entry.id)?;
    let place = match wished {
        Some(wished) => variants.iter().position(|variant| variant.locale == wished),
        None => {
            let default = variants.iter().position(|variant| variant.locale == model.default_locale());
            default.or((!variants.is_empty()).then_some(0))
        }
    };
    place.map(|place| variants.swap_remove(place)).ok_or_else(Refused::not_found)
}

fn deleted(entry: &Entry, at: Moment) -> Refused {
    let who = entry.deleted_by.as_deref().unwrap_or("Somebody");
    let message = format!("{who} deleted this. Bring it back from the trash first.");
    let refused = Refused::new(StatusCode::GONE, "deleted", message);
    refused.with("by", entry.deleted_by.clone()).with("at", at.to_string())
}

impl Reached {
    /// Refuses those who may not see drafts of this entry.
    pub(super) fn draft_seen(self) -> Result<Self, Refused> {
        if self.sight.sees_draft(self.entry.creator) {
            Ok(self)
        } else {
            Err(Refused::no_right("see drafts of others"))
        }
    }

    /// Refuses those who may not change this entry.
    pub(super) fn writable(self) -> Result<Self, Refused> {
        if self.sight.may_write(self.entry.creator) { Ok(self) } else { Err(Refused::no_right("change this entry")) }
    }

    /// Its locale.
    pub(super) fn locale(&self) -> LocaleId {
        self.variant.locale
    }

    /// Its newest revision.
    pub(super) fn newest(&self, read: &Read<'_>) -> Result<Revision, Refused> {
        let id = self.variant.draft.or(self.variant.live).ok_or_else(Refused::not_found)?;
        read.revision(id)?.ok_or_else(Refused::not_found)
    }

    /// One of its revisions.
    pub(super) fn revision(&self, read: &Read<'_>, id: RevisionId) -> Result<Revision, Refused> {
        let found = read.revision(id)?;
        let own = found.filter(|one| one.entry == self.entry.id && one.locale == self.variant.locale);
        own.ok_or_else(Refused::not_found)
    }

    /// What to do something to, as it was when `base` was the newest revision.
    pub(super) fn aim(&self, base: Option<RevisionId>) -> Aim {
        Aim { entry: self.entry.id, locale: self.variant.locale, base }
    }

    /// What it is called in a revision.
    pub(super) fn title(&self, revision: &Revision) -> String {
        title(&self.schema, revision)
    }

    /// The `?locale=` of its addresses; nothing in the default locale.
    pub(super) fn query(&self, model: &Model) -> String {
        let slug = model.locale_slug(self.variant.locale).filter(|_| self.variant.locale != model.default_locale());
        slug.map(|slug| format!("?locale={slug}")).unwrap_or_default()
    }
}

/// What an entry is called in a revision: its name, else the value that names an item.
pub(super) fn title(schema: &Schema, revision: &Revision) -> String {
    if !revision.name.is_empty() {
        return revision.name.clone();
    }
    let label = schema.label_field().map(|field| field.stored(&revision.fields));
    let label = label.and_then(serde_json::Value::as_str).filter(|label| !label.is_empty());
    label.map_or_else(|| format!("{} {}", schema.name, revision.entry.0), str::to_owned)
}
