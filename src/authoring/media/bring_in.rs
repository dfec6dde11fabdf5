//! Bringing pictures of other servers into the library: a write that names them does not wait for it.
//!
//! The write notes, in its own transaction, which addresses are wanted. They are fetched afterwards, and every
//! place that still names one of them then names the library's copy instead: as a revision of its own, live where
//! it was live, so that what others have saved meanwhile stays.

use serde_json::{Map, Value};

use crate::authoring::change::apply;
use crate::authoring::saving::{add, set_draft};
use crate::authoring::{Authoring, Error, Signature, State};
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Variant};
use crate::content::html::{picture_sources, with_source};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::store::{Read, WantedMedia, Write};

/// What the revision that names the copy is for.
const WHY: &str = "brought a picture into the library";
/// How many addresses are wanted of one text or entry at most.
const MOST: usize = 200;
const SECOND: i64 = 1_000_000;
/// How long to wait after each try.
const PAUSES: [i64; 5] = [2 * SECOND, 60 * SECOND, 10 * 60 * SECOND, 60 * 60 * SECOND, 6 * 60 * 60 * SECOND];

/// What became of fetching an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BroughtIn {
    /// How many entries name the library's copy now.
    pub entries: usize,
}

impl Authoring {
    /// The addresses to be fetched now, at most so many, with who wrote them. Each is put off first: one that ends the process would
    /// otherwise end it again and again.
    ///
    /// # Errors
    /// The database's.
    pub fn begin_bringing_in(&self, now: Moment, most: usize) -> Result<Vec<(String, String)>, Error> {
        let due = self.store().read(|read| read.due_media(now, most))?;
        if due.is_empty() {
            return Ok(due);
        }
        let signature = Signature::at("clock", now);
        self.write(&signature, move |write| {
            for (url, _) in &due {
                for wanted in write.wanted_media(url)? {
                    let pause = PAUSES.get(wanted.tries as usize).or(PAUSES.last()).copied().unwrap_or_default();
                    write.try_media(&wanted, Moment::from_micros(now.micros() + pause))?;
                }
            }
            Ok(due)
        })
    }

    /// Names the library's copy wherever an address was wanted and still stands.
    ///
    /// # Errors
    /// The database's. An entry that cannot be changed keeps the address.
    pub fn bring_in(&self, url: &str, media: &str, now: Moment) -> Result<BroughtIn, Error> {
        let mut entries = 0;
        for wanted in self.store().read(|read| read.wanted_media(url))? {
            let signature = Signature::at(&wanted.by, now);
            let address = format!("/media/{media}");
            let (kept, at) = (wanted.clone(), signature.clone());
            let swapped = self.write(&signature, move |write| {
                let swapped = swap(write, &kept, &address, &at)?;
                write.forget_wanted_media(&kept)?;
                Ok(swapped)
            });
            match swapped {
                Ok(swapped) => entries += usize::from(swapped),
                Err(Error::Store(error)) => return Err(Error::Store(error)),
                Err(error) => {
                    tracing::warn!(entry = wanted.entry.0, %url, %error, "a picture was fetched but not put in");
                    self.miss_one(wanted, error.to_string(), true, now)?;
                }
            }
        }
        Ok(BroughtIn { entries })
    }

    /// Notes that an address could not be fetched; it is tried again unless that is of no use.
    ///
    /// # Errors
    /// The database's.
    pub fn miss_media(&self, url: &str, why: &str, may_pass: bool, now: Moment) -> Result<(), Error> {
        for wanted in self.store().read(|read| read.wanted_media(url))? {
            let over = !may_pass || wanted.tries as usize > PAUSES.len();
            self.miss_one(wanted, why.to_owned(), over, now)?;
        }
        Ok(())
    }

    fn miss_one(&self, wanted: WantedMedia, why: String, over: bool, now: Moment) -> Result<(), Error> {
        let signature = Signature::at("clock", now);
        self.write(&signature, move |write| Ok(write.miss_media(&wanted, &why, over)?))
    }
}

/// Notes that what a revision names of other servers is wanted, as far as it was sent.
pub(in crate::authoring) fn want_sent(
    write: &mut Write<'_>,
    revision: &Revision,
    sent: &Map<String, Value>,
    public_url: &str,
) -> Result<(), Error> {
    let mut named = Vec::new();
    media_addresses(&revision.fields, &mut named);
    if named.is_empty() {
        return Ok(());
    }
    let mut texts = Vec::new();
    sent.values().for_each(|value| each_text(value, &mut texts));
    let wanted = named.into_iter().filter(|address| texts.contains(address));
    want(write, revision, wanted.map(str::to_owned), false, public_url)
}

