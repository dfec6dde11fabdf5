//! Visitors of addresses that change or go: where they are, and where they are sent.

use super::redirects::{Step, drop_redirect, send};
use super::{Authoring, Error, Signature};
use crate::content::entry::{Entry, EntryId};
use crate::content::locale::LocaleId;
use crate::content::place::asked_for;
use crate::content::redirect::{source, target};
use crate::content::schema::Kind;
use crate::content::settings::Settings;
use crate::store::{Read, Write};

/// Where visitors find the live version of an entry in a locale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// In which locale.
    pub locale: LocaleId,
    /// As redirects name it.
    pub path: String,
    /// As it is asked for, perhaps with a slash at its end.
    pub asked: String,
}

/// Where visitors of an address that goes are to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Nowhere: it answers 404.
    Nowhere,
    /// To where the same thing is now.
    Along,
    /// To this address.
    To(String),
}

/// Where visitors find the live versions of an entry: by `page_url` and `blog_url_prefix`. Items have no place of
/// their own.
///
/// # Errors
/// The database's.
pub fn visited(read: &Read<'_>, entry: &Entry) -> Result<Vec<Address>, Error> {
    let Some(schema) = read.model().schema(entry.schema).filter(|schema| schema.kind != Kind::Collection) else {
        return Ok(Vec::new());
    };
    if entry.deleted.is_some() {
        return Ok(Vec::new());
    }
    let settings = Settings::read(&read.settings()?);
    let (model, slug) = (read.model(), entry.slug.as_deref());
    let live = read.variants(entry.id)?.into_iter().filter(|variant| variant.live.is_some());
    let places = live.filter_map(|variant| {
        let asked = asked_for(&settings, model, schema, (entry.id, variant.locale), slug)?;
        // An address that no redirect can be for is none to ask about.
        let (path, asked) = (source(&asked).ok()?, target(&asked).ok()?);
        Some(Address { locale: variant.locale, path, asked })
    });
    Ok(places.collect())
}

impl Authoring {
    /// Sends visitors on after a change of an entry that was at `before`, and says so in sentences.
    ///
    /// # Errors
    /// The database's.
    pub fn follow_visitors(
        &self,
        before: Vec<Address>,
        entry: EntryId,
        wish: Wish,
        signature: Signature,
    ) -> Result<Vec<String>, Error> {
        self.write(&signature.clone(), move |write| Ok(follow(write, &before, entry, &wish, &signature)?.said))
    }
}

/// What became of visitors.
pub(super) struct Followed {
    /// In sentences.
    pub(super) said: Vec<String>,
    /// What became of redirects, in the order it was done.
    pub(super) steps: Vec<Step>,
}

/// As [`Authoring::follow_visitors`], within the change. A redirect that cannot be kept is said, too: it undoes
/// nothing. A redirect of an address at which there is something again would keep visitors from it: it goes.
pub(super) fn follow(
    write: &mut Write<'_>,
    before: &[Address],
    entry: EntryId,
    wish: &Wish,
    signature: &Signature,
) -> Result<Followed, Error> {
    let after = match write.entry(entry)? {
        Some(entry) => visited(write, &entry)?,
        None => Vec::new(),
    };
    let is_in = |place: &Address, list: &[Address]| list.iter().any(|one| one.path == place.path);
    let (mut said, mut steps) = (Vec::new(), Vec::new());
    for Address { path, .. } in after.iter().filter(|place| !is_in(place, before)) {
        if let Some(step) = drop_redirect(write, path)? {
            steps.push(step);
            said.push(format!("The redirect from {path} is removed, because there is something again."));
        }
    }
    let mut lost: Vec<&Address> = before.iter().filter(|place| !is_in(place, &after)).collect();
    lost.dedup_by(|one, other| one.path == other.path);
    for from in lost {
        let to = match wish {
            Wish::Nowhere => None,
            Wish::Along => after.iter().find(|to| to.locale == from.locale).map(|to| &to.asked),
            Wish::To(to) => Some(to),
        };
        let Some(to) = to else { continue };
        said.push(match send(write, &from.path, to, signature) {
            Ok(sent) => {
                steps.extend(sent);
                format!("Visitors of {} are sent to {to}.", from.path)
            }
            Err(Error::Invalid(problems)) => {
                let why = problems.into_iter().next().map(|problem| problem.text).unwrap_or_default();
                format!("No redirect was set: {why}")
            }
            Err(error) => return Err(error),
        });
    }
    Ok(Followed { said, steps })
}
