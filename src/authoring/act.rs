//! One of the acts that are done to many entries at once, each of which can be undone.

use serde_json::json;

use super::acting::check_draft;
use super::delete::note_everywhere;
use super::happened::Happened;
use super::publish::{find, find_entry, publish};
use super::put_aside::archive;
use super::redirects::{Step, take_back};
use super::saving::{add, set_draft};
use super::schedule::set_publish;
use super::unpublish::unpublish;
use super::visitors::{Wish, follow, visited};
use super::{Authoring, Error, Signature};
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Variant};
use crate::content::event::EventKind;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::post::Post;
use crate::store::{Read, Write};

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The draft goes live.
    Publish,
    /// What is live is taken off.
    Unpublish,
    /// The draft goes live at a set time.
    Schedule(Moment),
    /// It is put aside.
    Archive,
    /// It is taken out of the archive.
    Unarchive,
    /// It goes to the trash.
    Delete,
    /// A post's draft is filed under these categories too.
    File(Vec<i64>),
    /// A post's draft is taken out of these categories.
    Unfile(Vec<i64>),
}

/// How an entry was before an act and is after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    before: State,
    after: State,
    /// What became of redirects with it.
    redirects: Vec<Step>,
}

/// An entry in all its locales, without its words.
#[derive(Clone, Debug, PartialEq)]
struct State {
    entry: Entry,
    variants: Vec<Variant>,
}

impl State {
    fn of(read: &Read<'_>, entry: EntryId) -> Result<Option<Self>, Error> {
        let Some(entry) = read.entry(entry)? else { return Ok(None) };
        Ok(Some(Self { variants: read.variants(entry.id)?, entry }))
    }
}

impl Authoring {
    /// Does something to an entry in a locale and tells how to undo it, and in sentences what became of visitors of
    /// an address that is new or gone. What goes live at a set time keeps the wish until then.
    ///
    /// # Errors
    /// `Invalid` when rules keep it from going live, `InUse` when others link to what should be deleted,
    /// `Refused` when there is nothing to do it to, `NotFound` when it is gone.
    pub fn act(
        &self,
        entry: EntryId,
        locale: LocaleId,
        act: Act,
        wish: Wish,
        signature: Signature,
    ) -> Result<(Undo, Vec<String>), Error> {
        self.write(&signature.clone(), move |write| {
            let before = State::of(write, entry)?.ok_or(Error::NotFound("entry"))?;
            let visitors = visited(write, &before.entry)?;
            perform(write, entry, locale, &act, &wish, &signature)?;
            let followed = follow(write, &visitors, entry, &wish, &signature)?;
            let after = State::of(write, entry)?.ok_or(Error::NotFound("entry"))?;
            Ok((Undo { before, after, redirects: followed.steps }, followed.said))
        })
    }

    /// Makes an entry what it was before an act.
    ///
    /// # Errors
    /// `Refused` when somebody has changed it since; it then stays as it is. `Invalid` when another entry has
    /// taken its slug.
    pub fn undo(&self, undo: Undo, signature: Signature) -> Result<(), Error> {
        self.write(&signature.clone(), move |write| {
            let Undo { before, after, redirects } = undo;
            if State::of(write, after.entry.id)?.as_ref() != Some(&after) {
                return Err(Error::Refused("It was changed since, so it stays as it is.".into()));
            }
            let visitors = visited(write, &after.entry)?;
            // A slug that was taken meanwhile is refused by the database.
            write.put_entry(&before.entry)?;
            for variant in &before.variants {
                write.put_variant(&before.entry, variant)?;
            }
            write.reindex_entry(&before.entry)?;
            note_undo(write, &before, &after, &signature)?;
            take_back(write, &redirects, &signature)?;
            follow(write, &visitors, before.entry.id, &Wish::Nowhere, &signature).map(drop)
        })
    }
}

