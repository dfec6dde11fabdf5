//! The sample site: bringing it into a new site, and removing exactly what it brought.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use serde_json::Value;

use super::import_site::{copy_media, fill, refuse_content};
use super::people::{count_posts, posts_filed_under};
use super::schema::apply;
use super::{Authoring, Checked, Error, Imported, Signature};
use crate::account::Deed;
use crate::content::definition::{Definition, GroupDefinition, LocaleDefinition};
use crate::content::entry::{Entry, EntryId};
use crate::content::field::reference::Target;
use crate::content::field::{Field, FieldType};
use crate::content::locale::LocaleId;
use crate::content::post::{Author, Filing};
use crate::content::schema::{Model, SchemaId};
use crate::store::{Brought, Read, Write};

/// More than the sample site has of anything.
const ALL: usize = 100_000;

/// What removing the sample site did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Pages, items and posts that are gone.
    pub entries: u64,
    /// Pictures and files that are gone.
    pub media: u64,
    /// Page types, components, collections, authors, categories, tags and languages that are gone.
    pub others: u64,
    /// What has stayed, and why: `("the page “About us”", "it has been edited")`.
    pub kept: Vec<(String, &'static str)>,
}

const EDITED: &str = "it has been edited";
const USED: &str = "something of yours uses it";

impl Authoring {
    /// Fills a site that is being set up with the sample site, and notes what that brought. The site's own
    /// settings stay.
    ///
    /// # Errors
    /// `Refused` when the site has content; the database's.
    pub fn bring_sample(&self, mut archive: Checked, media: &Path, signature: Signature) -> Result<Imported, Error> {
        self.store().read(|read| refuse_content(read, &archive))?;
        copy_media(&mut archive, media)?;
        let imported = self.write(&signature.clone(), move |write| {
            refuse_content(write, &archive)?;
            let settings = write.settings()?;
            let imported = fill(write, &archive, &signature)?;
            for (name, value) in &settings {
                write.put_setting(name, Some(value))?;
            }
            write.settle()?;
            let brought = take_stock(write)?;
            write.put_brought(&brought)?;
            Ok(imported)
        });
        self.rest();
        imported
    }

    /// Removes what the sample site brought and nobody has edited or uses since.
    ///
    /// # Errors
    /// `NotFound` when nothing of it is there; the database's.
    pub fn remove_sample(&self, signature: Signature) -> Result<Removed, Error> {
        let signed = signature.clone();
        let (removed, bytes) = self.write(&signature, move |write| {
            let brought = write.brought()?;
            if brought.is_empty() {
                return Err(Error::NotFound("sample site"));
            }
            let mut removal = Removal { write, signature: signed, removed: Removed::default() };
            let bytes = removal.run(&brought)?;
            let removed = removal.removed;
            write.forget_brought()?;
            write.record(Deed::SampleRemoved, "", &Value::Null)?;
            Ok((removed, bytes))
        })?;
        self.remove_bytes(bytes, &signature)?;
        Ok(removed)
    }
}

/// Everything there is, with what it is like.
fn take_stock(read: &Read<'_>) -> Result<Vec<Brought>, Error> {
    let mut brought = Vec::new();
    let mut note = |kind, name: String, mark| brought.push(Brought { kind, name, mark });
    for entry in read.all_entries(EntryId(0), ALL)? {
        note("entry", entry.id.0.to_string(), mark_of_entry(read, &entry)?);
    }
    for media in read.all_media()? {
        note("media", media.id.clone(), json(&media)?);
    }
    for author in read.authors()? {
        note("author", author.id.to_string(), json(&author)?);
    }
    for filing in [Filing::Category, Filing::Tag] {
        for term in read.terms(filing)? {
            note(kind_of(filing), term.id.to_string(), json(&term)?);
        }
    }
    let definition = Definition::of(read.model(), true);
    for group in groups(&definition) {
        note("group", group.id.unwrap_or_default().to_string(), json(group)?);
    }
    for locale in &definition.locales {
        note("locale", locale.id.unwrap_or_default().to_string(), json(locale)?);
    }
    Ok(brought)
}

fn kind_of(filing: Filing) -> &'static str {
    match filing {
        Filing::Category => "category",
        Filing::Tag => "tag",
    }
}

/// Revisions are never edited, so an entry is as it was while the same ones are live and drafts.
fn mark_of_entry(read: &Read<'_>, entry: &Entry) -> Result<String, Error> {
    let mut mark = format!("{:?} {:?} {:?}", entry.slug, entry.draft_slug, entry.deleted);
    for variant in read.variants(entry.id)? {
        mark += &format!(" {:?} {:?} {:?} {:?}", variant.locale, variant.live, variant.draft, variant.scheduled);
    }
    Ok(mark)
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Refused(error.to_string()))
}

