//! Telling webhooks what a change has done, in its own transaction: read off the change, whoever makes it, so that no
//! verb can forget it. Of each entry one thing is told in each language: what weighs most.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::draft::called;
use super::schedule::CLOCK;
use super::{Error, Signature};
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Variant};
use crate::content::locale::LocaleId;
use crate::content::outbox::{Letter, TargetId, TargetKind};
use crate::content::schema::{Kind, Model, Schema};
use crate::content::webhook::payload::{self, Deed, Standing};
use crate::content::webhook::{Event, Webhook};
use crate::store::{Before, MediaRow, Read, Write};

/// What happened to an entry in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Published,
    Draft,
    Unpublished,
    Deleted,
}

/// How an entry stands in a language.
struct Now {
    entry: Entry,
    variant: Variant,
    /// The draft, if there is one.
    draft: Option<Revision>,
}

/// Posts what happened to the entries that this change has altered. `old` is the model from before it: a content type
/// that is gone took its entries with it.
pub(super) fn announce(write: &mut Write<'_>, old: &Model, signature: &Signature) -> Result<(), Error> {
    let altered = write.altered();
    if altered.is_empty() {
        return Ok(());
    }
    let listeners = listeners(write)?;
    let new = write.model().clone();
    for ((entry, locale), before) in altered {
        let now = now(write, entry, locale)?;
        let Some(what) = what(before.as_ref(), now.as_ref()) else { continue };
        let Some(telling) = Telling::of(write, what, before, now)? else { continue };
        let told_of = telling.entry.schema;
        // Its schema, with the model that names its languages.
        let known = [&*new, old].into_iter().find_map(|model| Some((model, model.schema(told_of)?)));
        let Some((model, schema)) = known else { continue };
        let model = if model.locale_slug(locale).is_some() { model } else { old };
        let event = event(schema.kind, what, locale != model.default_locale());
        let to = wanting(&listeners, event);
        if !to.is_empty() {
            let letter = Letter {
                topic: event.as_str().into(),
                subject: Some(format!("entry-{}", entry.0)),
                body: telling.body(schema, model, locale, signature),
            };
            write.post(&letter, &to, signature.at)?;
        }
    }
    Ok(())
}

/// Posts that a video was taken in. Its address is completed when it is sent.
pub(super) fn announce_video(write: &mut Write<'_>, media: &MediaRow, signature: &Signature) -> Result<(), Error> {
    if !media.kind.starts_with("video/") || !write.listens(TargetKind::Webhook)? {
        return Ok(());
    }
    let to = wanting(&listeners(write)?, Event::VideoUploaded);
    let address = format!("/media/{}", media.id);
    let letter = Letter {
        topic: Event::VideoUploaded.as_str().into(),
        subject: Some(format!("media-{}", media.id)),
        body: payload::video(&media.id, number_of(&media.id), &media.filename, media.size, &address),
    };
    Ok(write.post(&letter, &to, signature.at)?)
}

