//! Reading while noting what was looked for: the only way answers reach the database.
//!
//! Whatever is asked here leaves its [`Key`] behind, found or not, so that an answer cannot depend on
//! something it does not carry the key of.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, Version, View};
use crate::content::filter::{Condition, Filter, Linked};
use crate::content::index;
use crate::content::key::Key;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::post::{Author, Filing, Term};
use crate::content::redirect::Redirect;
use crate::content::schema::{Model, SchemaId};
use crate::content::settings::Settings;
use crate::store::{ALL_SINGLES, Error, Hit, Listed, Listing, Neighbours, Read, SearchIn};

/// One snapshot, and the keys of what was looked for in it.
pub(super) struct Recorder<'a> {
    read: &'a Read<'a>,
    keys: BTreeSet<Key>,
    settings: Option<Rc<Settings>>,
    authors: HashMap<i64, Option<Author>>,
    terms: HashMap<(Filing, i64), Option<Term>>,
    media_alts: HashMap<String, String>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(read: &'a Read<'a>) -> Self {
        Self {
            read,
            keys: BTreeSet::new(),
            settings: None,
            authors: HashMap::new(),
            terms: HashMap::new(),
            media_alts: HashMap::new(),
        }
    }

    /// The keys noted so far.
    pub(super) fn into_keys(self) -> BTreeSet<Key> {
        self.keys
    }

    pub(super) fn model(&mut self) -> Arc<Model> {
        self.keys.insert(Key::Model);
        self.read.model().clone()
    }

    pub(super) fn settings(&mut self) -> Result<Rc<Settings>, Error> {
        self.keys.insert(Key::Settings);
        if let Some(settings) = &self.settings {
            return Ok(settings.clone());
        }
        let settings = Rc::new(Settings::read(&self.read.settings()?));
        self.settings = Some(settings.clone());
        Ok(settings)
    }

    pub(super) fn site_created(&mut self) -> Result<Moment, Error> {
        self.read.site_created()
    }

    // Entries

    pub(super) fn entry(&mut self, id: EntryId) -> Result<Option<Entry>, Error> {
        self.keys.insert(Key::Entry(id));
        let found = self.read.entry(id)?;
        self.note_found(found.iter());
        Ok(found)
    }

    pub(super) fn version(&mut self, entry: &Entry, locale: LocaleId, view: View) -> Result<Option<Version>, Error> {
        self.keys.insert(Key::Entry(entry.id));
        self.keys.insert(Key::Schema(entry.schema));
        self.read.version(entry, locale, view)
    }

    /// The locales an entry is written in.
    pub(super) fn locales(&mut self, entry: EntryId) -> Result<Vec<LocaleId>, Error> {
        self.keys.insert(Key::Entry(entry));
        Ok(self.read.variants(entry)?.into_iter().map(|variant| variant.locale).collect())
    }

    /// The pages with this slug, of any type.
    pub(super) fn pages_by_slug(&mut self, slug: &str, view: View) -> Result<Vec<Entry>, Error> {
        self.note_page_slug(slug);
        let model = self.model();
        let mut found = self.read.entries_by_slug(slug, view)?;
        found.retain(|entry| model.schema(entry.schema).is_some_and(|schema| schema.kind.is_page()));
        self.note_found(found.iter());
        Ok(found)
    }

    pub(super) fn post_by_slug(&mut self, blog: SchemaId, slug: &str, view: View) -> Result<Option<Entry>, Error> {
        self.keys.insert(Key::Slug(format!("posts/{slug}")));
        let found = self.read.entry_by_slug(blog, slug, view)?;
        self.note_found(found.iter());
        Ok(found)
    }

    /// The translation of a post.
    pub(super) fn translation(&mut self, post: &Entry, locale: LocaleId) -> Result<Option<Entry>, Error> {
        self.keys.insert(Key::Translations(post.group.unwrap_or(post.id)));
        let found = self.read.translation(post, locale)?;
        self.note_found(found.iter());
        Ok(found)
    }

    /// The posts next to a post.
    pub(super) fn neighbours(
        &mut self,
        post: EntryId,
        published: Moment,
        locale: LocaleId,
    ) -> Result<Neighbours, Error> {
        self.keys.insert(Key::Beside(post));
        self.read.neighbours(post, published, locale)
    }

    /// An entry is noted with its schema, whose key stands for the entry's where there are too many keys.
    fn note_found<'e>(&mut self, found: impl Iterator<Item = &'e Entry>) {
        for entry in found {
            self.keys.insert(Key::Entry(entry.id));
            self.keys.insert(Key::Schema(entry.schema));
        }
    }

    // Lists

    /// A list depends on the index path it is ordered by, on those it is filtered by, and if there are none,
    /// on the one by which all entries are counted.
    pub(super) fn list(&mut self, listing: &Listing<'_>) -> Result<Listed, Error> {
        let schema = listing.schema.unwrap_or(ALL_SINGLES);
        self.note_path(schema, listing.locale, &listing.order.path);
        if listing.filters.is_empty() {
            self.note_path(schema, listing.locale, index::ALL);
        }
        listing.filters.iter().for_each(|filter| self.note_filter(schema, listing.locale, filter));
        let listed = self.read.list(listing)?;
        self.keys.extend(listed.ids.iter().map(|id| Key::Entry(*id)));
        Ok(listed)
    }

    pub(super) fn search(&mut self, words: &str, within: &SearchIn<'_>) -> Result<(Vec<Hit>, u64), Error> {
        self.keys.extend(within.schemas.iter().map(|schema| Key::Search(*schema, within.locale)));
        let found = self.read.search(words, within)?;
        self.keys.extend(found.0.iter().map(|hit| Key::Entry(hit.entry)));
        Ok(found)
    }

    fn note_path(&mut self, schema: SchemaId, locale: LocaleId, path: &str) {
        self.keys.insert(Key::Schema(schema));
        self.keys.insert(Key::List { schema, locale, path: path.to_owned() });
    }

    fn note_filter(&mut self, schema: SchemaId, locale: LocaleId, filter: &Filter) {
        for condition in &filter.any_of {
            match condition {
                Condition::Is { path, .. } => self.note_path(schema, locale, path),
                Condition::LinksTo { path, target } => {
                    self.note_path(schema, locale, path);
                    self.note_linked(locale, target);
                }
                Condition::Never => {}
            }
        }
    }

    /// A filter through a reference depends on what the entries it leads to are called or hold.
    fn note_linked(&mut self, locale: LocaleId, target: &Linked) {
        match target {
            Linked::Nothing => {}
            Linked::Named { schema, label, name, .. } => match (schema, label) {
                (Some(schema), Some(label)) => self.note_filter(*schema, locale, label),
                _ => self.note_page_slug(name),
            },
            Linked::Slug { slug, .. } => self.note_page_slug(slug),
            Linked::Field(schemas) => {
                for (schema, inner) in schemas {
                    self.note_filter(*schema, locale, inner);
                }
            }
        }
    }

    fn note_page_slug(&mut self, slug: &str) {
        self.keys.insert(Key::Slug(format!("pages/{slug}")));
    }

    // Authors, categories, tags

    pub(super) fn authors(&mut self) -> Result<Vec<Author>, Error> {
        self.keys.insert(Key::Authors);
        let authors = self.read.authors()?;
        self.keys.extend(authors.iter().map(|author| Key::Author(author.id)));
        Ok(authors)
    }

    pub(super) fn author(&mut self, id: i64) -> Result<Option<Author>, Error> {
        self.keys.insert(Key::Author(id));
        if let Some(known) = self.authors.get(&id) {
            return Ok(known.clone());
        }
        let found = self.read.author(id)?;
        self.authors.insert(id, found.clone());
        Ok(found)
    }

    /// The author with this slug. A missing one appears with any change to the list of authors.
    pub(super) fn author_by_slug(&mut self, slug: &str) -> Result<Option<Author>, Error> {
        let found = self.read.author_by_slug(slug)?;
        self.keys.insert(found.as_ref().map_or(Key::Authors, |author| Key::Author(author.id)));
        Ok(found)
    }

    /// The categories or tags of published posts.
    pub(super) fn terms_in_use(&mut self, filing: Filing) -> Result<Vec<Term>, Error> {
        self.keys.insert(all_terms(filing));
        let path = match filing {
            Filing::Category => index::CATEGORY,
            Filing::Tag => index::TAG,
        };
        let model = self.model();
        for locale in model.locale_ids() {
            self.note_path(BLOG, locale, path);
        }
        let terms = self.read.terms_in_use(filing)?;
        self.keys.extend(terms.iter().map(|term| one_term(filing, term.id)));
        Ok(terms)
    }

    pub(super) fn term(&mut self, filing: Filing, id: i64) -> Result<Option<Term>, Error> {
        self.keys.insert(one_term(filing, id));
        if let Some(known) = self.terms.get(&(filing, id)) {
            return Ok(known.clone());
        }
        let found = self.read.term(filing, id)?;
        self.terms.insert((filing, id), found.clone());
        Ok(found)
    }

    /// The category or tag with this slug. A missing one appears with any change to the list.
    pub(super) fn term_by_slug(&mut self, filing: Filing, slug: &str) -> Result<Option<Term>, Error> {
        let found = self.read.term_by_slug(filing, slug)?;
        self.keys.insert(found.as_ref().map_or(all_terms(filing), |term| one_term(filing, term.id)));
        Ok(found)
    }

    // Media

    /// The alternative text of a picture or file; empty when there is none.
    pub(super) fn media_alt(&mut self, id: &str) -> Result<String, Error> {
        if let Some(known) = self.media_alts.get(id) {
            return Ok(known.clone());
        }
        self.keys.insert(Key::Alt(id.into()));
        let alt = self.read.media(id)?.map(|media| media.alt).unwrap_or_default();
        self.media_alts.insert(id.into(), alt.clone());
        Ok(alt)
    }
}

impl Recorder<'_> {
    /// Some of the redirects by their paths, and how many there are.
    pub(super) fn redirects(&mut self, offset: u64, limit: u64) -> Result<(Vec<Redirect>, u64), Error> {
        self.keys.insert(Key::Redirects);
        Ok((self.read.some_redirects("", offset, limit)?, self.read.count_redirects("")?))
    }
}

fn all_terms(filing: Filing) -> Key {
    match filing {
        Filing::Category => Key::Categories,
        Filing::Tag => Key::Tags,
    }
}

fn one_term(filing: Filing, id: i64) -> Key {
    match filing {
        Filing::Category => Key::Category(id),
        Filing::Tag => Key::Tag(id),
    }
}
