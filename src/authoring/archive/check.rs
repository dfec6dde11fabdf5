//! Reading an archive from end to end before anything is written.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::contents::{
    read_authors, read_folders, read_manifest, read_media, read_model, read_optional, read_redirects, read_settings,
    read_terms,
};
use super::lines::locale_of;
use super::{
    CATEGORIES, ENTRIES, EntryLine, Files, FolderLine, Lines, Manifest, MediaPart, RedirectLine, TAGS, TOKENS, USERS,
    VariantLine,
};
use crate::account::{ApiToken, User};
use crate::authoring::Error;
use crate::content::definition::{BLOG, Ids};
use crate::content::post::{Author, Post, Term};
use crate::content::schema::{Kind, Model, Schema};
use crate::content::slug::Slug;

/// An archive that can be imported. Entries are not in memory: they are read again.
#[derive(Debug)]
pub struct Checked {
    pub(in crate::authoring) files: Files,
    pub(in crate::authoring) manifest: Manifest,
    pub(in crate::authoring) model: Model,
    pub(in crate::authoring) ids: Ids,
    pub(in crate::authoring) settings: Map<String, Value>,
    pub(in crate::authoring) authors: Vec<Author>,
    pub(in crate::authoring) categories: Vec<Term>,
    pub(in crate::authoring) tags: Vec<Term>,
    pub(in crate::authoring) redirects: Vec<RedirectLine>,
    pub(in crate::authoring) folders: Vec<FolderLine>,
    /// With the names of their files in the archive.
    pub(in crate::authoring) media: Vec<MediaPart>,
    /// Absent in archives without secrets.
    pub(in crate::authoring) users: Option<Vec<User>>,
    pub(in crate::authoring) tokens: Option<Vec<ApiToken>>,
}

impl Checked {
    /// Checks every file of an archive.
    ///
    /// # Errors
    /// `Refused` with the file, the line and what is wrong there.
    pub fn of(files: Files) -> Result<Self, Error> {
        let manifest = read_manifest(&files)?;
        let (model, ids) = read_model(&files)?;
        let checked = Self {
            settings: read_settings(&files)?,
            authors: read_authors(&files)?,
            categories: read_terms(&files, CATEGORIES)?,
            tags: read_terms(&files, TAGS)?,
            redirects: read_redirects(&files)?,
            folders: read_folders(&files)?,
            media: read_media(&files)?,
            users: read_optional(&files, USERS)?,
            tokens: read_optional(&files, TOKENS)?,
            manifest,
            model,
            ids,
            files,
        };
        checked.check_entries()?;
        Ok(checked)
    }

    fn check_entries(&self) -> Result<(), Error> {
        let mut seen = Seen::default();
        let people: HashSet<i64> = self.authors.iter().map(|author| author.id).collect();
        let mut lines: Lines<EntryLine> = self.files.lines(ENTRIES)?;
        while let Some(line) = lines.next()? {
            self.check_entry(&line, &mut seen, &people).map_err(|why| lines.wrong(why))?;
        }
        let lost = seen.groups.iter().find(|(original, _)| !seen.entries.contains(original));
        match lost {
            Some((original, post)) => Err(Error::Refused(format!(
                "{ENTRIES}: post {post} is a translation of {original}, which is not there"
            ))),
            None => Ok(()),
        }
    }

    fn check_entry(&self, line: &EntryLine, seen: &mut Seen, authors: &HashSet<i64>) -> Result<(), String> {
        let schema = parse_kind(&self.model, &line.kind).ok_or_else(|| format!("the schema has no `{}`", line.kind))?;
        if line.id <= 0 || !seen.entries.insert(line.id) {
            return Err(format!("the id {} is not positive or there twice", line.id));
        }
        if schema.kind == Kind::Collection && line.slug.is_some() {
            return Err("an item has no slug".into());
        }
        if let Some(slug) = &line.slug {
            Slug::parse(slug)?;
            if line.deleted.is_none() && !seen.slugs.insert((schema.id.0, slug.clone())) {
                return Err(format!("another entry has the slug `{slug}`"));
            }
        } else if schema.kind != Kind::Collection {
            return Err("a slug is missing".into());
        }
        seen.groups.extend(line.group.map(|original| (original, line.id)));
        for (locale, variant) in &line.locales {
            if locale_of(&self.model, locale).is_none() {
                return Err(format!("the schema has no locale `{locale}`"));
            }
            check_variant(variant, schema, seen, authors)?;
        }
        if line.locales.is_empty() { Err("it is written in no locale".into()) } else { Ok(()) }
    }
}

/// What must be unique over all entries.
#[derive(Default)]
struct Seen {
    entries: HashSet<i64>,
    revisions: HashSet<i64>,
    slugs: HashSet<(i64, String)>,
    /// Originals with a translation of each.
    groups: HashMap<i64, i64>,
}

fn check_variant(
    variant: &VariantLine,
    schema: &Schema,
    seen: &mut Seen,
    authors: &HashSet<i64>,
) -> Result<(), String> {
    for revision in &variant.revisions {
        if revision.id <= 0 || !seen.revisions.insert(revision.id) {
            return Err(format!("the revision id {} is not positive or there twice", revision.id));
        }
        let fields = revision.fields.as_object().ok_or("fields must be an object")?;
        if schema.id == BLOG {
            let post =
                Post::deserialize(&revision.fields).map_err(|error| format!("revision {}: {error}", revision.id))?;
            if !authors.is_empty() && !authors.contains(&post.author) {
                return Err(format!("there is no author {}", post.author));
            }
        } else {
            let unknown = fields.keys().find(|key| !key.starts_with('~') && !schema.fields().any(|f| f.key == **key));
            if let Some(key) = unknown {
                return Err(format!("{} `{}` has no field `{key}`", schema.kind.noun(), schema.key));
            }
        }
    }
    for wanted in [variant.live, variant.draft].into_iter().flatten() {
        if !variant.revisions.iter().any(|revision| revision.id == wanted) {
            return Err(format!("revision {wanted} is live or the draft, but not there"));
        }
    }
    if variant.live.is_none() && variant.draft.is_none() {
        return Err("neither a live revision nor a draft".into());
    }
    Ok(())
}

/// How archives name what an entry belongs to.
pub(crate) fn kind_of(schema: &Schema) -> String {
    match schema.kind {
        Kind::PageType => format!("page:{}", schema.key),
        Kind::SinglePage => format!("single:{}", schema.key),
        Kind::Collection => format!("item:{}", schema.key),
        Kind::Post => "post".into(),
    }
}

/// The schema that [`kind_of`] names.
pub(crate) fn parse_kind<'m>(model: &'m Model, kind: &str) -> Option<&'m Schema> {
    if kind == "post" {
        return model.schema(BLOG);
    }
    let (noun, key) = kind.split_once(':')?;
    let kind = match noun {
        "page" => Kind::PageType,
        "single" => Kind::SinglePage,
        "item" => Kind::Collection,
        _ => return None,
    };
    model.find(kind, key)
}