/// Notes that pictures of a post are wanted: the one it is shown with, those in its text.
pub(in crate::authoring) fn want_of_post(
    write: &mut Write<'_>,
    revision: &Revision,
    featured: Option<&str>,
    body: Option<&str>,
    public_url: &str,
) -> Result<(), Error> {
    want(write, revision, featured.map(str::to_owned).into_iter(), false, public_url)?;
    want(write, revision, body.map(picture_sources).unwrap_or_default().into_iter(), true, public_url)
}

fn want(
    write: &mut Write<'_>,
    revision: &Revision,
    addresses: impl Iterator<Item = String>,
    html: bool,
    public_url: &str,
) -> Result<(), Error> {
    let ours = format!("{public_url}/media/");
    for url in addresses.filter(|url| is_elsewhere(url) && !url.starts_with(&ours)).take(MOST) {
        let (entry, locale): (EntryId, LocaleId) = (revision.entry, revision.locale);
        let (by, at) = (revision.by.clone(), revision.at);
        write.want_media(&WantedMedia { entry, locale, url, html, by, at, tries: 0, why: None })?;
    }
    Ok(())
}

/// Whether an address leads to another server's file.
fn is_elsewhere(address: &str) -> bool {
    let scheme = address.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

/// Names another address in an entry, live and draft; returns whether it was named anywhere.
fn swap(write: &mut Write<'_>, wanted: &WantedMedia, address: &str, signature: &Signature) -> Result<bool, Error> {
    let entry = write.entry(wanted.entry)?.filter(|entry| entry.deleted.is_none());
    let (Some(mut entry), Some(variant)) = (entry, write.variant(wanted.entry, wanted.locale)?) else {
        return Ok(false);
    };
    let swapped = |revision: &Revision| swapped(&revision.fields, &wanted.url, address, wanted.html);
    let live = revision_of(write, variant.live)?;
    if live.as_ref().and_then(swapped).is_some() {
        let mut make = |write: &mut Write<'_>, _: &Entry, base: Option<&Revision>| {
            let base = base.ok_or(Error::NotFound("version"))?;
            let fields = swapped(base).unwrap_or_else(|| base.fields.clone());
            add(write, renewed(base, fields, signature))
        };
        apply(write, &mut entry, variant, State::Keep, Some(&mut make), signature)?;
        return Ok(true);
    }
    let draft = revision_of(write, variant.draft)?;
    let Some((draft, fields)) = draft.as_ref().and_then(|draft| Some((draft, swapped(draft)?))) else {
        return Ok(false);
    };
    let revision = add(write, renewed(draft, fields, signature))?;
    let mut variant: Variant = variant;
    set_draft(write, &mut entry, &mut variant, &revision)?;
    Ok(true)
}

fn revision_of(read: &Read<'_>, id: Option<RevisionId>) -> Result<Option<Revision>, Error> {
    Ok(id.map_or(Ok(None), |id| read.revision(id))?)
}

/// A revision like another one but for its values.
fn renewed(base: &Revision, fields: Value, signature: &Signature) -> Revision {
    Revision {
        id: RevisionId(0),
        fields,
        at: signature.at,
        by: signature.by.clone(),
        why: WHY.into(),
        kind: Origin::Api,
        named: None,
        ..base.clone()
    }
}

/// Values that name another address; `None` when they do not name the first.
fn swapped(fields: &Value, from: &str, to: &str, html: bool) -> Option<Value> {
    let mut fields = fields.clone();
    swap_in(&mut fields, from, to, html).then_some(fields)
}

fn swap_in(value: &mut Value, from: &str, to: &str, html: bool) -> bool {
    let all = |swapped: bool, value: &mut Value| swap_in(value, from, to, html) | swapped;
    match value {
        Value::Object(members) if is_media(members) => {
            let named = members["url"] == from;
            if named {
                members["url"] = to.into();
            }
            named
        }
        Value::Object(members) => members.values_mut().fold(false, all),
        Value::Array(items) => items.iter_mut().fold(false, all),
        Value::String(text) if html => match with_source(text, from, to) {
            Some(changed) => {
                *text = changed;
                true
            }
            None => false,
        },
        _ => false,
    }
}

/// Whether stored members are those of a picture or file: an address with an alternative text.
fn is_media(members: &Map<String, Value>) -> bool {
    members.len() == 2 && members.contains_key("url") && members.contains_key("alt")
}

/// The addresses of all pictures and files in stored values, but for those in texts.
fn media_addresses<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) if is_media(members) => found.extend(members["url"].as_str()),
        Value::Object(members) => members.values().for_each(|value| media_addresses(value, found)),
        Value::Array(items) => items.iter().for_each(|value| media_addresses(value, found)),
        _ => {}
    }
}

fn each_text<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Object(members) => members.values().for_each(|value| each_text(value, found)),
        Value::Array(items) => items.iter().for_each(|value| each_text(value, found)),
        _ => {}
    }
}
