//! Telling what a change would do to the answers that readers get, without making it.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;

use super::publish::{find, publish};
use super::unpublish::unpublish;
use super::{Authoring, Error, Signature};
use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::delivery::{Comparison, Query, Radius, canonical_questions, depending};
use crate::store::Write;

/// The answers among which those that change are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Among {
    /// Those that this process keeps.
    Kept,
    /// The answers to these questions.
    These(Vec<Query>),
    /// The answers to the questions that every site is asked.
    Canonical,
}

/// What is to be told of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foresight {
    /// Among which answers to look.
    pub among: Among,
    /// Whether to tell what differs in each.
    pub differences: bool,
}

/// A change that can be made more than once, because it is always undone.
type Rehearsed = Arc<dyn Fn(&mut Write<'_>) -> Result<(), Error> + Send + Sync>;

impl Authoring {
    /// Which answers publishing an entry would change. Nothing is published.
    ///
    /// # Errors
    /// As [`Authoring::publish`]: what cannot be published changes no answers.
    pub fn foresee_publish(
        &self,
        entry: EntryId,
        locale: LocaleId,
        signature: Signature,
        wanted: Foresight,
    ) -> Result<Radius, Error> {
        let change: Rehearsed = Arc::new(move |write| {
            let (mut entry, mut variant) = find(write, entry, locale)?;
            publish(write, &mut entry, &mut variant, &signature)
        });
        self.foresee(&change, wanted)
    }

    /// Which answers taking an entry off would change. Nothing is taken off.
    ///
    /// # Errors
    /// As [`Authoring::unpublish`].
    pub fn foresee_unpublish(&self, entry: EntryId, locale: LocaleId, wanted: Foresight) -> Result<Radius, Error> {
        let signature = Signature::now("");
        let change: Rehearsed = Arc::new(move |write| {
            let (entry, mut variant) = find(write, entry, locale)?;
            unpublish(write, &entry, &mut variant, &signature, json!({})).map(|_| ())
        });
        self.foresee(&change, wanted)
    }

    /// Twice: the first time to learn what the change makes old, so that looking for the answers that
    /// depend on it, which may take long, keeps nobody from writing; the second time to compare these.
    fn foresee(&self, change: &Rehearsed, wanted: Foresight) -> Result<Radius, Error> {
        let questions = self.touched_questions(change, wanted.among)?;
        let comparison =
            Arc::new(Comparison { questions, public_url: self.public_url.clone(), differences: wanted.differences });
        let (change, after, before) = (change.clone(), comparison.clone(), comparison);
        self.store.rehearse(
            move |write| change(write),
            move |read, _| Ok(after.after(read)?),
            move |read, answers| Ok(before.before(read, &answers)?),
        )
    }

    fn touched_questions(&self, change: &Rehearsed, among: Among) -> Result<Vec<Query>, Error> {
        let (change, everything) = (change.clone(), among == Among::Canonical);
        let (keys, mut new) = self.store.rehearse(
            move |write| change(write),
            move |read, keys| {
                // Some can be asked only after the change.
                let questions = if everything { canonical_questions(read)? } else { Vec::new() };
                Ok::<_, Error>((keys.clone(), questions))
            },
            |_, seen| Ok(seen),
        )?;
        let public_url = &self.public_url;
        match among {
            Among::Kept => Ok(self.delivery.as_ref().map(|delivery| delivery.carrying(&keys)).unwrap_or_default()),
            Among::These(questions) => self.store.read(|read| Ok(depending(read, public_url, questions, &keys)?)),
            Among::Canonical => self.store.read(|read| {
                let mut questions = canonical_questions(read)?;
                let known: HashSet<&Query> = questions.iter().collect();
                new.retain(|query| !known.contains(query));
                questions.extend(new);
                Ok(depending(read, public_url, questions, &keys)?)
            }),
        }
    }
}