fn groups(definition: &Definition) -> impl Iterator<Item = &GroupDefinition> {
    definition.components.iter().chain(definition.schemas().map(|(_, group)| group))
}

struct Removal<'a, 'w> {
    write: &'a mut Write<'w>,
    signature: Signature,
    removed: Removed,
}

impl Removal<'_, '_> {
    /// Removes what can go, in an order in which nothing is left that names what is gone. Returns the hashes of
    /// files nobody needs any more.
    fn run(&mut self, brought: &[Brought]) -> Result<BTreeSet<(String, bool)>, Error> {
        let of = |kind: &str| -> BTreeMap<&str, &str> {
            let kind = brought.iter().filter(|one| one.kind == kind);
            kind.map(|one| (one.name.as_str(), one.mark.as_str())).collect()
        };
        self.entries(&of("entry"))?;
        self.write.settle()?;
        self.model(&of("group"), &of("locale"))?;
        self.authors(&of("author"))?;
        self.terms(Filing::Category, &of("category"))?;
        self.terms(Filing::Tag, &of("tag"))?;
        self.media(&of("media"))
    }

    fn keep(&mut self, what: String, why: &'static str) {
        self.removed.kept.push((what, why));
    }

    fn entries(&mut self, brought: &BTreeMap<&str, &str>) -> Result<(), Error> {
        let mut going = Vec::new();
        for (name, mark) in brought {
            let Some(entry) = self.write.entry(EntryId(name.parse().unwrap_or_default()))? else { continue };
            if entry.deleted.is_some() {
                // Somebody has put it into the trash, where it ends by itself.
            } else if mark_of_entry(self.write, &entry)? == *mark {
                going.push(entry);
            } else {
                let what = self.title(&entry)?;
                self.keep(what, EDITED);
            }
        }
        let unused = self.unused(going)?;
        for entry in &unused {
            let mut entry = entry.clone();
            entry.deleted = Some(self.signature.at);
            self.write.put_entry(&entry)?;
            self.write.reindex_entry(&entry)?;
        }
        for entry in &unused {
            self.write.erase_entry(entry.id)?;
        }
        self.removed.entries = unused.len() as u64;
        Ok(())
    }

    /// Those of the entries that nothing names which stays.
    fn unused(&mut self, mut going: Vec<Entry>) -> Result<Vec<Entry>, Error> {
        loop {
            let ids: HashSet<EntryId> = going.iter().map(|entry| entry.id).collect();
            let mut used = Vec::new();
            for entry in &going {
                if self.write.uses(entry.id)?.iter().any(|one| !ids.contains(&one.source)) {
                    used.push(entry.clone());
                }
            }
            if used.is_empty() {
                return Ok(going);
            }
            for entry in &used {
                let what = self.title(entry)?;
                self.keep(what, USED);
            }
            going.retain(|entry| used.iter().all(|used| used.id != entry.id));
        }
    }

    /// What people call an entry: `Page “About us”`.
    fn title(&self, entry: &Entry) -> Result<String, Error> {
        let model = self.write.model();
        let schema = model.schema(entry.schema).map_or("Entry", |schema| schema.name.as_str());
        let variants = self.write.variants(entry.id)?;
        let newest = variants.first().and_then(|variant| variant.draft.or(variant.live));
        let name = match newest.map_or(Ok(None), |id| self.write.revision(id))? {
            Some(revision) if !revision.name.is_empty() => format!("“{}”", revision.name),
            _ => format!("number {}", entry.id.0),
        };
        Ok(format!("{schema} {name}"))
    }

    fn model(&mut self, brought: &BTreeMap<&str, &str>, locales: &BTreeMap<&str, &str>) -> Result<(), Error> {
        let model = self.write.model().clone();
        let definition = Definition::of(&model, true);
        let mut going = HashSet::new();
        for group in groups(&definition) {
            let id = group.id.unwrap_or_default();
            let Some(mark) = brought.get(id.to_string().as_str()) else { continue };
            if json(group)? == *mark && self.write.entry_ids(SchemaId(id), EntryId(0), 1)?.is_empty() {
                going.insert(id);
            }
        }
        retain_unmentioned(&model, &mut going);
        let stays = |group: &GroupDefinition| group.id.is_none_or(|id| !going.contains(&id));
        for group in groups(&definition).filter(|group| stays(group)) {
            let id = group.id.unwrap_or_default();
            if let Some(mark) = brought.get(id.to_string().as_str()) {
                let why = if json(group)? == *mark { USED } else { EDITED };
                self.keep(format!("“{}” of the content model", group.name), why);
            }
        }
        let mut smaller = definition.clone();
        smaller.components.retain(stays);
        smaller.page_types.retain(stays);
        smaller.single_pages.retain(stays);
        smaller.collections.retain(stays);
        self.locales(&mut smaller.locales, locales)?;
        let gone = going.len() + (definition.locales.len() - smaller.locales.len());
        self.removed.others += gone as u64;
        apply(self.write, &smaller, &self.signature)
    }

