//! From a question to its answer, on one snapshot.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::addresses::{absolute, absolute_in_html, media_id};
use super::query::{Look, Query};
use super::recorder::Recorder;
use super::refusal::Refusal;
use super::shape;
use crate::content::entry::{EntryId, Version, View};
use crate::content::field::{Expand, fields_to_json};
use crate::content::locale::LocaleId;
use crate::content::schema::Model;
use crate::store::Error;

/// Why a build ends without a value.
pub(super) enum Stop {
    /// The content says no.
    Refused(Refusal),
    /// The database does not answer.
    Failed(Error),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// One answer being built. Its methods stand in the file of what they answer.
pub(super) struct Build<'a> {
    pub(super) recorder: Recorder<'a>,
    pub(super) public_url: &'a str,
    /// The entry and locale whose draft alone is shown; everything else is as readers get it.
    pub(super) only: Option<(EntryId, LocaleId)>,
}

impl Build<'_> {
    /// Refuses to show another entry to whoever may see only one.
    pub(super) fn admits(&self, entry: EntryId) -> Result<(), Refusal> {
        match self.only {
            Some((only, _)) if only != entry => Err(Refusal::OtherEntry),
            _ => Ok(()),
        }
    }

    /// Which version of an entry is shown where `view` is asked for.
    pub(super) fn view_of(&self, entry: EntryId, locale: LocaleId, view: View) -> View {
        match self.only {
            Some(only) if only != (entry, locale) => View::Live,
            _ => view,
        }
    }

    /// The answer's JSON.
    pub(super) fn value(&mut self, query: &Query) -> Result<Value, Stop> {
        match query {
            Query::Posts(list) => self.posts(list),
            Query::Post(one) => self.post(one),
            Query::PostSearch(search) => self.post_search(search),
            Query::Authors(recent) => self.authors(recent),
            Query::Author(slug, recent) => self.author(slug, recent),
            Query::Terms(filing, recent) => self.terms(*filing, recent),
            Query::Term(filing, slug, recent) => self.term(*filing, slug, recent),
            Query::Feed(feed) => self.feed(feed),
            Query::Pages(list) => self.pages(list),
            Query::Page(one) => self.page(one),
            Query::PageSearch(search) => self.page_search(search),
            Query::Collection(list) => self.collection(list),
            Query::Collections(lists) => self.collections(lists),
            Query::Item(one) => self.item(one),
            Query::Redirects(paging) => self.redirects(*paging),
            Query::RedirectFeed(host) => self.redirect_feed(*host),
        }
    }

    /// The locale asked for, else the default.
    pub(super) fn locale(&mut self, slug: Option<&str>) -> Result<LocaleId, Stop> {
        let model = self.recorder.model();
        let found = slug.map_or_else(|| Some(model.default_locale()), |slug| model.locale(slug));
        Ok(found.ok_or(Refusal::NoLocale)?)
    }

    /// What a stored picture's alternative text is: its own here, else the one of the media library.
    pub(super) fn alt(&mut self, url: &str, alt: &str) -> Result<String, Error> {
        match media_id(url) {
            Some(id) if alt.is_empty() => self.recorder.media_alt(id),
            _ => Ok(alt.to_owned()),
        }
    }
}

/// Pages and items as a question shows them, and what they link to.
pub(super) struct Entries<'m, 'b, 'a> {
    pub(super) build: &'b mut Build<'a>,
    pub(super) model: &'m Model,
    pub(super) locale: LocaleId,
    pub(super) view: View,
    levels: u8,
    alt: bool,
    /// How deep the entry being shown lies; what was asked for is 1.
    level: u8,
    versions: HashMap<EntryId, Option<Rc<Version>>>,
    /// What was linked to before, by the level at which it was shown.
    shown: HashMap<(EntryId, u8), Option<Value>>,
    /// The first error met while expanding, which cannot stop half-way.
    failed: Option<Error>,
}

impl<'m, 'b, 'a> Entries<'m, 'b, 'a> {
    pub(super) fn new(build: &'b mut Build<'a>, model: &'m Model, locale: LocaleId, look: &Look) -> Self {
        Self {
            build,
            model,
            locale,
            view: look.view,
            levels: look.levels,
            alt: look.alt,
            level: 1,
            versions: HashMap::new(),
            shown: HashMap::new(),
            failed: None,
        }
    }

    /// The entries, without those that do not show.
    pub(super) fn all(&mut self, ids: &[EntryId]) -> Result<Vec<Value>, Error> {
        let mut values = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(version) = self.version(*id)? {
                values.extend(self.one(&version)?);
            }
        }
        Ok(values)
    }

    /// What an entry shows; `None` when that is nothing.
    pub(super) fn version(&mut self, id: EntryId) -> Result<Option<Rc<Version>>, Error> {
        if let Some(known) = self.versions.get(&id) {
            return Ok(known.clone());
        }
        let view = self.build.view_of(id, self.locale, self.view);
        let found = match self.build.recorder.entry(id)? {
            Some(entry) => self.build.recorder.version(&entry, self.locale, view)?.map(Rc::new),
            None => None,
        };
        self.versions.insert(id, found.clone());
        Ok(found)
    }

    /// One page or item.
    pub(super) fn one(&mut self, version: &Version) -> Result<Option<Value>, Error> {
        let value = self.expanded(version);
        self.failed.take().map_or(Ok(value), Err)
    }

    fn expanded(&mut self, version: &Version) -> Option<Value> {
        let schema = self.model.schema(version.entry.schema)?;
        let fields: Map<String, Value> = fields_to_json(schema.fields(), &version.revision.fields, self);
        shape::entry(schema, version, fields)
    }

    fn linked(&mut self, to: EntryId) -> Result<Option<Value>, Error> {
        let Some(version) = self.version(to)? else { return Ok(None) };
        if self.level >= self.levels {
            let schema = self.model.schema(version.entry.schema);
            return Ok(schema.and_then(|schema| shape::address(schema, &version)));
        }
        let place = (to, self.level + 1);
        if let Some(known) = self.shown.get(&place) {
            return Ok(known.clone());
        }
        self.level += 1;
        let value = self.expanded(&version);
        self.level -= 1;
        self.shown.insert(place, value.clone());
        Ok(value)
    }

    fn alt_of(&mut self, url: &str, alt: &str) -> String {
        self.build.alt(url, alt).unwrap_or_else(|error| {
            self.failed.get_or_insert(error);
            String::new()
        })
    }
}

impl<'m> Expand<'m> for Entries<'m, '_, '_> {
    fn model(&self) -> &'m Model {
        self.model
    }

    fn reference(&mut self, to: EntryId) -> Option<Value> {
        self.linked(to).unwrap_or_else(|error| {
            self.failed.get_or_insert(error);
            None
        })
    }

    fn media(&mut self, url: &str, alt: &str) -> Value {
        let alt = self.alt.then(|| self.alt_of(url, alt));
        shape::media(absolute(url, self.build.public_url), alt)
    }

    fn text(&self, text: &str) -> String {
        absolute_in_html(text, self.build.public_url)
    }
}
