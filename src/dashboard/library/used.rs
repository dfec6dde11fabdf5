//! Where a picture or file is used, as far as a person may know.

use serde::Serialize;

use super::words::places;
use crate::content::entry::EntryId;
use crate::content::field::FieldId;
use crate::content::locale::LocaleId;
use crate::content::schema::{Kind, Schema};
use crate::dashboard::address;
use crate::dashboard::error::Refused;
use crate::dashboard::reach::title;
use crate::dashboard::sight::Sight;
use crate::store::{MediaUse, MediaUser, Read};

/// How many places are listed.
const LISTED: usize = 50;

/// Something that uses a file.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Using {
    title: String,
    href: String,
    /// The type of the entry and the fields.
    what: String,
    sign: &'static str,
    /// `draft` where readers do not see it.
    status: Option<&'static str>,
    #[serde(skip)]
    by: MediaUser,
}

/// All that uses a file.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Uses {
    /// How many places there are, those included that this person may not see.
    pub(super) count: u64,
    title: String,
    pub(super) list: Vec<Using>,
    note: String,
}

impl Uses {
    /// Where a file is used, which the store counts as `count` places.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn of(read: &Read<'_>, sight: Sight, media: &str, count: u64) -> Result<Self, Refused> {
        let found = read.media_uses(media, 0, LISTED)?;
        let mut list: Vec<Using> = Vec::new();
        let mut seen = 0;
        for one in &found {
            let Some(using) = using(read, sight, one)? else { continue };
            seen += 1;
            match list.iter_mut().find(|known| known.by == using.by) {
                Some(known) => known.join(&using),
                None => list.push(using),
            }
        }
        let hidden = count.saturating_sub(seen);
        let note = match (count, hidden, found.len() < LISTED) {
            (0, ..) => "Nothing shows it. It can be deleted without a trace on the site.".to_owned(),
            (_, 0, _) => String::new(),
            (_, hidden, true) => format!("And {} in drafts of others.", places(hidden)),
            (_, hidden, false) => format!("And {} more.", places(hidden)),
        };
        let title = if count == 0 { "Not used anywhere".to_owned() } else { format!("Used in {}", places(count)) };
        Ok(Self { count, title, list, note })
    }

    /// The first of them in a sentence: "“Rye”, “Oats” and 3 more places".
    pub(super) fn in_words(&self) -> String {
        let mut words: Vec<String> = self.list.iter().take(2).map(|using| format!("“{}”", using.title)).collect();
        let more = self.count.saturating_sub(words.len() as u64);
        match (more, words.pop()) {
            (_, None) => places(self.count),
            (0, Some(last)) if words.is_empty() => last,
            (0, Some(last)) => format!("{} and {last}", words.join(", ")),
            (more, Some(last)) => {
                words.push(last);
                format!("{} and {} more", words.join(", "), places(more))
            }
        }
    }
}

impl Using {
    /// One entry that uses it in two fields is one line.
    fn join(&mut self, other: &Self) {
        let field = other.what.split_once(" · ").map_or("", |(_, field)| field);
        if !field.is_empty() && !self.what.contains(field) {
            self.what = format!("{}, {field}", self.what);
        }
        // Readers see it when they see it in any of them.
        self.status = self.status.and(other.status);
    }
}

fn using(read: &Read<'_>, sight: Sight, found: &MediaUse) -> Result<Option<Using>, Refused> {
    match found.by {
        MediaUser::Author(id) => {
            let using = |author: crate::content::post::Author| Using {
                title: author.full_name(),
                href: format!("/admin/c/posts?author={}", author.slug),
                what: "Author".into(),
                sign: "user",
                status: None,
                by: found.by,
            };
            Ok(read.author(id)?.map(using))
        }
        MediaUser::Entry(entry, locale) => using_entry(read, sight, found, entry, locale),
    }
}

fn using_entry(
    read: &Read<'_>,
    sight: Sight,
    found: &MediaUse,
    id: EntryId,
    locale: LocaleId,
) -> Result<Option<Using>, Refused> {
    let model = read.model();
    let Some(entry) = read.entry(id)?.filter(|entry| entry.deleted.is_none()) else { return Ok(None) };
    let Some(schema) = model.schema(entry.schema) else { return Ok(None) };
    if !found.live && !sight.sees_draft(entry.creator) {
        return Ok(None);
    }
    let Some(version) = read.version(&entry, locale, sight.view(entry.creator))? else { return Ok(None) };
    let field = field_name(schema, &found.path);
    let language = model.locales.iter().find(|known| known.id == locale).filter(|_| model.locales.len() > 1);
    let kind = language.map_or_else(|| schema.name.clone(), |language| format!("{}, {}", schema.name, language.name));
    Ok(Some(Using {
        title: title(schema, &version.revision),
        href: address::entry_in(schema, id, model, locale),
        what: if field.is_empty() { kind } else { format!("{kind} · {field}") },
        sign: sign(schema.kind),
        status: (!found.live).then_some("draft"),
        by: found.by,
    }))
}

/// What people call a field by its storage key.
fn field_name(schema: &Schema, path: &str) -> String {
    let known = match path {
        "body" => "Text",
        "summary" => "Summary",
        "featured_image" => "Featured image",
        _ => "",
    };
    if !known.is_empty() {
        return known.into();
    }
    let id = path.parse().ok().map(FieldId);
    schema.fields.iter().find(|field| Some(field.id) == id).map(|field| field.name.clone()).unwrap_or_default()
}

fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Post => "pen-line",
        Kind::PageType => "files",
        Kind::SinglePage => "file-text",
        Kind::Collection => "layers",
    }
}