    /// Languages in which nothing is written go, but for the site's own: the first.
    fn locales(&self, locales: &mut Vec<LocaleDefinition>, brought: &BTreeMap<&str, &str>) -> Result<(), Error> {
        let mut stay = Vec::new();
        for (position, locale) in locales.drain(..).enumerate() {
            let id = locale.id.unwrap_or_default();
            let mark = brought.get(id.to_string().as_str()).copied();
            let untouched = mark == Some(json(&locale)?.as_str());
            if position == 0 || !untouched || self.write.count_variants(LocaleId(id))? > 0 {
                stay.push(locale);
            }
        }
        *locales = stay;
        Ok(())
    }

    fn authors(&mut self, brought: &BTreeMap<&str, &str>) -> Result<(), Error> {
        let authors = self.write.authors()?;
        let mut left = authors.len();
        for author in authors {
            let Some(mark) = brought.get(author.id.to_string().as_str()) else { continue };
            if json(&author)? != *mark {
                self.keep(format!("Author {}", author.full_name()), EDITED);
            } else if count_posts(self.write, author.id)? > 0 {
                self.keep(format!("Author {}", author.full_name()), USED);
            } else {
                if left == 1 {
                    self.write.add_author(&Author::of_new_site())?;
                }
                self.write.remove_author(author.id)?;
                self.removed.others += 1;
                left -= 1;
            }
        }
        Ok(())
    }

    fn terms(&mut self, filing: Filing, brought: &BTreeMap<&str, &str>) -> Result<(), Error> {
        for term in self.write.terms(filing)? {
            let Some(mark) = brought.get(term.id.to_string().as_str()) else { continue };
            let what = || format!("{} “{}”", if filing == Filing::Category { "Category" } else { "Tag" }, term.name);
            if json(&term)? != *mark {
                self.keep(what(), EDITED);
            } else if posts_filed_under(self.write, filing, term.id)? > 0 {
                self.keep(what(), USED);
            } else {
                self.write.remove_term(filing, term.id)?;
                self.removed.others += 1;
            }
        }
        Ok(())
    }

    fn media(&mut self, brought: &BTreeMap<&str, &str>) -> Result<BTreeSet<(String, bool)>, Error> {
        let mut bytes = BTreeSet::new();
        for media in self.write.all_media()? {
            let Some(mark) = brought.get(media.id.as_str()) else { continue };
            if json(&media)? != *mark {
                self.keep(format!("File {}", media.filename), EDITED);
            } else if self.write.names_media(&media.id)? {
                self.keep(format!("File {}", media.filename), USED);
            } else {
                self.write.remove_media(&media.id)?;
                self.removed.media += 1;
                bytes.insert((media.hash, true));
                bytes.extend(media.served.map(|served| (served, false)));
            }
        }
        Ok(bytes)
    }
}

/// Takes out of `going` what a page type, collection or component names that stays.
fn retain_unmentioned(model: &Model, going: &mut HashSet<i64>) {
    loop {
        let mut mentioned = HashSet::new();
        let schemas = model.schemas.iter().map(|schema| (schema.id.0, &schema.fields));
        let components = model.components.iter().map(|component| (component.id.0, &component.fields));
        for (_, fields) in schemas.chain(components).filter(|(id, _)| !going.contains(id)) {
            mention(model, fields, &mut mentioned);
        }
        let before = going.len();
        going.retain(|id| !mentioned.contains(id));
        if going.len() == before {
            return;
        }
    }
}

fn mention(model: &Model, fields: &[Field], mentioned: &mut HashSet<i64>) {
    for field in fields {
        match &field.kind {
            FieldType::Component(one) => drop(mentioned.insert(one.component.0)),
            // Every component may stand there.
            FieldType::ComponentPicker(picker) if picker.components.is_empty() => {
                mentioned.extend(model.components.iter().map(|component| component.id.0));
            }
            FieldType::ComponentPicker(picker) => mentioned.extend(picker.components.iter().map(|id| id.0)),
            FieldType::Repeater(repeater) => mention(model, &repeater.fields, mentioned),
            FieldType::Reference(reference) => match reference.to {
                Target::Collection(id) | Target::PageType(id) => drop(mentioned.insert(id.0)),
                Target::SinglePages => {}
            },
            _ => {}
        }
    }
}
