//! The lines of a list as a page shows them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::marks::{self, Piece};
use crate::content::index::{Index, Views};
use crate::content::moment::Moment;
use crate::content::place;
use crate::content::post::{Author, Filing};
use crate::content::schema::{Kind, Model, Schema};
use crate::content::settings::Settings;
use crate::content::zone::Zone;
use crate::dashboard::address;
use crate::dashboard::error::Refused;
use crate::dashboard::nav::initials;
use crate::dashboard::sight::Sight;
use crate::store::{Line, Read};

/// A moment: for programs, and as people read it where scripts do not run.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct When {
    iso: String,
    text: String,
}

/// Somebody whose initials are shown.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Person {
    name: String,
    initials: String,
    pair: i64,
}

/// One line.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    id: i64,
    locale_id: i64,
    href: String,
    /// Its address without a locale, below which its actions are.
    at: String,
    /// In pieces, of which some are marked.
    title: Vec<Piece>,
    name: String,
    path: String,
    /// Where the words that were searched for stand, when not in the title.
    excerpt: Option<Vec<Piece>>,
    picture: Option<String>,
    status: &'static str,
    /// In the place of the status's name: when it goes live.
    words: String,
    author: Option<Person>,
    categories: String,
    locale: String,
    edited: When,
    editor: Person,
    went_live: Option<When>,
    live: bool,
    writes: bool,
    /// Who asked for a review of it, while nobody has seen to it.
    review: Option<Asked>,
}

/// Who asked for a review, and since when it waits.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Asked {
    by: String,
    at: When,
}

/// What all lines need to be shown.
pub(crate) struct Shower<'a> {
    read: &'a Read<'a>,
    model: &'a Model,
    settings: Settings,
    zone: Zone,
    sight: Sight,
    authors: BTreeMap<i64, Option<Author>>,
    categories: BTreeMap<i64, String>,
}

impl When {
    pub(crate) fn of(moment: Moment, zone: &Zone) -> Self {
        Self { iso: moment.to_string(), text: zone.format(moment, "%-d %b %Y, %H:%M") }
    }
}

impl Row {
    /// Whether somebody waits for a review of it.
    pub(crate) fn waits(&self) -> bool {
        self.review.is_some()
    }
}

impl Person {
    pub(crate) fn named(name: &str) -> Self {
        // The same name has the same colours everywhere.
        let pair = name.bytes().fold(0, |sum: i64, byte| (sum * 31 + i64::from(byte)) % 8);
        Self { name: name.into(), initials: initials(name), pair }
    }
}

impl<'a> Shower<'a> {
    /// One for this person.
    pub(crate) fn new(read: &'a Read<'a>, sight: Sight) -> Result<Self, Refused> {
        let settings = Settings::read(&read.settings()?);
        let zone = Zone::named(&settings.time_zone);
        let categories = read.terms(Filing::Category)?.into_iter().map(|term| (term.id, term.name)).collect();
        Ok(Self { model: read.model(), read, settings, zone, sight, authors: BTreeMap::new(), categories })
    }

    /// The time zone of the site.
    pub(crate) fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The line for somebody who searched for `words`. A line whose schema is gone shows nothing.
    pub(crate) fn row(&mut self, line: &Line, words: &str) -> Result<Option<Row>, Refused> {
        let Some(schema) = self.model.schema(line.schema) else { return Ok(None) };
        let name = self.name(line);
        let title = marks::marked(&name, words);
        let excerpt = match words.is_empty() || marks::found(&title) {
            true => None,
            false => self.excerpt(line, schema, words)?,
        };
        let locale = self.model.locale_slug(line.locale).unwrap_or_default().to_owned();
        Ok(Some(Row {
            id: line.entry.0,
            locale_id: line.locale.0,
            href: address::entry_in(schema, line.entry, self.model, line.locale),
            at: address::entry(schema, line.entry),
            title,
            path: self.path(line, schema),
            excerpt,
            // Pages load no pictures of others.
            picture: line.picture.clone().filter(|url| url.starts_with("/media/")),
            status: line.standing.as_str(),
            words: line.scheduled.map(|at| self.zone.format(at, "%a %-d %b, %H:%M")).unwrap_or_default(),
            author: self.author(line)?,
            categories: self.filed(line, schema)?,
            locale,
            edited: When::of(line.edited, &self.zone),
            editor: Person::named(&line.editor),
            went_live: line.went_live.map(|at| When::of(at, &self.zone)),
            live: line.went_live.is_some(),
            writes: self.sight.may_write(line.creator),
            review: self.review(line)?,
            name,
        }))
    }

    /// What an entry is called, if only by its number.
    pub(crate) fn name(&self, line: &Line) -> String {
        if !line.title.trim().is_empty() {
            return line.title.trim().to_owned();
        }
        match self.model.schema(line.schema).map(|schema| schema.kind) {
            Some(Kind::Collection) => format!("Item {}", line.entry.0),
            Some(Kind::Post) => "Untitled post".into(),
            _ => "Untitled page".into(),
        }
    }

    /// Where readers find an entry; empty for items.
    pub(crate) fn path(&self, line: &Line, schema: &Schema) -> String {
        place::on_site(&self.settings, self.model, schema, (line.entry, line.locale), line.slug.as_deref())
    }

    fn review(&self, line: &Line) -> Result<Option<Asked>, Refused> {
        // Whoever sees only what is live is not told that there is a draft.
        if !self.sight.sees_draft(line.creator) {
            return Ok(None);
        }
        let review = self.read.review(line.entry, line.locale)?;
        Ok(review.map(|review| Asked { by: review.by, at: When::of(review.at, &self.zone) }))
    }

    fn author(&mut self, line: &Line) -> Result<Option<Person>, Refused> {
        let Some(id) = line.author else { return Ok(None) };
        if !self.authors.contains_key(&id) {
            self.authors.insert(id, self.read.author(id)?);
        }
        let author = self.authors.get(&id).and_then(Option::as_ref);
        Ok(author.map(|author| Person::named(&author.full_name())))
    }

    fn filed(&self, line: &Line, schema: &Schema) -> Result<String, Refused> {
        if schema.kind != Kind::Post {
            return Ok(String::new());
        }
        let ids = self.read.categories_of(line)?;
        Ok(ids.iter().filter_map(|id| self.categories.get(id)).cloned().collect::<Vec<_>>().join(", "))
    }

    fn excerpt(&self, line: &Line, schema: &Schema, words: &str) -> Result<Option<Vec<Piece>>, Refused> {
        let Some(version) = self.read.version_of(line)? else { return Ok(None) };
        let texts = Index::words_of(self.model, schema, Some(&version), Views::NEWEST);
        Ok(texts.iter().find_map(|text| marks::excerpt(&text.text, words)))
    }
}