/// Tells the history what undoing an act brought back.
fn note_undo(write: &mut Write<'_>, before: &State, after: &State, signature: &Signature) -> Result<(), Error> {
    if after.entry.deleted.is_some() && before.entry.deleted.is_none() {
        return note_everywhere(write, &before.entry, EventKind::Undeleted, signature);
    }
    for (old, new) in before.variants.iter().zip(&after.variants) {
        let kind = if old.live.is_some() && new.live.is_none() {
            EventKind::Published
        } else if old.live != new.live {
            EventKind::PublishUndone
        } else if old.scheduled != new.scheduled {
            EventKind::Unscheduled
        } else {
            continue;
        };
        let happened = Happened { previous: new.live, ..Happened::to(old.live.or(old.draft), kind) };
        happened.note(write, old, signature)?;
    }
    Ok(())
}

fn perform(
    write: &mut Write<'_>,
    entry: EntryId,
    locale: LocaleId,
    act: &Act,
    wish: &Wish,
    signature: &Signature,
) -> Result<(), Error> {
    let (mut entry, mut variant) = find(write, entry, locale)?;
    match act {
        Act::Publish => {
            check_draft(write, &entry, &variant)?;
            publish(write, &mut entry, &mut variant, signature)
        }
        Act::Unpublish => unpublish(write, &entry, &mut variant, signature, json!({})).map(|_| ()),
        Act::Schedule(at) => schedule(write, &entry, variant, *at, *wish == Wish::Along, signature),
        Act::Archive => archive(write, &mut entry, signature),
        Act::Unarchive => unarchive(write, entry),
        Act::Delete => delete(write, entry, signature),
        Act::File(ids) => file(write, &mut entry, &mut variant, signature, |known| {
            let new = ids.iter().filter(|id| !known.contains(id)).copied().collect::<Vec<_>>();
            known.extend(new);
        }),
        Act::Unfile(ids) => {
            file(write, &mut entry, &mut variant, signature, |known| known.retain(|id| !ids.contains(id)))
        }
    }
}

fn schedule(
    write: &mut Write<'_>,
    entry: &Entry,
    mut variant: Variant,
    at: Moment,
    along: bool,
    signature: &Signature,
) -> Result<(), Error> {
    if variant.draft.is_none() {
        return Err(Error::Refused("There are no changes to publish.".into()));
    }
    check_draft(write, entry, &variant)?;
    set_publish(write, entry, &mut variant, Some(at), along, signature).map(|_| ())
}

fn unarchive(write: &mut Write<'_>, mut entry: Entry) -> Result<(), Error> {
    entry.archived = None;
    write.put_entry(&entry)?;
    Ok(write.reindex_entry(&entry)?)
}

fn delete(write: &mut Write<'_>, entry: Entry, signature: &Signature) -> Result<(), Error> {
    let mut entry = find_entry(write, entry.id)?;
    let uses = write.uses(entry.id)?;
    if !uses.is_empty() {
        return Err(Error::InUse(uses));
    }
    entry.deleted = Some(signature.at);
    entry.deleted_by = Some(signature.by.clone());
    write.put_entry(&entry)?;
    write.reindex_entry(&entry)?;
    note_everywhere(write, &entry, EventKind::Deleted, signature)
}

/// Saves a draft of a post with other categories.
fn file(
    write: &mut Write<'_>,
    entry: &mut Entry,
    variant: &mut Variant,
    signature: &Signature,
    change: impl FnOnce(&mut Vec<i64>),
) -> Result<(), Error> {
    if entry.schema != BLOG {
        return Err(Error::Refused("Only posts are filed under categories.".into()));
    }
    let newest = variant.draft.or(variant.live).ok_or(Error::NotFound("version of this post"))?;
    let old = write.revision(newest)?.ok_or(Error::NotFound("version of this post"))?;
    let known = Post::read(&old.fields).categories;
    let mut categories = known.clone();
    change(&mut categories);
    if categories == known {
        return Ok(());
    }
    let mut fields = old.fields.clone();
    if let Some(members) = fields.as_object_mut() {
        members.insert("categories".into(), categories.into());
    }
    let copy = Revision {
        id: RevisionId(0),
        fields,
        at: signature.at,
        by: signature.by.clone(),
        why: "categories".into(),
        kind: Origin::Edit,
        named: None,
        ..old
    };
    let copy = add(write, copy)?;
    set_draft(write, entry, variant, &copy)
}
