//! Changing pages and items.

use serde_json::json;

use super::publish::{find, publish};
use super::saving::{Copy, Sent, check_slug, new_variant, save, set_draft};
use super::unpublish::unpublish;
use super::{Authoring, Error, Signature, State, Written};
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Variant};
use crate::content::field::Write as Writing;
use crate::content::schema::Schema;
use crate::store::{Read, Write};

/// A change to a page or item.
#[derive(Clone, Debug)]
pub struct Change {
    /// The page's new name.
    pub name: Option<String>,
    /// The page's new URL name.
    pub slug: Option<String>,
    /// What changes, per locale.
    pub contents: Vec<Sent>,
    /// What shall be live afterwards.
    pub state: State,
    /// Whether values that were not sent become empty; else they stay.
    pub replace: bool,
}

impl Authoring {
    /// Changes a page or item.
    ///
    /// # Errors
    /// `Invalid` names every problem, `NotFound` when there is no such entry; nothing is changed then.
    pub fn change(&self, entry: EntryId, change: Change, signature: Signature) -> Result<Written, Error> {
        let public_url = self.public_url.clone();
        self.write(&signature.clone(), move |write| {
            let mut entry =
                write.entry(entry)?.filter(|entry| entry.deleted.is_none()).ok_or(Error::NotFound("entry"))?;
            let model = write.model().clone();
            let schema = model.schema(entry.schema).ok_or(Error::NotFound("content type"))?;
            if let Some(slug) = change.slug.as_deref().filter(|slug| entry.slug.as_deref() != Some(slug)) {
                check_slug(write, schema, Some(&entry), slug).map_err(|problem| Error::Invalid(vec![problem]))?;
            }
            let mut newest = None;
            for sent in &change.contents {
                let revision = change_locale(write, schema, &mut entry, &change, sent, &public_url, &signature)?;
                newest = revision.or(newest);
            }
            Ok(Written { id: entry.id, slug: entry.slug, revision: newest })
        })
    }
}

fn change_locale(
    write: &mut Write<'_>,
    schema: &Schema,
    entry: &mut Entry,
    change: &Change,
    sent: &Sent,
    public_url: &str,
    signature: &Signature,
) -> Result<Option<RevisionId>, Error> {
    let mode = if change.replace { Writing::Replace } else { Writing::Merge };
    let known = write.variant(entry.id, sent.locale)?;
    let name = match (&change.name, &known) {
        (None, None) => name_elsewhere(write, entry)?,
        (name, _) => name.clone(),
    };
    let asks = sent.fields.is_some() || change.name.is_some() || change.slug.is_some();
    let mut make = |write: &mut Write<'_>, entry: &Entry, base: Option<&Revision>| {
        let copy = Copy {
            schema,
            entry,
            locale: sent.locale,
            base,
            name: name.as_deref(),
            slug: change.slug.as_deref(),
            fields: sent.fields.as_ref(),
            mode: if base.is_some() { mode } else { Writing::Create },
        };
        save(write, &copy, public_url, signature, if base.is_some() { "edited" } else { "created" })
    };
    let make: Option<&mut Make<'_>> = if asks || known.is_none() { Some(&mut make) } else { None };
    let variant = known.unwrap_or_else(|| new_variant(entry, sent.locale, signature));
    let pages = schema.kind.is_page();
    apply(write, entry, variant, state_for(change.state, pages), make, signature)
}

/// A draft of a page stands beside its live version; items and posts have one version at a time for the
/// write API, so that making them drafts takes them off.
pub(super) fn state_for(state: State, pages: bool) -> State {
    match state {
        State::Draft if !pages => State::Unpublished,
        other => other,
    }
}

/// The name a page has in the locale it has had longest.
pub(super) fn name_elsewhere(read: &Read<'_>, entry: &Entry) -> Result<Option<String>, Error> {
    for variant in read.variants(entry.id)? {
        if let Some(id) = variant.live.or(variant.draft)
            && let Some(revision) = read.revision(id)?
        {
            return Ok(Some(revision.name));
        }
    }
    Ok(None)
}

/// Saves a copy of a revision, or a first one, with what was sent.
pub(super) type Make<'a> = dyn FnMut(&mut Write<'_>, &Entry, Option<&Revision>) -> Result<Revision, Error> + 'a;

/// Applies what was sent to a variant and brings it into the wanted state. Returns the newest revision
/// that was made.
pub(super) fn apply(
    write: &mut Write<'_>,
    entry: &mut Entry,
    mut variant: Variant,
    state: State,
    make: Option<&mut Make<'_>>,
    signature: &Signature,
) -> Result<Option<RevisionId>, Error> {
    let mut made = None;
    if let Some(make) = make {
        made = if state == State::Keep && variant.live.is_some() {
            Some(edit_live(write, entry, &mut variant, make, signature)?)
        } else {
            let base = revision_of(write, variant.draft.or(variant.live))?;
            let revision = make(write, entry, base.as_ref())?;
            set_draft(write, entry, &mut variant, &revision)?;
            Some(revision.id)
        };
    }
    match state {
        State::Published => publish(write, entry, &mut variant, signature)?,
        State::Unpublished if variant.live.is_some() => {
            unpublish(write, entry, &mut variant, signature, json!({}))?;
        }
        State::Draft if variant.draft.is_none() => start_draft(write, entry, &mut variant, signature)?,
        State::Keep | State::Draft | State::Unpublished => {}
    }
    Ok(made)
}

/// Changes what is live, and the draft beside it in the same way: the edit must show at once, and the
/// next publish of the draft must not undo it.
fn edit_live(
    write: &mut Write<'_>,
    entry: &mut Entry,
    variant: &mut Variant,
    make: &mut Make<'_>,
    signature: &Signature,
) -> Result<RevisionId, Error> {
    let draft = revision_of(write, variant.draft.take())?;
    let (scheduled, along) = (variant.scheduled.take(), variant.along);
    let live = revision_of(write, variant.live)?;
    let revision = make(write, entry, live.as_ref())?;
    set_draft(write, entry, variant, &revision)?;
    publish(write, entry, variant, signature)?;
    let Some(draft) = draft else { return Ok(revision.id) };
    let revision = make(write, entry, Some(&draft))?;
    (variant.scheduled, variant.along) = (scheduled, along);
    set_draft(write, entry, variant, &revision)?;
    Ok(revision.id)
}

/// A draft that says what is live, to be worked on.
fn start_draft(
    write: &mut Write<'_>,
    entry: &mut Entry,
    variant: &mut Variant,
    signature: &Signature,
) -> Result<(), Error> {
    let Some(live) = revision_of(write, variant.live)? else { return Ok(()) };
    let copy = Revision {
        id: RevisionId(0),
        at: signature.at,
        by: signature.by.clone(),
        why: "draft of what is live".into(),
        slug: entry.slug.clone(),
        kind: Origin::Api,
        named: None,
        ..live
    };
    let copy = super::saving::add(write, copy)?;
    set_draft(write, entry, variant, &copy)
}

fn revision_of(read: &Read<'_>, id: Option<RevisionId>) -> Result<Option<Revision>, Error> {
    Ok(id.map_or(Ok(None), |id| read.revision(id))?)
}

/// A post and its only variant.
pub(super) fn find_own(write: &Write<'_>, entry: EntryId) -> Result<(Entry, Variant), Error> {
    let variants = write.variants(entry)?;
    let locale = variants.first().map(|variant| variant.locale).ok_or(Error::NotFound("post"))?;
    find(write, entry, locale)
}
