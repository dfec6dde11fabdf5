//! Taking a publish back.

use serde_json::json;

use super::acting::Acted;
use super::happened::Happened;
use super::publish::go_live;
use super::saving::check_slug;
use super::{Aim, Authoring, Error, Signature};
use crate::content::entry::{Entry, Revision, Variant};
use crate::content::event::{Event, EventKind};
use crate::content::moment::Moment;
use crate::store::Write;

impl Authoring {
    /// Brings back what was live before the last publish: the earlier revision, or nothing. What was
    /// published becomes the draft, unless a newer one exists.
    ///
    /// # Errors
    /// `Changed`; `Refused` when something else has happened to what is live since; `Invalid` when the
    /// earlier revision's slug is another entry's by now.
    pub fn undo_publish(&self, aim: Aim, signature: Signature) -> Result<Acted, Error> {
        self.aimed(aim, signature, |write, entry, variant, signature| {
            let last = last_publish(write, variant)?;
            match last.previous {
                Some(previous) => {
                    let revision = write.revision(previous)?.ok_or_else(gone)?;
                    bring_back(write, entry, variant, &last, &revision)?;
                }
                None => take_off(write, entry, variant)?,
            }
            let detail = json!({"of": last.id});
            let kind = EventKind::PublishUndone;
            let happened = Happened { kind, revision: last.revision, previous: last.previous, detail };
            happened.note(write, variant, signature).map(Some)
        })
    }
}

fn gone() -> Error {
    Error::Refused("What was live before is not there any more. Publish an earlier version from the history.".into())
}

/// The publish that what is live comes from.
fn last_publish(write: &Write<'_>, variant: &Variant) -> Result<Event, Error> {
    let kinds = [EventKind::Published, EventKind::Unpublished, EventKind::PublishUndone];
    let last = write.newest_event(variant.entry, variant.locale, &kinds)?;
    last.filter(|event| event.kind == EventKind::Published && event.revision == variant.live).ok_or_else(|| {
        Error::Refused(
            "The last publish cannot be taken back: something else has happened since. See the history.".into(),
        )
    })
}

fn bring_back(
    write: &mut Write<'_>,
    entry: &mut Entry,
    variant: &mut Variant,
    last: &Event,
    revision: &Revision,
) -> Result<(), Error> {
    let slug = last.detail["slug"].as_str().map(str::to_owned);
    if let Some(slug) = slug.as_deref().filter(|slug| entry.slug.as_deref() != Some(slug)) {
        let model = write.model().clone();
        let schema = model.schema(entry.schema).ok_or(Error::NotFound("content type"))?;
        check_slug(write, schema, Some(entry), slug).map_err(|problem| Error::Invalid(vec![problem]))?;
    }
    let renamed = slug != entry.slug;
    variant.draft = variant.draft.or(variant.live);
    variant.live = Some(revision.id);
    let published = last.detail["published"].as_str().and_then(Moment::parse);
    variant.published = published.or(variant.published);
    variant.updated = revision.at;
    let asked = entry.slug.clone();
    go_live(write, entry, variant, &Revision { slug, ..revision.clone() })?;
    if renamed {
        // The draft asks for its slug again.
        entry.draft_slug = asked;
        write.put_entry(entry)?;
    }
    Ok(())
}

fn take_off(write: &mut Write<'_>, entry: &Entry, variant: &mut Variant) -> Result<(), Error> {
    variant.draft = variant.draft.or(variant.live);
    variant.live = None;
    variant.published = None;
    variant.unpublish = None;
    variant.send_to = None;
    Ok(write.put_variant(entry, variant)?)
}