/// Pictures and files have no number here; this one is made of their names and differs as they do.
fn number_of(id: &str) -> u64 {
    let hash = Sha256::digest(id.as_bytes());
    // What every JSON reader takes for a whole number: 48 bits.
    hash.iter().take(6).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Webhooks that are on. One whose settings cannot be read is told nothing; its screen says so.
fn listeners(read: &Read<'_>) -> Result<Vec<(TargetId, Webhook)>, Error> {
    let on = read.targets(TargetKind::Webhook)?.into_iter().filter(|target| target.active);
    Ok(on.filter_map(|target| Some((target.id, Webhook::of(&target).ok()?))).collect())
}

fn wanting(listeners: &[(TargetId, Webhook)], event: Event) -> Vec<TargetId> {
    listeners.iter().filter(|(_, webhook)| webhook.wants(event)).map(|(id, _)| *id).collect()
}

fn now(read: &Read<'_>, entry: EntryId, locale: LocaleId) -> Result<Option<Now>, Error> {
    let Some(entry) = read.entry(entry)? else { return Ok(None) };
    let Some(variant) = read.variant(entry.id, locale)? else { return Ok(None) };
    let draft = revision(read, variant.draft)?;
    Ok(Some(Now { entry, variant, draft }))
}

fn revision(read: &Read<'_>, id: Option<RevisionId>) -> Result<Option<Revision>, Error> {
    Ok(id.map_or(Ok(None), |id| read.revision(id))?)
}

/// What happened, if it is something that is told.
fn what(before: Option<&Before>, now: Option<&Now>) -> Option<What> {
    let standing = before.filter(|before| before.entry.deleted.is_none());
    let Some(now) = now.filter(|now| now.entry.deleted.is_none()) else {
        // What was only ever saved by itself was never told of.
        let begun = standing?.removed.as_ref().is_some_and(|shown| shown.kind == Origin::Autosave);
        return (!begun).then_some(What::Deleted);
    };
    // What is archived is shown to nobody. What was removed and brought anew is new.
    let shown = standing.filter(|before| before.entry.archived.is_none() && before.removed.is_none());
    if now.entry.archived.is_some() {
        return shown?.variant.live.is_some().then_some(What::Unpublished);
    }
    let live =
        |entry: &Entry, variant: &Variant| variant.live.map(|live| (live, variant.published, entry.slug.clone()));
    let was = shown.and_then(|before| live(&before.entry, &before.variant));
    let is = live(&now.entry, &now.variant);
    if is.is_some() && is != was {
        return Some(What::Published);
    }
    if is.is_none() && was.is_some() {
        return Some(What::Unpublished);
    }
    let planned = |variant: &Variant| (variant.draft, variant.scheduled);
    let changed = shown.map(|before| planned(&before.variant)) != Some(planned(&now.variant));
    let draft = now.draft.as_ref().filter(|_| changed)?;
    // What the editor saves by itself is not told until somebody saves it.
    let by_itself = draft.kind == Origin::Autosave && now.variant.scheduled.is_none();
    (!by_itself).then_some(What::Draft)
}

fn event(kind: Kind, what: What, translated: bool) -> Event {
    match (kind, what) {
        (Kind::PageType | Kind::SinglePage, What::Published) => Event::PagePublished,
        (Kind::PageType | Kind::SinglePage, What::Draft) => Event::PageDraft,
        (Kind::PageType | Kind::SinglePage, What::Unpublished) => Event::PageUnpublished,
        (Kind::PageType | Kind::SinglePage, What::Deleted) => Event::PageDelete,
        (Kind::Collection, What::Published) => Event::ItemPublished,
        (Kind::Collection, What::Draft) => Event::ItemDraft,
        (Kind::Collection, What::Unpublished) => Event::ItemUnpublished,
        (Kind::Collection, What::Deleted) => Event::ItemDelete,
        (Kind::Post, What::Published) if translated => Event::TranslationPublished,
        (Kind::Post, What::Draft) if translated => Event::TranslationDraft,
        (Kind::Post, What::Unpublished | What::Deleted) if translated => Event::TranslationDelete,
        (Kind::Post, What::Published) => Event::PostPublished,
        (Kind::Post, What::Draft) => Event::PostDraft,
        (Kind::Post, What::Unpublished | What::Deleted) => Event::PostDelete,
    }
}

/// What is told of an entry.
struct Telling {
    entry: Entry,
    variant: Variant,
    /// What there is, or was, to be seen of it.
    shown: Revision,
    what: What,
}

impl Telling {
    fn of(read: &Read<'_>, what: What, before: Option<Before>, now: Option<Now>) -> Result<Option<Self>, Error> {
        let removed = before.as_ref().and_then(|before| before.removed.clone());
        let was_live = before.as_ref().and_then(|before| before.variant.live);
        let Some((entry, variant, draft)) = now
            .map(|now| (now.entry, now.variant, now.draft))
            .or_else(|| before.map(|before| (before.entry, before.variant, None)))
        else {
            return Ok(None);
        };
        let shown = match what {
            What::Draft => draft,
            What::Unpublished => revision(read, was_live)?.or(draft),
            What::Published | What::Deleted => revision(read, variant.live)?.or(draft).or(removed),
        };
        Ok(shown.map(|shown| Self { entry, variant, shown, what }))
    }

    fn body(&self, schema: &Schema, model: &Model, locale: LocaleId, signature: &Signature) -> Value {
        // The clock does what somebody has planned.
        let editor = if signature.by == CLOCK { &self.shown.by } else { &signature.by };
        let locale = model.locale_slug(locale).filter(|_| locale != model.default_locale());
        let deed = Deed { editor, at: signature.at, locale };
        match schema.kind {
            Kind::PageType => self.page(&schema.key, deed),
            Kind::SinglePage => self.page("*", deed),
            Kind::Post => payload::post(self.entry.id, self.slug(), locale),
            Kind::Collection => {
                let label = called(model, &self.entry, &self.shown);
                let status = if self.what == What::Draft { "draft" } else { self.standing().status };
                payload::item(self.entry.id, &schema.key, &label, deed, status)
            }
        }
    }

    fn page(&self, page_type: &str, deed: Deed<'_>) -> Value {
        payload::page(self.entry.id, self.slug(), page_type, &self.shown.name, deed, self.standing())
    }

    /// The slug by which readers, or of a draft previews, find it.
    fn slug(&self) -> &str {
        let asked = if self.what == What::Draft { self.shown.slug.as_deref() } else { None };
        asked.or(self.entry.slug.as_deref()).unwrap_or_default()
    }

    fn standing(&self) -> Standing {
        let Variant { published, updated, scheduled, .. } = self.variant;
        match self.what {
            What::Published => Standing { status: "published", updated, published, scheduled: None },
            What::Draft => {
                let status = if scheduled.is_some() { "scheduled" } else { "draft" };
                Standing { status, updated: self.shown.at, published, scheduled }
            }
            What::Unpublished => Standing { status: "draft", updated, published: None, scheduled },
            What::Deleted => Standing { status: "deleted", updated, published, scheduled: None },
        }
    }
}
